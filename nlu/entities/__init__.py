"""What a debtor's message names: sums, dates, paydays, lengths of time, choices, numbers, names; Chinese and English.

One pass over the folded text; both languages' rules run on every message, the most particular first, and each takes the
characters it has read, so that nothing is read twice. No model and no dictionary: it is pure and fast.
"""

import re
from datetime import datetime

from core.dialogue.understanding import Entity, Language
from nlu.entities.amounts import find_amounts
from nlu.entities.choices import find_choices
from nlu.entities.contacts import find_contacts
from nlu.entities.dates_en import find_dates as find_dates_en
from nlu.entities.dates_numeric import find_bare_day, find_birth_date, find_numeric_dates
from nlu.entities.dates_zh import find_dates as find_dates_zh
from nlu.entities.idioms import mask_sayings
from nlu.entities.names import find_names
from nlu.entities.numerals import EN_SMALL, SMALL_ZH, en_small, zh_small
from nlu.entities.paydays import find_paydays
from nlu.entities.shares import find_shares
from nlu.entities.spans import Context, Scene
from nlu.entities.terms import find_durations, find_instalments
from nlu.entities.times import find_times

_ENDLESS = re.compile(r"\d{25,}")
"""More figures than any number that a debtor has."""
_BARE_COUNT = re.compile(
    rf"^\W*(?:in|分|就|大概|about|maybe|我|要)?\s*({SMALL_ZH}|{EN_SMALL})\s*(?:次|个|吧|please|pls|ok"
    rf"|行吗)*\W*$"
)


def extract(
    text: str, *, lang: Language, now: datetime, currency: str = "CNY", expecting: str | None = None
) -> tuple[Entity, ...]:
    """The entities of a message, in the order they stand in it, with the contract's fields.

    `now` is timezone-aware and in the debtor's zone; `currency` is that of the debt, for sums said without one;
    `expecting` is what the bot has just asked for ("amount", "date", "payday", "digits", "birth_date", "count" or
    "choice"), and lets a bare "800", "15", "4471" or "3" be read as that. Only the first 2,000 code points are read.
    Never raises.
    """
    scene = Scene(text, Context(lang, now.date(), currency, expecting))
    for run in _ENDLESS.finditer(scene.view):
        scene.mask(*run.span())
    mask_sayings(scene)
    if expecting == "birth_date":
        find_birth_date(scene)
    if expecting == "choice":
        find_choices(scene)
    find_contacts(scene)
    find_paydays(scene)
    find_shares(scene)
    find_times(scene)
    find_numeric_dates(scene)
    find_dates_zh(scene)
    find_dates_en(scene)
    if expecting == "date" and not scene.has("date"):
        find_bare_day(scene)
    find_choices(scene)
    find_instalments(scene)
    if expecting == "count" and not scene.has("instalments"):
        _find_bare_count(scene)
    find_amounts(scene)
    find_durations(scene)
    find_names(scene)
    return tuple(sorted(scene.found, key=lambda entity: (entity.start, entity.end)))


def _find_bare_count(scene: Scene) -> None:
    match = _BARE_COUNT.match(scene.view)
    if match:
        text = match[1]
        count = en_small(text) if text[0].isascii() and text[0].isalpha() else zh_small(text)
        if count:
            scene.take("instalments", {"value": count}, match.start(1), match.end(1))
