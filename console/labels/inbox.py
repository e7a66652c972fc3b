"""Words of the inbox: what it is narrowed by, and how long somebody has waited."""

from collections.abc import Mapping

from console.i18n import N_

BOXES: Mapping[str, str] = {"mine": N_("Mine"), "team": N_("My teams"), "queue": N_("Queue"), "all": N_("All")}
HOLDERS: Mapping[str, str] = {"bot": N_("Assistant"), "queue": N_("Queue"), "agent": N_("An agent")}
CONVERSATION_STATES: Mapping[str, str] = {"open": N_("Open"), "closed": N_("Closed")}
FILTERS: Mapping[str, str] = {
    "reason": N_("Reason"),
    "flag": N_("Flag"),
    "language": N_("Language"),
    "market": N_("Market"),
    "bucket": N_("Days past due"),
    "priority": N_("Priority"),
    "channel": N_("Channel"),
    "holder": N_("With"),
    "state": N_("State"),
    "agent": N_("Held by"),
    "waiting": N_("Waiting longer than"),
    "unread": N_("Unread"),
    "snoozed": N_("Snoozed"),
}
WAITS: Mapping[str, str] = {"fine": N_("in time"), "soon": N_("soon late"), "late": N_("late")}
FOUND_BY: Mapping[str, str] = {"name": N_("Name"), "reference": N_("Reference"), "contact": N_("Contact")}
