"""What the pages of the texts and of the contact rules show: areas, entries, problems in words, differences."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Any

from console.i18n import N_
from console.page import Page
from core.actions.house import Problem
from core.compliance import Reason
from core.compliance.contact import contact_changes
from core.dialogue.decision import Say
from core.errors import NotFound
from core.wording import LANGUAGES, TextProblem, catalogue, say
from core.wording.render import Language
from core.wording.samples import samples

AREAS: Mapping[str, str] = {
    "greet": N_("Greeting"),
    "verify": N_("Identity"),
    "debt": N_("The debt"),
    "offer": N_("Offers"),
    "counter": N_("Answers to an ask"),
    "readback": N_("Read-back"),
    "agree": N_("Agreement"),
    "plan": N_("A plan in force"),
    "promise": N_("Promises"),
    "pay": N_("Paying"),
    "means": N_("Questions about money"),
    "assess": N_("Hardship"),
    "answer": N_("Questions"),
    "comply": N_("Rights"),
    "safety": N_("Danger"),
    "escalate": N_("Hand-over"),
    "person": N_("People's hours"),
    "handback": N_("Hand-back"),
    "agent": N_("An agent's offer"),
    "suggest": N_("Suggestions to agents"),
    "clarify": N_("Not understood"),
    "talk": N_("Talk"),
    "social": N_("Courtesies"),
    "media": N_("Files and voice"),
    "choice": N_("Choices"),
    "button": N_("Buttons"),
}

PROBLEMS: Mapping[str, str] = {
    "wording.empty": N_("A text is missing."),
    "wording.braces": N_("A brace is open, or a value cannot be read as it is written. Write values as {name}."),
    "wording.unknown_value": N_("{%(name)s} is no value of this text."),
    "wording.missing_value": N_("The text has to fill in {%(name)s}."),
    "wording.form_of_value": N_("Write {%(name)s} alone, or as {%(name)s:one|many} to count."),
    "wording.too_long_zh": N_("It has %(length)s characters; at most %(most)s can be read at a glance."),
    "wording.too_long_en": N_("It has %(length)s words; at most %(most)s can be read at a glance."),
    "wording.long_button": N_("A button holds at most %(most)s characters."),
    "wording.language": N_("It is written in the other language."),
    "wording.questions": N_("Ask one question at a time."),
    "wording.number_lost": N_("The number %(number)s has to stay: somebody in danger may need it."),
    "wording.presses": N_("“%(words)s” presses or shouts."),
    "wording.hints": N_("Somebody who has not been identified reads this: it may not hint at a debt."),
    "contact.unknown": N_("There is no such rule."),
    "contact.hours_unreadable": N_("Give hours as 09:00-20:00."),
    "contact.hours_backwards": N_("The hours have to end after they begin."),
    "contact.hours_outside": N_("The hours have to lie within %(allowed)s."),
    "contact.cap_unreadable": N_("Give a whole number."),
    "contact.cap_above": N_("At most %(most)s are allowed."),
}
CONTACT_FIELDS: Mapping[str, str] = {
    "window": N_("Hours, Monday to Saturday"),
    "sunday": N_("Hours on Sundays"),
    "cap_day": N_("Unasked messages a day"),
    "cap_week": N_("Unasked messages in seven days"),
}
PREVIEW_CHANNELS = ("web", "telegram", "terminal")


@dataclass(frozen=True, slots=True)
class TextRow:
    """A text as it stands: `now` is said today, `draft` would be; `changed` where today's is not the shipped one."""

    key: str
    now: Mapping[str, str]
    draft: Mapping[str, str] | None
    changed: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """One key of a version, before and after; None stands for what is shipped."""

    key: str
    before: Any
    after: Any
    shipped: Any


def area_of(key: str) -> str:
    """The area of a text."""
    return key.partition(".")[0]


def shipped_of(subject: str, key: str) -> Any:
    """What is shipped for a key; None where nothing is any more."""
    return catalogue().get(key) if subject == "wording" else contact_changes().get(key)


def text_rows(
    body: Mapping[str, Any], draft: Mapping[str, Any], *, area: str = "", words: str = "", only: str = ""
) -> list[TextRow]:
    """The texts of an area, or those that hold the words; `only` leaves the `changed` or the `draft` ones."""
    needle = words.casefold()
    found = []
    for key, shipped in catalogue().items():
        row = TextRow(key, body.get(key, shipped), _drafted(draft, key, shipped), key in body)
        whole = " ".join((key, *row.now.values(), *(row.draft or {}).values())).casefold()
        if needle not in whole or (area and area_of(key) != area):
            continue
        if (only == "changed" and not row.changed) or (only == "draft" and row.draft is None):
            continue
        found.append(row)
    return found


def _drafted(draft: Mapping[str, Any], key: str, shipped: Mapping[str, str]) -> Mapping[str, str] | None:
    if key not in draft:
        return None
    entry: Mapping[str, str] | None = draft[key]
    return shipped if entry is None else entry


def differences(subject: str, before: Mapping[str, Any], changes: Mapping[str, Any]) -> Sequence[Difference]:
    """What changes make of a body, key by key; what stays as it is is left out."""
    found = []
    for key in sorted(changes):
        shipped = shipped_of(subject, key)
        old, new = before.get(key, shipped), changes[key] if changes[key] is not None else shipped
        if old != new:
            found.append(Difference(key, old, new, shipped))
    return found


def known_text(key: str) -> Mapping[str, str]:
    """The shipped text of a key; NotFound where there is none."""
    found = catalogue().get(key)
    if found is None:
        raise NotFound("There is no such text.", key=key)
    return found


def previews(key: str, entry: Mapping[str, str], market: str) -> Mapping[Language, str | None]:
    """The text in each language with sample values; None where it cannot be filled in."""
    return {language: _preview(key, entry, market, language) for language in LANGUAGES}


def _preview(key: str, entry: Mapping[str, str], market: str, language: Language) -> str | None:
    values = samples(market, language)
    try:
        used = {name: values[name] for _, name, _, _ in Formatter().parse(entry[language]) if name is not None}
        return say(Say(key, used), language, market, short=key.startswith("button."), texts={key: entry})
    except (KeyError, ValueError, IndexError, TypeError):
        return None


def problem_texts(page: Page, problems: Sequence[Problem]) -> list[tuple[str, str]]:
    """Each problem in the viewer's words, beside the language or the field that it concerns."""
    return list(_said(page, problems))


def _said(page: Page, problems: Sequence[Problem]) -> Iterator[tuple[str, str]]:
    shown = page.console.renderer.shown(page.language)
    for problem in problems:
        place = problem.language if isinstance(problem, TextProblem) else f"{problem.market}.{problem.name}"
        text = PROBLEMS.get(problem.code)
        if text is None:
            yield place, shown.refusal(Reason("", problem.code, problem.data))
        else:
            yield place, page.say(text, **problem.data)
