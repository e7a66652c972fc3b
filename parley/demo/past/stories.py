"""The past as it is planned: so many lives of each kind, spread over eight weeks by dice that always fall the same."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from parley.demo.past.deeds import Debtor, Deed, Life, Terms
from parley.demo.past.teller import SOON, Teller

SEED = 8
DAYS = 56
"""So long ago the past begins."""
HANDLERS: Mapping[str, tuple[str, ...]] = {"en": ("ana", "raj"), "zh": ("ben", "yan")}
_KINDS: Mapping[str, int] = {
    "agrees": 20, "agrees_weekly": 6, "settles": 6, "promises": 9, "asks": 6, "finds_it_too_much": 4, "looks_in": 4,
    "is_somebody_else": 3, "stops": 2, "fails_the_check": 2, "falls_on_hard_times": 8, "disputes": 6,
    "wants_a_person": 5, "complains": 4, "despairs": 2, "calls_back": 4, "is_pressed": 4, "needs_an_exception": 3,
}  # fmt: skip
_HOURS = (9, 10, 11, 12, 12, 13, 14, 15, 16, 17, 18, 18, 19, 19, 19, 20, 20, 20, 21, 21)
_PAYS: Sequence[tuple[int | None, ...]] = ((0,), (0,), (-1,), (-2,), (0, 3), (0, None), (2,), (None,))
_KEEPS: Sequence[tuple[int | None, ...]] = ((0,), (-1,), (-1,), (None,), (3,))
_OPEN = (
    ("is_being_helped", "en", timedelta(minutes=95)),
    ("is_being_helped", "zh", timedelta(minutes=80)),
    ("is_being_heard", "en", timedelta(minutes=70)),
    ("is_being_heard", "zh", timedelta(minutes=60)),
    ("waits_for_an_exception", "en", timedelta(minutes=150)),
    ("waits_for_an_exception", "zh", timedelta(minutes=120)),
    ("complained_lately", "en", timedelta(hours=27)),
    ("complained_lately", "zh", timedelta(hours=22)),
    ("is_not_answered_yet", "zh", timedelta(days=4)),
    ("asked_to_be_called", "en", timedelta(hours=20)),
    ("asked_to_be_called", "zh", timedelta(hours=30)),
)

Story = Callable[[Teller], Iterator[Deed]]


def lives(rows: Sequence[Debtor], until: datetime) -> list[Life]:
    """One for each debtor, as far as there are stories; the first to begin comes first. `until` is UTC."""
    dice = random.Random(SEED)  # noqa: S311 - a demo, not secrets
    kinds = [kind for kind, count in _KINDS.items() for _ in range(count)]
    dice.shuffle(kinds)
    told = [_life(dice, kind, debtor, until) for kind, debtor in zip(kinds, rows, strict=False)]
    return sorted(told, key=lambda life: life.starts)


def still_open(rows: Sequence[Debtor], until: datetime) -> list[Life]:
    """Those whom agents are in the middle of helping at the end, and what of the days before is still owed."""
    dice = random.Random(SEED + 1)  # noqa: S311 - a demo, not secrets
    theirs = {language: [row for row in rows if row.language == language] for language in HANDLERS}
    found = []
    for number, (kind, language, ago) in enumerate(_OPEN):
        if theirs[language]:
            starts = until - ago - timedelta(minutes=7 * number)
            debtor = theirs[language].pop()
            teller = Teller(dice, debtor, HANDLERS[language][0], starts=starts, at_any_hour=True)
            found.append(Life(debtor=debtor, channel="web", starts=starts, deeds=tuple(_STORIES[kind](teller))))
    return found


def _life(dice: random.Random, kind: str, debtor: Debtor, until: datetime) -> Life:
    zone = ZoneInfo(debtor.time_zone)
    day = until.astimezone(zone).date() - timedelta(days=dice.randrange(3, DAYS))
    starts = datetime.combine(day, time(dice.choice(_HOURS), dice.randrange(60), dice.randrange(60)), zone)
    teller = Teller(dice, debtor, dice.choice(HANDLERS[debtor.language]), starts=starts)
    return Life(
        debtor=debtor,
        channel="telegram" if dice.random() < 0.3 else "web",
        starts=starts.astimezone(UTC),
        deeds=tuple(_STORIES[kind](teller)),
        pays=dice.choice(_KEEPS if kind == "promises" else _PAYS),
    )


def _agrees(t: Teller) -> Iterator[Deed]:
    if t.dice.random() < 0.3:
        yield t.says("hello")
    yield t.proves()
    yield t.says("monthly", sum=t.said_sum(t.dice.choice((3, 4, 6, 6, 8, 10, 12))), day=t.payday())
    yield t.says("yes")


def _agrees_weekly(t: Teller) -> Iterator[Deed]:
    yield t.proves()
    yield t.says("weekly", sum=t.said_sum(t.dice.choice((8, 10, 16))))
    yield t.says("yes")


def _settles(t: Teller) -> Iterator[Deed]:
    yield t.proves()
    yield t.says("discount")
    yield t.says("yes")


def _promises(t: Teller) -> Iterator[Deed]:
    yield t.proves()
    yield t.says("promise")
    yield t.says("yes")


def _asks(t: Teller) -> Iterator[Deed]:
    yield t.proves()
    yield t.says("owed")
    yield t.says("thanks")


def _finds_it_too_much(t: Teller) -> Iterator[Deed]:
    yield t.proves()
    yield t.says("monthly", sum=t.said_sum(40), day=t.payday())
    yield t.says("too_much")


def _looks_in(t: Teller) -> Iterator[Deed]:
    yield t.looks_in()


def _is_somebody_else(t: Teller) -> Iterator[Deed]:
    yield t.says("hello")
    yield t.says("wrong_person")
    yield from _ends(t, "wrong_party")


def _stops(t: Teller) -> Iterator[Deed]:
    yield t.says("stop")


def _fails_the_check(t: Teller) -> Iterator[Deed]:
    wrong = f"1 May 1991, {(int(t.debtor.phone_last4) + 7) % 10_000:04d}"
    yield t.does("say", words=wrong)
    yield t.does("say", words=wrong)
    yield t.does("say", words=wrong)
    yield t.takes()
    yield t.writes("soft_word")
    yield from _ends(t, "no_agreement", takes=False)


def _falls_on_hard_times(t: Teller) -> Iterator[Deed]:
    yield t.proves()
    yield t.says("hardship")
    yield t.takes()
    yield t.writes("greets")
    yield t.writes("sorry")
    if t.dice.random() < 0.3:
        yield t.does("whisper", who="sue", words=t.note("whisper"))
    yield t.writes("offers")
    yield t.does("offer", terms=Terms(instalment=t.sum_of(t.dice.choice((14, 18, 20))), first_in_days=14))
    yield t.says("accepts")
    yield t.writes("thanks")
    yield t.does("close", code="agreed" if t.dice.random() < 0.6 else "hardship", words=t.note("hardship"))


def _disputes(t: Teller) -> Iterator[Deed]:
    yield t.proves()
    yield t.says("dispute")
    yield t.takes()
    yield t.writes("greets")
    yield t.says("details")
    yield t.writes("checks")
    yield t.does("close", code="dispute", words=t.note("dispute"))


def _wants_a_person(t: Teller) -> Iterator[Deed]:
    yield t.proves()
    yield t.says("person")
    yield t.takes()
    yield t.writes("greets")
    yield t.says("owed")
    yield t.writes("soft_word")
    yield t.does("back", words=t.note("back"))
    yield t.says("monthly", sum=t.said_sum(t.dice.choice((4, 6, 8))), day=t.payday())
    yield t.says("yes")


def _complains(t: Teller) -> Iterator[Deed]:
    yield t.proves()
    yield t.says("complaint")
    yield t.takes(who="sue")
    yield t.writes("apologises", who="sue")
    yield t.does("acknowledge", who="sue")
    yield t.does("close", who="sue", code="complaint", words="")
    decided = t.dice.choice(("upheld", "rejected", "partly"))
    yield t.does("answer", who="max", code=decided, pause=(timedelta(days=3), timedelta(days=12)))


def _complained_lately(t: Teller) -> Iterator[Deed]:
    yield t.proves()
    yield t.says("complaint")
    yield t.takes(who="sue")
    yield t.writes("apologises", who="sue")
    yield t.does("close", who="sue", code="complaint", words="")


def _is_not_answered_yet(t: Teller) -> Iterator[Deed]:
    yield from _complained_lately(t)
    yield t.does("acknowledge", who="sue")


def _asked_to_be_called(t: Teller) -> Iterator[Deed]:
    yield t.proves()
    yield t.says("callback")


def _despairs(t: Teller) -> Iterator[Deed]:
    yield t.proves()
    yield t.says("distress")
    yield t.takes((timedelta(minutes=1), timedelta(minutes=5)))
    yield t.writes("listens")
    yield t.does("note", words=t.note("distress"))
    yield t.does("close", code="hardship", words=t.note("distress"))


def _calls_back(t: Teller) -> Iterator[Deed]:
    yield t.says("callback")
    yield t.takes((timedelta(hours=20), timedelta(hours=23)))
    yield t.writes("calls")
    yield t.does("end_callback", code="done" if t.dice.random() < 0.7 else "missed", words="")
    yield from _ends(t, "no_agreement", takes=False)


def _is_pressed(t: Teller) -> Iterator[Deed]:
    yield t.proves()
    yield t.says("person")
    yield t.takes()
    yield t.writes("hard_word")
    yield t.writes("soft_word")
    yield t.does("close", code="no_agreement", words="")


def _needs_an_exception(t: Teller) -> Iterator[Deed]:
    yield from _to_an_exception(t)
    yield t.does(
        "decide", who="max", pause=SOON, words=t.note("allowed"), code="approve" if t.dice.random() < 0.7 else "refuse"
    )
    yield t.says("accepts")
    yield t.does("close", code="agreed", words="")


def _to_an_exception(t: Teller) -> Iterator[Deed]:
    yield t.proves()
    yield t.says("person")
    yield t.takes()
    yield t.writes("greets")
    yield t.says("less")
    share = Decimal("0.75") if t.debtor.market == "cn" else Decimal("0.58")
    yield t.does("offer", terms=Terms(share=share, first_in_days=10), words=t.note("exception"))
    yield t.writes("asks_first")


def _is_being_helped(t: Teller) -> Iterator[Deed]:
    yield t.proves()
    yield t.says("hardship")
    yield t.takes((timedelta(minutes=4), timedelta(minutes=9)))
    yield t.writes("greets")
    yield t.says("less")
    yield t.writes("sorry")


def _is_being_heard(t: Teller) -> Iterator[Deed]:
    yield t.proves()
    yield t.says("dispute")
    yield t.takes((timedelta(minutes=6), timedelta(minutes=12)))
    yield t.writes("greets")
    yield t.does("note", words=t.note("dispute"))


def _ends(t: Teller, code: str, *, takes: bool = True) -> Iterator[Deed]:
    if takes:
        yield t.takes()
    yield t.does("close", code=code, words="")


_STORIES: Mapping[str, Story] = {
    "agrees": _agrees,
    "agrees_weekly": _agrees_weekly,
    "settles": _settles,
    "promises": _promises,
    "asks": _asks,
    "finds_it_too_much": _finds_it_too_much,
    "looks_in": _looks_in,
    "is_somebody_else": _is_somebody_else,
    "stops": _stops,
    "fails_the_check": _fails_the_check,
    "falls_on_hard_times": _falls_on_hard_times,
    "disputes": _disputes,
    "wants_a_person": _wants_a_person,
    "complains": _complains,
    "despairs": _despairs,
    "calls_back": _calls_back,
    "is_pressed": _is_pressed,
    "needs_an_exception": _needs_an_exception,
    "is_being_helped": _is_being_helped,
    "is_being_heard": _is_being_heard,
    "waits_for_an_exception": _to_an_exception,
    "complained_lately": _complained_lately,
    "is_not_answered_yet": _is_not_answered_yet,
    "asked_to_be_called": _asked_to_be_called,
}
