"""What the sums, lengths and days in a message make of it: a part now, a plan, a bid for all of it, a promise."""

import re
from decimal import Decimal

from core.dialogue.closing import last_word, settles
from core.dialogue.household import without_household
from core.dialogue.misheard import renamed
from core.dialogue.on_days import done_by
from core.dialogue.reading import ASK_ENTITIES
from core.dialogue.rest import of_rest, speaks_of_rest
from core.dialogue.said import future_date
from core.dialogue.situation import Situation
from core.dialogue.understanding import Understanding

LIKELY = 0.2
"""From here up a candidate counts where an entity of its kind stands beside it."""
_AT_ONCE = re.compile(
    r"\b(?:now|today|down|up ?front|first|straight ?away|deposit|initial(?:ly)?|to start)\b"
    r"|首付|首期|先[还付交给拿]|现在|今天|马上|(?:这个?月|本月)(?:只能|最多|可以|就|能)+[还付交给拿]",
    re.IGNORECASE,
)
ASKS = frozenset(
    "request_instalments request_extension request_discount request_fee_waiver propose_amount pay_part_now "
    "too_expensive ask_other_options promise_to_pay pay_in_full".split()
)


def in_numbers(names: dict[str, None], understanding: Understanding, situation: Situation) -> dict[str, None]:
    """The intents as far as the numbers said settle them."""
    asked = without_household(understanding, situation.inbound.text)
    names = _asked(names, asked, understanding, situation)
    names = _bids(names, asked, situation)
    return _of_the_draft(names, understanding, situation)


def _asked(
    names: dict[str, None], asked: Understanding, understanding: Understanding, situation: Situation
) -> dict[str, None]:
    """Intents by the sums and lengths said. Where offers are on the table or were asked for, a last word about a sum
    need not be about all of it."""
    text, today = situation.inbound.text, situation.now.date()
    amounts = asked.of_type("amount")
    periodic = [amount for amount in amounts if amount.fields.get("period", "once") != "once"]
    later = periodic or asked.of_type("instalments", "duration")
    if len(periodic) < len(amounts) and later and (_AT_ONCE.search(text) or speaks_of_rest(text)):
        names["pay_part_now"] = None
    names = _part_and_rest(names, asked, text)
    names = _part_first(names, asked, understanding, text)
    if not amounts and done_by(asked, text, today) is not None:
        names = dict.fromkeys([*(name for name in names if name not in _TAKEN_FOR_AN_END), "request_instalments"])
    if asked.of_type("instalments", "duration") and not amounts:
        names = _by_length(names, asked, text)
    if not names and (asked.of_type(*ASK_ENTITIES)):
        counted = "request_instalments" if asked.of_type("instalments") else None
        likeliest = _likeliest(understanding, ASKS) or counted
        if likeliest is not None:
            names[likeliest] = None
    if not amounts:
        return names
    if periodic and "promise_to_pay" in names:
        names = renamed(names, {"promise_to_pay": "propose_amount"})
    if not periodic and not later and _IN_ALL.search(text):
        names = renamed(names, {"promise_to_pay": "request_discount"})
    closes = settles(text) or (last_word(text) and not _in_talk(situation))
    if not periodic and not later and closes and not names.keys() & {"promise_to_pay", "pay_in_full"}:
        names["request_discount"] = None
    told_too = len(amounts) < len(understanding.of_type("amount"))
    if names.keys() <= CIVIL | _BESIDE_AN_ASK and (periodic or "inform_finances" in names):
        if not told_too:
            names.pop("inform_finances", None)
        dated = not periodic and bool(asked.of_type("date")) and not _STARTS.search(text)
        names["promise_to_pay" if dated else "propose_amount"] = None
    return names


