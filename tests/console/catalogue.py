"""Every text of the console, as its code and templates say it."""

from pathlib import Path

from babel.messages.extract import extract_from_dir

CONSOLE = Path(__file__).parents[2] / "console"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {"N_": None, "_": None, "gettext": None, "ngettext": (1, 2), "say": None}

Message = str | tuple[str, ...]


def messages() -> dict[Message, set[str]]:
    """Each text with the files that say it; a text with a plural is a pair."""
    found: dict[Message, set[str]] = {}
    extracted = extract_from_dir(CONSOLE, METHODS, {"**.html": {"trimmed": "true", "silent": "false"}}, KEYWORDS)
    for filename, _line, message, _comments, _context in extracted:
        if message:
            found.setdefault(message, set()).add(filename)
    return found
