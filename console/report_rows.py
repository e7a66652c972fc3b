"""The rows behind a figure, as a list shows them and as a file holds them: the same facts with the same words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from console.exports import Cell
from console.i18n import N_
from console.labels import reports as words
from console.page import Page
from console.queries.reports.measures import DATED, Measure
from console.queries.reports.rows import FactRow
from console.show import Shown, zone
from core.money import Money

COLUMNS = (
    N_("What"),
    N_("When"),
    N_("Customer"),
    N_("Case"),
    N_("Creditor"),
    N_("Conversation"),
    N_("Market"),
    N_("Language"),
    N_("Channel"),
    N_("Days past due"),
    N_("Care needed"),
    N_("Version of the limits"),
    N_("Team"),
    N_("Who held it"),
    N_("Kind"),
    N_("Outcome"),
    N_("Currency"),
    N_("Sum"),
    N_("Present value"),
    N_("Seconds"),
)


@dataclass(frozen=True, slots=True)
class RowWords:
    """Says a row in the viewer's language; numbers of telephones, cards and documents as they may see them."""

    page: Page
    measure: Measure
    zone: str

    @property
    def shown(self) -> Shown:
        """The words of the viewer's language."""
        return self.page.console.renderer.shown(self.page.language)

    def header(self) -> list[str]:
        """The names of the columns of a file."""
        return [self.page.say(name) for name in COLUMNS]

    def cells(self, row: FactRow) -> Sequence[Cell]:
        """A row of a file. Moments are in the zone that the report was asked in."""
        shown, private = self.shown, self.page.private
        return (
            shown.label(row.kind, "FACTS"),
            row.at.date() if row.kind in DATED else self._local(row.at),
            private(row.name),
            private(row.reference),
            private(row.creditor),
            row.conversation_id,
            shown.label(row.market, "MARKETS"),
            shown.label(row.language, "LANGUAGE_NAMES"),
            shown.label(row.channel, "CHANNELS"),
            shown.label(row.bucket, "BUCKETS"),
            shown.label(row.segment, "CARE"),
            row.version,
            private(row.team or ""),
            private(row.agent or ""),
            self.value(row),
            ", ".join(self.outcome(row)),
            row.amount.currency if row.amount else "",
            self._sum(row.amount),
            self._sum(row.worth),
            row.seconds,
        )

    def value(self, row: FactRow) -> str:
        """What tells the row apart within its kind."""
        table = words.FACT_VALUES.get(row.kind)
        return self.shown.label(row.value, table) if table else row.value

    def outcome(self, row: FactRow) -> list[str]:
        """What became of it, as far as the figures look at it."""
        return [self.page.say(words.FACT_MARKS[name]) for name in row.outcome if name in words.FACT_MARKS]

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(zone(self.zone))

    def _sum(self, money: Money | None) -> Cell:
        return money.decimal if money else None


def lasted(page: Page, seconds: int | None) -> str:
    """How long something took, in the two largest units; a dash where nothing was measured."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(seconds, 60)
    hours, minutes_left = divmod(minutes, 60)
    days, hours_left = divmod(hours, 24)
    if days:
        return page.say(N_("%(days)s d %(hours)s h"), days=days, hours=hours_left)
    if hours:
        return page.say(N_("%(hours)s h %(minutes)s min"), hours=hours, minutes=minutes_left)
    if minutes:
        return page.say(N_("%(minutes)s min %(seconds)s s"), minutes=minutes, seconds=rest)
    return page.say(N_("%(seconds)s s"), seconds=rest)
