"""Danger and rights: heard first, whatever was being asked, before the identity check as well as after it.

Order of gravity as in the chat-safety rules (SAFE-*): self-harm, minors, vulnerability, then the duties of law, then
disputes and hardship. Nothing said here tells anything about a debt.
"""

import re

from core.dialogue.decision import AddFlags, ClaimPaid, Close, Decision, PreferContact, Say, StopContact
from core.dialogue.flags import Flag, HandoffReason
from core.dialogue.heard import for_people
from core.dialogue.said import sums
from core.dialogue.turn import Turn

_NOT_AN_AGE = (
    r"(?! ?(?:days?|weeks?|months?|hours?|min|dollars?|bucks|quid|pounds?|usd|gbp|percent|%|k\b|payments?|short|off"
    r"|away|late|behind|over|under|grand|hundred|and a half))"
)
_MINOR = re.compile(
    r"我(?:今年|才|只有|还|刚|现在)*(?:1[0-7]|十[一二三四五六七]?)(?:周)?岁(?!的)"
    r"|(?:^|我|本人|[，,。])(?:是|还是|还|就是|才)*(?:一?个)?未成年(?!的?(?:孩子|子女|儿子|女儿|弟|妹|小孩|娃))"
    r"|(?:我|本人)(?:还)?(?:没|未|不)满(?:18|十八)|还在(?:上|读)(?:初中|小学|初[一二三])"
    r"|(?:^|[，,。 ])我(?:才|还|在|是|正|读|上)*(?:初[一二三]|小学[一二三四五六]|初中生|小学生)"
    r"(?!毕业|文化|学历|同学|没)"
    rf"|\b(?:i'?m|i am) (?:only|just) 1[0-7]\b{_NOT_AN_AGE}"
    r"|\b(?:i'?m|i am) 1[0-7](?= (?:this|and|so|my|its|it's|but|still|in (?:school|grade|year|high))\b)"
    r"|\b(?:i'?m|i am) (?:only |just )?1[0-7](?: ?(?:years old|yrs? old|yo)\b|\s*$|[.,!])"
    r"|\b(?:i'?m|i am) (?:only |just |still )?(?:a minor|under ?age|under 18|a (?:kid|child))\b",
    re.IGNORECASE,
)
_ABUSED_AT_HOME = re.compile(
    r"(?:husband|wife|partner|boyfriend|girlfriend|\bex\b|\bhe\b|\bshe\b).{0,40}"
    r"(?:controls? (?:all )?(?:the|my|our|every)|hits? me|beats? me|hurts? me|abus|violen|threaten|scared of|afraid of)"
    r"|(?:scared|afraid|daren'?t|frightened).{0,30}(?:husband|wife|partner|boyfriend|\b(?:him|her)\b.{0,12}\bsee)"
    r"|家暴|(?:老公|老婆|丈夫|妻子|男朋友|女朋友|男友|对象|他|她)(?:总|老|又|天天|经常)?(?:打我|骂我打我|控制我|威胁我)"
    r"|别(?:让|给)(?:他|她|老公|老婆)(?:看见|看到|知道).{0,8}(?:消息|短信|信息|怕|打)",
    re.IGNORECASE,
)
"""Abuse or control by somebody close (SAFE-VUL-2)."""

_BREATHING_SPACE = re.compile(r"breathing space|debt respite|moratorium|statutory moratorium", re.IGNORECASE)
_ADVISER = re.compile(
    r"advis|advice|debt (?:relief|settlement|management|consolidation|help|charity)|\bdmp\b|credit counsel"
    r"|step ?change|citizens|national debtline|payplan|charity|counsell?or"
    r"|债务(?:顾问|咨询)|咨询(?:公司|机构)|法律援助",
    re.IGNORECASE,
)
_LAWYER = re.compile(r"lawyer|attorney|solicitor|barrister|law ?firm|legal rep|律师|律所", re.IGNORECASE)

_IN_SERVICE = re.compile(
    r"\bscra\b|\bservice ?members\b|\bactive[- ]duty\b|\bdeployment\b|\bnational guard\b"
    r"|\b(?:i'?m|i am|i was|im|we'?re|being|getting|get|got|been) (?:currently |just |still )?deploy(?:ed|ing)\b"
    r"|\bdeploy(?:ed|ing)? (?:to|overseas|abroad|till|til|until|in|next|this|for)\b|\bship(?:ping|ped)? out\b"
    r"|\b(?:got|have|received|on) (?:my |pcs |military )?orders\b(?! (?:to pay|from (?:the )?court|at|on ))"
    r"|\bin the (?:army|navy|marines|marine corps|air force|coast guard|military)\b"
    r"|\bstationed (?:in|at|overseas|on)\b",
    re.IGNORECASE,
)
"""Words of somebody who serves, for whom special protections may hold (US-SCRA-1)."""

HARDSHIP = ("hardship_income", "hardship_health", "hardship_family", "hardship_event")
DISPUTES = ("dispute_debt", "dispute_amount", "dispute_terms")
HANDED_BACK = "handed_back"
PREFERENCES = ("contact_preference", "protect_third_parties")
"""Wishes about contact that do not end the talk."""


