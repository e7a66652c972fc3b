"""What somebody asked for, as a sentence for the agent who takes over: “Asked to pay every month.”"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

Language = Literal["zh", "en"]

_ASKS: Mapping[str, Mapping[Language, str]] = {
    "instalment": {"zh": "对方提出每期还{value}。", "en": "Asked to pay {value} each time."},
    "at_most": {"zh": "对方要求每期不超过这个数。", "en": "Asked that no payment be above that."},
    "frequency": {"zh": "对方希望{value}还款。", "en": "Asked to pay {value}."},
    "count": {"zh": "对方希望分{value}期还。", "en": "Asked to pay in {value} payments."},
    "first_due": {"zh": "对方希望从{value}开始还。", "en": "Asked to start on {value}."},
    "anchor_day": {"zh": "对方希望每次在{value}还。", "en": "Asked to pay on {value}."},
    "payday": {"zh": "对方希望按发薪日还，发薪日是{value}。", "en": "Asked to pay by their payday, which is {value}."},
    "total": {"zh": "对方希望一共还{value}就结清。", "en": "Asked to settle everything for {value}."},
    "share": {"zh": "对方希望还欠款的{value}就结清。", "en": "Asked to settle everything for {value} of the balance."},
    "down_payment": {"zh": "对方提出先还{value}。", "en": "Asked to pay {value} first."},
    "down_due": {"zh": "对方希望{value}还第一笔。", "en": "Asked to pay that on {value}."},
    "until": {"zh": "对方希望全部延到{value}再还。", "en": "Asked to put all of it off until {value}."},
    "term_days": {"zh": "对方希望在{value}天内还完。", "en": "Asked to pay it off over {value} days."},
    "waive_fees": {"zh": "对方希望减免费用。", "en": "Asked for the fees to be taken off."},
    "waive_interest": {"zh": "对方希望减免利息。", "en": "Asked for the interest to be taken off."},
    "waive_penalty": {"zh": "对方希望减免违约金。", "en": "Asked for the late payment penalty to be taken off."},
    "waived_fees": {"zh": "要求减免费用{value}。", "en": "Asked for {value} of the fees to be taken off."},
    "waived_interest": {"zh": "要求减免利息{value}。", "en": "Asked for {value} of the interest to be taken off."},
    "waived_penalty": {
        "zh": "要求减免违约金{value}。",
        "en": "Asked for {value} of the late payment penalty to be taken off.",
    },
    "steps": {"zh": "对方希望先还{value}。", "en": "Asked to begin with {value}."},
    "dated_steps": {"zh": "对方希望{value}。", "en": "Asked to pay {value}."},
    "discount": {"zh": "对方希望少还一些。", "en": "Asked for something to be taken off."},
}
_FREQUENCIES: Mapping[str, Mapping[Language, str]] = {
    "week": {"zh": "每周", "en": "every week"},
    "fortnight": {"zh": "每两周", "en": "every two weeks"},
    "four_weeks": {"zh": "每四周", "en": "every four weeks"},
    "semi_month": {"zh": "每半个月", "en": "twice a month"},
    "month": {"zh": "每月", "en": "every month"},
    "quarter": {"zh": "每季度", "en": "every quarter"},
}
_WEEKDAYS: Mapping[Language, tuple[str, ...]] = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def asked_for(name: str, value: str, language: Language) -> str | None:
    """One thing that was asked for as a sentence; None where there is no sentence for it."""
    texts = _ASKS.get(name)
    return None if texts is None else texts[language].format(value=_value(name, value, language))


def payday_in_words(value: str, language: Language) -> str:
    """`day:15`, `day:-1` or `weekday:4` in words."""
    kind, _, number = value.partition(":")
    if kind == "weekday":
        return _WEEKDAYS[language][int(number)]
    return _day_of_month(number, language)


def _value(name: str, value: str, language: Language) -> str:
    match name:
        case "frequency":
            return _FREQUENCIES[value][language]
        case "payday":
            return payday_in_words(value, language)
        case "anchor_day":
            return _day_of_month(value, language)
        case "share":
            return f"{(Decimal(value) * 100).normalize():f}%"
        case "steps":
            return _steps(value, language)
        case "dated_steps":
            return _dated_steps(value, language)
    return value


def _day_of_month(number: str, language: Language) -> str:
    if number in ("-1", "31"):
        return "每月最后一天" if language == "zh" else "the last day of the month"
    return f"每月{number}日" if language == "zh" else f"day {number} of the month"


def _dated_steps(value: str, language: Language) -> str:
    """`before 2027-03-01 x 100.00` in words; `first x 100.00` where the date was not said."""
    pairs = [part.removeprefix("before ").split(" x ") for part in value.split(", ")]
    if language == "zh":
        return "，".join(f"{'起初' if day == 'first' else day + '之前'}每期还{amount}" for day, amount in pairs)
    return ", then ".join(
        f"{amount} each time {'at first' if day == 'first' else 'before ' + day}" for day, amount in pairs
    )


def _steps(value: str, language: Language) -> str:
    """`3 x 100.00, 2 x 200.00` in words."""
    pairs = [part.split(" x ") for part in value.split(", ")]
    if language == "zh":
        return "，".join(f"{count}期、每期{amount}" for count, amount in pairs)
    return ", then ".join(f"{count} of {amount}" for count, amount in pairs)
