"""The negotiation's turn: an ask is answered from inside the limits, read back, and agreed on a yes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from core.dialogue.decision import (
    Agree,
    Button,
    Decision,
    MakePromise,
    PutOnTable,
    RefuseOffers,
    Say,
)
from core.dialogue.differences import differences
from core.dialogue.reading import ASK_ENTITIES, ask_of, finances_of, future_date, merged, span_days, sums
from core.dialogue.turn import PERSON, YES_NO, Turn
from core.negotiation import answer, opening
from core.negotiation import promise as promise_within
from core.negotiation.types import (
    Accepted,
    Answer,
    Ask,
    CaseFacts,
    Nearest,
    Offer,
    Promise,
    PromiseAccepted,
    Unclear,
)
from core.policy.limits import Breach, Grant

NEGOTIATES = (
    "request_instalments",
    "request_extension",
    "request_discount",
    "request_fee_waiver",
    "propose_amount",
    "pay_part_now",
    "too_expensive",
    "ask_other_options",
    "cannot_pay",
    "multiple_debts",
    "inform_finances",
)
PROMISES = ("promise_to_pay", "pay_in_full")
MOST_INSISTING = 3
"""An ask beyond the limits that is repeated this often goes to a person."""


def bargain(turn: Turn) -> Decision | None:
    """What the message does to the negotiation, or None when it has nothing to do with it."""
    for step in (_pressed, _chosen, _confirmed, _turned_down):
        decision = step(turn)
        if decision is not None:
            return decision
    if not _concerns(turn):
        return None
    if turn.grant is None:
        return turn.hand_over("escalate", "limits", "escalate.limits", turn.person(), because=("rule:none-for-market",))
    if turn.says(*PROMISES) and not _reshapes(turn):
        return _promise(turn, turn.grant)
    if turn.says("cannot_pay", "multiple_debts", "inform_finances") and not _names_a_sum(turn):
        return _assess(turn, turn.grant)
    return _answer_ask(turn, turn.grant)


def _concerns(turn: Turn) -> bool:
    if turn.press is not None:
        return False
    if turn.says(*NEGOTIATES, *PROMISES):
        return True
    in_talk = bool(
        turn.memory.offers or turn.memory.draft or turn.memory.expecting in ("amount", "date", "payday", "count")
    )
    return in_talk and not turn.is_question and bool(turn.understanding.of_type(*ASK_ENTITIES))


def _reshapes(turn: Turn) -> bool:
    """A date said while a plan in instalments is on the table moves that plan; it is no promise of all of it."""
    on_table = turn.memory.draft or (turn.memory.offers[0] if turn.memory.offers else None)
    if turn.says("request_instalments", "request_discount", "request_fee_waiver", "pay_part_now"):
        return True
    said = sums(turn.understanding, turn.situation.case.currency)
    if any(item.period != "once" for item in said):
        return True
    if on_table is None or on_table.kind != "instalments" or turn.says("pay_in_full"):
        return False
    return not said or turn.memory.draft is not None


def _names_a_sum(turn: Turn) -> bool:
    informing = turn.says("inform_finances") and not turn.says("propose_amount", "request_instalments", "pay_part_now")
    if informing:
        on_table = bool(turn.memory.draft or turn.memory.offers)
        return (
            on_table and bool(turn.understanding.of_type("payday", "date")) and not turn.understanding.of_type("amount")
        )
    return bool(turn.understanding.of_type("amount", "instalments", "share"))


def case_with_finances(turn: Turn) -> CaseFacts:
    """The case as the negotiator sees it, with what was told of money up to this message."""
    case = turn.situation.case
    finances = finances_of(turn.understanding, turn.text, turn.memory.finances, case.currency)
    return replace(case, finances=finances)


def _pressed(turn: Turn) -> Decision | None:
    press = turn.press
    if press == "instalments" and turn.grant is not None:
        return _menu(turn, turn.grant)
    if press is None or ":" not in press:
        return None
    verb, _, ref = press.partition(":")
    if verb not in ("choose", "accept", "refuse"):
        return None
    offer = next((offer for offer in (*turn.memory.offers, turn.memory.draft) if offer and offer.id == ref), None)
    if offer is None:
        return _expired(turn)
    if verb == "refuse":
        return _asked_again(turn)
    if verb == "accept" and turn.memory.draft is not None and turn.memory.draft.id == ref:
        return _agree(turn, offer)
    return _read_back(turn, offer, "offer", because=(f"chose:{ref}",))


def _expired(turn: Turn) -> Decision:
    if turn.grant is None:
        return turn.hand_over("escalate", "limits", "escalate.limits", turn.person(), because=("rule:none-for-market",))
    return _menu(turn, turn.grant, Say("offer.expired"))


def _chosen(turn: Turn) -> Decision | None:
    offers = turn.memory.offers
    if not offers or turn.press is not None:
        return None
    choices = turn.understanding.of_type("choice")
    named = turn.says("choose_option")
    if choices and (named or not turn.says(*NEGOTIATES)):
        number = int(choices[0].value)
        index = len(offers) - 1 if number == -1 else number - 1
        if 0 <= index < len(offers):
            return _read_back(turn, offers[index], "offer", because=(f"chose:{offers[index].id}",))
    if named and not choices:
        offer = _named_offer(turn)
        if offer is not None:
            return _read_back(turn, offer, "offer", because=(f"chose:{offer.id}",))
        if len(offers) > 1 and not turn.understanding.of_type(*ASK_ENTITIES):
            return turn.decide("clarify", "offer.which", buttons=_choices(offers), expecting="choice")
    return None


def _named_offer(turn: Turn) -> Offer | None:
    """The one offer that the words describe: by its length, its number of payments, or its sum."""
    offers = turn.memory.offers
    if len(offers) == 1:
        return offers[0]
    counts = {int(entity.value) for entity in turn.understanding.of_type("instalments")}
    spans = turn.understanding.of_type("duration")
    counts |= {int(span.value) for span in spans if span.fields.get("unit") == "month"}
    amounts = {item.money for item in sums(turn.understanding, turn.situation.case.currency)}
    fits = [
        offer
        for offer in offers
        if len(offer.schedule.instalments) in counts
        or offer.schedule.lines[0].amount in amounts
        or offer.total in amounts
    ]
    return fits[0] if len(fits) == 1 else None


def _confirmed(turn: Turn) -> Decision | None:
    if not turn.yes or _asks_something_new(turn):
        return None
    memory = turn.memory
    if memory.draft is not None:
        return _agree(turn, memory.draft)
    if memory.promise_draft is not None:
        return _promised(turn, memory.promise_draft)
    if memory.person_offered and memory.misses == 0 and memory.insisted:
        return turn.hand_over(
            "escalate", "limits", "escalate.person", turn.person(), because=("yes:person", "asked-beyond-limits")
        )
    if memory.person_offered:
        return turn.hand_over("escalate", "not_understood", "escalate.person", turn.person(), because=("yes:person",))
    if len(memory.offers) == 1:
        return _read_back(turn, memory.offers[0], "offer")
    if memory.offers:
        return turn.decide("clarify", "offer.which", buttons=_choices(memory.offers), expecting="choice")
    return None


def _asks_something_new(turn: Turn) -> bool:
    """A yes with other numbers in it is a new ask; a yes that repeats what was read back is a yes."""
    if turn.press is not None:
        return False
    if turn.says("request_discount", "request_fee_waiver", "too_expensive", "ask_other_options"):
        return True
    if not turn.understanding.of_type(*ASK_ENTITIES):
        return False
    draft = turn.memory.draft
    if draft is None:
        return turn.memory.promise_draft is None
    said = [item.money for item in sums(turn.understanding, draft.total.currency)]
    amounts = {instalment.amount for instalment in draft.schedule.instalments} | {draft.total, draft.terms.down_payment}
    if any(money not in amounts for money in said):
        return True
    day = future_date(turn.understanding, turn.today)
    if day is not None and day not in {instalment.due for instalment in draft.schedule.instalments}:
        return True
    counts = [int(entity.value) for entity in turn.understanding.of_type("instalments")]
    return any(count != len(draft.schedule.instalments) for count in counts)


def _turned_down(turn: Turn) -> Decision | None:
    memory = turn.memory
    waiting = memory.draft or memory.promise_draft or memory.offers or memory.person_offered
    if not turn.no or not waiting or turn.says(*NEGOTIATES, *PROMISES) or turn.understanding.of_type(*ASK_ENTITIES):
        return None
    if memory.person_offered and memory.draft is None and not memory.offers:
        return turn.decide("answer", "social.no_person", person_offered=False, expecting=None)
    return _asked_again(turn)


def _asked_again(turn: Turn) -> Decision:
    refused = RefuseOffers(turn.text or "pressed no")
    if "refused_once" in turn.memory.told:
        return turn.decide(
            "clarify",
            "offer.refused_again",
            buttons=(PERSON,),
            effects=(refused,),
            draft=None,
            promise_draft=None,
            person_offered=True,
            expecting="amount",
            phase="talking",
        )
    return turn.decide(
        "clarify",
        "offer.refused",
        buttons=(PERSON,),
        effects=(refused,),
        draft=None,
        promise_draft=None,
        expecting="amount",
        phase="talking",
        told=(*turn.memory.told, "refused_once"),
    )


def _answer_ask(turn: Turn, grant: Grant) -> Decision:
    new = _ask_in(turn, grant)
    ask = merged(turn.memory.ask, new)
    if new.is_empty and turn.says("too_expensive", "ask_other_options") and turn.memory.offers_made:
        return _gentler(turn, grant)
    if new.is_empty and turn.memory.ask.is_empty:
        return _menu(turn, grant)
    result = answer(ask, case_with_finances(turn), grant, turn.offer_ids(), table=_table(turn))
    return _answered(turn, grant, ask, result)


def _ask_in(turn: Turn, grant: Grant) -> Ask:
    """The ask of this message, with what the words leave open filled from the limits."""
    memory = turn.memory
    balance = turn.situation.case.balance.total
    in_instalments = (
        memory.expecting == "amount"
        or memory.ask.instalment is not None
        or any(offer.kind == "instalments" for offer in _table(turn))
    )
    ask = ask_of(turn.understanding, balance=balance, today=turn.today, in_instalments=in_instalments)
    if turn.says("request_extension") and ask.is_empty:
        return replace(ask, until=turn.today + timedelta(days=grant.limits.max_extension_days))
    return ask


def _table(turn: Turn) -> tuple[Offer, ...]:
    return (turn.memory.draft,) if turn.memory.draft is not None else turn.memory.offers


def _answered(turn: Turn, grant: Grant, ask: Ask, result: Answer) -> Decision:
    finances = case_with_finances(turn).finances
    match result:
        case Accepted(offer):
            return _read_back(turn, offer, "offer", ask=ask, insisted=0, finances=finances)
        case Nearest(offer, breaches):
            return _counter(turn, grant, offer, breaches, ask=ask, finances=finances)
        case Unclear(missing):
            return turn.decide("clarify", f"offer.ask_{missing}", expecting=missing, ask=ask, finances=finances)


def _counter(turn: Turn, grant: Grant, offer: Offer, breaches: tuple[Breach, ...], **changes: Any) -> Decision:
    insisted = turn.memory.insisted + 1
    because = tuple(f"outside:{breach.field} asked {breach.asked} allowed {breach.allowed}" for breach in breaches)
    because = (*because, f"rule:{grant.rule} v{grant.version}")
    if insisted >= MOST_INSISTING:
        return turn.hand_over(
            "escalate", "limits", "escalate.limits", turn.person(), because=because, insisted=insisted, **changes
        )
    differs = differences(breaches, turn.situation.case.currency)
    if insisted > 1:
        differs = (*differs, Say("counter.person"))
    return _read_back(
        turn,
        offer,
        "counter",
        first=differs,
        person=insisted > 1,
        because=because,
        insisted=insisted,
        person_offered=insisted > 1,
        **changes,
    )


def _read_back(
    turn: Turn,
    offer: Offer,
    kind: str,
    *,
    first: tuple[Say, ...] = (),
    person: bool = False,
    because: tuple[str, ...] = (),
    **changes: Any,
) -> Decision:
    """Each date and sum, the total, what a missed payment means, and the question."""
    paragraphs = (*first, *plan_lines(offer), Say("readback.ask"))
    buttons = (*YES_NO, PERSON) if person else YES_NO
    made = max(turn.memory.offers_made, int(offer.id[1:]))
    return turn.decide(
        "counter" if kind == "counter" else "offer",
        *paragraphs,
        buttons=buttons,
        effects=(PutOnTable((offer,)),),
        because=(*(because or turn.why()), *offer.because),
        draft=offer,
        promise_draft=None,
        phase="confirming",
        expecting="affirm",
        offers_made=made,
        **changes,
    )


def plan_lines(offer: Offer) -> tuple[Say, ...]:
    """An offer read out: each date and sum, what is written off, interest, and what a missed payment means."""
    values: Mapping[str, Any] = {
        "offer": offer,
        "schedule": offer.schedule,
        "first_due": offer.schedule.first_due,
        "total": offer.schedule.total,
        "discount": offer.discount,
        "balance": offer.balance.total,
        "count": len(offer.schedule.instalments),
        "apr": offer.apr,
    }
    lines = [Say(f"readback.{offer.kind}", values)]
    if offer.discount:
        lines.append(Say("readback.discount", values))
    lines.append(Say("readback.interest_stopped" if not offer.terms.annual_rate else "readback.interest", values))
    lines.append(Say("readback.missed"))
    return tuple(lines)


def _agree(turn: Turn, offer: Offer) -> Decision:
    first = offer.schedule.lines[0]
    url = turn.situation.copy_url
    return turn.decide(
        "agree",
        Say(
            "agree.once" if len(offer.schedule.lines) == 1 else "agree.done", {"due": first.due, "amount": first.amount}
        ),
        *((Say("agree.copy", {"url": url}),) if url else ()),
        Say("agree.change"),
        effects=(Agree(offer),),
        because=(*turn.why(), f"rule:{offer.rule} v{offer.policy_version}"),
        phase="agreed",
        draft=None,
        offers=(),
        promise_draft=None,
        expecting=None,
        ask=Ask(),
        insisted=0,
        person_offered=False,
    )


def _menu(turn: Turn, grant: Grant, *first: Say, case: CaseFacts | None = None) -> Decision:
    """Two or three offers that differ in kind, with a button each. `case` when its finances are read already."""
    case = case or case_with_finances(turn)
    cannot_at_once = turn.says("request_instalments") or turn.press == "instalments"
    offers = opening(case, grant, turn.offer_ids(), instalments_only=cannot_at_once)
    if not offers:
        return turn.hand_over(
            "escalate", "limits", "escalate.limits", turn.person(), because=("no-offer-inside-limits",)
        )
    lines = tuple(Say(_line_key(offer), {"number": index, **_summary(offer)}) for index, offer in enumerate(offers, 1))
    told = turn.memory.told if "balance" in turn.memory.told else (*turn.memory.told, "balance")
    balance = () if "balance" in turn.memory.told else (balance_line(turn),)
    return turn.decide(
        "offer",
        *balance,
        *first,
        Say("offer.menu"),
        *lines,
        Say("offer.own"),
        buttons=(*_choices(offers), PERSON),
        effects=(PutOnTable(offers),),
        because=(*turn.why(), f"rule:{grant.rule} v{grant.version}", *(reason for o in offers for reason in o.because)),
        offers=offers,
        draft=None,
        promise_draft=None,
        offers_made=turn.memory.offers_made + len(offers),
        expecting="choice",
        phase="talking",
        told=told,
        finances=case.finances,
    )


def _summary(offer: Offer) -> Mapping[str, Any]:
    lines = offer.schedule.lines
    first = lines[0]
    return {
        "count": len(lines),
        "amount": first.amount,
        "frequency": offer.terms.frequency,
        "due": first.due,
        "last_due": offer.schedule.last_due,
        "total": offer.schedule.total,
        "discount": offer.discount,
    }


def _line_key(offer: Offer) -> str:
    less = offer.kind == "instalments" and offer.discount
    return f"offer.line_{offer.kind}_less" if less else f"offer.line_{offer.kind}"


def _choices(offers: tuple[Offer, ...]) -> tuple[Button, ...]:
    return tuple(
        Button(f"choose:{offer.id}", f"button.{offer.kind}", {"number": index, **_summary(offer)})
        for index, offer in enumerate(offers, 1)
    )


def balance_line(turn: Turn) -> Say:
    """What is owed, split into its parts."""
    case = turn.situation.case
    details = turn.situation.details
    return Say(
        "debt.balance",
        {
            "total": case.balance.total,
            "principal": case.balance.principal,
            "interest": case.balance.interest,
            "fees": case.balance.fees,
            "product": details.product,
            "account": details.account_last4,
            "creditor": turn.situation.creditor.name,
        },
    )


def _gentler(turn: Turn, grant: Grant) -> Decision:
    """Too much, and no number: the gentlest plan that the limits allow, and the question what would be possible."""
    if "gentlest" in turn.memory.told:
        return turn.decide(
            "assess", "offer.ask_amount_again", buttons=(PERSON,), expecting="amount", person_offered=True
        )
    case = case_with_finances(turn)
    ask = Ask(count=grant.limits.max_instalments, payday=turn.memory.ask.payday, first_due=turn.memory.ask.first_due)
    result = answer(ask, case, grant, turn.offer_ids(), table=())
    told = (*turn.memory.told, "gentlest")
    if not isinstance(result, Accepted | Nearest):
        return turn.decide("assess", "offer.ask_amount", expecting="amount", told=told)
    offer = result.offer
    return turn.decide(
        "offer",
        Say("offer.gentlest", _summary(offer)),
        Say("offer.ask_amount"),
        buttons=(*_choices((offer,)), PERSON),
        effects=(PutOnTable((offer,)),),
        because=(*turn.why(), *offer.because),
        offers=(offer,),
        draft=None,
        offers_made=turn.memory.offers_made + 1,
        expecting="amount",
        told=told,
        phase="talking",
    )


def _assess(turn: Turn, grant: Grant) -> Decision:
    """No money, other debts, or figures of a household: listen, then offer what it allows (CALC-AFF, SAFE-HARD-1)."""
    case = case_with_finances(turn)
    if turn.says("inform_finances") and case.finances.income is not None and case.finances.spending is not None:
        return _from_budget(turn, grant, case)
    if turn.says("cannot_pay") and "assessed" in turn.memory.told:
        return turn.hand_over(
            "escalate",
            "hardship",
            "escalate.hardship",
            turn.person(),
            flags=frozenset(("hardship",)),
            because=(*turn.why(), "rule:SAFE-HARD-1"),
            finances=case.finances,
        )
    told = (*turn.memory.told, "assessed")
    key = next(name for name in ("cannot_pay", "multiple_debts", "inform_finances") if turn.says(name))
    return turn.decide(
        "assess", f"assess.{key}", buttons=(PERSON,), expecting="amount", told=told, finances=case.finances
    )


def _from_budget(turn: Turn, grant: Grant, case: CaseFacts) -> Decision:
    income, spending = case.finances.income, case.finances.spending
    if income is None or spending is None or income <= spending:
        return turn.hand_over(
            "escalate",
            "hardship",
            "escalate.no_surplus",
            turn.person(),
            flags=frozenset(("hardship",)),
            because=("surplus:none", "rule:CALC-AFF"),
            finances=case.finances,
        )
    return _menu(turn, grant, Say("assess.thanks"), case=case)


def _promise(turn: Turn, grant: Grant) -> Decision:
    """A date is promised, or all of it at once."""
    case = turn.situation.case
    said = sums(turn.understanding, case.currency)
    amount = said[0].money if said else None
    day = future_date(turn.understanding, turn.today) or _within(turn)
    all_now = turn.says("pay_in_full")
    if day is None and all_now:
        day = turn.today
    if day is None:
        return turn.decide("clarify", "promise.ask_date", expecting="date")
    result = promise_within(day, amount, case, grant)
    if isinstance(result, PromiseAccepted):
        if amount is None and not all_now:
            return _promise_read_back(turn, result.promise)
        return _promised(turn, result.promise)
    differs = differences(result.breaches, case.currency)
    because = tuple(
        f"outside:{breach.field} asked {breach.asked} allowed {breach.allowed}" for breach in result.breaches
    )
    return _promise_read_back(
        turn, result.nearest, first=differs, because=(*because, f"rule:{grant.rule} v{grant.version}")
    )


def _within(turn: Turn) -> date | None:
    spans = turn.understanding.of_type("duration")
    return turn.today + timedelta(days=span_days(spans[0], turn.today)) if spans else None


def _promise_read_back(
    turn: Turn, promise: Promise, first: tuple[Say, ...] = (), because: tuple[str, ...] = ()
) -> Decision:
    return turn.decide(
        "counter" if first else "promise",
        *first,
        Say("promise.ask", {"due": promise.due, "amount": promise.amount}),
        buttons=(*YES_NO, Button("instalments", "button.instalments_instead")),
        because=because or turn.why(),
        promise_draft=promise,
        draft=None,
        phase="confirming",
        expecting="affirm",
    )


def _promised(turn: Turn, promise: Promise) -> Decision:
    today = promise.due <= turn.today
    return turn.decide(
        "promise",
        Say("promise.today" if today else "promise.noted", {"due": promise.due, "amount": promise.amount}),
        pay_ways(turn),
        Say("promise.part") if promise.amount < turn.situation.case.balance.total else Say("promise.change"),
        effects=(MakePromise(promise),),
        promise_draft=None,
        draft=None,
        offers=(),
        ask=Ask(),
        phase="talking",
        expecting=None,
        insisted=0,
    )


def pay_ways(turn: Turn) -> Say:
    """How to pay this creditor: its reviewed text, or its official number where there is none."""
    creditor = turn.situation.creditor
    text = creditor.pay_ways.get(turn.memory.language, "")
    if text:
        return Say("pay.ways", {"ways": text, "reference": turn.situation.details.reference})
    return Say(
        "pay.call", {"creditor": creditor.name, "phone": creditor.phone, "reference": turn.situation.details.reference}
    )
