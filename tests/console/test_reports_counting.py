"""Figures of reports beside the same figures counted in plain Python, on random data and on both databases."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from console.queries.reports import tally
from console.queries.reports.measures import TABS
from console.queries.reports.scope import Period, Scope
from console.queries.reports.tally import BEFORE, NOW, WHOLE
from core.actions import report_facts
from core.work import Works
from tests.console import reports_world
from tests.console.reports_brute import Counting, Everything, before

SINCE, UNTIL = date(2026, 10, 14), date(2026, 11, 9)


async def count_all(works: Works) -> None:
    """Every case, as the worker does."""
    async with works.begin() as work:
        await report_facts.start_anew(work)
    while await report_facts.follow(works):
        pass


@pytest.fixture
async def world(works: Works) -> Works:
    """Sixty cases, counted."""
    async with works.begin() as work:
        await reports_world.fill(work, seed=7, cases=60)
    await count_all(works)
    return works


@pytest.mark.parametrize(
    ("dimension", "filters", "zone"),
    [
        ("version", {}, "America/New_York"),
        ("bucket", {"market": "us"}, "Asia/Shanghai"),
        ("team", {"language": "zh"}, "Europe/London"),
        ("segment", {"channel": "web"}, "UTC"),
        ("channel", {"version": "2"}, "Asia/Kolkata"),
    ],
)
async def test_every_figure_is_what_a_plain_count_of_the_rows_gives(
    world: Works, dimension: str, filters: dict[str, str], zone: str
) -> None:
    async with world.read() as session:
        whole = await Everything.read(session)
        scope = Scope(Period(SINCE, UNTIL, ZoneInfo(zone)), filters)
        for tab in TABS.values():
            counted = await tally.tally(session, scope, tab, dimension)
            for period, days in ((NOW, (SINCE, UNTIL)), (BEFORE, before(SINCE, UNTIL))):
                plain = Counting(whole, *days, zone)
                for measure in tab.all_measures():
                    keys = [(WHOLE, filters)]
                    keys += [((dimension, key), {**filters, dimension: key}) for key in counted.values(dimension)]
                    for key, wanted in keys:
                        figure = counted.figure(measure, key, period)
                        found = plain.count(measure.name, wanted)
                        if measure.form == "duration":
                            assert (figure.n, figure.median) == (len(found.seconds), found.median), (measure.name, key)
                        else:
                            assert figure.n == found.n, (measure.name, key, period)
                        if measure.form == "share":
                            assert figure.of == found.of, (measure.name, key, period)
                        if measure.form == "sum":
                            sums = {money.currency: money.minor for money in figure.sums}
                            assert sums == {name: minor for name, minor in found.sums.items() if minor}, measure.name
