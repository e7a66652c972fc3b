"""How someone of the team wants the console to look and to call them; kept with the account."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from core.actions.values import Actor
from core.store.tables import User
from core.work import Work

CHOICES: Mapping[str, tuple[str, ...]] = {
    "theme": ("system", "light", "dark"),
    "text": ("normal", "large", "largest"),
    "density": ("roomy", "dense"),
}
"""What each may be; the first is what everyone starts with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """`notify` shows a notice of the desktop and `sound` plays a tone when a person is called for or a debtor answers;
    a browser still asks before it shows the first notice. `letters` lets single letters be shortcuts."""

    theme: str = "system"
    text: str = "normal"
    density: str = "roomy"
    notify: bool = True
    sound: bool = False
    letters: bool = True

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Preferences":
        """What was kept, or what a form says; a value that is none of the choices is as at the start."""
        known = {name: kept[name] for name in (each.name for each in fields(cls)) if name in kept}
        right = {name: value for name, value in known.items() if value in CHOICES.get(name, (True, False))}
        return cls(**right)


async def keep(work: Work, actor: Actor, preferences: Preferences) -> None:
    """From now on this account's pages look so."""
    user = await work.session.get_one(User, actor.id)
    user.preferences = asdict(preferences)
    await work.session.flush()
