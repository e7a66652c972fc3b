"""The negotiation's turn: which of its parts a message is for. Without a plan in force; see `standing` for one."""

import re
from dataclasses import replace
from datetime import date

from core.dialogue import offers
from core.dialogue.asking import answer_ask
from core.dialogue.assessing import CIRCUMSTANCES, assess, told_of_means
from core.dialogue.dated_steps import steps_in
from core.dialogue.decision import Decision, MakePromise, Say
from core.dialogue.heard import for_people
from core.dialogue.household import without_household
from core.dialogue.large import is_large, to_a_person
from core.dialogue.means import case_told
from core.dialogue.promises import PROMISES, promise, promised
from core.dialogue.reading import ASK_ENTITIES
from core.dialogue.said import future_date, sums
from core.dialogue.turn import Turn
from core.negotiation.types import CaseFacts, Offer
from core.policy import Grant

ASKS = (
    "request_instalments",
    "request_extension",
    "request_discount",
    "request_fee_waiver",
    "propose_amount",
    "pay_part_now",
    "too_expensive",
    "ask_other_options",
)
NEGOTIATES = (*ASKS, *CIRCUMSTANCES)
_WISHES = (*NEGOTIATES, *PROMISES)


MOST_ROUNDS = 12
"""So many answers to asks without an agreement, and a person takes it up (judgement)."""
_ROUND = ("offer", "counter", "assess", "clarify", "promise")


def bargain(turn: Turn) -> Decision | None:
    """What the message does to the negotiation, or None when it has nothing to do with it. It ends within the rounds
    set: agreed, promised, or with a person."""
    decision = _bargained(turn)
    if decision is None:
        return None
    settled = decision.kind not in _ROUND or any(isinstance(each, MakePromise) for each in decision.effects)
    rounds = 0 if settled else turn.memory.rounds + 1
    if rounds > MOST_ROUNDS:
        because = (*turn.why(), f"rounds:{turn.memory.rounds} without an agreement")
        heard = for_people(turn)
        return turn.hand_over(
            "escalate", "limits", "escalate.limits", turn.person(), because=because, rounds=0, **heard
        )
    return replace(decision, memory=decision.memory.with_(rounds=rounds))


def _bargained(turn: Turn) -> Decision | None:
    if turn.situation.plan is not None or not _concerns(turn):
        return None
    grant = turn.grant
    if grant is None:
        return turn.hand_over("escalate", "limits", "escalate.limits", turn.person(), because=("rule:none-for-market",))
    case = case_told(turn)
    if _agrees_to_what_moved(turn):
        if is_large(turn):
            return to_a_person(turn, grant)
        return _worked_out_again(turn, grant, case)
    answered = (
        told_of_means(turn, grant, case)
        or offers.pressed(turn, grant, case)
        or _chosen(turn, grant, case)
        or _promise_confirmed(turn)
        or offers.confirmed(turn)
        or offers.turned_down(turn, _WISHES)
    )
    if answered is not None:
        return answered
    if turn.press is not None or not _asks(turn):
        return None
    if _amends_promise(turn) or (turn.says(*PROMISES) and not _reshapes(turn)):
        return promise(turn, grant)
    if _is_part_alone(turn):
        return promise(turn, grant, otherwise=turn.today)
    if is_large(turn):
        return to_a_person(turn, grant)
    if turn.says(*CIRCUMSTANCES) and not _names_a_sum(turn) and not _cannot_at_once(turn):
        return assess(turn, grant, case)
    return answer_ask(turn, grant, case)


def _chosen(turn: Turn, grant: Grant, case: CaseFacts) -> Decision | None:
    """The offer that was picked; where the message moves it too (“the second one, but from the 20th”), what that comes
    to."""
    decision = offers.chosen(turn, _WISHES)
    draft = None if decision is None else decision.memory.draft
    if draft is None or not _is_moved(turn, draft):
        return decision
    return answer_ask(replace(turn, memory=turn.memory.with_(draft=draft)), grant, case)


def _is_moved(turn: Turn, offer: Offer) -> bool:
    """Whether another first day, a payday or another rhythm is told for an offer in instalments."""
    told = turn.understanding
    if offer.kind != "instalments" or turn.press is not None:
        return False
    day = future_date(told, turn.today)
    rhythms = {str(entity.value) for entity in told.of_type("frequency")} - {offer.terms.frequency.value}
    return (day is not None and day != offer.schedule.first_due) or bool(told.of_type("payday") or rhythms)


def _agrees_to_what_moved(turn: Turn) -> bool:
    """A yes to an offer of a balance that is another by now, which binds nobody."""
    memory = turn.memory
    return turn.situation.balance_moved and turn.yes and not (memory.draft or memory.promise_draft)


def _worked_out_again(turn: Turn, grant: Grant, case: CaseFacts) -> Decision:
    """The same ask once more, of what is owed now; or what can be offered, where none was made."""
    moved = Say("offer.balance_moved")
    if turn.memory.ask.is_empty:
        return offers.menu(turn, grant, case, moved)
    decision = answer_ask(turn, grant, case)
    first, *others = decision.replies
    return replace(decision, replies=(replace(first, says=(moved, *first.says)), *others))


def _concerns(turn: Turn) -> bool:
    """Whether anything is asked, or anything waits for a yes or a no that was said."""
    memory = turn.memory
    if turn.press is not None or _agrees_to_what_moved(turn) or memory.expecting == "income":
        return True
    waiting = memory.draft or memory.promise_draft or memory.offers or memory.person_offered
    return _asks(turn) or (bool(waiting) and (turn.yes or turn.no or turn.says("choose_option")))


