"""Shares of the debt: 一半, 七折, 免三成, "30% off", "20 cents on the dollar"; not rates, nor shares of wages."""

import re
from decimal import ROUND_HALF_UP, Decimal

from nlu.entities.numerals import EN_SMALL, ZD, en_small, zh_number
from nlu.entities.spans import Scene, clause_bounds
from nlu.entities.text import regex

_NUM = rf"(?:\d+(?:\.\d+)?|[{ZD}十百]+(?:点[{ZD}]+)?)"
_EN_DENOMINATORS = {
    "half": 2,
    "halves": 2,
    "third": 3,
    "quarter": 4,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "eighth": 8,
    "tenth": 10,
}
_DENOM = r"(?:thirds?|quarters?|fourths?|fifths?|sixths?|eighths?|tenths?)"

_RATE = regex(
    r"利率|年化|日息|月息|年息|月利|日利|费率|汇率|(?<!免)(?<!减)利息(?:是|高|都|就|要|到|超|才|有)"
    r"|罚息率|\bapr\b|\binterest\s+(?:rate|at|of|is)|\brates?\b|inflation|\bsure\b"
)
_RATE_AFTER = regex(
    r"^\s*(?:的?(?:利率|利息|年化|年利|日息|月息)|\s*(?:apr|interest|rate|sure|certain|honest|serious|agree"
    r"|not\b|my\s+fault))"
)
_INTEREST_RATE = regex(r"(?<!免)(?<!减)(?<!免了)利息\s*$")
_WAGES = regex(
    r"工资|薪|收入|营业额|生意|业绩|奖金|提成|\b(?:wages?|salary|pay\s*(?:cut|check|packet)|income|hours"
    r"|my\s+pay|earnings|commission|overtime|benefits)\b"
)
_NOT_DEBT_AFTER = regex(
    r"^\s*(?:(?:of\s+)?(?:an?\s+|my\s+|our\s+|the\s+)?(?:hour|year|day|month|week|take[\s-]+home|dozen|past|an\b|wages?|(?:pay)?che(?:ck|que)"
    r"|salary|pay\b|income|hours|pay\s*cut|brother|sister|time"
    r"|people|family|friends|kids|mates|colleagues|customers|clients|staff|way|asleep|life|grand|thousand|term|marathon)|的?(?:工资|薪|收入|时间|人|员工"
    r"|家|钱都|可能|把握|概率))"
)
_FOLD_OFF_ZH = regex(r"(?:免|减|优惠|便宜|少|抹|砍|降|让利|折扣)(?:掉|除|去|免|了|我|个|点|到)*[^,，。；;！!？?]{0,6}$")
_FOLD_OFF_AFTER_ZH = regex(r"^\s*(?:的)?(?:减免|优惠|折扣|可以?免|能免|免)")
_OFF_BEFORE = regex(
    r"(?:off|discount|reduc\w*|waiv\w*|knock\w*|forgiv\w*|writ\w*\s+off|drop\w*|cut\w*|lower\w*|slash\w*"
    r"|remov\w*)\b[^.;!?]{0,28}$"
)
_OFF_AFTER = regex(
    r"^\s*(?:off\b|discount|reduction|less\b|lower|waived|written\s+off|forgiven|knocked\s+off|taken\s+off|away\b"
    r"|cut\b|of\s+(?:it|the\s+\w+|my\s+\w+|this)\s+(?:\w+\s+)?(?:waived|written\s+off|off|forgiven"
    r"|knocked\s+off|removed|dropped))"
)
_TO_ZH = regex(r"(?:到|成|至)\s*$")
_PAID_ZH = regex(
    r"(?:已经?|都|早就)?[^,，。]{0,4}(?:还|付|交|给|转|还清|还掉)(?:了|过|掉了|完了)[^,，。]{0,6}$"
    r"|已经?(?:还|付|交)[^,，。]{0,6}$"
)
_PAID_AFTER_ZH = regex(
    r"^\s*(?:的?(?:钱|款|欠款|本金|多)?)?(?:都|已经?|我?早)+[^,，。]{0,4}(?:还|付|交)|^\s*(?:的?(?:钱|款"
    r"|欠款|本金))?(?:还|付|交)(?:了|过|掉了|完了)"
)
_PAID_EN = regex(
    r"(?:\balready\s+(?:paid|sent|cleared)|\b(?:i|we|i've|we've|ive|have|has|he|she|having)\s+(?:already\s+"
    r"|just\s+)?(?:paid|cleared|settled)|^\W*paid)\b[^.;!?,]{0,20}$"
)
_PAID_AFTER_EN = regex(r"^\s*(?:of\s+\w+\s*\w*\s+)?(?:(?:is|was|has\s+been|been|already)\s+)+(?:paid|cleared|settled)")
_SURELY = regex(r"^\s*(?:是|会|要|不|没|还不|又|都|也|得|就)")
_MONEY_WORD = regex(r"还|付|免|减|便宜|砍|收|优惠|折|交|结清|本金|欠|款|利息|罚|滞纳|费|给|减免")

