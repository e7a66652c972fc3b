"""What a conversation demands of the agent who is given it."""

from collections.abc import Mapping
from typing import Literal, get_args

from core.dialogue.flags import Flag, HandoffReason

Skill = Literal["zh", "en", "hardship", "dispute", "legal", "vulnerable"]
SKILLS: tuple[Skill, ...] = get_args(Skill)
LANGUAGES: tuple[Skill, ...] = ("zh", "en")

_BY_REASON: Mapping[HandoffReason, Skill] = {
    "self_harm": "vulnerable",
    "vulnerable": "vulnerable",
    "legal": "legal",
    "identity_theft": "dispute",
    "dispute": "dispute",
    "complaint": "dispute",
    "hardship": "hardship",
}
_BY_FLAG: Mapping[Flag, Skill] = {
    "self_harm": "vulnerable",
    "vulnerable": "vulnerable",
    "minor": "vulnerable",
    "deceased": "vulnerable",
    "represented": "legal",
    "bankruptcy": "legal",
    "breathing_space": "legal",
    "identity_theft": "dispute",
    "dispute": "dispute",
    "hardship": "hardship",
    "debt_advice": "hardship",
}


def demanded(language: str, reason: str | None, flags: frozenset[str]) -> frozenset[Skill]:
    """The debtor's language, and what the reason for the hand-over and the flags of the case call for."""
    spoken: Skill = "zh" if language.lower().startswith("zh") else "en"
    found: set[Skill] = {spoken, *(skill for flag, skill in _BY_FLAG.items() if flag in flags)}
    found |= {skill for name, skill in _BY_REASON.items() if name == reason}
    return frozenset(found)
