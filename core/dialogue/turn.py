"""One turn of the dialogue: the situation, the reading of the message, and how a decision about it is put together."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from core.dialogue.decision import AddFlags, Button, Decision, DecisionKind, Effect, HandOff, Reply, Say
from core.dialogue.flags import Flag, HandoffReason, priority_of
from core.dialogue.memory import Memory
from core.dialogue.said import sums
from core.dialogue.situation import Situation
from core.dialogue.understanding import Understanding
from core.negotiation.gaps import Gap
from core.negotiation.types import Offer
from core.policy import Grant, held_back

YES_NO = (Button("yes", "button.yes"), Button("no", "button.no"))
PERSON = Button("human", "button.human")
MOST_INSISTING = 3
"""An ask beyond the limits that is repeated this often goes to a person."""
SURE = 0.6


@dataclass(frozen=True, slots=True)
class Turn:
    """`memory` is the conversation's, with the language of this message already in it."""

    situation: Situation
    understanding: Understanding
    memory: Memory

    @property
    def text(self) -> str:
        return self.situation.inbound.text

    @property
    def press(self) -> str | None:
        return self.situation.inbound.press

    @property
    def today(self) -> date:
        return self.situation.now.date()

    @property
    def grant(self) -> Grant | None:
        """The limits as far as they are on offer by now."""
        grant = self.situation.grant
        return None if grant is None else held_back(grant, self.memory.conceded)

    def says(self, *intents: str) -> bool:
        """Whether any of these intents is asserted."""
        return self.understanding.says(*intents)

    @property
    def yes(self) -> bool:
        """A yes, pressed or said; what only sounds a little like one does not bind anybody."""
        sure = any(i.name == "affirm" and i.confidence >= SURE for i in self.understanding.intents)
        return self.press == "yes" or (self.press is None and sure and not self.says("deny"))

    @property
    def no(self) -> bool:
        """A no, pressed or said."""
        return self.press == "no" or (self.press is None and self.says("deny") and not self.says("affirm"))

    @property
    def owes_by_agreement(self) -> bool:
        """Whether a plan or a promise stands, so that “I have paid” is news of it and no dispute."""
        return self.situation.plan is not None or self.situation.promise is not None

    @property
    def booked(self) -> bool:
        """Whether the payment that is spoken of is one that is booked on the plan, known to who is checked only."""
        plan = self.situation.plan
        if plan is None or not self.memory.verified:
            return False
        paid = [item.paid for item in plan.instalments if item.paid.minor > 0]
        said = [item.money for item in sums(self.understanding, plan.total.currency)]
        unnamed = not said and "claimed_paid" in self.memory.told
        return bool(paid) and not unnamed and all(money in (*paid, plan.total - plan.left) for money in said)

    @property
    def is_question(self) -> bool:
        """Whether the strongest thing said beside a yes is a question of fact: a sum or date in it is no proposal."""
        said = [name for name in self.understanding.asserted if name != "affirm"]
        return bool(said) and said[0] in QUESTIONS

    @property
    def is_reserved(self) -> bool:
        """A yes with a but, or with a question that has to be answered first."""
        return self.says("affirm") and self.is_question and bool(_BUT.search(self.text))

    def now_told(self, *topics: str) -> tuple[str, ...]:
        """What has been explained so far, these topics with it."""
        return tuple(dict.fromkeys((*self.memory.told, *topics)))

    def offer_ids(self) -> Iterator[str]:
        """Names for the next offers of this conversation: o1, o2, …"""
        return (f"o{number}" for number in count(self.memory.offers_made + 1))

    def decide(
        self,
        kind: DecisionKind,
        *says: Say | str,
        buttons: tuple[Button, ...] = (),
        effects: tuple[Effect, ...] = (),
        because: tuple[str, ...] = (),
        **changes: Any,
    ) -> Decision:
        """A decision with one reply. Memory keeps what `changes` does not name; the count of misses starts over."""
        paragraphs = tuple(Say(say) if isinstance(say, str) else say for say in says)
        replies = (Reply(paragraphs, buttons),) if paragraphs else ()
        memory = self.memory.with_(**{"misses": 0, "person_offered": False, **changes})
        return Decision(kind, memory, because or self.why(), replies, effects)

    def why(self) -> tuple[str, ...]:
        """What was heard, as reasons."""
        if self.press is not None:
            return (f"press:{self.press}",)
        return tuple(f"intent:{name}" for name in self.understanding.asserted) or ("intent:none",)

    def person(self) -> Say:
        """When a person will write: soon, or at the hours that the team keeps."""
        if self.situation.people_available:
            return Say("person.soon")
        if self.situation.people_from is not None:
            return Say("person.opens", {"opens": self.situation.people_from})
        if self.situation.people_hours:
            return Say("person.hours", {"hours": self.situation.people_hours})
        return Say("person.later")

    def hand_over(
        self,
        kind: DecisionKind,
        reason: HandoffReason,
        *says: Say | str,
        flags: frozenset[Flag] = frozenset(),
        effects: tuple[Effect, ...] = (),
        because: tuple[str, ...] = (),
        draft: Offer | None = None,
        gaps: tuple[Gap, ...] = (),
        **changes: Any,
    ) -> Decision:
        """A calm reply, the flags, and the conversation in the queue for a person."""
        changed: tuple[Effect, ...] = (*effects, *((AddFlags(flags),) if flags else ()))
        handoff = HandOff(reason, priority_of(reason), self.text or (self.press or ""), draft, gaps)
        because = (*because, *(gap.line for gap in gaps)) if because else because
        settled = {"expecting": None, "draft": None, "promise_draft": None, **changes}
        return self.decide(kind, *says, effects=(*changed, handoff), because=because, **settled)

    @property
    def params(self) -> Mapping[str, Any]:
        """Values that many paragraphs use."""
        s = self.situation
        return {"creditor": s.creditor.name, "name": s.debtor.name, "phone": s.creditor.phone}


_BUT = re.compile(r"\bbut\b|\bhowever\b|\bfirst\b|但|不过|可是|只是|先", re.IGNORECASE)

QUESTIONS = frozenset(
    "ask_balance ask_debt_details ask_interest_fees ask_due_date ask_payment_received ask_how_to_pay ask_consequences "
    "ask_credit_impact ask_if_bot ask_who_are_you ask_plan_status ask_early_payoff request_documents already_paid "
    "payment_problem help change_language".split()
)
