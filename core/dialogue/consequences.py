"""What not paying may lead to, as far as it is certain and may be said; asked again, not the same words again."""

import re

from core.dialogue.decision import Say
from core.dialogue.idioms import asks_if_calls_end
from core.dialogue.turn import Turn

ONCE = ("ask_consequences", "ask_credit_impact")
"""Questions whose answer is long, and is not repeated word for word."""

_MISSED = re.compile(r"\bmiss|\blate\b|\bskip|错过|忘|晚|漏|没按时|逾期|没还上|来不及", re.IGNORECASE)
_COURT = re.compile(
    r"\bcourt\b|\bsu(?:e|ed|ing)\b|\blaw ?suit|\blegal action|\bbailiff|\bgarnish|\benforcement (?:agent|officer)"
    r"|\bccj\b|\bjudge?ment\b|\battachment of earnings|\b(?:take|freeze|levy) my (?:wages|bank|account|house|car)"
    r"|起诉|法院|打官司|告我|仲裁|强制执行|律师函|立案",
    re.IGNORECASE,
)
_PRISON = re.compile(r"坐牢|坐监|蹲(?:监狱|大牢)|监狱|抓|判刑|刑事|犯罪|犯法|拘留|通缉|逮捕", re.IGNORECASE)
_OTHERS = re.compile(
    r"上门|(?:来|到|去)(?:我)?家(?!里没)|家访|单位|公司|同事|领导|家人|家里人|父母|爸妈|老婆|老公|亲戚|朋友"
    r"|通讯录|联系人"
    r"|\bvisit|\bcome (?:to|round|over)\b"
    r"|\b(?:my )?(?:work(?:place)?|boss|employer|family|parents|neighbou?rs|friends)\b",
    re.IGNORECASE,
)


_REPAIR = re.compile(r"修复|洗白|消除|一次性.{0,4}政策|\brepair\b", re.IGNORECASE)


def consequences(turn: Turn) -> tuple[Say, ...]:
    """The answer to what was asked in particular, then what is certain in general, which is said once."""
    planned = turn.memory.draft is not None or turn.situation.plan is not None
    if planned and _MISSED.search(turn.text):
        return (Say("readback.missed"),)
    if asks_if_calls_end(turn.text):
        return (Say("answer.calls"),)
    market = turn.situation.case.market
    particular = tuple(
        Say(key)
        for key, words in (("answer.court", _COURT), ("answer.civil", _PRISON), ("answer.only_here", _OTHERS))
        if words.search(turn.text) and (key != "answer.civil" or market == "cn")
    )
    if "ask_consequences" in turn.memory.told:
        return particular or (Say("answer.as_before"),)
    return (*particular, Say(f"answer.consequences_{market}"))


def credit(turn: Turn) -> tuple[Say, ...]:
    """What it does to the credit record; asked again, how long it stays."""
    market = turn.situation.case.market
    if market == "cn" and _REPAIR.search(turn.text):
        return (Say("answer.credit_repair_cn"),)
    again = "ask_credit_impact" in turn.memory.told
    return (Say(f"answer.credit_again_{market}" if again else f"answer.credit_{market}"),)
