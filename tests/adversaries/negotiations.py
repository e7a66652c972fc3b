"""Random negotiations through the pure dialogue: any debt, any limits that could be published, any debtor.

A debtor is a temper (what they tend to do) and dice. Every turn is held to what no negotiation may ever do.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from core.calendar import Frequency
from core.dialogue.decide import decide
from core.dialogue.decision import Agree, Close, Decision, HandOff, MakePromise, PutOnTable
from core.dialogue.means import MOST_QUESTIONS
from core.dialogue.memory import Memory
from core.dialogue.situation import Inbound, Situation
from core.dialogue.understanding import Entity, Understanding
from core.money import Money
from core.negotiation import CaseFacts, Finances, Offer, Payday, check_offer
from core.negotiation.ability import able_to_pay, per_period
from core.plans import Balance
from core.policy import DEFAULT_VERSION, Grant, Limits, RuleFacts, check_promise, validate_limits
from tests.unit.conversing import VERIFIED, amount, at, day, entity, heard

MOST_MESSAGES = 60
"""A talk that is longer than this did not end."""

_CURRENCIES = {"cn": "CNY", "us": "USD", "uk": "GBP"}
_TEMPERS = ("agreeable", "lower", "restless", "worried", "contrary", "silent")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a negotiation ended, and after how many messages of the debtor's."""

    how: str
    messages: int
    offers: int


def negotiation(seed: int) -> Ended:
    """One negotiation from its seed; AssertionError for what may never happen."""
    dice = Random(seed)
    case, limits = random_case(dice), random_limits(dice)
    grant = Grant(
        limits=limits,
        rule=f"{case.market}/{case.product}",
        version=dice.randrange(1, 50),
        facts=RuleFacts(case.market, case.product, balance=case.balance.total.decimal, role="bot"),
    )
    temper = dice.choice(_TEMPERS)
    memory = Memory(phase="talking", greeted=True, told=VERIFIED, language=dice.choice(("zh", "en")))
    base = replace(at(market=case.market), case=case, grant=grant, memory=memory, broken_promises=case.broken_promises)
    made: dict[str, Offer] = {}
    declined = False
    for number in range(1, MOST_MESSAGES + 1):
        inbound, reading = message(dice, temper, base.memory, case)
        situation = replace(base, inbound=inbound, now=base.now + timedelta(minutes=number))
        decision = decide(situation, reading)
        assert decision == decide(situation, reading)
        assert not (declined and len(decision.memory.means_asked) > len(base.memory.means_asked))
        hold(decision, situation, grant, made)
        declined = decision.memory.means_declined
        ended = _ended(decision)
        if ended is not None:
            return Ended(ended, number, len(made))
        base = replace(situation, memory=Memory.from_json(decision.memory.to_json()))
        assert base.memory == decision.memory
    raise AssertionError(f"seed {seed} ({temper}) did not end in {MOST_MESSAGES} messages")


def hold(decision: Decision, situation: Situation, grant: Grant, made: dict[str, Offer]) -> None:
    """What no decision may ever do."""
    today = situation.now.date()
    assert len(decision.memory.means_asked) <= MOST_QUESTIONS
    assert decision.because
    for effect in decision.effects:
        match effect:
            case PutOnTable(offers):
                for offer in offers:
                    assert check_offer(offer, grant, today) == (), offer
                    assert offer.policy_version == grant.version
                    affordable(offer, decision, situation, grant)
                    made[offer.id] = offer
            case Agree(offer):
                assert made.get(offer.id) == offer
                assert check_offer(offer, grant, today) == ()
            case MakePromise(promise):
                owed = situation.case.balance.total
                assert check_promise(promise.due, promise.amount, owed, grant, today) == ()


def affordable(offer: Offer, decision: Decision, situation: Situation, grant: Grant) -> None:
    """No instalment above what they can pay is recommended; what they ask for themselves is their own to say."""
    told = replace(situation.case, finances=decision.memory.finances)
    able, until = able_to_pay(told, grant), decision.memory.finances.recovers_on
    if able is None or offer.kind != "instalments":
        return
    most = per_period(able, offer.terms.frequency)
    too_much = any(line.amount > most for line in offer.schedule.instalments if until is None or line.due < until)
    recommended = any(reason.startswith("chosen:") for reason in offer.because)
    assert not (recommended and too_much), offer


def _ended(decision: Decision) -> str | None:
    for effect in decision.effects:
        if isinstance(effect, Agree | MakePromise):
            return "agreed"
        if isinstance(effect, HandOff):
            return "a person"
        if isinstance(effect, Close):
            return "paused"
    return None


