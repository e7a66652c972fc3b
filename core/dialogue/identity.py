"""The identity check: facts on file, masked prompts, a limited number of tries, then a person (SAFE-ID-1)."""

import re
from collections.abc import Mapping
from typing import Any

from core.dialogue.birthdates import BirthDate, birth_dates, tells
from core.dialogue.decision import Decision, Say
from core.dialogue.promises import PROMISES, promise_before_check
from core.dialogue.reading import ask_of, merged
from core.dialogue.said import future_date
from core.dialogue.turn import PERSON, Turn

FACTS = ("birth_date", "phone_last4", "account_last4", "id_last4", "postcode")
"""The facts that can be asked for, in the order in which they are asked."""

_DIGIT_FACTS = ("phone_last4", "account_last4", "id_last4")
_NUMBER = re.compile(r"(?<!\d)\d{4,}(?!\d)|(?<=[*•xX])\d{4}(?!\d)")


def check(turn: Turn) -> Decision | None:
    """Goes on until enough facts match; nothing about a debt is said before that. None when it is passed already."""
    if turn.memory.verified:
        return None
    given = _given(turn)
    right = tuple(name for name, good in given.items() if good)
    matched = (*turn.memory.facts_matched, *(name for name in right if name not in turn.memory.facts_matched))
    if len(matched) >= turn.situation.verify_facts:
        return _passed(turn, matched)
    if any(not good for good in given.values()):
        return _wrong(turn, matched)
    if right:
        return turn.decide("verify", "verify.thanks", _prompt(turn, matched), facts_matched=matched, **_ASKING)
    return _talk_before(turn)


_ASKING: Mapping[str, Any] = {"phase": "verifying", "expecting": "identity"}


def _given(turn: Turn) -> dict[str, bool]:
    """The facts that this message gives, each right or wrong; empty when it gives none."""
    on_file = {name: value for name, value in turn.situation.debtor.facts.items() if name in FACTS and value}
    given: dict[str, bool] = {}
    dates = birth_dates(turn.text, turn.today)
    if dates and "birth_date" in on_file:
        given["birth_date"] = tells(on_file["birth_date"], dates)
    waiting = [name for name in _DIGIT_FACTS if name in on_file and name not in turn.memory.facts_matched]
    for number in _digits(turn, dates):
        name = next((name for name in waiting if on_file[name] == number), None)
        if name is not None:
            given[name] = True
        elif waiting and turn.memory.phase == "verifying":
            given.setdefault(waiting[0], False)
    postcode = on_file.get("postcode", "").replace(" ", "").lower()
    if postcode and postcode in turn.text.replace(" ", "").lower():
        given["postcode"] = True
    return given


def _digits(turn: Turn, dates: tuple[BirthDate, ...]) -> list[str]:
    """The last four figures of each number in the message that is no date and no sum of money, in characters or not."""
    sums = [(e.start, e.end) for e in turn.understanding.of_type("amount") if not turn.text[e.start : e.end].isdigit()]
    taken = [*sums, *((written.start, written.end) for written in dates)]
    numbers = [(match.start(), match.group()) for match in _NUMBER.finditer(turn.text)]
    numbers += [
        (entity.start, str(entity.value))
        for entity in turn.understanding.of_type("digits")
        if not _NUMBER.search(turn.text, entity.start, entity.end)
    ]
    return [number[-4:] for at, number in numbers if not any(start <= at < end for start, end in taken)]


def _prompt(turn: Turn, matched: tuple[str, ...]) -> Say:
    """Asks for the next fact on file, without showing any of it."""
    missing = [name for name in FACTS if turn.situation.debtor.facts.get(name) and name not in matched]
    key = f"verify.ask_{missing[0]}" if missing else "verify.ask_any"
    return Say(f"{key}_again" if key == turn.memory.asked == "verify.ask_birth_date" else key)


def _passed(turn: Turn, matched: tuple[str, ...]) -> Decision:
    beside = _remembered(turn) if _asks_beside(turn) else {}
    told = (*beside.pop("told", turn.memory.told), "verified")
    return turn.decide(
        "verify",
        Say("verify.passed", turn.params),
        facts_matched=matched,
        phase="talking",
        expecting=None,
        told=told,
        **beside,
        because=("verified:" + "+".join(matched),),
    )


_CERTAIN = 0.8