def _part_and_rest(names: dict[str, None], asked: Understanding, text: str) -> dict[str, None]:
    """Half of it with a word of the other half: a part of it all, or a bid where that shall be forgotten."""
    if _halves(asked) and speaks_of_rest(text):
        meant, other = ("request_discount", "pay_part_now") if settles(text) else ("pay_part_now", "request_discount")
        names = dict.fromkeys([*(name for name in names if name != other), meant])
    if names.keys() >= {"pay_part_now", "promise_to_pay"} and _rest_by_a_day(asked, text):
        names = {name: None for name in names if name != "promise_to_pay"}
    return names


def _rest_by_a_day(asked: Understanding, text: str) -> bool:
    """“5,000 first, the rest before the new year”: the day is that of the rest, and not of the sum."""
    rest, days = of_rest(text), asked.of_type("date")
    return rest is not None and bool(days) and all(item.start >= rest.start() for item in days)


_TAKEN_FOR_AN_END = frozenset(
    "pay_in_full promise_to_pay ask_early_payoff ask_balance ask_plan_status callback_later request_extension "
    "propose_amount".split()
)
"""What “all done by March” is taken for."""
_FIRST_AND_THEN = re.compile(
    r"\b(?:down|up ?front|as a deposit|first)\b.*\b(?:then|after\w*|the rest|monthly|payments?)\b", re.IGNORECASE
)


def _part_first(
    names: dict[str, None], asked: Understanding, understanding: Understanding, text: str
) -> dict[str, None]:
    """“200 down first and then monthly”: a part at once and a plan for what is left."""
    likely = any(each.name == "request_instalments" and each.confidence >= LIKELY for each in understanding.intents)
    if len(asked.of_type("amount")) != 1 or not likely or not _FIRST_AND_THEN.search(text):
        return names
    if any(item.fields.get("period", "once") != "once" for item in asked.of_type("amount")):
        return names
    kept = [name for name in names if name != "propose_amount"]
    return dict.fromkeys([*kept, "pay_part_now", "request_instalments"])


_IN_ALL = re.compile(r"(?:一共|总共)(?:就|只|最多)*(?:还|给|付|出)(?=[\d一二两三四五六七八九十百千万])")
"""“14,000 in all” is a bid for everything, even with a day to pay it on."""


def _halves(asked: Understanding) -> bool:
    """Whether a share of the debt is to be paid, which is a part of it where the rest is spoken of, and no bid."""
    return any(item.fields.get("of") == "pay" for item in asked.of_type("share"))


OF_EACH = re.compile(
    r"(?:how much|what would|what'?s|what is|what are)\b.{0,30}\b(?:a|per|each|every) (?:month|week|payment|time)\b"
    r"|\b(?:monthly|weekly) (?:payments?|sum|amount)\b|\bwhat(?:'?s| is| would) my payments?\b"
    r"|(?:每个?月|一个?月|每期|一期|每周|每次).{0,6}(?:多少|几多)",
    re.IGNORECASE,
)
"""Questions of what falls due each time."""
_GONE_BY = re.compile(
    r"\b(?:miss\w*|behind|made|late|skip\w*|paid|overdue|left|remaining)\b|逾期|拖|欠|已经?|还了|没还|还剩",
    re.IGNORECASE,
)
_OF_THE_WHOLE = frozenset(("ask_balance", "ask_debt_details", "ask_early_payoff", "ask_plan_status"))


def _by_length(names: dict[str, None], asked: Understanding, text: str) -> dict[str, None]:
    """“Six months, what would that be a month?” asks for that plan, and “3 payments, first on the 5th” promises none
    of it all."""
    if OF_EACH.search(text):
        return dict.fromkeys([*(name for name in names if name not in _OF_THE_WHOLE), "request_instalments"])
    several = any(int(item.value) > 1 for item in asked.of_type("instalments"))
    if several and names.keys() == {"ask_plan_status"}:
        return {"request_instalments": None}
    if several and names.keys() <= _OF_THE_WHOLE and not _GONE_BY.search(text):
        return {**names, "request_instalments": None}
    if several and "promise_to_pay" in names:
        names = renamed(
            {name: None for name in names if name != "ask_other_options"}, {"promise_to_pay": "request_instalments"}
        )
    return names