def random_case(dice: Random) -> CaseFacts:
    market = dice.choice(("cn", "us", "uk"))
    currency = _CURRENCIES[market]
    owed = round(10 ** dice.uniform(1, 5.7) * 100)
    charges = owed // 8 - owed // 16
    penalty = charges // 2 if dice.random() < 0.5 else 0
    parts = (owed - owed // 8, owed // 16, charges - penalty, penalty)
    income = round(10 ** dice.uniform(2.5, 4) * 100)
    told = dice.random() < 0.4
    return CaseFacts(
        market=market,  # type: ignore[arg-type]
        product="credit_card",
        balance=Balance(*(Money(part, currency) for part in parts)),
        days_past_due=dice.randrange(0, 400),
        today=at().now.date(),
        finances=Finances(
            income=Money(income, currency) if told else None,
            spending=Money(round(income * dice.uniform(0.4, 1.1)), currency) if told else None,
            payday=Payday(day=dice.randrange(1, 32)) if dice.random() < 0.3 else None,
        ),
        broken_promises=dice.choice((0, 0, 0, 1, 2)),
        extensions=dice.choice((0, 0, 1, 3)),
    )


def random_limits(dice: Random) -> Limits:
    """Any limits that could be published."""
    while True:
        term = dice.randrange(30, 1800)
        found = replace(
            DEFAULT_VERSION.rules[dice.randrange(len(DEFAULT_VERSION.rules))].limits,
            min_settlement_share=Decimal(dice.randrange(20, 101)) / 100,
            min_settlement_share_instalments=Decimal(dice.randrange(50, 101)) / 100,
            max_instalments=dice.randrange(1, 60),
            max_term_days=term,
            min_instalment=Decimal(dice.choice((0, 5, 25, 200, 500))),
            min_first_payment_share=Decimal(dice.randrange(0, 30)) / 100,
            max_days_to_first_payment=dice.randrange(0, min(term, 60)),
            max_extension_days=dice.randrange(0, min(term, 60)),
            plan_interest=Decimal(dice.choice((0, 0, 0, 0, 6, 12))) / 100,
            concession_pace=dice.choice(("early", "balanced", "patient")),
            health_floor=Decimal(dice.randrange(0, 90)) / 100,
            affordable_share=Decimal(dice.randrange(30, 101)) / 100,
            max_penalty_waiver_share=Decimal(dice.randrange(0, 101)) / 100,
            max_extensions=dice.randrange(0, 4),
            person_decides_above=Decimal(dice.choice((0, 0, 0, 1_000, 50_000))),
        )
        if not validate_limits(found, "us"):
            return found


def message(dice: Random, temper: str, memory: Memory, case: CaseFacts) -> tuple[Inbound, Understanding]:
    """What the debtor writes or presses next."""
    waits = memory.draft is not None or memory.promise_draft is not None
    if temper == "agreeable" and waits and dice.random() < 0.7:
        return Inbound(press="yes", kind="press"), heard()
    if temper == "agreeable" and memory.offers:
        return Inbound(press=f"choose:{dice.choice(memory.offers).id}", kind="press"), heard()
    if temper == "silent" and memory.expecting == "income":
        return (Inbound(press="skip", kind="press"), heard()) if dice.random() < 0.5 else _said("i'd rather not say")
    if temper == "contrary" and dice.random() < 0.3:
        return Inbound(press=dice.choice(("yes", "no", "instalments", "skip")), kind="press"), heard()
    if temper == "lower":
        return _asks(dice, case, Decimal("0.03") / dice.randrange(1, 9))
    if temper == "worried" and dice.random() < 0.5:
        intent = dice.choice(("too_expensive", "multiple_debts", "ask_other_options", "cannot_pay"))
        return _said("it is too much", intent)
    return _in_steps(dice, case) if dice.random() < 0.1 else _anything(dice, case)


def _in_steps(dice: Random, case: CaseFacts) -> tuple[Inbound, Understanding]:
    """“100 for three months, then 300”, of any sums."""
    low, then = (case.balance.total.share(Decimal(dice.randrange(1, 400)) / 1000).to_text() for _ in range(2))
    text = f"{low} for {dice.randrange(1, 13)} months, then {then}"
    starts = (0, len(text) - len(then))
    entities = tuple(
        Entity("amount", {"value": each, "currency": case.currency, "period": "once"}, start, start + len(each))
        for each, start in zip((low, then), starts, strict=True)
    )
    return _said(text, "propose_amount", entities=entities)


def _asks(dice: Random, case: CaseFacts, share: Decimal) -> tuple[Inbound, Understanding]:
    sum_ = case.balance.total.share(share).to_text()
    if dice.random() < 0.5:
        return _said("lower", "propose_amount", entities=(amount(sum_, "month", case.currency),))
    return _said("lower", "request_discount", entities=(amount(sum_, "once", case.currency),))


def _anything(dice: Random, case: CaseFacts) -> tuple[Inbound, Understanding]:
    sum_ = case.balance.total.share(Decimal(str(round(10 ** dice.uniform(-3, 0.2), 5)))).to_text()
    due = (case.today + timedelta(days=dice.randrange(-20, 300))).isoformat()
    monthly = entity("amount", value=sum_, currency=case.currency, period=dice.choice(("month", "week")))
    once = amount(sum_, "once", case.currency)
    every = entity("frequency", value=dice.choice([each.value for each in Frequency][:3]))
    choices: tuple[tuple[str, tuple[Entity, ...]], ...] = (
        ("request_instalments", ()),
        ("request_instalments", (entity("instalments", value=str(dice.randrange(1, 90))),)),
        ("request_instalments", (every,)),
        ("propose_amount", (monthly,)),
        ("propose_amount", (monthly, day(due))),
        ("propose_amount", (once,)),
        ("pay_part_now", (once, entity("instalments", value=str(dice.randrange(2, 20))))),
        ("request_discount", ()),
        ("request_discount", (once,)),
        ("request_discount", (entity("share", value=str(dice.randrange(1, 99) / 100), of="off"),)),
        ("request_fee_waiver", ()),
        ("request_extension", (day(due),)),
        ("promise_to_pay", (day(due),)),
        ("promise_to_pay", (day(due), once)),
        ("too_expensive", ()),
        ("ask_other_options", ()),
        ("cannot_pay", ()),
        ("inform_finances", (monthly, amount(sum_, "month", case.currency))),
        ("affirm", ()),
        ("deny", ()),
    )
    intent, entities = dice.choice(choices)
    text = "my new job starts then" if dice.random() < 0.05 else "as i said"
    return _said(text, intent, entities=entities)


def _said(text: str, *intents: str, entities: tuple[Entity, ...] = ()) -> tuple[Inbound, Understanding]:
    return Inbound(text=text), heard(*intents, entities=entities)
