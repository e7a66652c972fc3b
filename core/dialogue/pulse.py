"""How a conversation goes for the person in it: their mood and the risk, with reasons. Nothing here decides anything.

Both are judgements made by fixed weights of the intents that were heard, for supervisors to look at what needs a look
first; they were not fitted to anything and no limit or offer depends on them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from core.dialogue.flags import GRAVITY
from core.dialogue.understanding import Understanding

Mood = Literal["calm", "uneasy", "upset", "distressed"]
Risk = Literal["low", "raised", "high", "grave"]
MOODS: tuple[Mood, ...] = get_args(Mood)
RISKS: tuple[Risk, ...] = get_args(Risk)
"""In order: a place in these is what is stored, 0 to 3."""

LOOKED_AT = 5
"""So many of the debtor's last messages count, the newest most (product default)."""
SHARES = (4, 3, 2, 1, 1)
"""Quarters of its weight with which an intent counts, by the age of its message, newest first."""

WEIGHTS: Mapping[str, int] = {
    "self_harm": 12,
    "distress": 7,
    "abusive": 7,
    "complaint": 5,
    "stop_contact": 4,
    "legal_representation": 3,
    "hardship_health": 3,
    "hardship_family": 3,
    "hardship_event": 3,
    "hardship_income": 3,
    "identity_theft": 3,
    "dispute_debt": 2,
    "dispute_amount": 2,
    "dispute_terms": 2,
    "refuse_to_pay": 2,
    "cannot_pay": 2,
    "too_expensive": 1,
    "evasive": 1,
    "doubt_legitimacy": 1,
    "talk_to_human": 1,
    "thanks": -3,
    "affirm": -2,
    "choose_option": -2,
    "promise_to_pay": -2,
    "pay_in_full": -3,
    "greet": -1,
}
"""What an intent says of the mood; what is not named says nothing (product default)."""
UNEASY, UPSET, DISTRESSED = 3, 6, 10
"""The least sums of the moods but calm (product default)."""

FLAG_RISK: Mapping[str, int] = {
    "self_harm": 3,
    "vulnerable": 2,
    "minor": 2,
    "deceased": 2,
    "identity_theft": 2,
    "represented": 2,
    "bankruptcy": 2,
    "breathing_space": 2,
    "complaint": 2,
    "stop_contact": 2,
    "hardship": 1,
    "dispute": 1,
    "wrong_party": 1,
    "third_party": 1,
    "time_barred": 1,
    "abusive": 1,
    "privacy_request": 1,
    "debt_advice": 1,
}
INSISTED_RAISED, INSISTED_HIGH = 2, 3
"""An ask beyond the limits that is repeated so often raises the risk, or makes it high."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """`because` are codes, the weightiest first: `intent:distress`, `flag:self_harm`, `reason:legal`, `insisted:3`."""

    mood: Mood
    risk: Risk
    because: tuple[str, ...]

    @property
    def places(self) -> tuple[int, int]:
        """Mood and risk as they are stored."""
        return MOODS.index(self.mood), RISKS.index(self.risk)


def pulse(
    understandings: Sequence[Understanding], flags: Collection[str] = (), reason: str | None = None, insisted: int = 0
) -> Pulse:
    """The pulse of a conversation: `understandings` of the debtor's messages, newest first, beyond `LOOKED_AT` ignored;
    `flags` of the case; `reason` of the hand-over that stands; `insisted`: asks beyond the limits, repeated."""
    heard = _heard(understandings)
    mood = _mood(sum(heard.values()) // SHARES[0])
    risks = _risks(flags, reason, insisted, mood)
    signs = sorted((name for name, points in heard.items() if points > 0), key=lambda name: (-heard[name], name))
    named = sorted(risks, key=lambda code: (-risks[code], code))
    risk = RISKS[max(risks.values(), default=0)]
    return Pulse(mood, risk, tuple(code for code in named if not code.startswith("mood:")) + _intents(signs))


def _heard(understandings: Sequence[Understanding]) -> dict[str, int]:
    """Points in quarters by intent, each from the newest message that means it."""
    points: dict[str, int] = {}
    for share, understanding in zip(SHARES, understandings[:LOOKED_AT], strict=False):
        for name in understanding.asserted:
            if name in WEIGHTS:
                points.setdefault(name, WEIGHTS[name] * share)
    return points


def _mood(points: int) -> Mood:
    if points >= DISTRESSED:
        return "distressed"
    if points >= UPSET:
        return "upset"
    return "uneasy" if points >= UNEASY else "calm"


def _risks(flags: Collection[str], reason: str | None, insisted: int, mood: Mood) -> dict[str, int]:
    risks = {f"flag:{flag}": FLAG_RISK[flag] for flag in flags if flag in FLAG_RISK}
    known = next((place for place, each in enumerate(GRAVITY) if each == reason), None)
    if known is not None:
        risks[f"reason:{reason}"] = 3 if known == 0 else 2 if known <= GRAVITY.index("complaint") else 1
    if insisted >= INSISTED_RAISED:
        risks[f"insisted:{insisted}"] = 2 if insisted >= INSISTED_HIGH else 1
    risks[f"mood:{mood}"] = {"distressed": 2, "upset": 1}.get(mood, 0)
    return risks


def _intents(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"intent:{name}" for name in names)
