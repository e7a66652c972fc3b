"""Offers on the table: shown, chosen, read back, agreed on a yes, turned down on a no."""

import re
from typing import Any

from core.dialogue.decision import Agree, Decision, PutOnTable, RefuseOffers, Say
from core.dialogue.flags import HandoffReason
from core.dialogue.heard import for_people
from core.dialogue.large import is_large, to_a_person
from core.dialogue.lines import balance_line, choices, offer_lines, plan_lines
from core.dialogue.means import invitation
from core.dialogue.reading import ASK_ENTITIES
from core.dialogue.said import future_date, payday, sums
from core.dialogue.turn import PERSON, YES_NO, Turn
from core.negotiation import opening
from core.negotiation.types import Ask, CaseFacts, Offer
from core.policy.limits import Grant


def menu(turn: Turn, grant: Grant, case: CaseFacts, *first: Say) -> Decision:
    """Two or three offers that differ in kind, with a button each; a person where none is inside the limits."""
    cannot_at_once = turn.says("request_instalments") or turn.press == "instalments"
    offers = opening(case, grant, turn.offer_ids(), instalments_only=cannot_at_once)
    if not offers:
        if is_large(turn):
            return to_a_person(turn, grant)
        because = ("no-offer-inside-limits", f"rule:{grant.rule} v{grant.version}")
        return turn.hand_over("escalate", "limits", "escalate.limits", turn.person(), because=because)
    balance = () if "balance" in turn.memory.told else (balance_line(turn),)
    return turn.decide(
        "offer",
        *balance,
        *first,
        Say("offer.menu"),
        *offer_lines(offers),
        Say("offer.own"),
        *invitation(turn, case, grant),
        buttons=(*choices(offers), PERSON),
        effects=(PutOnTable(offers),),
        because=(*turn.why(), f"rule:{grant.rule} v{grant.version}", *(reason for o in offers for reason in o.because)),
        offers=offers,
        draft=None,
        promise_draft=None,
        offers_made=turn.memory.offers_made + len(offers),
        expecting="choice",
        phase="talking",
        told=turn.now_told("balance", "menu"),
        finances=case.finances,
    )


def read_back(
    turn: Turn,
    offer: Offer,
    *,
    differs: tuple[Say, ...] = (),
    person: bool = False,
    again: bool = False,
    because: tuple[str, ...] = (),
    **changes: Any,
) -> Decision:
    """Each date and sum, the total, what a missed payment means, and the question; first what differs from the ask.
    `again`: the same plan was read out just before, so that it is only named."""
    plan = (Say("counter.still"),) if again else plan_lines(offer)
    return turn.decide(
        "counter" if differs else "offer",
        *differs,
        *plan,
        *((Say("counter.person"),) if person else ()),
        Say("readback.ask"),
        buttons=(*YES_NO, PERSON) if person else YES_NO,
        effects=(PutOnTable((offer,)),),
        because=tuple(dict.fromkeys((*(because or turn.why()), *offer.because))),
        draft=offer,
        promise_draft=None,
        phase="confirming",
        expecting="affirm",
        offers_made=max(turn.memory.offers_made, int(offer.id[1:])),
        person_offered=person,
        **changes,
    )


def agree(turn: Turn, offer: Offer) -> Decision:
    """The plan stands; where its copy is, and what can be done from now on."""
    first = offer.schedule.lines[0]
    key = "agree.once" if len(offer.schedule.lines) == 1 else "agree.done"
    url = turn.situation.copy_url
    return turn.decide(
        "agree",
        Say(key, {"due": first.due, "amount": first.amount}),
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
    )


def pressed(turn: Turn, grant: Grant, case: CaseFacts) -> Decision | None:
    """What a pressed offer does; one that no longer stands is answered with those that do."""
    press = turn.press
    if press == "instalments":
        return menu(turn, grant, case)
    verb, _, ref = (press or "").partition(":")
    if verb not in ("choose", "accept", "refuse"):
        return None
    offer = next((offer for offer in (*turn.memory.offers, turn.memory.draft) if offer and offer.id == ref), None)
    if offer is None:
        return menu(turn, grant, case, Say("offer.expired"))
    if verb == "refuse":
        return refused(turn)
    if verb == "accept" and turn.memory.draft is not None and turn.memory.draft.id == ref:
        return agree(turn, offer)
    return read_back(turn, offer, because=(f"chose:{ref}",))


