"""Ways to reach somebody and numbers that name something: e-mail, phone, card tail, ID tail, reference."""

import re

from nlu.entities.numerals import ZD, ZH_DIGITS
from nlu.entities.spans import Scene
from nlu.entities.text import regex

_EMAIL = regex(r"[a-z0-9][a-z0-9._%+-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.[a-z]{2,24}")
_SPACE = r"[\s.-]?"
_PHONES = (
    regex(r"(?<![\d.])(?:(?:\+|00)\s?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?![\d.])"),
    regex(r"(?<![\d.])\+\d{1,3}[\s.-]?(?:\(0\)\s?)?(?:\(?\d{1,5}\)?[\s.-]?){2,5}\d{2,}(?!\d)"),
    regex(r"(?<![\d.])0\d{3,4}[\s-]?\d{3}[\s-]?\d{3,4}(?!\d)"),
    regex(r"(?<![\d.])0\d{2}[\s-]?\d{4}[\s-]?\d{4}(?!\d)"),
    regex(rf"(?<![\d.])(?:1{_SPACE})?\(?[2-9]\d{{2}}\)?{_SPACE}[2-9]\d{{2}}[\s.-]\d{{4}}(?!\d)"),
    re.compile(r"(?<![\d.])0\d{2,3}[\s-]?[2-8]\d{6,7}(?!\d)"),
    re.compile(r"(?<![\d.])400[\s-]?\d{3}[\s-]?\d{4}(?!\d)"),
)
_BARE_US = regex(r"(?<![\d.])[2-9]\d{2}[2-9]\d{6}(?!\d)")
_PHONE_WORD = regex(r"\b(?:phone|cell|mobile|number|call|text|reach|tel|ring)\b|电话|手机|号码")
_DIGITS_WORD = (
    r"(?:尾号|尾数|后[四4六6]位(?:数字?)?|末[四4]位|最后[四4]位|卡号|账号|帐号|身份证(?:号码?)?"
    r"|合同(?:编?号)|订单号|流水号|编号|单号|案号"
    r"|\bends?\s+(?:in|with)|\b(?:card|account|acct)\s+ends?|\bending(?:\s+(?:in|with))?|\blast\s+(?:four|4|six|6)(?:\s+(?:digits?"
    r"|numbers?))?(?:\s+of\s+(?:(?:my|the)\s+)?(?:card|ssn|account|id|social|phone)(?:\s+number)?)?"
    r"|\b(?:ref(?:erence)?|account|acct|card|case|policy|sort\s+code|transaction|confirmation|invoice"
    r"|loan|order|receipt|ticket|routing|customer|agreement)(?:\s+(?:no|number|num|id|code"
    r"|ref(?:erence)?)\b)?[.:]?|\bssn|\bdigits?)"
)
_LINK = r"(?:\s|是|为|:|#|,|is|are|in|it'?s|no\.?|number|with|的|卡|-|=|\()*"
_DIGITS_CUED = regex(
    rf"{_DIGITS_WORD}{_LINK}(?P<d>(?:[a-z]{{1,4}}-?)?\d[\d -]{{2,24}}\d?x?|\d{{3,20}}x?"
    rf"|[{ZD}]{{4,18}})(?![\d%]|\.\d|\s*(?:%|months?|weeks?|days?|a\s|per\b|dollars|元|块))"
)
_TAILED = regex(r"(?<![\d.])(?P<d>\d{4})(?=\s*(?:结尾|尾号|那张卡?|这张卡?|的卡|\s+card\b))")
_LONG = regex(
    r"(?<![\d.])(?P<d>\d{17}[\dx]|\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{3,7}|\d{15,19}|\d{3}-\d{2}-\d{4}"
    r"|\d{2}-\d{2}-\d{2})(?![\d.])"
)
_WORD_DIGITS = {w: str(n) for n, w in enumerate("zero one two three four five six seven eight nine".split())} | {
    "oh": "0",
    "o": "0",
    "nought": "0",
}
_WORD = "|".join(sorted(_WORD_DIGITS, key=len, reverse=True))
_SPOKEN = regex(rf"\b(?:(?:double|triple)\s+)?(?:{_WORD})\b(?:[\s,-]+(?:(?:double|triple)\s+)?(?:{_WORD})\b){{2,19}}")
_SPOKEN_CUE = regex(rf"{_DIGITS_WORD}{_LINK}$")
_HOTLINE = regex(
    r"(?<!\d)(?:12315|12378|12363|12345|12348|12320|12368|12333|12355|12356|96110|955\d{2}|4001?961?995)(?!\d|元|块)"
)
_OPERATOR = regex(
    r"(?:打|拨|电信|移动|联通|\b(?:call|dial|ring)\b)[^\d,，。.!?！？]{0,6}(?P<d>10086|10010|10000)(?!\d|元|块)"
    r"|(?<!\d)(?P<e>10086|10010|10000)(?=\s*(?:客服|热线|电话|短信|\bhotline\b))"
)
"""The telephone companies' numbers are sums like any other, unless somebody speaks of calling them."""
_BARE_DIGITS = regex(rf"(?<![\d.])\d[\d -]{{1,22}}[\dx]|[{ZD}]{{3,18}}")


