"""Sums of money in both languages: every number in the message is looked at, and most are told not to be money."""

import re
from dataclasses import dataclass
from decimal import Decimal

from nlu.entities import amount_context as surroundings
from nlu.entities import periods, rhythms
from nlu.entities.bounds import bound_of
from nlu.entities.idioms import mask_money_idioms
from nlu.entities.numerals import COUPLE, EN_NUMBER, ZD, ZH_NUMBER, ZH_RANGE, en_number, zh_number, zh_range
from nlu.entities.spans import Scene, clause_bounds
from nlu.entities.text import MASK, regex

_SYMBOLS = {
    "$": "USD", "us$": "USD", "usd": "USD", "£": "GBP", "gbp": "GBP", "¥": "CNY", "cny": "CNY", "rmb": "CNY",
    "cn¥": "CNY",
    "€": "EUR", "eur": "EUR", "hk$": "HKD", "hkd": "HKD",
}  # fmt: skip
_UNITS = {
    "人民币": "CNY", "元人民币": "CNY", "软妹币": "CNY", "yuan": "CNY", "kuai": "CNY", "rmb": "CNY", "cny": "CNY",
    "刀": "USD", "美金": "USD", "美元": "USD", "美刀": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD",
    "dollers": "USD",
    "英镑": "GBP", "镑": "GBP", "gbp": "GBP", "quid": "GBP", "pound": "GBP", "pounds": "GBP", "£": "GBP", "$": "USD",
    "港币": "HKD", "港元": "HKD", "蚊": "HKD", "欧元": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "€": "EUR",
    "pence": "GBP",
}  # fmt: skip
_UNIT = (
    r"元人民币|人民币|软妹币|块大洋|大洋|块钱|块|元钱|元整|元|刀|美金|美元|美刀|英镑|镑|港币|港元|蚊"
    r"|欧元|毛钱?|角|分钱"
    r"|(?:us\s?)?dollars?\b|doll?[ae]rs?\b|bucks?\b|quid\b|pounds?\b|euros?\b|yuan\b|kuai\b|(?:rmb|usd|gbp"
    r"|cny|eur|hkd)(?![a-z])|cents?\b|pence\b|p\b(?!\s*/|\s+m|\.m)|[€£$](?!\d)"
)
_SYMBOL = r"(?:us\$|hk\$|cn¥|[$£¥€]|(?<![a-z])(?:rmb|usd|gbp|cny|eur|hkd)(?=\s?\d))"
_ITEM = regex(
    rf"(?P<sym>{_SYMBOL})?\s?(?:{ZH_RANGE}|(?P<few>百八十|千儿?八百|百十|百(?=[来把]块)|千(?=把块)"
    rf"|万(?=把块))|(?P<en>{EN_NUMBER})|(?P<num>{ZH_NUMBER})(?:(?P<odd>[多来])(?P<mult>[千万亿]))?)"
    rf"(?P<grand>\s?(?:grand|thousand|hundred)\b)?(?P<approx>多|来|余|几|把"
    rf"|\+)?\s?(?P<unit>{_UNIT})?(?:(?<=[块元])(?P<jiao>[1-9{ZD[1:]}])(?:毛"
    rf"|角)?(?![\d{ZD}百千万十个天月年次期周星礼季]))?"
)
_FEW = {"百八十": 100, "千儿八百": 1000, "千八百": 1000, "百十": 100, "百": 100, "千": 1000, "万": 10_000}
_TWO_SUMS = regex(r"(?<![\d,.$£¥])([1-9]\d[05]),([1-9]\d[05])(?![\d,.])")
"""Two round sums that a comma stands between: 200,300都行."""
_DOTTED_THOUSANDS = regex(r"\d{1,3}\.\d{3}")
_OF_THE_LAST = regex(r"^\s*(?:min(?:imum)?|max(?:imum)?|tops|at\s+(?:most|least)|or\s+(?:more|less))\b(?!\s+of)")
_LINK = regex(r"^\s*(?:到|至|-|~|或者?|to|or|and)\s*$")


@dataclass(slots=True)
class _Item:
    """A number that may be money: its value or range, what was said about its currency, and where it stands."""

    low: Decimal
    high: Decimal | None
    currency: str | None
    approx: bool
    start: int
    end: int


def find_amounts(scene: Scene) -> None:
    """Take every sum with its currency, period and bound, then the rhythms that belong to no sum."""
    mask_money_idioms(scene)
    _part_two_sums(scene)
    cues = periods.usable_cues(scene)
    items = _merge(scene, [item for match in _ITEM.finditer(scene.view) if (item := _item(scene, match))])
    spans = [(item.start, item.end) for item in items]
    tied, used = periods.tie(scene.view, cues, spans)
    kept = [index for index, item in enumerate(items) if _is_money(scene, item, cues, tied.get(index))]
    if len(kept) < len(items):
        items = [items[index] for index in kept]
        tied, used = periods.tie(scene.view, cues, [(item.start, item.end) for item in items])
    view = scene.view
    for index, item in enumerate(items):
        _take(scene, view, item, tied.get(index, "once"), items[index - 1].end if index else 0)
    for cue in used:
        scene.mask(cue.start, cue.end)
    periods.take_frequencies(scene, cues, used)


def _part_two_sums(scene: Scene) -> None:
    """In Chinese, read 200,300 as two sums where the second is the next step up; 200,500 stays a thousands comma."""
    if scene.context.lang != "zh":
        return
    for match in _TWO_SUMS.finditer(scene.view):
        low, high = int(match[1]), int(match[2])
        if low < high <= 2 * low:
            comma = match.end(1)
            scene.view = scene.view[:comma] + "、" + scene.view[comma + 1 :]


