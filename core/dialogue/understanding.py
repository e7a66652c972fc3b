"""What a message means: the one form in which every NLU engine answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Language = Literal["zh", "en"]

ASSERTED = 0.5
"""An intent is asserted from this confidence up; below it, it is only a candidate."""

ROUTES: Mapping[str, frozenset[str]] = {
    "answer": frozenset(
        "confirm_identity refuse_verification doubt_legitimacy ask_who_are_you ask_if_bot ask_balance ask_debt_details "
        "ask_interest_fees ask_due_date ask_payment_received unaware_of_debt request_documents already_paid "
        "ask_how_to_pay payment_problem reason_oversight callback_later update_contact abusive refuse_to_pay evasive "
        "ask_consequences ask_credit_impact".split()
    ),
    "plan": frozenset(
        "pay_in_full promise_to_pay ask_plan_status change_plan missed_payment cancel_plan ask_early_payoff".split()
    ),
    "negotiate": frozenset(
        "pay_part_now request_instalments request_extension request_discount request_fee_waiver propose_amount "
        "too_expensive ask_other_options choose_option".split()
    ),
    "assess": frozenset("cannot_pay multiple_debts inform_finances".split()),
    "escalate": frozenset(
        "hardship_income hardship_health hardship_family hardship_event dispute_debt dispute_amount dispute_terms "
        "identity_theft complaint talk_to_human".split()
    ),
    "comply": frozenset(
        "deny_identity third_party_contact bankruptcy legal_representation statute_barred debtor_deceased stop_contact "
        "contact_preference protect_third_parties privacy_request".split()
    ),
    "safety": frozenset("self_harm distress".split()),
    "social": frozenset("greet thanks goodbye affirm deny dont_understand help change_language out_of_scope".split()),
}
"""The fixed label set, by the least that the dialogue does with it."""

ROUTE_OF: Mapping[str, str] = {intent: route for route, intents in ROUTES.items() for intent in intents}
INTENTS: frozenset[str] = frozenset(ROUTE_OF)


@dataclass(frozen=True, slots=True)
class Intent:
    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Entity:
    """One span and its value. `fields` are those of its type in the contract (without type, start, end).

    Money values are decimal strings with two decimals, dates ISO strings, shares and counts numbers;
    `start` and `end` count code points of the text as it was sent.
    """

    type: str
    fields: Mapping[str, Any]
    start: int
    end: int

    @property
    def value(self) -> Any:
        """The entity's `value` field, or None where its type has none (a payday given by weekday)."""
        return self.fields.get("value")

    def to_json(self) -> dict[str, Any]:
        return {"type": self.type, **self.fields, "start": self.start, "end": self.end}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "Entity":
        fields = {key: value for key, value in data.items() if key not in ("type", "start", "end")}
        return Entity(str(data["type"]), fields, int(data["start"]), int(data["end"]))


@dataclass(frozen=True, slots=True)
class Understanding:
    """An engine's reading of one message. `intents` are ordered by confidence, highest first."""

    lang: Language
    intents: tuple[Intent, ...] = ()
    entities: tuple[Entity, ...] = ()
    engine: str = "none"
    version: str = ""

    @property
    def asserted(self) -> tuple[str, ...]:
        """Names of the intents at or above `ASSERTED`, most confident first."""
        return tuple(intent.name for intent in self.intents if intent.confidence >= ASSERTED)

    @property
    def fallback(self) -> bool:
        """True when nothing is asserted: the dialogue asks instead of guessing."""
        return not self.asserted

    def says(self, *names: str) -> bool:
        """Whether any of these intents is asserted."""
        return any(name in self.asserted for name in names)

    def of_type(self, *types: str) -> tuple[Entity, ...]:
        """The entities of these types, in the order they stand in the text."""
        return tuple(entity for entity in self.entities if entity.type in types)

    def to_json(self) -> dict[str, Any]:
        """The form of the contract (`nlu/contract.md` in the reference docs), without the message id."""
        return {
            "lang": self.lang,
            "intents": [{"name": i.name, "confidence": round(i.confidence, 4)} for i in self.intents],
            "entities": [entity.to_json() for entity in self.entities],
            "fallback": self.fallback,
        }

    @staticmethod
    def from_json(data: Mapping[str, Any], *, engine: str = "none", version: str = "") -> "Understanding":
        lang: Language = "zh" if data.get("lang") == "zh" else "en"
        return Understanding(
            lang,
            tuple(Intent(str(i["name"]), float(i["confidence"])) for i in data.get("intents", ())),
            tuple(Entity.from_json(e) for e in data.get("entities", ())),
            engine,
            version,
        )
