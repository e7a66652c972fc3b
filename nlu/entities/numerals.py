"""Numerals as people type them: 三千五, 1万2, 1w5, 1.5k, 五六百, "two hundred and fifty", "three fifty"."""

import re
from decimal import Decimal

from nlu.entities.text import regex

ZH_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "俩": 2, "仨": 3}
_ZH_TENS = {"廿": 20, "卅": 30}
_ZH_UNITS = {"十": 10, "百": 100, "千": 1000, "k": 1000, "万": 10_000, "w": 10_000, "亿": 100_000_000}
ZD = "零一二两三四五六七八九俩仨"
ZU = "十百千万亿"

DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|(?<![\w.])\.\d{1,2}(?![\d.])"
_OWN_ONE = (
    r"(?!一(?:个|周|星期|礼拜|月|天|年|季|期|把|次|笔|口|下|起|共|直|定|人|家|样|些|点|会|半|并|块儿|分不|趟|回|顿"
    r"|齐|刀))"
)
"""A 一 that begins a word of its own ends the number before it: 三千五一次性, 2k一个月."""
ZH_NUMBER = (
    rf"(?:(?:{DIGITS})|[{ZD}十廿卅])"
    rf"(?:(?<!\d){_OWN_ONE}[{ZD}]|[{ZU}]|(?<=[{ZU}])\d+|(?<=\d[wk])\d(?!\d)|(?<=零)\d+|(?<=[\d{ZD}])[wk](?![a-z])"
    rf"|(?<=\d)[wk](?=[{ZD}]))*"
)
"""Digits, Chinese numerals, or both mixed. Read it with `zh_number`, which may still find it malformed."""

ZH_RANGE = (
    rf"(?:(?P<rh>(?:[1-9]|[一二两三四五六七八九])[百千万])?(?P<ra>[{ZD[1:]}])(?P<rb>[二两三四五六七八九])(?P<ru>[十百千万]+)"
    rf"|(?P<sh>(?:[1-9]|[一二两三四五六七八九])[百千万]|[二三四五六七八九]?十)(?P<sa>[一二三四五六七八])(?P<sb>[二三四五六七八九])(?![{ZD}十百千万])"
    rf"|(?<!\d)(?P<da>[1-9{ZD[1:]}])[、,，](?P<db>[2-9二三四五六七八九])(?P<du>[十百千万]+))"
)
"""五六百, 三五千, 一千二三, 七、八百: read it with `zh_range`."""

SMALL_ZH = rf"(?:\d{{1,3}}|[{ZD}]?十[{ZD}]?|廿[{ZD}]?|[{ZD}]百[{ZD}]?十?[{ZD}]?|[{ZD}])"
"""A count up to 999, as in 三十六期 or 12个月."""

_ZH_PIECE = regex(r"\d[\d,]*(?:\.\d+)?|\.\d+|.")


def zh_number(text: str) -> Decimal | None:
    """The value of a Chinese, Arabic or mixed numeral with its ellipsis (三千五 is 3500); None when malformed."""
    pieces = _ZH_PIECE.findall(text)
    if len(pieces) > 1 and all(piece in ZH_DIGITS for piece in pieces):
        return Decimal("".join(str(ZH_DIGITS[piece]) for piece in pieces)) if len(pieces) > 2 else None
    total = section = Decimal(0)
    number: Decimal | None = None
    last_unit, after_zero = 1, False
    for piece in pieces:
        if piece in _ZH_UNITS:
            unit = _ZH_UNITS[piece]
            if unit >= 10_000:
                total = (total + section + (number or 0)) * unit
                section = Decimal(0)
            else:
                section += (Decimal(1) if number is None else number) * unit
            number, last_unit, after_zero = None, unit, False
            continue
        if piece == "零" and number is None:
            after_zero = True
            continue
        if number is not None:
            return None
        if piece in ZH_DIGITS:
            number = Decimal(ZH_DIGITS[piece])
        elif piece in _ZH_TENS:
            section, last_unit = section + _ZH_TENS[piece], 10
        else:
            number = Decimal(piece.replace(",", ""))
    if number is None:
        return total + section
    elided = last_unit >= 100 and not after_zero and number < 10 and number == int(number)
    return total + section + (number * last_unit / 10 if elided else number)


def zh_range(match: re.Match[str]) -> tuple[Decimal, Decimal] | None:
    """五六百 as (500, 600); None where the two digits do not ascend, or are not a customary pair."""
    head = match["rh"] or match["sh"]
    low, high = match["ra"] or match["sa"] or match["da"], match["rb"] or match["sb"] or match["db"]
    a, b = zh_number(low), zh_number(high)
    if not a or not b or not (b == a + 1 or (a == 3 and b == 5)):
        return None
    base = zh_number(head) if head else Decimal(0)
    unit = match["ru"] or match["du"]
    scale = zh_number("一" + unit) if unit else zh_number("一" + head[-1])
    if base is None or scale is None:
        return None
    scale = scale if unit else scale / 10
    return (base + a * scale, base + b * scale) if scale < (base or scale + 1) else None