def _bids(names: dict[str, None], asked: Understanding, situation: Situation) -> dict[str, None]:
    """“14,000 and we are done, on the 15th” bids for all of it, and so does most of it beside a settlement offered."""
    text, memory = situation.inbound.text, situation.memory
    amounts = asked.of_type("amount")
    if "promise_to_pay" not in names or len(amounts) != 1 or asked.of_type("instalments", "duration"):
        return names
    bid, owed = Decimal(str(amounts[0].value)), situation.case.balance.total.decimal
    table = (memory.draft,) if memory.draft is not None else memory.offers
    meant = settles(text) or any(offer.kind == "settlement" for offer in table)
    return renamed(names, {"promise_to_pay": "request_discount"}) if meant and owed <= 2 * bid < 2 * owed else names


_ALL_OF_IT = re.compile(
    r"\b(?:all of it|it all|everything|in full|(?:the )?(?:whole|full) (?:lot|thing|amount|sum|balance)"
    r"|pay (?:it )?off)\b"
    r"|全部?[还付]|一次|都[还付]|[还付]清|结清",
    re.IGNORECASE,
)


def _of_the_draft(names: dict[str, None], understanding: Understanding, situation: Situation) -> dict[str, None]:
    """“I'll send it tonight”, with a plan read back that is not agreed yet, names the day of its first payment; only
    “all of it” promises all that is owed."""
    draft, text = situation.memory.draft, situation.inbound.text
    wishes = names.keys() & {"pay_in_full", "promise_to_pay"}
    if draft is None or draft.kind != "instalments" or not wishes or wishes < names.keys() - CIVIL:
        return names
    dated = future_date(understanding, situation.now.date()) is not None
    if not dated or understanding.of_type("amount", "share"):
        return names
    if _ALL_OF_IT.search(text):
        return dict.fromkeys([*names, "pay_in_full"])
    return renamed(names, dict.fromkeys(wishes, "propose_amount"))


_ABOUT_CONTACT = ("update_contact", "contact_preference")
CIVIL = frozenset(("affirm", "thanks", "greet"))
_BESIDE_AN_ASK = frozenset(("inform_finances", "ask_credit_impact", "ask_how_to_pay", *_ABOUT_CONTACT))
"""What may stand beside a sum each month, which is then asked for all the same."""
_STARTS = re.compile(
    r"\b(?:from|start\w*|begin\w*|each|every|per|a month|monthly|weekly)\b|开始|起|每|一期", re.IGNORECASE
)


def promised(names: dict[str, None], understanding: Understanding, situation: Situation) -> dict[str, None]:
    """One sum on one day, and no plan spoken of: a promise, whatever it was taken for."""
    memory, text = situation.memory, situation.inbound.text
    amounts = without_household(understanding, text).of_type("amount")
    once = len(amounts) == 1 and amounts[0].fields.get("period", "once") == "once"
    days = [item for item in understanding.of_type("date") if item.fields.get("grain", "day") == "day"]
    of_a_plan = understanding.of_type("instalments", "duration", "frequency", "payday") or _STARTS.search(text)
    if not once or len(days) != 1 or of_a_plan or memory.offers or memory.draft or memory.promise_draft:
        return names
    taken_for = {"propose_amount", "inform_finances"}
    if "propose_amount" not in names or names.keys() - CIVIL - taken_for:
        return names
    return dict.fromkeys([*(name for name in names if name not in taken_for), "promise_to_pay"])


def _likeliest(understanding: Understanding, names: frozenset[str]) -> str | None:
    """The strongest candidate, where it is one of these and likely enough."""
    first = max(understanding.intents, key=lambda intent: intent.confidence, default=None)
    return first.name if first is not None and first.name in names and first.confidence >= LIKELY else None


def _in_talk(situation: Situation) -> bool:
    memory = situation.memory
    return bool(memory.draft or memory.offers or memory.ask.instalment) or memory.expecting == "amount"
