"""Tells one life: who says what, after which pause, and which sums fit this debtor."""

import random
from datetime import date, datetime, time, timedelta
from decimal import ROUND_UP, Decimal

from parley.demo.past.deeds import Debtor, Deed
from parley.demo.past.said import NOTES, SAID, WRITTEN

QUICK = (timedelta(seconds=35), timedelta(minutes=4))
SOON = (timedelta(minutes=3), timedelta(minutes=50))
_ROUND = {"CNY": Decimal(50), "USD": Decimal(5), "GBP": Decimal(5)}


class Teller:
    """Tells one life: draws words, pauses and sums for this debtor and the agent who may come in.

    It `starts` at a moment in the debtor's time zone; nobody is taken over at night, unless `at_any_hour`.
    """

    def __init__(
        self,
        dice: random.Random,
        debtor: Debtor,
        agent: str,
        *,
        starts: datetime,
        at_any_hour: bool = False,
    ) -> None:
        self.dice, self.debtor, self.agent = dice, debtor, agent
        self._at, self._at_any_hour = starts, at_any_hour

    def says(self, key: str, **more: str) -> Deed:
        """The debtor writes."""
        words = self.dice.choice(SAID[key][self.debtor.language])
        return self._deed("say", QUICK, words=words.format(**more) if more else words)

    def looks_in(self) -> Deed:
        """The debtor opens the link and writes nothing."""
        return self._deed("open", QUICK)

    def proves(self) -> Deed:
        """The debtor gives the facts that were asked for."""
        debtor, born = self.debtor, self.debtor.birth_date
        day = f"{born.year}年{born.month}月{born.day}日" if debtor.language == "zh" else born.isoformat()
        return self._deed("say", QUICK, words=f"{day}, {debtor.phone_last4}")

    def does(self, do: str, *, pause: tuple[timedelta, timedelta] = QUICK, who: str = "", **what: object) -> Deed:
        """Somebody of the team does something, this life's agent where nobody is named."""
        return self._deed(do, pause, who=who or self.agent, **what)

    def writes(self, key: str, *, who: str = "") -> Deed:
        """Somebody of the team writes."""
        return self.does("write", who=who, words=self.dice.choice(WRITTEN[key][self.debtor.language]))

    def takes(self, pause: tuple[timedelta, timedelta] = SOON, *, who: str = "") -> Deed:
        """Somebody of the team takes over, the next morning where it is late."""
        pause_for = self._between(pause)
        if not self._at_any_hour:
            moment = (self._at + pause_for).astimezone(self._at.tzinfo)
            if moment.hour >= 21 or moment.hour < 8:
                morning = moment.date() + timedelta(days=1 if moment.hour >= 21 else 0)
                again = time(8, self.dice.randrange(5, 55))
                pause_for = datetime.combine(morning, again, self._at.tzinfo) - self._at
        return self._deed("take", (pause_for, pause_for), who=who or self.agent)

    def note(self, key: str) -> str:
        """What the team notes, in the debtor's language."""
        return NOTES[key][self.debtor.language]

    def sum_of(self, share: int) -> Decimal:
        """A round sum that pays the debt in about `share` parts."""
        nice = _ROUND[self.debtor.currency]
        return max(nice, (self.debtor.total / share / nice).to_integral_value(ROUND_UP) * nice)

    def said_sum(self, share: int) -> str:
        """The same as somebody would write it."""
        return f"{self.sum_of(share):.0f}"

    def payday(self) -> str:
        """A day of the month about a week from now."""
        today = self._at.date()
        return _day_said(today + timedelta(days=self.dice.randrange(4, 10)), self.debtor.language)

    def _deed(self, do: str, pause: tuple[timedelta, timedelta], **what: object) -> Deed:
        after = self._between(pause)
        self._at += after
        return Deed(do=do, after=after, **what)  # type: ignore[arg-type]

    def _between(self, pause: tuple[timedelta, timedelta]) -> timedelta:
        least, most = (int(end.total_seconds()) for end in pause)
        return timedelta(seconds=self.dice.randint(least, most))


def _day_said(day: date, language: str) -> str:
    if language == "zh":
        return str(day.day)
    ending = {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th") if day.day not in (11, 12, 13) else "th"
    return f"{day.day}{ending}"