_EN_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_EN_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "fivty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90, "ninty": 90,
}  # fmt: skip
_EN_SCALES = {
    "hundred": 100, "hundreds": 100, "hundered": 100, "hunderd": 100, "hundo": 100, "thousand": 1000, "thousands": 1000,
    "thousnd": 1000, "grand": 1000, "k": 1000, "million": 1_000_000,
}  # fmt: skip
_SMALL = "|".join(sorted([*_EN_UNITS, *_EN_TENS], key=len, reverse=True))
_SCALE = "|".join(sorted(_EN_SCALES, key=len, reverse=True))
_JOIN = r"(?:[\s-]+|(?:(?<=hundred)|(?<=thousand)|(?<=hundered)|(?<=hunderd)|(?<=grand))\s+and\s+)"
EN_NUMBER = (
    rf"\b(?:half a (?:grand|thousand)|(?:(?:{_SMALL}|an?|\d+)\s+)?(?:grand|thousand)\s+and\s+a\s+half\b"
    rf"|(?:an?\s+)?couple\s+(?:(?:of|o'?)\s+)?(?:{_SCALE})\b"
    rf"|(?:{_SMALL}|an?|\d+(?:\.\d+)?)\s+and\s+a\s+half\s+(?:{_SCALE})\b"
    rf"|(?:an?|\d+(?:\.\d+)?)\s+(?:{_SCALE})\b(?:{_JOIN}(?:{_SMALL}|{_SCALE})\b)*"
    rf"|(?:{_SMALL})\b(?:{_JOIN}(?:{_SMALL}|{_SCALE})\b)*"
    rf"|(?<!few )(?<!eral )(?<!of )(?<!any )(?<!\d )(?<!\d)(?:hundred|thousand)\b(?:[\s-]+(?:and\s+)?(?:{_SMALL})\b)*"
    rf"|(?:a\s+)?(?:fiver|tenner)\b)"
)
"""English number words. Read them with `en_number`."""
COUPLE = regex(r"(?:an?\s+)?couple")
EN_SMALL = (
    rf"(?:\d{{1,3}}|(?:twenty|thirty|forty|fifty|sixty)[\s-](?:one|two|three|four|five|six|seven|eight|nine)"
    rf"|{_SMALL})"
)
"""A small count in digits or in words."""

_AND_HALF = regex(r"(?:(.+?)\s+)?(?:grand|thousand)\s+and\s+a\s+half$")
_HALF = regex(rf"(.+?)\s+and\s+a\s+half\s+({_SCALE})$")


def en_number(text: str) -> Decimal | None:
    """The value of English number words ("twelve hundred", "three fifty" as 350), or None when they are malformed."""
    if text.startswith("half a "):
        return Decimal(500)
    if text.endswith(("fiver", "tenner")):
        return Decimal(5 if text.endswith("fiver") else 10)
    if more := _AND_HALF.match(text):
        whole = en_number(more[1] or "a")
        return None if whole is None else whole * 1000 + 500
    if COUPLE.match(text):
        return Decimal(2 * _EN_SCALES[text.rsplit(maxsplit=1)[-1]])
    if half := _HALF.match(text):
        whole = en_number(half[1])
        return None if whole is None else (whole + Decimal("0.5")) * _EN_SCALES[half[2]]
    total = current = Decimal(0)
    for word in re.split(r"[\s-]+", text):
        if word == "and":
            continue
        if word in ("a", "an"):
            current = Decimal(1)
        elif word in _EN_SCALES:
            current = max(current, Decimal(1)) * _EN_SCALES[word]
            if _EN_SCALES[word] > 100:
                total, current = total + current, Decimal(0)
        else:
            joined = _join(current, word)
            if joined is None:
                return None
            current = joined
    return total + current


def _join(current: Decimal, word: str) -> Decimal | None:
    """A number word after what has been read below the thousands: "three" and "fifty" make 350, "five five" nothing."""
    small = Decimal(word) if word[0].isdigit() else Decimal(_EN_UNITS.get(word, _EN_TENS.get(word, 0)))
    if 0 < current < 20 and small >= 10:
        return current * 100 + small
    if 0 < current % 100 < 20 or (current % 10 and current < 100):
        return None
    return current + small


def en_small(text: str) -> int:
    """The value of an `EN_SMALL` match, "a" or "an"."""
    return 1 if text in ("a", "an") else int(en_number(text) or 0)


def zh_small(text: str) -> int | None:
    """The value of a `SMALL_ZH` match."""
    value = zh_number(text)
    return None if value is None else int(value)


ORDINALS = {
    word: value
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        start=1,
    )
} | {"thirtieth": 30}
for _ten, _base in (("twenty", 20), ("thirty", 30)):
    for _word in ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"):
        ORDINALS[f"{_ten}-{_word}"] = ORDINALS[f"{_ten} {_word}"] = _base + ORDINALS[_word]
ORDINAL_WORD = "(?:" + "|".join(sorted(ORDINALS, key=len, reverse=True)) + ")"