_ZH_RULES = (
    regex(rf"百分之(?P<pct>{_NUM})"),
    regex(rf"(?P<den>{_NUM})分之(?P<num>{_NUM})"),
    regex(rf"(?:打(?:个|到)?)?(?P<zhe>{_NUM}|对)折(?!磨|腾|扣率|中)"),
    regex(
        rf"(?<![\d{ZD}十百完收变组构促])(?P<cheng>[一二两三四五六七八九]成半?|\d成半?)(?!本|功|员|绩|为|年"
        rf"|立|交|都)"
    ),
    regex(r"(?<![一两])(?P<half>一半|一大半|半数|半价)(?!天|年|个|路|小时)"),
)
_EN_RULES = (
    regex(rf"(?P<cents>\d+|{EN_SMALL})\s*(?:cents?|c|p|pence)\s+(?:on|in|to)\s+the\s+(?:dollar|pound|euro)"),
    regex(rf"(?P<pct>\d+(?:\.\d+)?|{EN_SMALL})\s*(?:%|percent\b|per\s+cent\b|pct\b|prcent\b)"),
    regex(
        rf"(?<!\d )(?<!\dk )(?<!hundred )(?<!thousand )(?<!grand )"
        rf"(?<!quid )(?<!bucks )(?<!dollars )(?<!pounds )"
        rf"\b(?P<whole>one|two|three|four|a|\d)[\s-]+(?P<den>{_DENOM})\b(?!\s+(?:to|past|option|one|payment"
        rf"|time|offer)\b)"
    ),
    regex(r"(?<![\d/])(?P<num>[1-9])/(?P<over>[2-9]|10)(?![\d/])"),
    regex(
        r"(?P<half>(?<!and a )\bhalf\b|½)(?!\s*[-]?\s*(?:past|hour|an\s|a\s|term|one|two|three|four|five|six"
        r"|seven|eight|nine|ten|\d))"
    ),
)


def find_shares(scene: Scene) -> None:
    """Take every share of the debt, and mask percentages that are rates or shares of wages."""
    for pattern in (*_ZH_RULES, *_EN_RULES):
        for match in pattern.finditer(scene.view):
            if not scene.is_free(*match.span()):
                continue
            value = _value(match)
            if value is None or not 0 < value <= 1 or not _about_the_debt(scene, match):
                scene.mask(*match.span())
                continue
            number = float(value.quantize(Decimal("0.001"), ROUND_HALF_UP))
            scene.take("share", {"value": number, "of": _of(scene, match)}, *match.span())


def _value(match: re.Match[str]) -> Decimal | None:
    groups = match.groupdict()
    if groups.get("half"):
        return Decimal("0.5") if groups["half"] != "一大半" else None
    if pct := groups.get("pct") or groups.get("cents"):
        number = Decimal(pct) if re.fullmatch(r"[\d.]+", pct) else _words(pct)
        return None if number is None else number / 100
    if zhe := groups.get("zhe"):
        return _fold_value(zhe)
    if cheng := groups.get("cheng"):
        number = _words(cheng.rstrip("半").rstrip("成"))
        return None if number is None else number / 10 + (Decimal("0.05") if cheng.endswith("半") else 0)
    if whole := groups.get("whole"):
        return Decimal(en_small(whole)) / _EN_DENOMINATORS[groups["den"].removesuffix("s")]
    if groups.get("over"):
        return Decimal(groups["num"]) / Decimal(groups["over"])
    numerator, denominator = _words(groups["num"]), _words(groups["den"])
    return numerator / denominator if numerator is not None and denominator else None


def _fold_value(text: str) -> Decimal | None:
    if text == "对":
        return Decimal("0.5")
    if len(text) == 2 and all(char in ZD for char in text):
        return _tenth(text[0]) / 10 + _tenth(text[1]) / 100
    number = _words(text)
    if number is None:
        return None
    return number / 100 if number >= 10 else number / 10


def _tenth(char: str) -> Decimal:
    return zh_number(char) or Decimal(0)


def _words(text: str) -> Decimal | None:
    if re.search(r"[a-z]", text):
        return Decimal(en_small(text))
    whole, _, tail = text.partition("点")
    number = zh_number(whole)
    if number is None or not tail:
        return number
    return number + Decimal("0." + "".join(str(zh_number(char) or 0) for char in tail))


def _about_the_debt(scene: Scene, match: re.Match[str]) -> bool:
    left, right = clause_bounds(scene.view, *match.span())
    before, after = scene.view[left : match.start()], scene.view[match.end() : right]
    interest = match.groupdict().get("pct") and _INTEREST_RATE.search(before) and not _FOLD_OFF_AFTER_ZH.search(after)
    waived = match.groupdict().get("pct") is None and _FOLD_OFF_ZH.search(before)
    if (
        interest
        or _RATE.search(before[-24:])
        or (not waived and _RATE_AFTER.search(after))
        or _NOT_DEBT_AFTER.search(after)
    ):
        return False
    if _WAGES.search(before[-18:]) and not re.search(
        r"还|付|\b(?:can|to|will|i\'?ll|could)\s+pay|settle", before[-14:]
    ):
        return False
    if match.groupdict().get("cheng"):
        return not _SURELY.search(after) and bool(_MONEY_WORD.search(before + after))
    return not (
        match.groupdict().get("pct") in ("100", "百") and not re.search(r"pay|还|付|免|waive|off|of", before + after)
    )


def _of(scene: Scene, match: re.Match[str]) -> str:
    left, right = clause_bounds(scene.view, *match.span())
    before, after = scene.view[left : match.start()], scene.view[match.end() : right]
    if match.groupdict().get("zhe"):
        return "pay"
    if (
        _PAID_ZH.search(before)
        or _PAID_AFTER_ZH.search(after)
        or _PAID_EN.search(before)
        or _PAID_AFTER_EN.search(after)
    ):
        return "paid"
    if _TO_ZH.search(before) or re.search(r"\bto\s*$", before):
        return "pay"
    if (
        _FOLD_OFF_ZH.search(before)
        or _FOLD_OFF_AFTER_ZH.search(after)
        or _OFF_BEFORE.search(before)
        or _OFF_AFTER.search(after)
    ):
        return "off"
    return "pay"
