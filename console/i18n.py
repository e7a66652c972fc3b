"""The console's own languages: English in the code, the others in gettext catalogues read at start."""

from collections.abc import Mapping
from functools import cache
from gettext import NullTranslations
from importlib import resources
from io import BytesIO
from typing import Literal

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

Language = Literal["zh", "en"]
LANGUAGES: Mapping[Language, str] = {"en": "English", "zh": "中文"}


def N_(text: str) -> str:  # noqa: N802  the name that gettext's tools look for
    """Marks a text that is translated where it is shown."""
    return text


def language_of(name: str | None) -> Language:
    """The console's language for a language tag; English where there is none."""
    return "zh" if (name or "").lower().startswith("zh") else "en"


def preferred(accept_language: str) -> Language:
    """The language that a browser asks for first among those there are."""
    for part in accept_language.lower().split(","):
        tag = part.partition(";")[0].strip()
        if tag.startswith("zh"):
            return "zh"
        if tag.startswith("en"):
            return "en"
    return "en"


@cache
def translations(language: Language) -> NullTranslations:
    """The catalogues of a language as one, a file for each part of the console; English is the texts themselves."""
    if language == "en":
        return NullTranslations()
    folder = resources.files("console").joinpath("locale", language, "LC_MESSAGES")
    whole: Translations | None = None
    for file in sorted((file for file in folder.iterdir() if file.name.endswith(".po")), key=lambda file: file.name):
        compiled = BytesIO()
        with file.open("rb") as source:
            write_mo(compiled, read_po(source, locale=language))
        compiled.seek(0)
        part = Translations(compiled, file.name.removesuffix(".po"))
        whole = part if whole is None else whole.merge(part)
    return whole or NullTranslations()