def danger(turn: Turn) -> Decision | None:
    """Someone may be at risk: comfort, no word of money, and a person at once (SAFE-SELF-1 to 5, SAFE-MIN-1)."""
    if turn.says("self_harm"):
        crisis = Say(f"safety.crisis_{turn.situation.case.market}")
        return turn.hand_over(
            "comfort",
            "self_harm",
            "safety.self_harm",
            crisis,
            "safety.person_now",
            flags=frozenset(("self_harm", "vulnerable")),
            because=("intent:self_harm", "rule:SAFE-SELF-1"),
        )
    if _MINOR.search(turn.text):
        return turn.hand_over(
            "comply",
            "vulnerable",
            "comply.minor",
            turn.person(),
            flags=frozenset(("minor", "vulnerable")),
            because=("heard:minor", "rule:SAFE-MIN-1"),
        )
    if _ABUSED_AT_HOME.search(turn.text):
        return turn.hand_over(
            "comfort",
            "vulnerable",
            "safety.private",
            turn.person(),
            flags=_with_hardship(turn, "vulnerable"),
            because=("heard:abuse-at-home", "rule:SAFE-VUL-2"),
            **for_people(turn),
        )
    if turn.says("distress"):
        return turn.hand_over(
            "comfort",
            "vulnerable",
            "safety.distress",
            turn.person(),
            flags=_with_hardship(turn, "vulnerable"),
            because=(*turn.why(), "rule:SAFE-VUL-1"),
            **for_people(turn),
        )
    return None


def _with_hardship(turn: Turn, *flags: Flag) -> frozenset[Flag]:
    return frozenset((*flags, "hardship") if turn.says(*HARDSHIP) else flags)


def duties(turn: Turn) -> Decision | None:
    """Duties of law, each acted on in the same turn."""
    if _BREATHING_SPACE.search(turn.text) and turn.situation.case.market == "uk":
        return _stand_still(turn, "comply.breathing_space", "rule:UK-BS-1", "breathing_space")
    if turn.says("bankruptcy"):
        return _stand_still(turn, "comply.bankruptcy", "rule:SAFE-BK-1", "bankruptcy")
    if turn.says("legal_representation"):
        return _represented(turn)
    if turn.says("debtor_deceased"):
        flags: tuple[Flag, ...] = ("deceased", "third_party") if turn.says("third_party_contact") else ("deceased",)
        return _stand_still(turn, "comply.deceased", "rule:SAFE-DEAD-1", *flags)
    if turn.says("identity_theft"):
        return _escalate(turn, "identity_theft", "escalate.identity_theft", "rule:SAFE-FRD-1", "identity_theft")
    if turn.says("deny_identity"):
        return _wrong_person(turn)
    if turn.says("third_party_contact"):
        return _third_party(turn)
    if turn.says("statute_barred"):
        return _legal(turn, "comply.statute_barred", "rule:UK-STAT-1", "time_barred")
    if turn.says("privacy_request") and not turn.says("refuse_verification"):
        return _legal(turn, "comply.privacy", "rule:CN-PI-8", "privacy_request")
    return None


def claims(turn: Turn) -> Decision | None:
    """Disputes, complaints, hardship, a wish to stop, a wish for a person."""
    if turn.says(*DISPUTES):
        return _escalate(turn, "dispute", "escalate.dispute", "rule:SAFE-DISP-1", "dispute")
    if turn.says("already_paid") and not (turn.memory.verified and turn.owes_by_agreement):
        return _paid(turn)
    if turn.says("complaint"):
        key = f"escalate.complaint_{turn.situation.case.market}"
        return _escalate(turn, "complaint", key, "rule:CN-COMP-1", "complaint")
    if turn.says("stop_contact") or _ceases_by_refusing(turn):
        return _stop(turn)
    if _IN_SERVICE.search(turn.text) and turn.situation.case.market == "us" and HANDED_BACK not in turn.memory.told:
        return _in_service(turn)
    if turn.says(*HARDSHIP) and not _bargains_after_a_person(turn):
        key = next(name for name in HARDSHIP if turn.says(name))
        return turn.hand_over(
            "escalate",
            "hardship",
            f"escalate.{key}",
            turn.person(),
            flags=_with_debts(turn),
            because=(*turn.why(), "rule:SAFE-HARD-1"),
            **for_people(turn),
        )
    if turn.press == "human" or turn.says("talk_to_human"):
        return turn.hand_over(
            "escalate",
            "person_requested",
            "escalate.person",
            turn.person(),
            because=(*turn.why(), "rule:SAFE-LOOP-1"),
            **for_people(turn),
        )
    return None


def _in_service(turn: Turn) -> Decision:
    """US-SCRA-1: a person looks first at what protects somebody on active duty."""
    return turn.hand_over(
        "escalate",
        "legal",
        "escalate.in_service",
        turn.person(),
        flags=_with_hardship(turn),
        because=(*turn.why(), "heard:in-service", "rule:US-SCRA-1"),
        **for_people(turn),
    )


