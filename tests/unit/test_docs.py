"""The papers of the house stay true: what they list is what the code has."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest
import yaml

from console.access import ROLES
from core.policy.ceilings import CEILINGS
from core.policy.codec import MARKETS, limits_to_json
from core.policy.defaults import DEFAULT_VERSION
from core.policy.limits import Limits
from core.settings import Settings
from parley.cli import main
from parley.portfolio.columns import HEADERS
from parley.script.document import read

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
_LINK = re.compile(r'\]\(([^)\s]+)\)|src="([^"]+)"')
_RULE = re.compile(r"\b(?:CN|US|UK|SAFE|CHAN|CALC)-[A-Z0-9]+(?:-[0-9]+)?\b")
_DERIVED = {
    "data_dir": "`var`",
    "database_url": "`sqlite+aiosqlite:///<data_dir>/parley.db`",
    "embed_origins": "none",
    "attachment_scanner": "none",
    "oidc_roles": "none",
    "oidc_domains": "none",
}
_QUOTED = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)


def _page(path: str) -> str:
    return (DOCS / path).read_text(encoding="utf-8")


def _row(page: str, first: str) -> list[str]:
    """The cells of the table row that begins with this code name."""
    rows = [line for line in page.splitlines() if line.startswith(f"| `{first}` |")]
    assert len(rows) == 1, f"{first} has {len(rows)} rows"
    return [cell.strip() for cell in rows[0].strip("|").split("|")]


def _commands(group: click.Group, path: str = "parley") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_on_its_page_with_its_default(name: str) -> None:
    page = _page("reference/settings.md")
    variable, field, default, _ = _row(page, f"PARLEY_{name.upper()}")
    value = Settings.model_fields[name].default
    shown = _DERIVED.get(name) or ("not set" if value is None else f"`{value}`")
    assert (variable, field, default) == (f"`PARLEY_{name.upper()}`", f"`{name}`", shown)


def test_the_page_of_settings_lists_no_other() -> None:
    listed = re.findall(r"^\| `PARLEY_(\w+)` \|", _page("reference/settings.md"), re.MULTILINE)
    assert {name.lower() for name in listed} == set(Settings.model_fields)


@pytest.mark.parametrize("name", [field.name for field in fields(Limits)])
def test_every_limit_is_on_its_page_with_its_shipped_figures(name: str) -> None:
    general = {rule.market: limits_to_json(rule.limits)[name] for rule in DEFAULT_VERSION.rules if rule.product is None}
    shipped = [general[market] for market in MARKETS]
    cells = _row(_page("reference/policy-fields.md"), name)
    assert cells[1:4] == [", ".join(value) if isinstance(value, list) else str(value) for value in shipped]


def test_every_legal_ceiling_is_on_the_page_of_limits() -> None:
    page = _page("reference/policy-fields.md")
    for ceiling in CEILINGS:
        assert f"| `{ceiling.field}` | {ceiling.at_most} | {ceiling.rule} |" in page


@pytest.mark.parametrize(("path", "command"), list(_commands(main)), ids=lambda value: str(value).replace(" ", "-"))
def test_every_command_and_option_is_on_the_page_of_the_command_line(path: str, command: click.Command) -> None:
    page = _page("reference/command-line.md")
    assert f"### {path}" in page or f"`{path}`" in page
    section = page.partition(f"### {path}")[2].partition("\n### ")[0]
    for option in command.params:
        if isinstance(option, click.Option):
            assert f"`{option.opts[0]}" in section, f"{path} {option.opts[0]}"


def test_every_column_of_an_import_is_on_its_page() -> None:
    page = _page("how-to/importing.md")
    for field in HEADERS:
        assert f"| `{field}` |" in page, field


def test_every_rule_that_the_code_names_is_on_the_page_of_compliance() -> None:
    page = _page("explanation/compliance.md")
    for part in ("compliance", "dialogue", "policy"):
        for file in (ROOT / "core" / part).glob("*.py"):
            for rule in set(_RULE.findall(file.read_text(encoding="utf-8"))):
                assert rule in page, f"{file.name} names {rule}"


def test_the_script_on_the_page_of_the_script_form_can_be_read() -> None:
    example = _page("reference/script-form.md").partition("```yaml\n")[2].partition("```")[0]
    assert len(read(yaml.safe_load(example)).turns) == 3


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    text = _QUOTED.sub("", path.read_text(encoding="utf-8"))
    for target in (found[1] or found[2] for found in _LINK.finditer(text)):
        if not target.startswith(("http:", "https:", "mailto:", "#")):
            assert (path.parent / target.partition("#")[0]).exists(), f"{path.name} links to {target}"


def test_both_readmes_begin_with_the_two_commands() -> None:
    for name in ("README.md", "README.zh-CN.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert text.index("make demo") < text.index("make test") < text.index("<img"), name
        assert len(text.splitlines()) < 150, name


def test_the_table_of_permissions_says_who_may_do_what() -> None:
    page = _page("reference/console.md")
    for permission in sorted({permission for granted in ROLES.values() for permission in granted}):
        row = " | ".join("yes" if permission in granted else "" for granted in ROLES.values())
        assert f"| `{permission}` | {row} |" in page, permission
