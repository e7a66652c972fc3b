"""What a message means where it was said: entities, and how far the talk has come, settle what words leave open."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from core.dialogue.reading import ASK_ENTITIES, last_word, settles, without_household
from core.dialogue.situation import Situation
from core.dialogue.understanding import ASSERTED, Intent, Understanding

_CERTAIN = 0.9
_NOT_HERE = 0.8
"""From here up a message that has nothing to do with the debt stays that, whatever numbers stand in it."""
_LIKELY = 0.2
"""From here up a candidate counts where an entity of its kind stands beside it."""

_DEATH = re.compile(
    r"去世|过世|離世|离世|病逝|不在了|走了(?!吗)|死了|没了|passed away|passed on|\bdied\b|\bdeceased\b|\bis dead\b",
    re.IGNORECASE,
)
_AGE_OF_DEBT = re.compile(r"barred|limitation|too old|years? old|expired|years|时效|過期|过期|年前|多年", re.IGNORECASE)
"""A date of birth alone is no word about the age of a debt."""

_ABOUT_FEES = re.compile(
    r"(?:有|收|要|加|算|另外收)(?:没有)?(?:利息|手续费|服务费|费用)(?:没有|没|吗|么|嘛|不|吧)"
    r"|\b(?:is|are|will) there (?:be )?(?:any )?(?:extra |more )?(?:interest|fees?|charges?)"
    r"|\bany (?:interest|fees?) on (?:it|that|this|top)",
    re.IGNORECASE,
)
"""A question whether interest is charged is no wish to be let off it."""

_OFF_IT = re.compile(
    r"\b(?:take|taking|knock|wipe|waive|drop|scrap|remove|cut|freeze|stop)\b[^.?!,]{0,20}\b(?:charges?|fees?|interest|penalt)"
    r"|(?:免|减|去|抹)[^，。！？]{0,4}(?:利息|费|违约金|滞纳金|罚息)|(?:利息|费用?|违约金|滞纳金|罚息)[^，。！？]{0,4}(?:免|减|去掉|抹)",
    re.IGNORECASE,
)
"""A wish to be let off something, which a sum beside it easily drowns."""

_AT_ONCE = re.compile(
    r"\b(?:now|today|down|up ?front|first|straight ?away|deposit|initial(?:ly)?|to start)\b"
    r"|首付|首期|先[还付交给拿]|现在|今天|马上",
    re.IGNORECASE,
)
_WITHOUT_PLAN: Mapping[str, str] = {
    "missed_payment": "promise_to_pay",
    "ask_early_payoff": "ask_balance",
    "cancel_plan": "ask_plan_status",
}
"""What words about a plan mean while none is in force."""

_OF_A_PROMISE: Mapping[str, str] = {"change_plan": "promise_to_pay", "request_extension": "promise_to_pay"}
"""What a wish for another date means while a promise stands."""

_ASKS = frozenset(
    "request_instalments request_extension request_discount request_fee_waiver propose_amount pay_part_now "
    "too_expensive ask_other_options promise_to_pay pay_in_full".split()
)


def in_context(understanding: Understanding, situation: Situation) -> Understanding:
    """The understanding with intents added, renamed or taken away; entities stay as they are."""
    text = situation.inbound.text
    names = dict.fromkeys(understanding.asserted)
    if any(intent.name == "out_of_scope" and intent.confidence >= _NOT_HERE for intent in understanding.intents[:1]):
        return understanding
    if "third_party_contact" in names and _DEATH.search(text):
        names["debtor_deceased"] = None
    if _OFF_IT.search(text) and any(
        i.name == "request_fee_waiver" and i.confidence >= _LIKELY for i in understanding.intents
    ):
        names["request_fee_waiver"] = None
    if "request_fee_waiver" in names and _ABOUT_FEES.search(text):
        names = _renamed(names, {"request_fee_waiver": "ask_interest_fees"})
    if not situation.memory.verified:
        names = _while_facts_are_asked(names, understanding, text)
    if situation.plan is None:
        if situation.promise is not None:
            names = _renamed(names, _OF_A_PROMISE)
        names = _before_a_plan(names, understanding, situation)
        names = _asked_in_numbers(names, understanding, text, in_talk=_in_talk(situation))
        if situation.memory.draft or situation.memory.offers:
            if _WHAT_ABOUT.search(text):
                names = _counters(names, understanding)
            names = _about_the_offer(names, understanding, text)
        if _promises_a_sum(names, understanding, situation):
            kept = [name for name in names if name not in ("propose_amount", "inform_finances")]
            names = dict.fromkeys([*kept, "promise_to_pay"])
    if "refuse_to_pay" in names and (_ASKS & names.keys() or understanding.of_type("amount")):
        del names["refuse_to_pay"]
    return _with(understanding, tuple(names))


_BE_CONTACTED = re.compile(
    r"\b(?:call|ring|text|messag\w*|e-?mail|contact|write|reach)\b|联系|打电话|来电|发消息|发短信|微信|找我",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]")
_HAS_CHANGED = re.compile(r"\b(?:new|chang\w*|moved|different|old)\b|换|改|新|旧|搬", re.IGNORECASE)
_MISTAKEN_FOR_FACTS: Mapping[str, re.Pattern[str] | None] = {
    "statute_barred": _AGE_OF_DEBT,
    "debtor_deceased": _DEATH,
    "privacy_request": None,
    "contact_preference": _BE_CONTACTED,
    "update_contact": _HAS_CHANGED,
}
"""What a date of birth or the end of a number is taken for, and the words without which it is not meant."""


def _while_facts_are_asked(names: dict[str, None], understanding: Understanding, text: str) -> dict[str, None]:
    """“Born 12 April 1990, phone ends 4471” answers the identity check, and nothing in it says that anybody died."""
    sure = {intent.name for intent in understanding.intents if intent.confidence >= _NOT_HERE}
    facts = bool(understanding.of_type("date", "digits"))

    def mistaken(name: str) -> bool:
        words = _MISTAKEN_FOR_FACTS.get(name)
        if name not in _MISTAKEN_FOR_FACTS or (words is not None and words.search(text)):
            return False
        return name == "statute_barred" or (facts and (name not in sure or not _WORD.search(text)))

    return {name: None for name in names if not mistaken(name)}


def _renamed(names: Iterable[str], instead: Mapping[str, str]) -> dict[str, None]:
    """The names with those that mean something else here called by that."""
    return dict.fromkeys(instead.get(name, name) for name in names)


def _with(understanding: Understanding, names: tuple[str, ...]) -> Understanding:
    if names == understanding.asserted:
        return understanding
    known = {intent.name: intent for intent in understanding.intents}
    told = [known[name] for name in names if name in known and known[name].confidence >= ASSERTED]
    added = [Intent(name, _CERTAIN) for name in names if name not in {intent.name for intent in told}]
    others = [i for i in understanding.intents if i.confidence < ASSERTED and i.name not in names]
    return replace(understanding, intents=(*told, *added, *others))


def _in_talk(situation: Situation) -> bool:
    memory = situation.memory
    return bool(memory.draft or memory.offers or memory.ask.instalment) or memory.expecting == "amount"


def _before_a_plan(names: dict[str, None], understanding: Understanding, situation: Situation) -> dict[str, None]:
    on_table = situation.memory.draft is not None or bool(situation.memory.offers)
    instead = dict(_WITHOUT_PLAN)
    if understanding.of_type("amount", "instalments", "share"):
        instead["change_plan"] = "propose_amount"
    elif not on_table:
        instead["change_plan"] = "request_extension"
    return _renamed(names, instead)


def _asked_in_numbers(
    names: dict[str, None], understanding: Understanding, text: str, *, in_talk: bool
) -> dict[str, None]:
    """Intents by the sums and lengths said; `in_talk`: offers are on the table or were asked for, so a last word about
    a sum need not be about all of it."""
    asked = without_household(understanding, text)
    amounts = asked.of_type("amount")
    periodic = [amount for amount in amounts if amount.fields.get("period", "once") != "once"]
    later = periodic or asked.of_type("instalments", "duration")
    if len(periodic) < len(amounts) and later and _AT_ONCE.search(text):
        names["pay_part_now"] = None
    if not names and (asked.of_type(*ASK_ENTITIES)):
        likeliest = _likeliest(understanding, _ASKS)
        if likeliest is not None:
            names[likeliest] = None
    if not amounts:
        return names
    closes = settles(text) or (last_word(text) and not in_talk)
    if not periodic and not later and closes and not names.keys() & {"promise_to_pay", "pay_in_full"}:
        names["request_discount"] = None
    told_too = len(amounts) < len(understanding.of_type("amount"))
    if names.keys() <= _CIVIL | {"inform_finances"} and (periodic or "inform_finances" in names):
        if not told_too:
            names.pop("inform_finances", None)
        dated = not periodic and bool(asked.of_type("date")) and not _STARTS.search(text)
        names["promise_to_pay" if dated else "propose_amount"] = None
    return names


_CONTACT = re.compile(
    r"\b(?:call|ring|phone|text|messag\w*|e-?mail|contact|write|reach|whatsapp)\b|联系|打电话|电话|发消息|发短信|短信|微信|找我",
    re.IGNORECASE,
)


def _about_the_offer(names: dict[str, None], understanding: Understanding, text: str) -> dict[str, None]:
    """“Weekly or nothing” with an offer on the table is about how often to pay, not how often to be written to."""
    if "contact_preference" not in names or not understanding.of_type("frequency", "payday") or _CONTACT.search(text):
        return names
    return _renamed(names, {"contact_preference": "request_instalments"})


_WHAT_ABOUT = re.compile(r"\b(?:what|how) about\b|呢[?？!！~。]*$|怎么样|如何[?？]*$", re.IGNORECASE)


def _counters(names: dict[str, None], understanding: Understanding) -> dict[str, None]:
    """“What about 1,800?” with an offer on the table names a sum; it asks for no breakdown."""
    if not understanding.of_type("amount"):
        return names
    kept = [name for name in names if name not in ("ask_debt_details", "ask_balance")]
    return dict.fromkeys([*kept, "propose_amount"])


_CIVIL = frozenset(("affirm", "thanks", "greet"))
_STARTS = re.compile(
    r"\b(?:from|start\w*|begin\w*|each|every|per|a month|monthly|weekly)\b|开始|起|每|一期", re.IGNORECASE
)


def _promises_a_sum(names: dict[str, None], understanding: Understanding, situation: Situation) -> bool:
    """One sum on one day, and no plan spoken of: a promise, whatever it was taken for."""
    memory, text = situation.memory, situation.inbound.text
    amounts = without_household(understanding, text).of_type("amount")
    once = len(amounts) == 1 and amounts[0].fields.get("period", "once") == "once"
    days = [item for item in understanding.of_type("date") if item.fields.get("grain", "day") == "day"]
    of_a_plan = understanding.of_type("instalments", "duration", "frequency", "payday") or _STARTS.search(text)
    if not once or len(days) != 1 or of_a_plan or memory.offers or memory.draft or memory.promise_draft:
        return False
    return "propose_amount" in names and names.keys() <= _CIVIL | {"propose_amount", "inform_finances"}


def _likeliest(understanding: Understanding, names: frozenset[str]) -> str | None:
    """The strongest candidate, where it is one of these and likely enough."""
    first = max(understanding.intents, key=lambda intent: intent.confidence, default=None)
    return first.name if first is not None and first.name in names and first.confidence >= _LIKELY else None
