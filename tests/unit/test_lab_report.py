"""The lab's figures on cases small enough to work by hand, its tables, its picture and its command."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner
from rich.console import Console

from core.lab.bargaining import Talk
from core.lab.experiment import Setting, report
from core.lab.measures import (
    Estimate,
    Result,
    as_json,
    difference,
    estimate,
    figures_of,
    group_gaps,
    lead,
    result_of,
)
from core.lab.parameters import DEFAULTS
from core.lab.paying import Lived, live
from core.lab.picture import Point, as_svg, frontier, points_of
from core.negotiation import CaseFacts
from parley.cli import main
from parley.lab.table import as_tables, interval
from tests.unit.test_lab import STEADY, debtor, plan

NAMES = ("ours", "menu", "concede", "never")


def result(**changes: Any) -> Result:
    """1,000 owed, nothing agreed, nothing paid."""
    known: dict[str, Any] = {
        "owed": 100000,
        "outcome": "left",
        "rounds": 2,
        "recovered": (0, 0, 0),
        "value": 0.0,
        "value_team": 0.0,
        "value_year": 0.0,
        "kept": None,
        "below": 0,
        "caused": 0,
        "caused_team": 0,
        "caused_first": 0,
        "missed": 0,
        "stressed": 0,
        "left": 1500,
        "protected": 1000,
        "discount": 0,
        "above_means": False,
        "band": 0,
        "groups": ("zh", "30-44"),
    }
    return Result(**(known | changes))


def agreed(**changes: Any) -> Result:
    return result(**({"outcome": "agreed", "kept": True, "rounds": 1} | changes))


def test_figures_are_shares_of_what_is_owed_of_cases_and_of_months() -> None:
    figures = figures_of(
        [
            agreed(
                recovered=(10000, 20000, 30000),
                value=28000.0,
                value_team=28000.0,
                value_year=27000.0,
                discount=10000,
                caused=3,
                caused_team=3,
                below=12,
                caused_first=2,
            ),
            agreed(kept=False, rounds=2, above_means=True, owed=300000, stressed=3),
            result(outcome="person", below=24),
            result(),
        ]
    )
    assert figures == {
        "recovery_90": pytest.approx(1 / 60),
        "recovery_180": pytest.approx(2 / 60),
        "recovery_365": pytest.approx(3 / 60),
        "present_value": pytest.approx(28 / 600),
        "present_value_year": pytest.approx(27 / 600),
        "agreed": 0.5,
        "person": 0.25,
        "left": 0.25,
        "kept": 0.5,
        "above_means": 0.5,
        "rounds": 1.5,
        "discount": pytest.approx(10 / 400),
        "left_to_live": 1.5,
        "months_below": 36 / 240,
        "months_caused": 3 / 240,
        "months_caused_year": 2 / 48,
        "stressed": 3 / 240,
        "present_value_team": pytest.approx(28 / 600),
        "months_caused_team": 3 / 240,
    }


def test_a_figure_that_no_case_decides_is_none() -> None:
    figures = figures_of([result()])
    assert (figures["kept"], figures["rounds"], figures["discount"]) == (None, None, None)


def test_recovery_counts_days_and_value_discounts_them_by_hand() -> None:
    owner = debtor()
    offer = plan(owner, "100", 63)
    lived, nothing = live(owner, offer, STEADY), live(owner, None, STEADY)
    talk = Talk("agreed", offer, 1)
    made = result_of(owner, talk, lived, unpaid=nothing, rate=0.1, parameters=DEFAULTS)
    assert made.recovered == (30000, 60000, 120000)
    worth = [(day, 10000 / 1.1 ** (day / 365)) for day, _ in lived.payments]
    assert made.value_year == pytest.approx(sum(each for day, each in worth if day < 365))
    later = [10000 / 1.1 ** (day / 365) * 0.97 ** ((day - 1825) / (365 / 12)) for day, _ in lived.later]
    assert (len(worth), len(later)) == (60, 3)
    assert made.value == pytest.approx(sum(each for _, each in worth) + sum(later))
    assert (made.above_means, made.band) == (False, 4)


def test_a_plan_that_takes_more_than_the_surplus_is_above_means() -> None:
    owner = debtor(surplus=40000)
    lived = Lived((), (), 0, 0, 3, 2, 0, False)
    nothing = Lived((), (), 0, 0, 1, 1, 0, None)
    offer = plan(owner, "500", 3)
    made = result_of(owner, Talk("agreed", offer, 1), lived, unpaid=nothing, rate=0.0, parameters=DEFAULTS)
    assert (made.above_means, made.caused, made.caused_first, made.kept) == (True, 2, 1, False)


def test_an_interval_over_seeds_is_student_s() -> None:
    found = estimate([0.1, 0.2, 0.3])
    assert found is not None
    assert found.mean == pytest.approx(0.2)
    assert found.half == pytest.approx(4.302653 * 0.1 / 3**0.5, rel=1e-6)
    assert as_json(found) == {"mean": 0.2, "low": round(found.low, 6), "high": round(found.high, 6)}


def test_one_seed_has_no_interval_and_none_has_no_figure() -> None:
    assert estimate([0.4, None]) == Estimate(0.4, None)
    assert as_json(Estimate(0.4, None)) == {"mean": 0.4, "low": None, "high": None}
    assert estimate([None]) is None
    assert as_json(None) is None


def test_strategies_are_compared_seed_by_seed() -> None:
    more = lead([0.22, 0.33], [0.2, 0.3])
    less = difference([0.22, 0.33, None], [0.32, 0.43, 0.1])
    assert more is not None
    assert less is not None
    assert [more.low, more.high] == pytest.approx([0.1, 0.1])
    assert [less.low, less.high] == pytest.approx([-0.1, -0.1])
    assert lead([0.2], [0.0]) is None


def test_a_gap_is_the_group_less_everybody_else() -> None:
    gaps = group_gaps([agreed(groups=("en", "18-29")), result(groups=("zh", "18-29")), result(groups=("zh", "60+"))])
    assert gaps["language", "en", "agreed"] == (1.0, 1.0)
    assert gaps["age", "60+", "agreed"] == (-0.5, -0.5)
    assert gaps["age", "60+", "discount"] == (None, None)


def test_a_gap_that_means_explain_is_gone_at_equal_means() -> None:
    young = [agreed(band=2, groups=("zh", "18-29")), *(result(band=0, groups=("zh", "18-29")) for _ in range(3))]
    old = [*(agreed(band=2, groups=("zh", "60+")) for _ in range(3)), result(band=0, groups=("zh", "60+"))]
    assert group_gaps([*young, *old])["age", "18-29", "agreed"] == (-0.5, 0.0)


def test_strategies_that_are_beaten_in_both_are_not_on_the_frontier() -> None:
    def point(name: str, health: float, value: float) -> Point:
        return Point(name, (health, health, health), (value, value, value))

    points = [point("a", 0.9, 0.2), point("b", 0.8, 0.3), point("c", 0.8, 0.1), point("d", 0.9, 0.1)]
    assert [each.name for each in frontier(points)] == ["b", "a"]


def made_report(seeds: int = 2) -> dict[str, Any]:
    by_seed = [
        {
            name: [agreed(value=float(1000 * (at + seed)), below=at, caused=at, groups=("en", "18-29")), result()]
            for at, name in enumerate(NAMES, 1)
        }
        for seed in range(seeds)
    ]
    return report(Setting(seeds=seeds, cases=2), by_seed)


def test_the_report_says_what_was_run_and_compares_ours_with_the_others() -> None:
    found = made_report()
    assert (found["market"], found["seeds"], found["cases"]) == ("cn", [1, 2], 2)
    assert (found["rule"], found["policy_version"]) == ("cn/credit_card", 1)
    assert set(found["strategies"]) == set(NAMES)
    assert found["ours_against"]["menu"]["months_below"]["mean"] == round(-1 / 120, 6)
    assert found["ours_against"]["menu"]["present_value_more"]["mean"] == round((-1 / 2 - 1 / 3) / 2, 6)


def test_the_picture_names_every_strategy_in_black_and_white() -> None:
    drawn = as_svg(made_report())
    root = ET.fromstring(drawn)
    texts = [element.text for element in root.iter() if element.tag.endswith("text")]
    assert set(NAMES) <= set(texts)
    colours = {element.get(name) for element in root.iter() for name in ("fill", "stroke")}
    assert colours <= {None, "none", "#fff", "#000", "#ddd"}
    outlines = [element.get("d") for element in root.iter() if element.get("stroke-width") == "1.5"]
    assert len({(outline or "")[-30:] for outline in outlines}) == len(NAMES)


def test_the_picture_s_health_is_what_paying_left() -> None:
    healths = [point.health[0] * 120 for point in points_of(made_report())]
    assert healths == pytest.approx([119, 118, 117, 116], abs=1e-3)


def test_the_picture_of_one_seed_has_points_without_intervals() -> None:
    one = made_report(seeds=1)
    assert all(point.health[1] == point.health[0] for point in points_of(one))
    assert ET.fromstring(as_svg(one)) is not None


def test_an_interval_is_shown_in_percent_or_as_it_is() -> None:
    found = {"mean": 0.1234, "low": 0.1, "high": 0.1468}
    assert interval(found) == "12.3 ± 2.3"
    assert interval(found, signed=True) == "+12.3 ± 2.3"
    assert interval({"mean": 1.5, "low": None, "high": None}, plain=True) == "1.50"
    assert interval(None) == "-"


def test_the_tables_show_each_strategy_and_each_group() -> None:
    console = Console(width=160)
    with console.capture() as capture:
        console.print(as_tables(made_report()))
    shown = capture.get()
    assert "Present value" in shown
    assert "Ours less the other" in shown
    assert "language en: agreed without a person" in shown
    assert "language zh" not in shown


def lab(*arguments: str) -> Any:
    return CliRunner().invoke(main, ["lab", "run", "--processes", "1", *arguments])


def test_the_command_prints_json_and_draws(tmp_path: Path) -> None:
    picture = tmp_path / "new" / "lab.svg"
    done = lab("ours", "menu", "--seeds", "2", "--cases", "15", "--market", "uk", "--json", "--picture", str(picture))
    assert done.exit_code == 0
    said = json.loads(done.stdout)
    assert list(said["strategies"]) == ["ours", "menu"]
    assert (said["market"], said["seeds"], said["cases"]) == ("uk", [1, 2], 15)
    assert picture.read_text("utf-8").startswith("<svg")


def test_the_command_prints_tables_and_two_processes_say_the_same_as_one() -> None:
    arguments = ("menu", "never", "--seeds", "1", "--cases", "120", "--seed", "3")
    one, two = lab(*arguments), lab(*arguments, "--processes", "2")
    assert one.exit_code == two.exit_code == 0
    assert "cn: 1 × 120 cases" in one.stdout
    assert one.stdout == two.stdout


def test_the_command_names_the_strategies_there_are() -> None:
    done = lab("theirs", "--seeds", "1", "--cases", "1")
    assert done.exit_code == 2
    assert "ours, menu, concede, never" in done.stderr.replace("'", "")


def test_what_a_strategy_sees_is_told_and_not_true() -> None:
    owner = debtor()
    seen: CaseFacts = owner.told_case
    assert seen.finances == owner.person.told
    assert seen.balance == owner.case.balance