def _paid(turn: Turn) -> Decision:
    """SAFE-DISP-1: no demand while a person looks for the payment; what shows it is asked for."""
    said = sums(turn.understanding, turn.situation.case.currency)
    return turn.hand_over(
        "answer",
        "dispute",
        "escalate.already_paid",
        turn.person(),
        flags=frozenset(("dispute",)),
        effects=(ClaimPaid(said[0].money if said else None),),
        because=(*turn.why(), "rule:SAFE-DISP-1"),
    )


_ASKED = re.compile(r"\?|？|\bdo i (?:have|need) to\b|\bshould i\b|要不要|用不用|是不是", re.IGNORECASE)
_FLATLY = 0.7


def _ceases_by_refusing(turn: Turn) -> bool:
    """15 USC 1692c(c): a flat refusal to pay, in writing, ends contact in the US. A question is no refusal."""
    sure = any(i.name == "refuse_to_pay" and i.confidence >= _FLATLY for i in turn.understanding.intents)
    return sure and turn.situation.case.market == "us" and not _ASKED.search(turn.text)


def _bargains_after_a_person(turn: Turn) -> bool:
    """A person has heard the hardship and handed back; now the debtor names a sum, and the bot may answer it."""
    known = HANDED_BACK in turn.memory.told and "hardship" in turn.situation.flags
    return known and bool(turn.understanding.of_type("amount"))


def _with_debts(turn: Turn) -> frozenset[Flag]:
    grave = turn.says("hardship_health") and turn.says("hardship_income", "hardship_family")
    return frozenset(("hardship", "vulnerable")) if grave else frozenset(("hardship",))


def _legal(turn: Turn, key: str, rule: str, *flags: Flag) -> Decision:
    return turn.hand_over("comply", "legal", key, turn.person(), flags=frozenset(flags), because=(*turn.why(), rule))


def _stand_still(turn: Turn, key: str, rule: str, *flags: Flag) -> Decision:
    """Contact itself has to stop, so no word that somebody will write; a wish to be left alone is kept too."""
    stopped = turn.says("stop_contact")
    return turn.hand_over(
        "comply",
        "legal",
        key,
        flags=frozenset((*flags, "stop_contact") if stopped else flags),
        effects=(StopContact(),) if stopped else (),
        because=(*turn.why(), rule),
    )


def _escalate(turn: Turn, reason: HandoffReason, key: str, rule: str, flag: Flag) -> Decision:
    flags: set[Flag] = {flag}
    if turn.says(*HARDSHIP):
        flags.add("hardship")
    if turn.says("complaint"):
        flags.add("complaint")
    if turn.says(*DISPUTES):
        flags.add("dispute")
    because = (*turn.why(), rule)
    return turn.hand_over(
        "escalate", reason, key, turn.person(), flags=frozenset(flags), because=because, **for_people(turn)
    )


def _represented(turn: Turn) -> Decision:
    adviser = bool(_ADVISER.search(turn.text)) and not _LAWYER.search(turn.text)
    if adviser:
        return _stand_still(turn, "comply.adviser", "rule:UK-HOLD-1", "debt_advice")
    key = "comply.represented" if _LAWYER.search(turn.text) else "comply.representative"
    return _stand_still(turn, key, "rule:US-ATTY-1", "represented")


def _wrong_person(turn: Turn) -> Decision:
    """SAFE-WRONG-1: apologise, tell nothing, end. After a passed check a person looks into who is writing."""
    because = (*turn.why(), "rule:SAFE-WRONG-1")
    if turn.memory.verified:
        return turn.hand_over(
            "comply",
            "identity",
            "comply.wrong_person_later",
            flags=frozenset(("wrong_party",)),
            because=because,
        )
    effects = (AddFlags(frozenset(("wrong_party",))), StopContact(), Close("wrong_party"))
    return turn.decide("comply", "comply.wrong_person", effects=effects, because=because, phase="closed")


def _third_party(turn: Turn) -> Decision:
    return turn.hand_over(
        "comply",
        "identity",
        "comply.third_party",
        flags=frozenset(("third_party",)),
        because=(*turn.why(), "rule:CN-3P-1", "rule:US-3P-1"),
    )


def _stop(turn: Turn) -> Decision:
    """US-OPT-5, US-CEASE-1, CN-CHAN-2: stop at once; one confirming reply."""
    effects = (AddFlags(frozenset(("stop_contact",))), StopContact(), Close("stopped"))
    return turn.decide(
        "comply",
        "comply.stop",
        effects=effects,
        because=(*turn.why(), "rule:US-OPT-5"),
        offers=(),
        draft=None,
        promise_draft=None,
        expecting=None,
    )


def preferences(turn: Turn) -> Decision | None:
    """Wishes about contact that do not end the talk: noted, confirmed."""
    if turn.says("contact_preference"):
        effects = (PreferContact(turn.text), AddFlags(frozenset(("time_restricted",))))
        return turn.decide("comply", "comply.preference", effects=effects, because=(*turn.why(), "rule:US-TIME-3"))
    if turn.says("protect_third_parties"):
        return turn.decide("comply", "comply.only_you", because=(*turn.why(), "rule:CN-3P-1"))
    return None
