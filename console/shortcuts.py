"""What keys do. Every page carries the table: the keyboard obeys it, the palette searches it, a dialog shows it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from console.access import Permission
from console.i18n import N_
from console.navigation import entries


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Keys pressed one after the other. `at` is the selector of what they act on, where it is on the page: a button or
    a link is pressed, a field is gone to, what is folded opens. Without one the key is only told of here.
    """

    keys: str
    name: str
    at: str = ""


SHORTCUTS: Mapping[str, tuple[Shortcut, ...]] = {
    N_("Everywhere"): (
        Shortcut("?", N_("Show these keys")),
        Shortcut("Ctrl K", N_("Find a page, an action, a person or a reference")),
        Shortcut("/", N_("Search"), '[data-search], main input[type="search"]'),
        Shortcut("Esc", N_("Close what is open; leave the field")),
    ),
    N_("In lists"): (
        Shortcut("j", N_("Next row")),
        Shortcut("k", N_("Row before")),
        Shortcut("Enter", N_("Open the row")),
    ),
    N_("In a conversation"): (
        Shortcut("t", N_("Take over"), 'form[action$="/take"] button'),
        Shortcut("r", N_("Write a reply"), "#reply-text"),
        Shortcut("Ctrl Enter", N_("Send what is written")),
        Shortcut("c", N_("Choose a kept reply"), "[data-opens-completer]"),
        Shortcut("n", N_("Write a private note"), "#note-text"),
        Shortcut("p", N_("Go to the plan desk"), "#desk input:not([type=hidden])"),
        Shortcut("a", N_("Attach a file"), "details:has(#attach-file)"),
        Shortcut("b", N_("Hand back to the assistant"), 'details:has(form[action$="/back"])'),
        Shortcut("f", N_("Pass on to a colleague or a team"), 'details:has(form[action$="/transfer"])'),
        Shortcut("s", N_("Snooze"), 'details:has(form[action$="/snooze"])'),
        Shortcut("e", N_("Close the conversation"), 'details:has(form[action$="/close"])'),
        Shortcut("m", N_("Read the transcript"), "#transcript"),
    ),
}


def table(
    say: Callable[[str], str], also: Callable[[str], str], may: Callable[[Permission], bool]
) -> list[dict[str, Any]]:
    """Each heading with its rows, in the viewer's language, and their names in the other one to be found by."""
    groups: list[tuple[str, list[tuple[str, str, str, str]]]] = [
        (heading, [(each.keys, each.name, each.at, "") for each in listed]) for heading, listed in SHORTCUTS.items()
    ]
    places = [(entry.keys, entry.name, "", entry.address) for entry in entries() if may(entry.permission)]
    groups.append((N_("Go to"), places))
    return [
        {
            "heading": say(heading),
            "rows": [
                {"keys": keys, "name": say(name), "also": also(name), "at": at, "go": go} for keys, name, at, go in rows
            ],
        }
        for heading, rows in groups
    ]
