"""What a conversation remembers between two messages. Stored with the conversation, changed only by a decision."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from core.calendar import Frequency
from core.dialogue.understanding import Language
from core.money import Money
from core.negotiation.codec import offer_from_json, offer_to_json
from core.negotiation.types import Ask, DatedStep, Finances, Offer, Payday, Promise
from core.plans import Step

Phase = Literal["opening", "verifying", "talking", "confirming", "agreed", "closed"]
"""`opening`: nothing said yet; `verifying`: identity is being checked; `talking`: questions and offers;
`confirming`: a plan or promise was read back and waits for a yes; `agreed`: a plan stands; `closed`: ended."""

Expecting = Literal["affirm", "amount", "date", "payday", "identity", "choice", "count", "reason", "income"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """`facts_matched` names the verification facts given rightly; `tries` counts failed attempts; `misses` the turns
    running that were not understood; `insisted` how often an ask beyond the limits was repeated; `conceded` how often
    more was given on what the debt costs; `told` the topics already explained; `offers` are on the table, `draft` is
    read back and waits for a yes; `asked` is the last question, and `asked_times` how often it was asked running;
    `means_asked` the questions about the person's money so far, `means_declined` whether they said no to one; `rounds`
    the answers to asks since something was last agreed."""

    phase: Phase = "opening"
    language: Language = "en"
    greeted: bool = False
    facts_matched: tuple[str, ...] = ()
    tries: int = 0
    misses: int = 0
    insisted: int = 0
    warned: bool = False
    person_offered: bool = False
    expecting: Expecting | None = None
    offers: tuple[Offer, ...] = ()
    draft: Offer | None = None
    promise_draft: Promise | None = None
    ask: Ask = Ask()
    finances: Finances = Finances()
    offers_made: int = 0
    conceded: int = 0
    move_draft: tuple[int, date] | None = None
    told: tuple[str, ...] = ()
    asked: str = ""
    asked_times: int = 0
    means_asked: tuple[str, ...] = ()
    means_declined: bool = False
    rounds: int = 0

    @property
    def verified(self) -> bool:
        """Whether the identity check has been passed."""
        return self.phase not in ("opening", "verifying") or "verified" in self.told

    def with_(self, **changes: Any) -> "Memory":
        """A copy with these fields changed."""
        return replace(self, **changes)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; `Memory.from_json` reads them back exactly."""
        return {
            "phase": self.phase,
            "language": self.language,
            "greeted": self.greeted,
            "facts_matched": list(self.facts_matched),
            "tries": self.tries,
            "misses": self.misses,
            "insisted": self.insisted,
            "warned": self.warned,
            "person_offered": self.person_offered,
            "expecting": self.expecting,
            "offers": [offer_to_json(offer) for offer in self.offers],
            "draft": offer_to_json(self.draft) if self.draft else None,
            "promise_draft": _promise_to_json(self.promise_draft),
            "ask": _ask_to_json(self.ask),
            "finances": finances_to_json(self.finances),
            "offers_made": self.offers_made,
            "conceded": self.conceded,
            "move_draft": [self.move_draft[0], self.move_draft[1].isoformat()] if self.move_draft else None,
            "told": list(self.told),
            "asked": self.asked,
            "asked_times": self.asked_times,
            "means_asked": list(self.means_asked),
            "means_declined": self.means_declined,
            "rounds": self.rounds,
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "Memory":
        """Reads `to_json`'s form; fields that an older release did not write keep their defaults."""
        move = data.get("move_draft")
        draft = data.get("draft")
        return Memory(
            phase=data.get("phase", "opening"),
            language=data.get("language", "en"),
            greeted=bool(data.get("greeted", False)),
            facts_matched=tuple(data.get("facts_matched", ())),
            tries=int(data.get("tries", 0)),
            misses=int(data.get("misses", 0)),
            insisted=int(data.get("insisted", 0)),
            warned=bool(data.get("warned", False)),
            person_offered=bool(data.get("person_offered", False)),
            expecting=data.get("expecting"),
            offers=tuple(offer_from_json(offer) for offer in data.get("offers", ())),
            draft=offer_from_json(draft) if draft else None,
            promise_draft=_promise_from_json(data.get("promise_draft")),
            ask=_ask_from_json(data.get("ask") or {}),
            finances=finances_from_json(data.get("finances") or {}),
            offers_made=int(data.get("offers_made", 0)),
            conceded=int(data.get("conceded", 0)),
            move_draft=(int(move[0]), date.fromisoformat(move[1])) if move else None,
            told=tuple(data.get("told", ())),
            asked=str(data.get("asked", "")),
            asked_times=int(data.get("asked_times", 0)),
            means_asked=tuple(data.get("means_asked", ())),
            means_declined=bool(data.get("means_declined", False)),
            rounds=int(data.get("rounds", 0)),
        )


def _money_to_json(money: Money | None) -> list[object] | None:
    return None if money is None else [money.minor, money.currency]


def _money_from_json(data: Any) -> Money | None:
    return None if data is None else Money(int(data[0]), str(data[1]))


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _promise_to_json(promise: Promise | None) -> dict[str, Any] | None:
    return None if promise is None else {"due": promise.due.isoformat(), "amount": _money_to_json(promise.amount)}


def _promise_from_json(data: Mapping[str, Any] | None) -> Promise | None:
    amount = _money_from_json(data["amount"]) if data else None
    return Promise(date.fromisoformat(data["due"]), amount) if data and amount else None


def _payday_to_json(payday: Payday | None) -> dict[str, Any] | None:
    return None if payday is None else {"day": payday.day, "weekday": payday.weekday}


def _payday_from_json(data: Mapping[str, Any] | None) -> Payday | None:
    return None if data is None else Payday(data.get("day"), data.get("weekday"))


def finances_to_json(finances: Finances) -> dict[str, Any]:
    """Only what was told."""
    values = {
        "income": _money_to_json(finances.income),
        "spending": _money_to_json(finances.spending),
        "dependants": finances.dependants,
        "other_debts": finances.other_debts,
        "payday": _payday_to_json(finances.payday),
        "affordable": _money_to_json(finances.affordable),
        "recovers_on": finances.recovers_on.isoformat() if finances.recovers_on else None,
    }
    return {key: value for key, value in values.items() if value is not None}


def finances_from_json(data: Mapping[str, Any]) -> Finances:
    return Finances(
        income=_money_from_json(data.get("income")),
        spending=_money_from_json(data.get("spending")),
        dependants=data.get("dependants"),
        other_debts=data.get("other_debts"),
        payday=_payday_from_json(data.get("payday")),
        affordable=_money_from_json(data.get("affordable")),
        recovers_on=_day(data.get("recovers_on")),
    )


def _ask_to_json(ask: Ask) -> dict[str, Any]:
    values: dict[str, Any] = {
        "instalment": _money_to_json(ask.instalment),
        "at_most": ask.at_most or None,
        "frequency": ask.frequency.value if ask.frequency else None,
        "count": ask.count,
        "first_due": ask.first_due.isoformat() if ask.first_due else None,
        "anchor_day": ask.anchor_day,
        "payday": _payday_to_json(ask.payday),
        "total": _money_to_json(ask.total),
        "share": str(ask.share) if ask.share is not None else None,
        "down_payment": _money_to_json(ask.down_payment),
        "down_due": _iso(ask.down_due),
        "until": ask.until.isoformat() if ask.until else None,
        "term_days": ask.term_days,
        "waive_fees": ask.waive_fees or None,
        "waive_interest": ask.waive_interest or None,
        "waive_penalty": ask.waive_penalty or None,
        "steps": [[step.count, _money_to_json(step.amount)] for step in ask.steps] or None,
        "discount": ask.discount or None,
        "waived_fees": _money_to_json(ask.waived_fees),
        "waived_interest": _money_to_json(ask.waived_interest),
        "waived_penalty": _money_to_json(ask.waived_penalty),
        "dated_steps": [[_iso(step.before), _money_to_json(step.amount)] for step in ask.dated_steps] or None,
    }
    return {key: value for key, value in values.items() if value is not None}


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _ask_from_json(data: Mapping[str, Any]) -> Ask:
    return Ask(
        instalment=_money_from_json(data.get("instalment")),
        at_most=bool(data.get("at_most", False)),
        frequency=Frequency(data["frequency"]) if data.get("frequency") else None,
        count=data.get("count"),
        first_due=_day(data.get("first_due")),
        anchor_day=data.get("anchor_day"),
        payday=_payday_from_json(data.get("payday")),
        total=_money_from_json(data.get("total")),
        share=Decimal(data["share"]) if data.get("share") is not None else None,
        down_payment=_money_from_json(data.get("down_payment")),
        down_due=_day(data.get("down_due")),
        until=_day(data.get("until")),
        term_days=data.get("term_days"),
        waive_fees=bool(data.get("waive_fees", False)),
        waive_interest=bool(data.get("waive_interest", False)),
        waive_penalty=bool(data.get("waive_penalty", False)),
        steps=tuple(Step(int(count), Money(*amount)) for count, amount in data.get("steps", ())),
        discount=bool(data.get("discount", False)),
        waived_fees=_money_from_json(data.get("waived_fees")),
        waived_interest=_money_from_json(data.get("waived_interest")),
        waived_penalty=_money_from_json(data.get("waived_penalty")),
        dated_steps=tuple(DatedStep(_day(day), Money(*amount)) for day, amount in data.get("dated_steps", ())),
    )
