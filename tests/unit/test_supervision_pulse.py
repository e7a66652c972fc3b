"""The pulse of a conversation, the draw of a sample, a score card, times of callbacks and deadlines of complaints."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.actions.callback_times import NO_DAY_LATER, wanted
from core.actions.quality_scores import Candidate, Marked, Score, draw, score
from core.compliance.complaints import TERMS, deadlines
from core.dialogue.pulse import RISKS, WEIGHTS, pulse
from core.dialogue.understanding import Entity, Intent, Understanding

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")


def said(*intents: str, entities: tuple[Entity, ...] = ()) -> Understanding:
    return Understanding("en", tuple(Intent(name, 0.9) for name in intents), entities, "test", "1")


def test_nothing_said_is_calm_and_of_low_risk() -> None:
    assert pulse(()) == pulse((said("greet"),))
    assert (pulse(()).mood, pulse(()).risk, pulse(()).because) == ("calm", "low", ())


def test_distress_now_weighs_more_than_distress_before() -> None:
    calm = said("greet")
    assert pulse((said("distress"),)).mood == "upset"
    assert pulse((calm, calm, calm, said("distress"))).mood == "calm"


def test_two_bad_signs_together_are_distress_and_high_risk() -> None:
    found = pulse((said("distress", "hardship_health"),))
    assert (found.mood, found.risk) == ("distressed", "high")
    assert found.because == ("intent:distress", "intent:hardship_health")


def test_thanks_soothe_what_came_before() -> None:
    assert pulse((said("thanks"), said("cannot_pay", "too_expensive"))).mood == "calm"


def test_a_flag_of_danger_is_grave_however_calm_they_sound() -> None:
    found = pulse((said("thanks"),), flags=("self_harm", "hardship"))
    assert (found.mood, found.risk) == ("calm", "grave")
    assert found.because[:2] == ("flag:self_harm", "flag:hardship")


def test_insisting_beyond_the_limits_raises_the_risk() -> None:
    assert [pulse((), insisted=times).risk for times in (1, 2, 3)] == ["low", "raised", "high"]
    assert pulse((), insisted=3).because == ("insisted:3",)


def test_an_intent_that_is_not_asserted_says_nothing() -> None:
    assert pulse((Understanding("en", (Intent("self_harm", 0.4),)),)).mood == "calm"


@given(st.lists(st.sampled_from(sorted(WEIGHTS)), max_size=8), st.sampled_from(("self_harm", "complaint", "dispute")))
def test_a_flag_never_lowers_the_risk(intents: list[str], flag: str) -> None:
    heard = [said(name) for name in intents]
    assert RISKS.index(pulse(heard, flags=(flag,)).risk) >= RISKS.index(pulse(heard).risk)


CANDIDATES = [Candidate(number, number % 7, number % 5 == 0) for number in range(1, 101)]


def test_the_same_seed_draws_the_same_in_whatever_order_they_come() -> None:
    assert draw(CANDIDATES, 20, 7, 50) == draw(list(reversed(CANDIDATES)), 20, 7, 50)
    assert draw(CANDIDATES, 20, 7, 50) != draw(CANDIDATES, 20, 8, 50)


@given(st.integers(1, 120), st.integers(0, 10_000), st.integers(0, 100))
def test_a_draw_has_its_size_no_repeats_and_its_share_of_hard_cases(size: int, seed: int, share: int) -> None:
    drawn = draw(CANDIDATES, size, seed, share)
    assert len(drawn) == len(set(drawn)) == min(size, 100)
    assert sum(each.hard for each in drawn) >= min(20, -(-size * share // 100))


def test_a_score_is_the_weighted_share_of_the_best_marks() -> None:
    lines = [Marked(25, True, 4), Marked(25, True, 2), Marked(50, False, None)]
    assert score(lines) == Score(7500, failed=False)
    assert score([Marked(1, False, 1), Marked(2, False, 0)]) == Score(833, failed=False)


def test_nothing_on_a_line_that_fails_all_fails_all() -> None:
    assert score([Marked(25, True, 0), Marked(75, False, 4)]) == Score(0, failed=True)
    assert score([Marked(25, False, 0), Marked(75, False, 4)]) == Score(7500, failed=False)


def test_a_card_on_which_nothing_applies_has_no_score() -> None:
    assert score([Marked(25, True, None)]) == Score(None, failed=False)


@pytest.mark.parametrize(
    ("entities", "expected", "exact"),
    [
        ((), NOON + NO_DAY_LATER, False),
        (({"type": "time", "value": "18:30"},), datetime(2026, 11, 23, 23, 30, tzinfo=UTC), True),
        (({"type": "time", "value": "06:00"},), datetime(2026, 11, 24, 11, 0, tzinfo=UTC), True),
        (({"type": "date", "value": "2026-11-25", "grain": "day"},), datetime(2026, 11, 25, 14, 0, tzinfo=UTC), False),
        (
            ({"type": "date", "value": "2026-11-25", "grain": "day"}, {"type": "time", "part": "evening"}),
            datetime(2026, 11, 25, 23, 0, tzinfo=UTC),
            False,
        ),
        (({"type": "date", "value": "2026-11-20", "grain": "day"},), NOON + NO_DAY_LATER, False),
    ],
)
def test_a_callback_is_at_the_time_they_named_in_their_own_zone(
    entities: tuple[dict[str, str], ...], expected: datetime, exact: bool
) -> None:
    found = tuple(Entity.from_json({**each, "start": 0, "end": 1}) for each in entities)
    asked = wanted(said("callback_later", entities=found), NOON, NEW_YORK)
    assert asked is not None
    assert (asked.at, asked.exact) == (expected, exact)


def test_who_does_not_ask_for_a_callback_gets_none() -> None:
    assert wanted(said("greet"), NOON, NEW_YORK) is None


def test_a_british_complaint_is_answered_within_eight_weeks_to_the_end_of_the_day_there() -> None:
    first, last = deadlines("uk", NOON, LONDON)
    assert last == datetime(2027, 1, 18, 23, 59, 59, tzinfo=UTC)
    assert first == datetime(2026, 11, 28, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("market", ["cn", "us", "uk", "elsewhere"])
def test_every_market_has_deadlines_and_an_unknown_one_the_shortest(market: str) -> None:
    first, last = deadlines(market, NOON, LONDON)
    assert NOON < first <= last
    if market == "elsewhere":
        assert last - NOON <= timedelta(days=min(terms.answer_days for terms in TERMS.values()) + 1)
