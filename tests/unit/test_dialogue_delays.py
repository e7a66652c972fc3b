"""A plan whose dates have been moved as often as the limits allow: said before a date is asked for, and kindly."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.dialogue.decide import decide
from core.dialogue.decision import Decision, HandOff, MoveInstalment
from core.dialogue.inputs import inputs_from_json, inputs_to_json
from core.dialogue.memory import Memory
from core.dialogue.situation import PlanFacts, Situation
from core.dialogue.understanding import Understanding
from tests.unit.conversing import a_plan, at, dana, day, granted, heard, remembered

TO_LATER = heard("change_plan", entities=(day("2026-12-15"),))
WITHOUT_A_DAY = heard("request_extension")


def moved(*numbers: int, most: int | None = 1, days: int | None = 30) -> PlanFacts:
    """Dana's plan, these payments of it moved by a day."""
    plan = a_plan()
    instalments = tuple(
        replace(item, due=item.due + timedelta(days=1), moved_from=item.due) if item.number in numbers else item
        for item in plan.instalments
    )
    return replace(plan, instalments=instalments, max_extensions=most, max_extension_days=days)


def said(plan: PlanFacts, understanding: Understanding, memory: Memory | None = None, text: str = "later") -> Decision:
    return decide(at("agreed", text=text, plan=plan, memory=memory or remembered("agreed")), understanding)


def keys(decision: Decision) -> list[str]:
    return [say.key for reply in decision.replies for say in reply.says]


@pytest.mark.parametrize("understanding", [TO_LATER, WITHOUT_A_DAY, heard("missed_payment"), heard("cannot_pay")])
def test_when_the_delays_are_used_up_no_date_is_asked_for(understanding: Understanding) -> None:
    decision = said(moved(2), understanding)
    assert keys(decision) == ["plan.no_more_delays"]
    assert decision.memory.person_offered
    assert "delays:used up" in decision.because
    assert decision.memory.move_draft is None


def test_the_payment_that_was_moved_may_move_again_as_far_as_from_its_first_day() -> None:
    plan = moved(1, days=30)
    assert plan.next is not None
    assert plan.next.moved_from is not None
    far = plan.next.moved_from + timedelta(days=25)
    decision = said(plan, heard("change_plan", entities=(day(far.isoformat()),)))
    assert keys(decision) == ["plan.move_ask"]
    further = plan.next.moved_from + timedelta(days=29)
    beyond = replace(plan, max_extension_days=10)
    decision = said(beyond, heard("change_plan", entities=(day(further.isoformat()),)))
    assert decision.memory.move_draft == (1, plan.next.moved_from + timedelta(days=10))


def test_a_payment_moved_as_far_as_it_may_has_no_later_day() -> None:
    plan = moved(1, most=3, days=1)
    assert plan.next is not None
    later = (plan.next.due + timedelta(days=2)).isoformat()
    assert keys(said(plan, heard("change_plan", entities=(day(later),)))) == ["plan.no_more_delays"]


def test_earlier_is_always_possible() -> None:
    decision = said(moved(2), heard("promise_to_pay", entities=(day("2026-12-02"),)))
    assert keys(decision)[0] == "plan.early"


def test_insisting_brings_the_person() -> None:
    first = said(moved(2), WITHOUT_A_DAY)
    again = said(moved(2), WITHOUT_A_DAY, first.memory)
    (found,) = [effect for effect in again.effects if isinstance(effect, HandOff)]
    assert found.reason == "limits"


@pytest.mark.parametrize(("word", "kind"), [("affirm", "escalate"), ("deny", "answer")])
def test_a_yes_or_a_no_to_the_person(word: str, kind: str) -> None:
    first = said(moved(2), WITHOUT_A_DAY)
    assert said(moved(2), heard(word), first.memory, text="ok").kind == kind


def test_a_no_with_another_day_is_about_the_day() -> None:
    first = said(moved(2), WITHOUT_A_DAY)
    decision = said(moved(2), heard("deny", "change_plan", entities=(day("2026-12-15"),)), first.memory)
    assert any(isinstance(effect, HandOff) for effect in decision.effects)


def test_a_plan_that_does_not_say_its_limits_has_those_of_today() -> None:
    plan = moved(2, most=None, days=None)
    allowed: Situation = at("agreed", text="later", plan=plan, memory=remembered("agreed"))
    assert keys(decide(allowed, TO_LATER))[-1] == "plan.move_ask"
    strict = replace(allowed, grant=granted(dana(), max_extensions=1))
    assert keys(decide(strict, TO_LATER)) == ["plan.no_more_delays"]
    assert keys(decide(replace(allowed, grant=None), TO_LATER)) == ["plan.no_more_delays"]


def test_a_yes_moves_the_payment() -> None:
    asked = said(moved(), TO_LATER)
    decision = said(moved(), heard("affirm"), asked.memory, text="yes")
    assert decision.effects == (MoveInstalment(1, date(2026, 12, 15)),)


def test_what_was_looked_at_is_kept_and_read_back() -> None:
    situation = at("agreed", plan=moved(2))
    assert inputs_from_json(inputs_to_json(situation, heard()))[0].plan == situation.plan
