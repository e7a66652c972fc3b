"""What a message means where it was said: entities, and how far the talk has come, settle what words leave open."""

import re
from collections.abc import Mapping
from dataclasses import replace

from core.dialogue.birthdates import birth_dates, tells
from core.dialogue.in_numbers import ASKS, LIKELY, in_numbers, promised
from core.dialogue.meant import about_the_least, how_far, taken_back
from core.dialogue.misheard import CONTACT, put_right, renamed
from core.dialogue.refused import without_refused
from core.dialogue.situation import Situation
from core.dialogue.understanding import ASSERTED, Intent, Understanding

_CERTAIN = 0.9
_NOT_HERE = 0.8
"""From here up a message that has nothing to do with the debt stays that, whatever numbers stand in it."""
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

_WITHOUT_PLAN: Mapping[str, str] = {
    "missed_payment": "promise_to_pay",
    "ask_early_payoff": "ask_balance",
    "cancel_plan": "ask_plan_status",
}
"""What words about a plan mean while none is in force."""

_QUESTIONS = frozenset("ask_balance ask_debt_details ask_interest_fees ask_due_date ask_how_to_pay".split())
_OF_A_PROMISE: Mapping[str, str] = {"change_plan": "promise_to_pay", "request_extension": "promise_to_pay"}
"""What a wish for another date means while a promise stands."""


def in_context(understanding: Understanding, situation: Situation) -> Understanding:
    """The understanding with intents added, renamed or taken away; of entities only those go that are refused."""
    text = situation.inbound.text
    if situation.plan is None and situation.promise is None:
        understanding = without_refused(understanding, text)
    names = dict.fromkeys(understanding.asserted)
    if any(intent.name == "out_of_scope" and intent.confidence >= _NOT_HERE for intent in understanding.intents[:1]):
        return understanding
    names = put_right(names, understanding, situation)
    if "third_party_contact" in names and _DEATH.search(text):
        names["debtor_deceased"] = None
    names = _of_fees(names, understanding, text)
    if not situation.memory.verified:
        names = _while_facts_are_asked(names, understanding, text)
    elif _tells_birth_date(situation):
        names = dict.fromkeys(["confirm_identity", *_beside_facts(names, understanding, text)])
    names = taken_back(names, understanding, situation)
    if situation.plan is None:
        if situation.promise is not None:
            names = renamed(names, _OF_A_PROMISE)
        names = _before_a_plan(names, understanding, situation)
        names = in_numbers(names, understanding, situation)
        if situation.memory.draft or situation.memory.offers:
            if _WHAT_ABOUT.search(text):
                names = _counters(names, understanding)
            names = _about_the_offer(names, understanding, text)
            names = about_the_least(names, situation)
        else:
            names = how_far(names, text)
        names = promised(names, understanding, situation)
    if "refuse_to_pay" in names and (ASKS & names.keys() or understanding.of_type("amount")):
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


def _tells_birth_date(situation: Situation) -> bool:
    born = situation.debtor.facts.get("birth_date")
    return bool(born) and tells(str(born), birth_dates(situation.inbound.text, situation.now.date()))


_FIGURES = frozenset(("propose_amount", "inform_finances", "bankruptcy", "dispute_amount"))
"""What bare figures are taken for."""


def _beside_facts(names: dict[str, None], understanding: Understanding, text: str) -> dict[str, None]:
    """What else is said by somebody who gives the facts again, though they were checked."""
    names = _while_facts_are_asked(names, understanding, text)
    worded = [e for e in understanding.of_type("amount") if not text[e.start : e.end].isdigit()]
    return names if worded else {name: None for name in names if name not in _FIGURES}


def _with(understanding: Understanding, names: tuple[str, ...]) -> Understanding:
    if names == understanding.asserted:
        return understanding
    known = {intent.name: intent for intent in understanding.intents}
    told = [known[name] for name in names if name in known and known[name].confidence >= ASSERTED]
    added = [Intent(name, _CERTAIN) for name in names if name not in {intent.name for intent in told}]
    others = [i for i in understanding.intents if i.confidence < ASSERTED and i.name not in names]
    return replace(understanding, intents=(*told, *added, *others))


def _before_a_plan(names: dict[str, None], understanding: Understanding, situation: Situation) -> dict[str, None]:
    on_table = situation.memory.draft is not None or bool(situation.memory.offers)
    if "missed_payment" in names and names.keys() & _QUESTIONS:
        del names["missed_payment"]
    instead = dict(_WITHOUT_PLAN)
    if understanding.of_type("amount", "instalments", "share"):
        instead["change_plan"] = "propose_amount"
    elif not on_table:
        instead["change_plan"] = "request_extension"
    return renamed(names, instead)


def _of_fees(names: dict[str, None], understanding: Understanding, text: str) -> dict[str, None]:
    """Whether charges are to be taken off, or only asked about."""
    waivers = (intent for intent in understanding.intents if intent.name == "request_fee_waiver")
    if _OFF_IT.search(text) and any(intent.confidence >= LIKELY for intent in waivers):
        names["request_fee_waiver"] = None
    if "request_fee_waiver" in names and _ABOUT_FEES.search(text):
        return renamed(names, {"request_fee_waiver": "ask_interest_fees"})
    return names


def _about_the_offer(names: dict[str, None], understanding: Understanding, text: str) -> dict[str, None]:
    """“Weekly or nothing” with an offer on the table is about how often to pay, not how often to be written to."""
    if "contact_preference" not in names or not understanding.of_type("frequency", "payday") or CONTACT.search(text):
        return names
    return renamed(names, {"contact_preference": "request_instalments"})


_WHAT_ABOUT = re.compile(r"\b(?:what|how) about\b|呢[?？!！~。]*$|怎么样|如何[?？]*$", re.IGNORECASE)


def _counters(names: dict[str, None], understanding: Understanding) -> dict[str, None]:
    """“What about 1,800?” with an offer on the table names a sum; it asks for no breakdown."""
    if not understanding.of_type("amount"):
        return names
    kept = [name for name in names if name not in ("ask_debt_details", "ask_balance")]
    return dict.fromkeys([*kept, "propose_amount"])
