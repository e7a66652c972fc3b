"""Which messages say nearly the same: Jaccard similarity of their character n-grams, found with prefix filtering.

Two sets that are alike in at least `t` share one of the rarest `size - ceil(t * size) + 1` n-grams of each, so only
those are indexed (Bayardo, Ma and Srikant 2007, "Scaling Up All Pairs Similarity Search"; Xiao et al. 2008, "Efficient
Similarity Joins for Near Duplicate Detection"): the work grows with what is alike, not with the square of the messages.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.dialogue.understanding import Language
from nlu.normalise import close_up, fold

_NUMBER = re.compile(r"\d+(?:[.,:/\-]\d+)*")
_SILENT = re.compile(r"[.,!;:\"…~。、·()\[\]<>《》「」『』_*-]+")
_QUOTE = re.compile(r"[']")
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\d_]+|\d+")
WIDTH = {"zh": 2, "en": 3}
"""Characters in an n-gram."""

OPENING = {"zh": 4, "en": 3}
"""Words at the beginning of a message, a Chinese character being one."""


@dataclass(frozen=True, slots=True)
class Near:
    """Places of two messages, the earlier first, and how alike they are, 0 to 1."""

    first: int
    second: int
    likeness: float


def plain(text: str) -> str:
    """One spelling of what is the same message: case, script, width, spacing and silent signs folded.

    Question marks, currency signs and emoji stay, as they can turn the meaning; so does a message of signs alone.
    """
    folded = fold(text)
    return close_up(_SPACE.sub(" ", _SILENT.sub(" ", _QUOTE.sub("", folded))).strip()) or folded


def telling(text: str) -> bool:
    """Whether a message is long enough to be somebody's own words: three words, or five where Chinese is in it."""
    words = _WORD.findall(plain(text))
    return len(words) >= (5 if any(len(word) == 1 and word > "\u3400" for word in words) else 3)


def opening(text: str, lang: Language) -> str:
    """The first three words, or four Chinese characters; empty for a message that is not longer."""
    words = _WORD.findall(plain(text))
    count = OPENING[lang]
    return ("" if lang == "zh" else " ").join(words[:count]) if len(words) > count else ""


def shingles(text: str, lang: Language) -> frozenset[str]:
    """Character n-grams of the plain text framed by spaces; beside words, every number is one sign."""
    said = plain(text)
    if any(char.isalpha() for char in said):
        said = _NUMBER.sub("0", said)
    framed = f" {said} "
    width = WIDTH[lang]
    return frozenset(framed[at : at + width] for at in range(max(1, len(framed) - width + 1)))


def near_pairs(sets: Sequence[frozenset[str]], likeness: float) -> Iterator[Near]:
    """Every pair at least this alike (0 < likeness <= 1)."""
    counts = Counter(gram for grams in sets for gram in grams)
    order = sorted(range(len(sets)), key=lambda at: (len(sets[at]), at))
    index: dict[str, list[int]] = defaultdict(list)
    for at in order:
        grams = sets[at]
        least = math.ceil(likeness * len(grams) - 1e-9)
        rarest = sorted(grams, key=lambda gram: (counts[gram], gram))[: len(grams) - least + 1]
        met = {other for gram in rarest for other in index[gram] if len(sets[other]) >= least}
        for other in met:
            shared = len(grams & sets[other])
            alike = shared / (len(grams) + len(sets[other]) - shared)
            if alike >= likeness:
                yield Near(min(at, other), max(at, other), round(alike, 3))
        for gram in rarest:
            index[gram].append(at)
