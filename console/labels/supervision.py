"""Words of supervision: moods, risks, reviews, callbacks, complaints."""

from collections.abc import Mapping

from console.i18n import N_

MOODS: Mapping[str, str] = {
    "calm": N_("Calm"),
    "uneasy": N_("Uneasy"),
    "upset": N_("Upset"),
    "distressed": N_("Distressed"),
}
RISKS: Mapping[str, str] = {
    "low": N_("Low risk"),
    "raised": N_("Raised risk"),
    "high": N_("High risk"),
    "grave": N_("Grave risk"),
}
PULSE_LOOKS: Mapping[str, str] = {
    "calm": "",
    "uneasy": "",
    "upset": "high",
    "distressed": "bad",
    "low": "",
    "raised": "",
    "high": "high",
    "grave": "urgent",
}
"""How a chip of a mood or a risk looks."""
WALL_HOLDERS: Mapping[str, str] = {"bot": N_("Assistant"), "queue": N_("Queue"), "agent": N_("Agents")}
WALL_ORDERS: Mapping[str, str] = {
    "risk": N_("Highest risk first"),
    "latest": N_("Latest message first"),
    "oldest": N_("Oldest conversation first"),
}
WALL_PERIODS: Mapping[str, str] = {
    "hour": N_("Active in the last hour"),
    "day": N_("Active in the last day"),
    "any": N_("All that are open"),
}
WHISPER_KINDS: Mapping[str, str] = {
    "whisper": N_("Whisper"),
    "taken": N_("Taken over"),
    "moved": N_("Moved elsewhere"),
    "given": N_("Given to you"),
}
REVIEW_STATES: Mapping[str, str] = {
    "drawn": N_("To review"),
    "done": N_("Reviewed"),
    "answered": N_("Answered by the agent"),
}
MARKS: Mapping[str, str] = {
    "4": N_("Very good"),
    "3": N_("Good"),
    "2": N_("Fair"),
    "1": N_("Weak"),
    "0": N_("Not at all"),
    "": N_("Does not apply"),
}
CALLBACK_STATES: Mapping[str, str] = {
    "open": N_("Waiting"),
    "done": N_("Done"),
    "missed": N_("Not reached"),
    "cancelled": N_("Not wanted any more"),
}
CALLBACK_WAYS: Mapping[str, str] = {"call": N_("Call"), "write": N_("Write")}
CALLBACK_SOURCES: Mapping[str, str] = {"debtor": N_("The customer asked"), "agent": N_("Noted by the team")}
COMPLAINT_STATES: Mapping[str, str] = {
    "open": N_("Received"),
    "acknowledged": N_("Acknowledged"),
    "answered": N_("Answered"),
    "closed": N_("Closed"),
}
COMPLAINT_CATEGORIES: Mapping[str, str] = {
    "conduct": N_("How we spoke"),
    "frequency": N_("Too often, or at the wrong time"),
    "third_party": N_("Told somebody else"),
    "amount": N_("Sum or charges"),
    "identity": N_("Wrong person"),
    "privacy": N_("Personal data"),
    "plan": N_("Plan or offer"),
    "service": N_("Slow or no answer"),
    "other": N_("Other"),
}
COMPLAINT_OUTCOMES: Mapping[str, str] = {
    "upheld": N_("Upheld"),
    "partly": N_("Partly upheld"),
    "rejected": N_("Not upheld"),
    "withdrawn": N_("Withdrawn"),
    "referred": N_("Referred elsewhere"),
}