def _asks(turn: Turn) -> bool:
    if turn.says(*_WISHES):
        return True
    memory = turn.memory
    expected = memory.expecting in ("amount", "date", "payday", "count")
    in_talk = bool(memory.offers or memory.draft or memory.promise_draft or expected)
    said = turn.understanding.of_type(*ASK_ENTITIES, "choice")
    return in_talk and not turn.is_question and bool(said)


def _promise_confirmed(turn: Turn) -> Decision | None:
    draft = turn.memory.promise_draft
    if draft is None or _amends_promise(turn) or turn.no:
        return None
    if not _says_the_day_again(turn, draft.due) and (not turn.yes or offers.asks_something_new(turn)):
        return None
    return promised(turn, draft)


def _says_the_day_again(turn: Turn, due: date) -> bool:
    """“对，15号”: the day that was just read back, and nothing else."""
    asked = turn.says("promise_to_pay") and not turn.says("pay_part_now", *ASKS, *CIRCUMSTANCES)
    return asked and not turn.is_question and future_date(turn.understanding, turn.today) == due


def _amends_promise(turn: Turn) -> bool:
    """Another day or sum for the promise that was read back."""
    draft = turn.memory.promise_draft
    if draft is None or turn.says("request_instalments", "request_discount", "request_fee_waiver", *CIRCUMSTANCES):
        return False
    said = sums(turn.understanding, draft.amount.currency)
    if any(item.period != "once" for item in said) or turn.understanding.of_type("instalments", "share"):
        return False
    day = future_date(turn.understanding, turn.today)
    other_day = day is not None and day != draft.due
    return other_day or any(item.money != draft.amount for item in said)


_OPEN = re.compile(
    r"(?:剩下?|其余|其他|余下)的?(?:[^，。！？]{0,12}再说|[^，。！？]{0,4}(?:没办法|没有|真没|不知道|以后))"
    r"|\b(?:rest|others?)\b.{0,12}\b(?:later|idk|dunno|don'?t know|can'?t|no idea|we'?ll see)\b",
    re.IGNORECASE,
)
"""The rest is spoken of, but not how it is to be paid."""
_REST = re.compile(r"\b(?:rest|remain\w*|balance|others?|then)\b|剩|其余|余下|余款|然后|之后|后面", re.IGNORECASE)


def _is_part_alone(turn: Turn) -> bool:
    """“I can send 200 this Friday” and “500 for now, the rest once I have a job” promise that much, and say nothing of
    how the rest is paid."""
    if not turn.says("pay_part_now") or turn.says("request_instalments", "request_discount") or turn.memory.draft:
        return False
    told = turn.understanding
    once = [item for item in sums(told, _currency(turn)) if item.period == "once"]
    if len(once) != 1 or len(told.of_type("amount")) != 1:
        return False
    days, is_open = told.of_type("date"), bool(_OPEN.search(turn.text))
    if len(days) > 1 or told.of_type("instalments", "frequency", "share", "duration"):
        return False
    if not days:
        return is_open and not told.of_type("payday")
    day = future_date(told, turn.today)
    return day is not None and (is_open or (day > turn.today and not _REST.search(turn.text)))


def _reshapes(turn: Turn) -> bool:
    """A date said while a plan in instalments is on the table moves that plan; it is no promise of all of it."""
    on_table = turn.memory.draft or (turn.memory.offers[0] if turn.memory.offers else None)
    if turn.memory.expecting == "date" and any(step.before is None for step in turn.memory.ask.dated_steps):
        return True
    if turn.says("request_instalments", "request_discount", "request_fee_waiver") or turn.understanding.of_type(
        "share"
    ):
        return True
    said = sums(turn.understanding, turn.situation.case.currency)
    if _dates_an_offer(turn):
        return True
    if any(item.period != "once" for item in said) or steps_in(
        turn.understanding, turn.text, _currency(turn), turn.today
    ):
        return True
    if turn.says("pay_part_now"):
        day = future_date(turn.understanding, turn.today)
        return day is None or day == turn.today or bool(turn.understanding.of_type("instalments"))
    if on_table is None or on_table.kind != "instalments" or turn.says("pay_in_full"):
        return False
    return not said or turn.memory.draft is not None


def _currency(turn: Turn) -> str:
    return turn.situation.case.currency


def _dates_an_offer(turn: Turn) -> bool:
    """Only a day is added to a sum that is on the table, so the offer moves there and keeps what it takes off."""
    offers_there = (turn.memory.draft,) if turn.memory.draft is not None else turn.memory.offers
    said = [item.money for item in sums(turn.understanding, turn.situation.case.currency)]
    single = [offer for offer in offers_there if offer.kind in ("settlement", "extension")]
    if said:
        return any(offer.total == said[0] for offer in single)
    return len(offers_there) == 1 and len(single) == 1


def _cannot_at_once(turn: Turn) -> bool:
    """“一下子拿不出来，能不能慢慢还” asks for instalments first, and has no money for all of it at once."""
    said = turn.understanding.asserted
    return said[:1] == ("request_instalments",) and not turn.says("multiple_debts", "inform_finances")


def _names_a_sum(turn: Turn) -> bool:
    informing = turn.says("inform_finances") and not turn.says("propose_amount", "request_instalments", "pay_part_now")
    if informing:
        on_table = bool(turn.memory.draft or turn.memory.offers)
        told = turn.understanding
        return on_table and bool(told.of_type("payday", "date", "frequency")) and not told.of_type("amount")
    return bool(without_household(turn.understanding, turn.text).of_type("amount", "instalments", "share"))
