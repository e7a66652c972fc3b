"""How soon people answer: the team's own targets, and the product's where it has none."""

from datetime import timedelta

import pytest

from core.staffing import Serves, TargetBook, Targets


def minutes(wait: timedelta) -> float:
    return wait.total_seconds() / 60


@pytest.mark.parametrize(("priority", "expected"), [("urgent", 5), ("high", 15), ("normal", 30), (None, 30)])
def test_without_a_word_of_the_team_the_first_reply_goes_by_priority(priority: str | None, expected: int) -> None:
    assert minutes(Targets().first(priority)) == expected


def test_a_team_s_own_target_holds_for_every_priority_but_what_is_urgent_never_waits_longer() -> None:
    slow, quick = Targets(first_minutes=60), Targets(first_minutes=2)
    assert [minutes(slow.first(priority)) for priority in ("urgent", "high", "normal")] == [5, 60, 60]
    assert [minutes(quick.first(priority)) for priority in ("urgent", "high", "normal")] == [2, 2, 2]


def test_a_reply_is_due_before_the_conversation_is_taken_away() -> None:
    assert minutes(Targets().reply()) == 10
    assert minutes(Targets(patience=45).reply()) == 10
    assert minutes(Targets(patience=4).reply()) == 4
    assert minutes(Targets(reply_minutes=20, patience=45).reply()) == 20


def test_the_queue_waits_for_a_first_reply_and_an_agent_owes_each() -> None:
    targets = Targets(first_minutes=3, reply_minutes=7)
    assert (minutes(targets.waiting("queue", "high")), minutes(targets.waiting("agent", "high"))) == (3, 7)


def test_the_team_made_for_the_fewest_says_and_the_one_it_was_sent_to_before_it() -> None:
    wide, uk = Targets(first_minutes=40), Targets(first_minutes=8)
    book = TargetBook((Serves(team_id=1), Serves(team_id=2, markets=frozenset({"uk"}))), {1: wide, 2: uk})
    asked = {"creditor_id": 1, "reason": "dispute", "language": "en"}
    assert book.for_(market="uk", **asked) == uk  # type: ignore[arg-type]
    assert book.for_(market="us", **asked) == wide  # type: ignore[arg-type]
    assert book.for_(market="us", only=2, **asked) == uk  # type: ignore[arg-type]
    assert TargetBook().for_(market="us", only=2, **asked) == Targets()  # type: ignore[arg-type]
