"""Ours with other weights, and what a person on the team adds, on cases small enough to follow."""

import json
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

from core.lab.bargaining import monthly
from core.lab.care import CURVE, Careful
from core.lab.experiment import Setting, run
from core.lab.measures import figures_of
from core.lab.picture import Point, Sheet, as_svg, curve_of, drawn
from core.lab.strategies import STRATEGIES
from core.lab.team import agreed_with_a_person
from core.negotiation import Ask, Finances
from core.policy import DEFAULT_VERSION
from parley.lab.table import as_tables
from tests.unit.negotiating import cny, granted, ids
from tests.unit.test_lab import debtor
from tests.unit.test_lab_report import agreed, lab, result

TOLD = Finances(income=cny("6000"), spending=cny("4000"))
OURS = STRATEGIES["ours"]


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    return run(Setting(seeds=2, cases=40, curve=True))


def test_the_second_point_of_the_curve_has_the_weights_that_parley_ships_with() -> None:
    point = list(CURVE.values())[1]
    for rule in DEFAULT_VERSION.rules:
        shipped = rule.limits
        assert (point.affordable_share, point.health_floor) == (shipped.affordable_share, shipped.health_floor)


def test_the_curve_goes_from_the_least_care_to_the_most() -> None:
    care = [(-point.affordable_share, point.health_floor) for point in CURVE.values()]
    assert care == sorted(care)


def test_more_care_recommends_less_a_month() -> None:
    owner = debtor(told=TOLD)
    grant = granted(owner.case)

    def heaviest(floor: str, share: str = "0.9") -> int:
        careful = Careful(Decimal(share), Decimal(floor))
        return max(monthly(offer) for offer in careful.opens(owner.told_case, grant, ids()))

    assert heaviest("0.2") > heaviest("0.8") > heaviest("0.8", "0.15")


def test_the_weights_change_nothing_of_what_is_granted() -> None:
    owner = debtor(told=TOLD)
    grant = granted(owner.case)
    ask = Ask(instalment=cny("150"))
    careful = Careful(Decimal("0.9"), Decimal("0.8"))
    assert careful.replies(ask, owner.case, grant, ids(), ()) == OURS.replies(ask, owner.case, grant, ids(), ())
    shipped = Careful(grant.limits.affordable_share, grant.limits.health_floor)
    assert shipped.opens(owner.told_case, grant, ids()) == OURS.opens(owner.told_case, grant, ids())


def test_a_report_has_a_curve_only_where_one_is_asked_for(report: dict[str, Any]) -> None:
    plain = run(Setting(seeds=2, cases=40))
    assert (plain["curve"], plain["strategies"]) == ([], report["strategies"])
    assert [point["name"] for point in report["curve"]] == list(CURVE)
    assert list(report["groups"]) == list(STRATEGIES)


def test_the_point_with_the_shipped_weights_is_ours(report: dict[str, Any]) -> None:
    point = report["curve"][1]
    assert point["present_value"] == report["strategies"]["ours"]["present_value"]
    assert point["against"] == report["ours_against"]


def test_the_picture_draws_the_curve_through_its_points(report: dict[str, Any]) -> None:
    root = ET.fromstring(as_svg(report))
    dots = [element for element in root.iter() if element.tag.endswith("circle")]
    lines = [element.get("points", "") for element in root.iter() if element.tag.endswith("polyline")]
    assert len(dots) == len(CURVE) == len(curve_of(report))
    assert lines[-1].split() == [f"{dot.get('cx')},{dot.get('cy')}" for dot in dots]
    assert [dot[0].text for dot in dots] == list(CURVE)


def test_a_point_of_the_curve_is_named_where_no_strategy_stands_near() -> None:
    def point(name: str, health: float, value: float) -> Point:
        return Point(name, (health, health, health), (value, value, value))

    strategies = [point("ours", 0.5, 0.5), point("never", 1.0, 0.0)]
    curve = [point("near", 0.51, 0.49), point("far", 0.8, 0.4)]
    root = ET.fromstring(drawn(strategies, Sheet(title="A curve"), curve))
    texts = {element.text for element in root.iter() if element.tag.endswith("text")}
    assert ("far" in texts, "near" in texts) == (True, False)


def test_the_tables_have_a_row_for_each_point(report: dict[str, Any]) -> None:
    console = Console(width=200)
    with console.capture() as capture:
        console.print(as_tables(report))
    shown = capture.get()
    assert "Ours with other weights" in shown
    assert all(f"│ {name} " in shown for name in CURVE)


def test_the_command_runs_the_curve() -> None:
    said = json.loads(lab("ours", "menu", "--seeds", "1", "--cases", "10", "--curve", "--json").stdout)
    assert [list(point["against"]) for point in said["curve"]] == [["menu"]] * len(CURVE)


def test_a_person_takes_what_the_debtor_names_inside_the_limits() -> None:
    owner = debtor(extra="250", told=Finances(income=cny("4000"), spending=cny("4000")))
    grant = granted(owner.case)
    found = agreed_with_a_person(owner, grant)
    assert OURS.opens(owner.told_case, grant, ids()) == ()
    assert found is not None
    assert found.schedule.lines[0].amount == cny("250")


@pytest.mark.parametrize("extra", ["0", "150"])
def test_a_person_agrees_nothing_that_the_debtor_cannot_bear(extra: str) -> None:
    owner = debtor(extra=extra)
    assert agreed_with_a_person(owner, granted(owner.case)) is None


def test_a_person_stays_inside_the_limits_of_agents() -> None:
    owner = debtor(extra="150")
    wider = granted(owner.case, min_instalment=Decimal(100), max_instalments=60, max_term_days=1800)
    found = agreed_with_a_person(owner, wider)
    assert found is not None
    assert found.schedule.lines[0].amount == cny("150")


def test_the_team_is_credited_as_far_as_it_gets() -> None:
    sent = [result(outcome="person", value=0.0, value_team=50000.0, caused_team=6) for _ in range(2)]
    found = [*sent, agreed(value=20000.0, value_team=20000.0), result()]
    assert figures_of(found, 0.5)["present_value_team"] == pytest.approx(120000 / 400000)
    assert figures_of(found, 0.25)["present_value_team"] == pytest.approx(70000 / 400000)
    assert figures_of(found, 0.25)["months_caused_team"] == pytest.approx(6 / 240)
    assert figures_of([result()], 0.25)["present_value_team"] == 0.0


def test_nobody_to_send_needs_no_team() -> None:
    assert figures_of([agreed(value=10.0, value_team=10.0)], 0.0)["present_value_team"] == pytest.approx(10 / 100000)
