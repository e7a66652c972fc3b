"""Flags that a case can carry, reasons for a hand-over, and their gravity."""

from typing import Literal

Flag = Literal[
    "hardship",
    "dispute",
    "identity_theft",
    "vulnerable",
    "self_harm",
    "stop_contact",
    "wrong_party",
    "third_party",
    "deceased",
    "bankruptcy",
    "represented",
    "time_barred",
    "complaint",
    "minor",
    "abusive",
    "privacy_request",
    "time_restricted",
    "breathing_space",
    "debt_advice",
]

HandoffReason = Literal[
    "self_harm",
    "vulnerable",
    "legal",
    "identity_theft",
    "identity",
    "dispute",
    "complaint",
    "hardship",
    "abusive",
    "person_requested",
    "limits",
    "broken_promise",
    "not_understood",
]

GRAVITY: tuple[HandoffReason, ...] = (
    "self_harm",
    "vulnerable",
    "legal",
    "identity_theft",
    "dispute",
    "complaint",
    "hardship",
    "identity",
    "abusive",
    "person_requested",
    "limits",
    "broken_promise",
    "not_understood",
)
"""Gravest first: where several reasons hold, the first of these is the one given."""

Priority = Literal["urgent", "high", "normal"]


def gravest(reasons: "set[HandoffReason] | frozenset[HandoffReason]") -> HandoffReason | None:
    """The gravest of these reasons, or None where there is none."""
    return next((reason for reason in GRAVITY if reason in reasons), None)


def priority_of(reason: HandoffReason) -> Priority:
    """How soon a person must look: danger at once, duties of law soon, the rest in turn."""
    if reason == "self_harm":
        return "urgent"
    if reason in ("vulnerable", "legal", "identity_theft", "complaint"):
        return "high"
    return "normal"