def chosen(turn: Turn, asks: tuple[str, ...]) -> Decision | None:
    """The offer picked by number, place or name; asked which where the words fit several. `asks` are other wishes."""
    offers = turn.memory.offers
    if not offers or turn.press is not None:
        return None
    picked = turn.understanding.of_type("choice")
    named = turn.says("choose_option")
    if picked and (named or not turn.says(*asks)):
        number = int(picked[0].value)
        index = len(offers) - 1 if number == -1 else number - 1
        if 0 <= index < len(offers):
            return read_back(turn, offers[index], because=(f"chose:{offers[index].id}",))
        return _which(turn)
    if named and not picked:
        offer = _named_offer(turn)
        if offer is not None:
            return read_back(turn, offer, because=(f"chose:{offer.id}",))
        if len(offers) > 1 and not turn.understanding.of_type(*ASK_ENTITIES):
            return _which(turn)
    return None


def _which(turn: Turn) -> Decision:
    buttons = (*choices(turn.memory.offers), PERSON)
    return turn.decide("clarify", "offer.which", buttons=buttons, expecting="choice")


_BY_LENGTH = re.compile(
    r"(?P<long>最长|期数(?:最)?[多长]|\blongest\b|\bmost (?:payments|months)\b)"
    r"|(?P<short>最短|\bshortest\b|\bquickest\b)",
    re.IGNORECASE,
)


def _longest(text: str, offers: tuple[Offer, ...]) -> Offer | None:
    """The offer that the words call the longest or the shortest of those in instalments."""
    found = _BY_LENGTH.search(text)
    plans = sorted(
        (offer for offer in offers if offer.kind == "instalments"), key=lambda offer: len(offer.schedule.instalments)
    )
    if found is None or not plans:
        return None
    return plans[-1 if found["long"] else 0]


def _named_offer(turn: Turn) -> Offer | None:
    """The one offer that the words describe: by its length, its number of payments, or its sum."""
    offers = turn.memory.offers
    if len(offers) == 1:
        return offers[0]
    longest = _longest(turn.text, offers)
    if longest is not None:
        return longest
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


def confirmed(turn: Turn) -> Decision | None:
    """A yes to the plan that was read back, to the one offer on the table, or to a person."""
    if not turn.yes or asks_something_new(turn):
        return None
    memory = turn.memory
    if memory.draft is not None:
        return agree(turn, memory.draft)
    if len(memory.offers) == 1:
        return read_back(turn, memory.offers[0])
    if memory.person_offered:
        reason: HandoffReason = "limits" if memory.insisted or memory.offers_made else "not_understood"
        return turn.hand_over(
            "escalate", reason, "escalate.person", turn.person(), because=("yes:person",), **for_people(turn)
        )
    return _which(turn) if memory.offers else None


def asks_something_new(turn: Turn) -> bool:
    """A yes with other numbers in it is a new ask; a yes that repeats what was read back is a yes."""
    if turn.press is not None:
        return False
    if turn.says("request_discount", "request_fee_waiver", "too_expensive", "ask_other_options"):
        return True
    if turn.is_reserved:
        return True
    if not turn.understanding.of_type(*ASK_ENTITIES):
        return False
    draft = turn.memory.draft
    if draft is None:
        return turn.memory.promise_draft is None
    said = [item.money for item in sums(turn.understanding, draft.total.currency)]
    amounts = {line.amount for line in draft.schedule.lines} | {draft.total}
    if any(money not in amounts for money in said):
        return True
    day = future_date(turn.understanding, turn.today)
    if day is not None and day not in {line.due for line in draft.schedule.lines}:
        return True
    if draft.kind == "instalments" and payday(turn.understanding) not in (None, turn.memory.ask.payday):
        return True
    rhythms = {str(entity.value) for entity in turn.understanding.of_type("frequency")}
    if draft.kind == "instalments" and rhythms - {draft.terms.frequency.value}:
        return True
    counts = [int(entity.value) for entity in turn.understanding.of_type("instalments")]
    return any(count != len(draft.schedule.instalments) for count in counts)


def turned_down(turn: Turn, asks: tuple[str, ...]) -> Decision | None:
    """A no to what was offered: what would suit is asked once, then a person is offered. `asks` are other wishes."""
    memory = turn.memory
    waiting = memory.draft or memory.promise_draft or memory.offers or memory.person_offered
    if not turn.no or not waiting or turn.says(*asks) or turn.understanding.of_type(*ASK_ENTITIES):
        return None
    if memory.person_offered and memory.draft is None and not memory.offers:
        return turn.decide("answer", "social.no_person", expecting=None)
    return refused(turn)


def refused(turn: Turn) -> Decision:
    """The offers are off the table."""
    again = "refused_once" in turn.memory.told
    return turn.decide(
        "clarify",
        "offer.refused_again" if again else "offer.refused",
        buttons=(PERSON,),
        effects=(RefuseOffers(turn.text or "pressed no"),),
        draft=None,
        promise_draft=None,
        offers=(),
        expecting="amount",
        phase="talking",
        person_offered=again,
        told=turn.now_told("refused_once"),
    )