def _item(scene: Scene, match: re.Match[str]) -> _Item | None:
    unit, symbol = match["unit"], match["sym"]
    start = match.start() + len(match[0]) - len(match[0].lstrip())
    low, high = _values(scene, match)
    if low is None or (not symbol and not match["en"] and _continues_a_word(scene.view, start)):
        return None
    if symbol and symbol != "¥" and _DOTTED_THOUSANDS.fullmatch(match["num"] or ""):
        low *= 1000
    if match["jiao"]:
        low += (zh_number(match["jiao"]) or 0) / Decimal(10)
    if unit and (unit[0] in "毛角" or unit == "p" or unit.startswith(("cent", "pence", "分"))):
        low /= 10 if unit[0] in "毛角" else 100
    couple = match["en"] and COUPLE.match(match["en"])
    approx = bool(match["odd"] or (match["approx"] or "+") != "+" or match["few"] or couple)
    note = (match["en"] or "").endswith(("fiver", "tenner"))
    return _Item(
        low, high, _currency(scene, symbol, unit, note=note), approx, start, match.start() + len(match[0].rstrip())
    )


def _values(scene: Scene, match: re.Match[str]) -> tuple[Decimal | None, Decimal | None]:
    """The value read, or both ends of a range; nothing where it is malformed or vague (十几块)."""
    if match["few"]:
        return Decimal(_FEW[match["few"]]), None
    if match["ra"] or match["sa"] or match["da"]:
        return zh_range(match) or (None, None)
    if match["en"]:
        return en_number(match["en"]), None
    low = zh_number(match["num"])
    weeks = match["num"].endswith("w") and scene.context.lang == "en"
    if low is None or weeks or (match["approx"] == "几" and low == 10):
        return None, None
    if match["grand"]:
        low *= 100 if "hundred" in match["grand"] else 1000
    if match["mult"]:
        low *= zh_number("一" + match["mult"]) or 1
    return low, None


def _continues_a_word(view: str, start: int) -> bool:
    """Whether a letter, digit or dot runs straight into this number: b2, v1.5."""
    if not start or not re.match(r"[a-z\d.#_]", view[start - 1]) or "\u3400" <= view[start] <= "\u9fff":
        return False
    return not (view[start - 1] == "." and view[start - 2 : start - 1] in (".", " "))


def _currency(scene: Scene, symbol: str | None, unit: str | None, *, note: bool) -> str | None:
    """The currency said; a unit that names none (块, bucks), or a note (a fiver), is the debt's."""
    currency = _SYMBOLS.get(symbol or "") or _UNITS.get(unit or "")
    if unit == "蚊" and scene.context.currency == "CNY":
        return "CNY"
    if currency or not (unit or note):
        return currency
    if not unit:
        return scene.context.currency
    return "GBP" if unit == "p" else "USD" if unit.startswith("us") else scene.context.currency


def _merge(scene: Scene, items: list[_Item]) -> list[_Item]:
    """Join two numbers that a word makes a range: 500到800, "200-300", "two or three hundred"."""
    merged: list[_Item] = []
    for item in items:
        last = merged[-1] if merged else None
        link = _LINK.match(scene.view[last.end : item.start]) if last else None
        if last and link and last.high is None and item.high is None and _is_range(scene, last, item, link[0].strip()):
            low = last.low
            if low < 10 <= item.low:
                scale = Decimal(10) ** item.low.adjusted()
                low = low * scale if low * scale < item.low and item.low % scale == 0 else low
            if low < item.low:
                currency = item.currency or last.currency
                merged[-1] = _Item(low, item.low, currency, False, last.start, item.end)
                continue
        merged.append(item)
    return merged


def _is_range(scene: Scene, first: _Item, second: _Item, link: str) -> bool:
    if link != "and":
        return True
    return bool(re.search(r"\bbetween\s*$", scene.view[: first.start]))


def _is_money(scene: Scene, item: _Item, cues: list[rhythms.Cue], period: str | None) -> bool:
    top = item.high if item.high is not None else item.low
    if top <= 0 or top >= 10**12:
        return False
    left, _ = clause_bounds(scene.view, item.start, item.end)
    before = scene.view[left : item.start]
    after = scene.view[item.end : item.end + 24]
    if item.currency:
        return True
    if any(cue.start <= item.start and item.end <= cue.end for cue in cues):
        return False
    cue_follows = any(cue.start - item.end <= 1 and cue.start - item.end >= 0 for cue in cues)
    expecting = scene.context.expecting
    return surroundings.reads_as_money(
        before, after, top, scene.view[item.start : item.end], period=period is not None, cue_follows=cue_follows,
        expected=expecting == "amount", other=expecting not in (None, "affirm", "amount", "choice"),
    )  # fmt: skip


def _take(scene: Scene, view: str, item: _Item, period: str, previous_end: int) -> None:
    currency = item.currency or scene.context.currency
    left, right = clause_bounds(view, item.start, item.end)
    before = view[max(left, previous_end, item.start - 60) : item.start].replace(MASK, " ")
    after = _without_periods(view[item.end : min(right + 1, item.end + 30)])
    if previous_end > left and bound_of("", after) != "exact":
        before = _OF_THE_LAST.sub(" ", before)
    bound = bound_of(_without_periods(before), after)
    if view[item.start : item.end].endswith("+") and bound == "exact":
        bound = "at_least"
    if item.approx and bound == "exact":
        bound = "about"
    sums = [(item.low, bound)] if item.high is None else [(item.low, "at_least"), (item.high, "at_most")]
    for value, how in sums:
        fields = {"value": f"{value:.2f}", "currency": currency, "period": period, "bound": how}
        scene.take("amount", fields, item.start, item.end)


def _without_periods(text: str) -> str:
    for cue in reversed(rhythms.find_cues(text)):
        text = text[: cue.start] + " " + text[cue.end :]
    return text
