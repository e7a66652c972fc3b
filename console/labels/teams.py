"""Words for teams and who is there."""

from collections.abc import Mapping

from console.i18n import N_

STATUSES: Mapping[str, str] = {
    "available": N_("Available"),
    "pause": N_("Pausing"),
    "break": N_("On a break"),
    "away": N_("Away"),
}
STATUS_HINTS: Mapping[str, str] = {
    "available": N_("New conversations come to you."),
    "pause": N_("Nothing new comes; you go on with what you have."),
    "break": N_("Nothing new comes until you are back."),
    "away": N_("Whoever waits for you goes to a colleague at once."),
}
ROUTINGS: Mapping[str, str] = {
    "manual": N_("By hand: each takes from the queue"),
    "round_robin": N_("In turn: each gets as many as the others"),
    "least_loaded": N_("By load: whoever holds the fewest"),
}
SKILLS: Mapping[str, str] = {
    "zh": N_("Chinese"),
    "en": N_("English"),
    "hardship": N_("Hardship"),
    "dispute": N_("Disputes and complaints"),
    "legal": N_("Legal matters"),
    "vulnerable": N_("Vulnerable people and danger"),
}
HOLIDAY_CALENDARS: Mapping[str, str] = {
    "": N_("None"),
    "cn": N_("China"),
    "us": N_("United States"),
    "uk": N_("England and Wales"),
    "uk-sct": N_("Scotland"),
    "uk-nir": N_("Northern Ireland"),
}
WEEKDAYS: Mapping[str, str] = {
    "mon": N_("Monday"),
    "tue": N_("Tuesday"),
    "wed": N_("Wednesday"),
    "thu": N_("Thursday"),
    "fri": N_("Friday"),
    "sat": N_("Saturday"),
    "sun": N_("Sunday"),
}
