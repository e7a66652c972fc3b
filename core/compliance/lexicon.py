"""The forbidden wordings, each with the rule that forbids it in each market and a compliant wording instead."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Ban:
    """One kind of forbidden wording; `pattern` searches folded text."""

    name: str
    pattern: re.Pattern[str]
    rules: Mapping[str, str]
    instead: Mapping[str, str] = field(default_factory=dict)


def _any(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words))


_OPTIONS = {
    "en": "If you would like, we can look at the options together.",
    "zh": "如果您愿意，我们可以一起看看有哪些还款安排。",
}

_LAW = {"cn": "CN-WORD-3", "us": "US-FALSE-1", "uk": "UK-LAW-1"}
_PRIVACY = {"cn": "CN-WORD-3", "us": "US-FALSE-1", "uk": "UK-PRIV-1"}
_WE = r"\b(?:we|i)(?:'ll|'d| will| may| might| could| can| would)?(?: have to| need to| be forced to| also)? "
_PEOPLE = r"(?:单位|公司|家人|家属|父母|亲友|亲戚|朋友|邻居|老板|领导|学校|村委|居委)"
_YOURS = r"(?:你|您)?的?"

LEXICON: tuple[Ban, ...] = (
    Ban(
        "crime",
        _any(
            r"坐牢|牢饭|判刑|负刑责|刑事(?:责任|案件)|抓你|抓您|抓人|报警抓|逮捕|拘留|拘捕",
            r"恶意透支|(?:构成|涉嫌|信用卡)诈骗",
            r"\b(?:go(?:ing)? to|end up in|put you in|in) (?:jail|prison)\b|\bjail time\b|\barrest(?:ed|ing)?\b",
            r"\bcriminal (?:charges?|offen[cs]e|record)\b|\bcharged with (?:fraud|theft)\b",
            r"\byou(?:'re| are) a criminal\b|\byou (?:have )?commit(?:ted)? fraud\b",
            _WE + r"(?:call|send|involve) the police\b|\breport you to the police\b|\bpolice (?:will|are coming)\b",
        ),
        _LAW,
        _OPTIONS,
    ),
    Ban(
        "court",
        _any(
            r"立案|起诉你|起诉您|我们(?:就|会|要|将)?起诉|告你|告上法庭|法院见|法庭见|强制执行|查封|冻结你|冻结您|律师函",
            r"\b(?:sue|suing) you\b|\btake you to court\b|\bsee you in court\b|\bgarnish\w* (?:your )?wages\b",
            r"\bseize your\b|\bbailiffs? will\b",
        ),
        {"cn": "CN-WORD-3", "us": "US-FALSE-1", "uk": "UK-PRESS-2"},
        _OPTIONS,
    ),
    Ban(
        "shame",
        _any(
            r"黑名单|老赖|失信曝光|曝光你|曝光您|上征信(?:黑|就完)|毁了?(?:你|您)的(?:信用|征信)|失信人",
            r"\bblack ?list(?:ed)?\b|\b(?:ruin|destroy|wreck)\w* your credit\b|\bexpose you\b",
            r"\bname and shame\b|\bdeadbeat\b",
        ),
        _PRIVACY,
        _OPTIONS,
    ),
    Ban(
        "others",
        _any(
            rf"通知{_YOURS}{_PEOPLE}|(?:我们|我|会|将|就|要|只能|否则)(?:联系|告诉|告知|找){_YOURS}{_PEOPLE}",
            rf"爆通讯录|群发通讯录|连累{_YOURS}(?:子女|孩子|家人)|影响{_YOURS}(?:子女|孩子)",
            r"\b(?:tell|contact|call|inform|notify) your (?:employer|boss|work(?:place)?|neighbou?rs?|landlord)\b",
            _WE + r"(?:tell|contact|call|inform|notify) your (?:family|parents|wife|husband|spouse|friends)\b",
        ),
        {"cn": "CN-WORD-3", "us": "US-3P-1", "uk": "UK-PRIV-1"},
    ),
    Ban(
        "visit",
        _any(
            r"上门|[去到]你家|[去到]您家|找到你家|去(?:你|您)(?:单位|公司)",
            r"\b(?:come|coming|come round|send someone|visit you) (?:to|at) your (?:home|house|door|work|office)\b",
            r"\bwe know where you live\b",
        ),
        _PRIVACY,
    ),
    Ban(
        "deadline",
        _any(
            r"最后通牒|今天(?:之内)?必须|今天不还|现在必须还|必须马上还|马上还钱|立刻还钱|立即还清|不还就|否则后果|后果自负",
            r"最后一次机会|给你最后",
            r"\bfinal (?:warning|ultimatum)\b|\blast chance\b|\bor else\b|\btoday only\b|\bone[- ]time offer\b",
            r"\b(?:must|have to) pay (?:today|now|immediately|right now|at once)\b",
            r"\bpay (?:today|now|immediately) or\b",
            r"\bpay up\b|\byou will regret\b|\bconsequences will be\b",
        ),
        {"cn": "CN-WORD-3", "us": "US-FALSE-1", "uk": "UK-PRESS-1"},
        {"en": "When would a payment be possible for you?", "zh": "您看什么时候方便还款？我们可以一起商量。"},
    ),
    Ban(
        "insult",
        _any(
            r"不要脸|无耻|(?:你|您)(?:就是|是|这个)?骗子|废物|垃圾人|人渣|混蛋|王八|傻[逼比b]|白痴|有脸|装死|滚蛋|妈的|贱人",
            r"\b(?:idiot|stupid|liar|scum|loser|pathetic|moron|shameless|bastard|disgusting|bullshit)\b|\bfuck\w*",
            r"\bshame on you\b|\byou should be ashamed\b",
        ),
        {"cn": "CN-WORD-1", "us": "US-FREQ-3", "uk": "UK-PRESS-1"},
    ),
    Ban(
        "authority",
        _any(
            r"(?:我是|我们是|我这里是|我们这里是|这里是|这边是)(?:公安|警察|派出所|法院|检察院|法官|政府|律师事务所)",
            r"\b(?:i am|i'm|we are|we're|this is) (?:an? |the )?(?:police|court|sheriff|attorney|lawyer|judge)\b",
            r"\b(?:we are|we're|this is) (?:a |the )?law firm\b",
        ),
        {"cn": "CN-ID-2", "us": "US-FALSE-1", "uk": "UK-LAW-1"},
    ),
    Ban(
        "borrowing",
        _any(
            r"借钱还|借(?:点|些)?钱来|[找向](?:家人|亲戚|朋友|父母|同事)借|以贷还贷|网贷(?:来)?还|再借一笔",
            r"刷(?:别的|其他|另一张)卡|卖(?:房|车|掉|东西)|变卖|套现",
            r"\bborrow\w* (?:from|more|the money|it|some|money)\b|\b(?:take out|get) (?:a|another) (?:payday )?loan\b",
            r"\b(?:ask|asking) (?:your )?(?:family|friends|parents|relatives)\b|\bpawn\b",
            r"\b(?:pay|put it|paying) (?:with|on|by) (?:a|another|your) credit card\b|\bsell (?:your|something|some)\b",
        ),
        {"cn": "CN-WORD-2", "us": "US-FALSE-1", "uk": "UK-PRESS-1"},
        {"en": "What could you pay without borrowing?", "zh": "在不借钱的情况下，您大概能安排多少？"},
    ),
    Ban(
        "pressing_style",
        _any(r"催债|施压|逼迫还款|强催|轰炸|暴力催收"),
        {"cn": "CN-WORD-4"},
        {"zh": "提醒、协商、还款安排", "en": "remind, discuss, arrange"},
    ),
)
