"""A decision's reasons as sentences, for the agent who takes over and for a regulator who asks why."""

import re
from collections.abc import Mapping

from core.wording.asked import Language, asked_for, payday_in_words

_FIELDS: Mapping[str, Mapping[Language, str]] = {
    "min_settlement_share": {"zh": "一次结清最低比例", "en": "least share settled in one payment"},
    "min_settlement_share_instalments": {"zh": "分期结清最低比例", "en": "least share settled in instalments"},
    "min_settlement_amount": {"zh": "一次结清最低金额", "en": "least sum settled in one payment"},
    "max_instalments": {"zh": "最多期数", "en": "most instalments"},
    "max_term_days": {"zh": "最长期限（天）", "en": "longest term in days"},
    "min_instalment": {"zh": "每期最低金额", "en": "least instalment"},
    "min_first_payment_share": {"zh": "首笔最低比例", "en": "least share paid first"},
    "min_first_payment_amount": {"zh": "首笔最低金额", "en": "least sum paid first"},
    "max_days_to_first_payment": {"zh": "首笔最迟天数", "en": "most days to the first payment"},
    "max_extension_days": {"zh": "最多延期天数", "en": "most days that all of it may be put off"},
    "max_extensions": {"zh": "最多延期次数", "en": "most delays"},
    "max_fee_waiver_share": {"zh": "费用最多减免比例", "en": "most of the fees waived"},
    "max_interest_waiver_share": {"zh": "利息最多减免比例", "en": "most of the interest waived"},
    "max_penalty_waiver_share": {"zh": "违约金最多减免比例", "en": "most of the penalty waived"},
    "frequencies": {"zh": "允许的还款频率", "en": "allowed payment rhythms"},
    "plan_interest": {"zh": "方案期间年利率", "en": "yearly interest during a plan"},
    "promise_max_days": {"zh": "承诺最远天数", "en": "furthest day of a promise"},
    "promise_min_share": {"zh": "承诺最低比例", "en": "least share promised"},
    "person_decides_above": {"zh": "由人工决定的欠款起点", "en": "balance from which a person decides"},
    "max_broken_promises": {"zh": "失约几次后由人工决定", "en": "broken promises before a person"},
    "first_due": {"zh": "首期日期", "en": "first payment date"},
    "count": {"zh": "期数", "en": "number of payments"},
    "instalment": {"zh": "每期金额", "en": "instalment"},
}
_ROLES: Mapping[str, Mapping[Language, str]] = {
    "at_once": {"zh": "一次付清的方案", "en": "the one payment at once"},
    "steps": {"zh": "收入恢复前少还、之后多还的方案", "en": "the plan that starts low until income is back"},
    "shorter": {"zh": "价值最高且留足生活余地的方案", "en": "the plan worth most that leaves enough to live on"},
    "gentler": {"zh": "更轻松的方案", "en": "a gentler plan"},
    "quicker": {"zh": "更快还清的方案", "en": "a quicker plan"},
}
_WHO: Mapping[str, Mapping[Language, str]] = {
    "supervisor": {"zh": "主管", "en": "a supervisor"},
    "manager": {"zh": "经理", "en": "a manager"},
    "nobody": {"zh": "任何人都不", "en": "nobody"},
}

