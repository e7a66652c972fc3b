"""One spelling for matching: width, case, script and quotes folded; what was meant is left alone."""

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from core.dialogue.understanding import Language

if TYPE_CHECKING:
    from opencc import OpenCC

MAX_CHARS = 4000
"""Longest text that is read at all, in code points; the encoder reads less (`nlu.local.encoder.MAX_ENCODED`)."""

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_HAN_CHAR = re.compile(f"[{_HAN}]")
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ]+")
_HAN_GAP = re.compile(rf"(?<=[{_HAN}])[\s.·*_~\-]+(?=[{_HAN}])|(?<=[{_HAN}])\s+|\s+(?=[{_HAN}])")
_ASPECT = re.compile("著(?![名作称述录])")
_SPACE = re.compile(r"\s+")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad\ufe0f]")
_QUOTES = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u02bc": "'", "`": "'", "\u00b4": "'", "\u201c": '"', "\u201d": '"'}
)


@cache
def _converter() -> "OpenCC":
    from opencc import OpenCC  # noqa: PLC0415 - its tables are read when the first Chinese message comes

    return OpenCC("t2s")


def strip_surrogates(text: str) -> str:
    """The text without lone surrogates, which no encoder takes."""
    return text.encode("utf-8", "ignore").decode("utf-8")


def simplify(text: str) -> str:
    """Traditional characters as simplified ones."""
    return _ASPECT.sub("着", str(_converter().convert(text))) if _HAN_CHAR.search(text) else text


def fold(text: str) -> str:
    """Half width, lower case, simplified characters, straight quotes, single spaces, nothing invisible.

    At most `MAX_CHARS` code points are read. Offsets of the result are not those of the text.
    """
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", strip_surrogates(text[:MAX_CHARS])).translate(_QUOTES))
    return _SPACE.sub(" ", simplify(text).casefold()).strip()


def close_up(folded: str) -> str:
    """Folded text with the gaps between Chinese characters closed ('不 想 活' reads 不想活)."""
    return _HAN_GAP.sub("", folded)


def language_of(text: str, default: Language) -> Language:
    """zh or en by script: Chinese characters against Latin words; the default where there is neither."""
    han = len(_HAN_CHAR.findall(text))
    words = len(_LATIN_WORD.findall(text))
    if not han and not words:
        return default
    return "zh" if han >= 2 * words or han > 6 else "en"
