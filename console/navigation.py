"""The places of the console in the order of its menu: its entries, the keys that lead there, and who sees them."""

from collections.abc import Iterator
from dataclasses import dataclass

from console.access import Permission
from console.i18n import N_


@dataclass(frozen=True, slots=True)
class Entry:
    """A place. `keys` are pressed one after the other; `also` are beginnings of other addresses that belong to it."""

    address: str
    name: str
    drawing: str
    permission: Permission
    keys: str = ""
    also: tuple[str, ...] = ()

    def has(self, path: str) -> bool:
        """Whether the page at this path belongs here."""
        begins = tuple(each for each in (self.address, *self.also) if each != "/")
        return path == self.address or path.startswith(begins)


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading."""

    name: str
    entries: tuple[Entry, ...]


GROUPS: tuple[Group, ...] = (
    Group(
        N_("Conversations"),
        (
            Entry("/", N_("Inbox"), "inbox", "conversations.read", "g i", ("/conversations",)),
            Entry("/mentions", N_("Mentions"), "person", "conversations.read", "g n"),
            Entry("/approvals", N_("Approvals"), "approve", "approvals", "g a"),
        ),
    ),
    Group(
        N_("Oversight"),
        (
            Entry("/wall", N_("Wall"), "eye", "supervise", "g v"),
            Entry("/reports", N_("Reports"), "chart", "reports", "g r"),
            Entry("/callbacks", N_("Callbacks"), "phone", "conversations", "g c"),
            Entry("/complaints", N_("Complaints"), "flag", "complaints.read", "g o"),
            Entry("/quality", N_("Quality"), "check", "supervise", "g q"),
            Entry("/quality/mine", N_("My reviews"), "check", "conversations", "g y"),
        ),
    ),
    Group(
        N_("Rules"),
        (
            Entry("/limits", N_("Limits"), "limits", "limits.read", "g l"),
            Entry("/wording", N_("Wording"), "note", "wording.read", "g w", ("/contact-rules", "/house")),
        ),
    ),
    Group(
        N_("House"),
        (
            Entry("/replies", N_("Kept replies"), "note", "settings", "g k"),
            Entry("/outcomes", N_("Outcomes"), "flag", "settings", "g e"),
            Entry("/understanding", N_("Understanding"), "ear", "understanding", "g u"),
            Entry("/audit", N_("Audit"), "audit", "audit", "g d"),
            Entry("/teams", N_("Teams"), "users", "settings", "g b"),
            Entry("/users", N_("Accounts"), "users", "users", "g t"),
            Entry("/integrations", N_("Integrations"), "plug", "integrations", "g h"),
        ),
    ),
)
"""A new page adds its entry here, and its keys to no other."""

ME = Entry("/me", N_("My settings"), "person", "own", "g m")


def entries() -> Iterator[Entry]:
    """Every place there is."""
    for group in GROUPS:
        yield from group.entries
    yield ME


def here(path: str) -> Entry | None:
    """The place that the page at this path belongs to: the one whose address says most of it."""
    return max((entry for entry in entries() if entry.has(path)), key=lambda entry: len(entry.address), default=None)