_SENTENCES: tuple[tuple[str, Mapping[Language, str]], ...] = (
    (r"chosen:(?P<role>\w+)", {"zh": "选它作为{role}。", "en": "Offered as {role}."}),
    (
        r"worth:value=(?P<value>\S+) chance=(?P<chance>\S+) health=unknown",
        {
            "zh": "预期现值{value}，全部守约的可能性{chance}；收支未知，无法算出余地。",
            "en": "Expected present value {value}, chance that all is kept {chance}; what it leaves is not known.",
        },
    ),
    (
        r"worth:value=(?P<value>\S+) chance=(?P<chance>\S+) health=(?P<health>\S+)",
        {
            "zh": "预期现值{value}，全部守约的可能性{chance}，每月结余还剩{health}。",
            "en": "Expected present value {value}, chance that all is kept {chance}, {health} of the surplus free.",
        },
    ),
    (
        r"rank:(?P<place>\d+) of (?P<of>\d+) by value, chosen from (?P<weighed>\d+)",
        {
            "zh": "从{weighed}个允许的方案中选出{of}个，按价值排第{place}。",
            "en": "By value number {place} of the {of} offered, chosen from {weighed} plans inside the limits.",
        },
    ),
    (
        r"weights:(?P<weights>.+) v(?P<version>\d+)",
        {"zh": "计算所用权重（第{version}版）：{weights}。", "en": "Weights used (version {version}): {weights}."},
    ),
    (
        r"limit:(?P<field>\w+)=(?P<value>\S+) rule:(?P<rule>.+) v(?P<version>\d+)",
        {
            "zh": "限制：{field}为{value}（规则{rule}，第{version}版）。",
            "en": "Limit: {field} is {value} (rule {rule}, version {version}).",
        },
    ),
    (
        r"outside:(?P<field>\w+) asked=(?P<asked>.*?) allowed=(?P<allowed>.+)",
        {
            "zh": "超出限制：{field}，要求{asked}，允许{allowed}。",
            "en": "Outside: {field}, {asked} asked, {allowed} allowed.",
        },
    ),
    (
        r"gap:(?P<field>\w+) asked=(?P<asked>.*?) allowed=(?P<allowed>.*?)"
        r"(?: difference=(?P<difference>\S+))?(?: (?P<unit>[A-Z]{3}))? may grant=(?P<who>\w+)",
        {
            "zh": "差距：{field}，要求{asked}，允许{allowed}，相差{difference}{unit}；{who}可批准。",
            "en": "Gap: {field}, {asked} asked, {allowed} allowed, {difference} {unit} apart; {who} may grant it.",
        },
    ),
    (
        r"affordability=(?P<value>\S+) a month",
        {"zh": "按所述收支，每月最多能还{value}。", "en": "By what was told, {value} a month at most is affordable."},
    ),
    (r"payday=(?P<payday>\S+)", {"zh": "发薪日是{payday}。", "en": "Payday is {payday}."}),
    (r"income back on=(?P<value>\S+)", {"zh": "收入预计{value}恢复。", "en": "Income is back on {value}."}),
    (r"broken promises=(?P<value>\d+)", {"zh": "此前失约{value}次。", "en": "Promises broken before: {value}."}),
    (r"above affordability", {"zh": "超出所述的还款能力，请人工把关。", "en": "Above what was told to be affordable."}),
    (
        r"concession:(?P<pace>\w+) step (?P<step>\d+)",
        {"zh": "按“{pace}”节奏让步，第{step}步。", "en": "Giving way at the pace {pace}, step {step}."},
    ),
    (
        r"rounds:(?P<value>\d+) without an agreement",
        {"zh": "已答复{value}轮仍未谈成，转人工。", "en": "{value} rounds without an agreement; a person takes it up."},
    ),
    (
        r"latest:(?P<value>\S+)",
        {"zh": "限制内最晚可以到{value}。", "en": "The latest day inside the limits is {value}."},
    ),
    (
        r"delays:used up",
        {"zh": "允许的延期次数已用完。", "en": "The delays that the limits allow are used up."},
    ),
    (
        r"broken-promises:(?P<value>\d+)",
        {"zh": "此前失约{value}次，转人工。", "en": "Promises broken before: {value}; a person takes it up."},
    ),
    (
        r"other-terms-need-a-person",
        {"zh": "方案的其他条款只能由人工修改。", "en": "Other terms of a plan are changed by a person only."},
    ),
    (
        r"no-date-left-inside-limits",
        {"zh": "限制内已没有可以改到的日期。", "en": "No date is left to move to inside the limits."},
    ),
    (
        r"written-before-it-could-be-read",
        {"zh": "这句话写在看到问题之前，不算答复。", "en": "Written before the question could be read, so no answer."},
    ),
    (r"yes:person", {"zh": "对方同意转人工。", "en": "Said yes to a person."}),
    (r"said-twice", {"zh": "同样的话说了两次。", "en": "Said a second time."}),
    (
        r"obstacle:(?P<value>\S+)",
        {"zh": "复核未通过：{value}。", "en": "Held back by the last check: {value}."},
    ),
    (r"refused:(?P<rule>\S+)", {"zh": "按规则{rule}未发出。", "en": "Not sent, by rule {rule}."}),
    (
        r"asked:(?P<value>\S+) (?P<times>\d+) times",
        {"zh": "同一个问题已问过{times}次。", "en": "The same question was asked {times} times."},
    ),
    (r"surplus:none", {"zh": "按所述收支没有结余。", "en": "By what was told nothing is left in a month."}),
    (r"no-offer-inside-limits", {"zh": "限制内没有合适的方案。", "en": "No offer fits inside the limits."}),
    (
        r"rule:(?P<rule>\S+) v(?P<version>\d+)",
        {"zh": "依据规则{rule}，第{version}版。", "en": "Rule {rule}, version {version}."},
    ),
    (r"rule:(?P<rule>\S+)", {"zh": "依据规则{rule}。", "en": "Rule {rule}."}),
    (r"intent:(?P<value>.+)", {"zh": "理解为：{value}。", "en": "Heard: {value}."}),
    (r"press:(?P<value>.+)", {"zh": "按了按钮：{value}。", "en": "Pressed: {value}."}),
    (r"chose:(?P<value>\S+)", {"zh": "选了方案{value}。", "en": "Chose offer {value}."}),
    (r"flag:(?P<value>.+)", {"zh": "案件标记：{value}。", "en": "Flag on the case: {value}."}),
)
_PATTERNS = tuple((re.compile(pattern), texts) for pattern, texts in _SENTENCES)
_ASK = re.compile(r"ask:(?P<name>\w+)=(?P<value>.+)")
_NAMED = {"field": _FIELDS, "role": _ROLES, "who": _WHO}


def explain(reason: str, language: Language) -> str:
    """One reason as a sentence; one that has no sentence stays as it is."""
    ask = _ASK.fullmatch(reason)
    if ask is not None:
        return asked_for(ask["name"], ask["value"], language) or reason
    for pattern, texts in _PATTERNS:
        found = pattern.fullmatch(reason)
        if found is not None:
            values = {name: _named(name, value or "", language) for name, value in found.groupdict().items()}
            return texts[language].format(**values)
    return reason


def _named(name: str, value: str, language: Language) -> str:
    if name == "payday":
        return payday_in_words(value, language)
    known = _NAMED.get(name, {})
    return known[value][language] if value in known else value
