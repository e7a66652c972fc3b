"""A message as the grammars read it: folded character by character, so that every offset stays that of the original."""

import re
from functools import cache

import opencc

MAX_CHARS = 2000
"""Entities beyond this many code points are dropped: nobody settles a debt on page two."""

MASK = "\x00"
"""Stands for every character that an entity, or something that looks like one and is not, has taken already."""

_PLAIN = {
    "’": "'", "‘": "'", "´": "'", "“": '"', "”": '"', "–": "-", "‐": "-", "−": "-", "～": "~", "〜": "~",
    "￥": "¥", "￡": "£",
    "\u3000": " ", "\xa0": " ", "\t": " ", "\ufe0f": " ", "\u20e3": " ", "\x00": " ",
    "贰": "二", "叁": "三",
    "壹": "一", "肆": "四", "伍": "五", "陆": "六", "柒": "七", "捌": "八", "玖": "九", "拾": "十", "佰": "百",
    "仟": "千",
    "〇": "零", "○": "零", "幺": "一", "圆": "元", "－": "-",
}  # fmt: skip
_KEPT = "，"  # folded to an ASCII comma, 200，500 would read as two hundred thousand


def regex(source: str) -> re.Pattern[str]:
    """The compiled source, with word boundaries that fall between a Latin letter and a Chinese one as well."""
    return re.compile(source.replace(r"\b", r"(?a:\b)"))


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _fold(char: str) -> str:
    if char in _KEPT or "\ud800" <= char <= "\udfff":
        return char
    if char in _PLAIN:
        return _PLAIN[char]
    if "\uff01" <= char <= "\uff5e":
        char = chr(ord(char) - 0xFEE0)
    elif "①" <= char <= "⑨":
        return chr(ord(char) - ord("①") + ord("1"))
    elif "\u3400" <= char <= "\u9fff":
        char = str(_simplifier().convert(char))
        return _PLAIN.get(char, char)
    lowered = char.lower()
    return lowered if len(lowered) == 1 else char


class _Folding(dict[int, str]):
    """A table for str.translate that fills itself as characters are met."""

    def __missing__(self, code: int) -> str:
        folded = _fold(chr(code))
        if len(folded) != 1:
            folded = chr(code)
        if code <= 0xFFFF:
            self[code] = folded
        return folded


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Lower case, half width, simplified characters; as many code points, at most `MAX_CHARS`. Never raises."""
    return text[:MAX_CHARS].translate(_FOLDING)
