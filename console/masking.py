"""Telephone, card and document numbers with all but their last four characters covered. Pure.

Who holds the permission `personal_data` sees them whole; `page.private(text)` decides for a page. In free text a number
is found by its shape: what is no telephone, card or document number of the three markets stays as it was written.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

COVER = "••••"
"""The same for every length, so that it tells nothing of it."""

_KEPT = 4
_SEPARATORS = r"[ \-.()·\u00a0\u2010-\u2015]"
_NO_DIGIT_BEFORE = rf"(?<![\d•+])(?<!\d[.,:/])(?<!\d\d{_SEPARATORS})"
_NO_DIGIT_AFTER = r"(?![\d•])(?![.,:/]\d)"
_LOOSE = r"[ \-.\u00a0\u2010-\u2015]?"


def _spaced(*groups: str) -> str:
    return _LOOSE.join(groups)


_CN_ID = re.compile(
    rf"{_NO_DIGIT_BEFORE}[1-9]\d{{5}}{_LOOSE}(?:18|19|20)\d{{2}}{_LOOSE}?(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    rf"{_LOOSE}\d{{3}}[\dXxＸｘ](?![\dA-Za-z])"
)
_DIGITS = re.compile(r"(?<![\d•])\d(?:[ \-.\u00a0]?\d){12,}(?!\d)")
_SSN = re.compile(
    r"(?<![\d•\-])(?!000|666|9\d\d)\d{3}[ \-\u2010-\u2015](?!00)\d{2}[ \-\u2010-\u2015](?!0000)\d{4}(?![\d\-])"
)
_NATIONAL_INSURANCE = re.compile(
    r"(?<![A-Za-z\d])[A-CEGHJ-PR-TW-Za-ceghj-pr-tw-z][A-CEGHJ-NPR-TW-Za-ceghj-npr-tw-z]"
    r"[ \-]?\d{2}[ \-]?\d{2}[ \-]?\d{2}[ \-]?[A-Da-d](?![A-Za-z\d])"
)
_CN_MOBILE = re.compile(
    rf"{_NO_DIGIT_BEFORE}(?:(?:\+|＋|00)?86{_LOOSE})?1[3-9]\d{_LOOSE}\d{{4}}{_LOOSE}\d{{4}}{_NO_DIGIT_AFTER}"
)
_CN_LANDLINE = re.compile(
    rf"{_NO_DIGIT_BEFORE}(?:(?:\+|00)86{_LOOSE})?(?:\(0[1-9]\d{{1,2}}\) ?|0[1-9]\d{{1,2}}[ \-])\d{{7,8}}"
    rf"{_NO_DIGIT_AFTER}"
)
_NANP = re.compile(
    rf"{_NO_DIGIT_BEFORE}(?:(?:\+|00)?1{_LOOSE})?(?:\([2-9]\d{{2}}\) ?|[2-9]\d{{2}}{_LOOSE})[2-9]\d{{2}}{_LOOSE}\d{{4}}"
    rf"{_NO_DIGIT_AFTER}"
)
_UK = re.compile(
    rf"{_NO_DIGIT_BEFORE}(?:(?:\+|00)44{_LOOSE}(?:\(0\){_LOOSE})?[1-37]\d{{1,4}}|0[1-37]\d{{1,4}}|\(0[1-37]\d{{1,4}}\))"
    rf"{_LOOSE}\d{{3,4}}{_LOOSE}\d{{3,4}}"
    rf"{_NO_DIGIT_AFTER}"
)
_ABROAD = re.compile(
    rf"(?<![\d•])[+＋][1-9]\d{{0,2}}{_LOOSE}(?:\(?\d{{1,4}}\)?{_LOOSE}){{2,5}}\d{{2,4}}{_NO_DIGIT_AFTER}"
)
_PHONES = (_CN_MOBILE, _UK, _NANP, _CN_LANDLINE, _ABROAD)


def mask_phone(number: str) -> str:
    """A telephone number: its last four digits behind a cover."""
    return _covered(number)


def mask_card(number: str) -> str:
    """A card's or an account's number: its last four digits behind a cover."""
    return _covered(number)


def mask_document(number: str) -> str:
    """An identity document's number: its last four characters behind a cover."""
    return _covered(number)


def mask_email(address: str) -> str:
    """An e-mail address: its first letter and its domain."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}{COVER}{at}{domain}" if at and name else _covered(address)


def mask_contact(kind: str, value: str) -> str:
    """The value of a contact point of this kind, or the address of a conversation on this channel."""
    if kind == "email":
        return mask_email(value)
    return value if kind == "web" else _covered(value)


def mask_text(text: str) -> str:
    """The text with each telephone, card and document number in it covered but for its last four characters."""
    if not _may_hold_a_number(text):
        return text
    for find in _FINDERS:
        pieces, end = [], 0
        for first, last in find(_in_ascii_digits(text)):
            pieces += [text[end:first], _covered(text[first:last])]
            end = last
        text = "".join((*pieces, text[end:]))
    return text


def mask_values(value: Any) -> Any:
    """What JSON holds, with every text in it masked."""
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, Mapping):
        return {name: mask_values(inner) for name, inner in value.items()}
    if isinstance(value, Sequence):
        return [mask_values(inner) for inner in value]
    return value


def is_card_number(digits: str) -> bool:
    """Whether 13 to 19 digits pass the Luhn check and are not all the same."""
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    total = 0
    for place, sign in enumerate(reversed(digits)):
        doubled = int(sign) * (2 if place % 2 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def _may_hold_a_number(text: str) -> bool:
    """Most texts hold no number this long, and are told apart at once."""
    return sum(map(str.isdigit, text)) >= 6


def _covered(number: str) -> str:
    plain = "".join(sign for sign in number if sign.isalnum())
    return COVER + plain[-_KEPT:] if len(plain) > _KEPT else COVER


def _in_ascii_digits(text: str) -> str:
    """The same length, with the digits and signs of other scripts as a telephone's keys have them."""
    if text.isascii():
        return text
    return "".join(str(int(sign)) if sign.isdecimal() else _SIGNS.get(sign, sign) for sign in text)


_SIGNS = {"＋": "+", "（": "(", "）": ")", "－": "-", "\u3000": " "}
_Finder = Callable[[str], Iterator[tuple[int, int]]]


def _by_shape(shape: re.Pattern[str]) -> _Finder:
    return lambda text: (found.span() for found in shape.finditer(text))


def _cards(text: str) -> Iterator[tuple[int, int]]:
    """Where cards stand: groups of digits that follow each other, each of four or more, the last of three."""
    for row in _DIGITS.finditer(text):
        groups = [(row.start() + group.start(), row.start() + group.end()) for group in re.finditer(r"\d+", row[0])]
        first = 0
        while first < len(groups):
            last = _card_from(text, groups, first)
            if last is not None:
                yield groups[first][0], groups[last][1]
            first = first + 1 if last is None else last + 1


def _card_from(text: str, groups: Sequence[tuple[int, int]], first: int) -> int | None:
    digits, found = "", None
    for place in range(first, len(groups)):
        start, end = groups[place]
        digits += text[start:end]
        if end - start >= 3 and is_card_number(digits):
            found = place
        if end - start < 4:
            break
    return found


_FINDERS: tuple[_Finder, ...] = (
    _by_shape(_CN_ID),
    _cards,
    *map(_by_shape, (_SSN, _NATIONAL_INSURANCE, *_PHONES)),
)