def _asks_beside(turn: Turn) -> bool:
    """Whether the message asks for something beside the facts, so surely that no fact was taken for it."""
    told = turn.understanding
    if any(name.startswith("ask_") and name in PICKED_UP for name in told.asserted):
        return True
    sure = any(i.confidence >= _CERTAIN and i.name in PICKED_UP for i in told.intents)
    return sure and (_names_terms(turn) or future_date(told, turn.today) is not None)


def _names_terms(turn: Turn) -> bool:
    """Whether a sum with its period, or written as money, stands there, or a number of payments."""
    amounts = turn.understanding.of_type("amount")
    worded = any(e.fields.get("period", "once") != "once" or not turn.text[e.start : e.end].isdigit() for e in amounts)
    return worded or bool(turn.understanding.of_type("instalments", "frequency"))


def _wrong(turn: Turn, matched: tuple[str, ...]) -> Decision:
    tries = turn.memory.tries + 1
    because = (f"tries:{tries}/{turn.situation.max_tries}", "rule:SAFE-ID-1")
    if tries >= turn.situation.max_tries:
        return turn.hand_over(
            "escalate", "identity", "verify.failed", turn.person(), because=because, tries=tries, facts_matched=matched
        )
    return turn.decide(
        "verify",
        "verify.no_match",
        _prompt(turn, matched),
        buttons=(PERSON,),
        because=because,
        tries=tries,
        facts_matched=matched,
        **_ASKING,
    )


def _talk_before(turn: Turn) -> Decision:
    """Words instead of facts: answered as far as a stranger may hear, then the question again."""
    prompt = _prompt(turn, turn.memory.facts_matched)
    kept = _remembered(turn)
    if turn.says("refuse_verification"):
        if "refused_check" in turn.memory.told:
            return turn.hand_over("escalate", "identity", "verify.refused_again", turn.person())
        told = (*turn.memory.told, "refused_check")
        return turn.decide("verify", Say("verify.why", turn.params), buttons=(PERSON,), told=told, **_ASKING)
    for intent in ("doubt_legitimacy", "ask_if_bot", "ask_who_are_you", "help"):
        if turn.says(intent):
            return turn.decide("answer", Say(f"verify.{intent}", turn.params), prompt, **kept, **_ASKING)
    if turn.says("goodbye", "callback_later"):
        return turn.decide("answer", "social.later", **kept, **_ASKING)
    if turn.no and "refused_check" in turn.memory.told:
        return turn.hand_over("escalate", "identity", "verify.refused_again", turn.person())
    if turn.no:
        return turn.decide("verify", "verify.is_it_you", **kept, **_ASKING)
    opening = turn.memory.phase == "opening"
    if opening or turn.says("greet", "confirm_identity", "affirm") or (turn.understanding.asserted and not _lost(turn)):
        first = () if opening or turn.says("greet", "confirm_identity", "affirm") else (Say("verify.first"),)
        return turn.decide("verify", *first, prompt, **kept, **_ASKING)
    misses = turn.memory.misses + 1
    if misses >= 3:
        return turn.hand_over("escalate", "not_understood", "escalate.not_understood", turn.person())
    if misses == 2:
        return turn.decide(
            "clarify", "clarify.offer_person", buttons=(PERSON,), misses=misses, person_offered=True, **_ASKING
        )
    return turn.decide("clarify", "verify.not_understood", prompt, misses=misses, **_ASKING)


def _lost(turn: Turn) -> bool:
    return turn.understanding.asserted[:1] in (("out_of_scope",), ("dont_understand",))


def _remembered(turn: Turn) -> dict[str, Any]:
    """What was asked before the check is not lost: it is answered once the check is passed."""
    wanted = next((name for name in turn.understanding.asserted if name in PICKED_UP), None)
    if wanted is None:
        return {}
    balance = turn.situation.case.balance.total
    asked = ask_of(turn.understanding, turn.text, balance=balance, today=turn.today, in_instalments=False)
    told = tuple(item for item in turn.memory.told if not item.startswith("wanted:"))
    return {
        "ask": merged(turn.memory.ask, asked) if wanted not in PROMISES else turn.memory.ask,
        "promise_draft": promise_before_check(turn),
        "told": (*told, f"wanted:{wanted}"),
    }


PICKED_UP = frozenset(
    "request_instalments propose_amount request_discount request_extension request_fee_waiver pay_part_now cannot_pay "
    "ask_other_options promise_to_pay pay_in_full ask_balance ask_debt_details ask_due_date ask_how_to_pay "
    "ask_interest_fees ask_consequences ask_credit_impact already_paid ask_payment_received payment_problem "
    "request_documents unaware_of_debt reason_oversight".split()
)
"""What a person may say before the check that is taken up again after it."""
