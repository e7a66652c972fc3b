"""Templates, once for each language."""

from collections.abc import Mapping
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from console import intents, labels, navigation, shortcuts, texts
from console.assets import asset
from console.i18n import LANGUAGES, Language, translations
from console.show import Shown

TEMPLATES = Path(__file__).parent / "templates"


def environment(language: Language) -> Environment:
    """The templates in one language, autoescaped; a name that is not given is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
    )
    found = translations(language)
    install = getattr(made, "install_gettext_translations")  # noqa: B009  put there by the extension
    install(found, newstyle=True)
    shown = Shown(language, found)
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": True}
    made.filters |= shown.filters()
    made.globals |= {
        "asset": asset,
        "intents": intents,
        "labels": labels,
        "navigation": navigation,
        "shortcuts": shortcuts,
        "in_other": translations("en" if language == "zh" else "zh").gettext,
        "texts": texts,
        "languages": LANGUAGES,
        "breach_text": shown.breach,
        "icon": icon,
    }
    return made


def icon(name: str) -> Markup:
    """A drawing that says nothing to a screen reader; the words beside it do."""
    address = f"{asset('icons.svg')}#{name}"
    return Markup('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>').format(address)


class Renderer:
    """Renders a template in a language."""

    def __init__(self) -> None:
        self._environments: Mapping[Language, Environment] = {name: environment(name) for name in LANGUAGES}

    def translations(self, language: Language) -> NullTranslations:
        """The catalogue behind a language."""
        return translations(language)

    def shown(self, language: Language) -> Shown:
        """How values read in a language."""
        return Shown(language, translations(language))

    def render(self, template: str, language: Language, values: Mapping[str, Any]) -> str:
        """The template as text."""
        return self._environments[language].get_template(template).render(values)