def find_contacts(scene: Scene) -> None:
    """Take e-mail addresses, phone numbers and the digits that name a card, an ID or a case."""
    for match in _EMAIL.finditer(scene.view):
        scene.take("email", {"value": scene.text[match.start() : match.end()]}, *match.span())
    if not re.search(rf"\d\D?\d|[{ZD}]{{3}}|one|two|three|four|five|six|seven|eight|nine", scene.view):
        return
    for match in _HOTLINE.finditer(scene.view):
        scene.mask(*match.span())
    for match in _OPERATOR.finditer(scene.view):
        scene.mask(*match.span("d" if match["d"] else "e"))
    for pattern in (_DIGITS_CUED, _TAILED, _LONG):
        for match in pattern.finditer(scene.view):
            _take_digits(scene, *match.span("d"))
    patterns = (*_PHONES, _BARE_US) if scene.context.currency == "USD" or _PHONE_WORD.search(scene.view) else _PHONES
    for pattern in patterns:
        for match in pattern.finditer(scene.view):
            _take_phone(scene, match)
    _find_spoken(scene)
    if scene.context.expecting == "digits" and not scene.has("digits"):
        for match in _BARE_DIGITS.finditer(scene.view):
            _take_digits(scene, *match.span())


def _find_spoken(scene: Scene) -> None:
    asked = scene.context.expecting == "digits"
    for match in _SPOKEN.finditer(scene.view):
        if asked or _SPOKEN_CUE.search(scene.view[max(0, match.start() - 40) : match.start()]):
            scene.take("digits", {"value": _spoken(match[0])}, *match.span())


def _take_phone(scene: Scene, match: re.Match[str]) -> None:
    if not scene.is_free(*match.span()):
        return
    digits = re.sub(r"\D", "", match[0].replace("(0)", ""))
    if 9 <= len(digits) <= 15:
        scene.take("phone", {"value": ("+" if match[0].startswith("+") else "") + digits}, *match.span())


def _take_digits(scene: Scene, start: int, end: int) -> None:
    if not scene.is_free(start, end):
        return
    text = scene.view[start:end]
    end -= len(text) - len(text.rstrip(" -"))
    digits = "".join(str(ZH_DIGITS.get(char, char)) for char in text if char.isdigit() or char in ZH_DIGITS)
    if text.rstrip(" -").endswith("x"):
        digits += "X"
    if len(digits) >= 3:
        scene.take("digits", {"value": digits}, start, end)


def _spoken(text: str) -> str:
    digits, times = "", 1
    for word in re.split(r"[\s,-]+", text):
        if word in ("double", "triple"):
            times = 2 if word == "double" else 3
        else:
            digits, times = digits + _WORD_DIGITS[word] * times, 1
    return digits
