"""What the encoder is taught with: the messages, some of them written carelessly, and run-on ones, new each round."""

from collections.abc import Sequence
from random import Random

from core.dialogue.understanding import Language
from nlu.corpus import Example
from nlu.local.pairing import pairs_of

CARELESS = 0.25
"""Share of the messages that are written more carelessly than they stand."""

PAIRS = 3200
PIECES = 900
"""Most pieces of a batch, its padding counted."""

_SIGNS = frozenset("，。！？,.!?、；;…'’\"“”")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def round_of(corpus: Sequence[Example], number: int) -> list[Example]:
    """The lessons of one round; the same for the same corpus and number."""
    dice = Random(number)  # noqa: S311 - nothing secret hangs on it
    written = [
        Example(careless(each.text, each.lang, dice), each.intents, each.lang) if dice.random() < CARELESS else each
        for each in corpus
    ]
    return written + [pair.example for pair in pairs_of(corpus, count=PAIRS, seed=100 + number)]


def careless(text: str, lang: Language, dice: Random) -> str:
    """The message as a hurried thumb leaves it: without signs, in small letters, a letter lost, doubled or swapped."""
    chance = dice.random()
    if chance < 0.35:
        return "".join(c for c in text if c not in _SIGNS) or text
    if lang == "zh":
        return _slip_zh(text, dice)
    return text.lower() if chance < 0.5 else _slips_en(text, dice)


def _slips_en(text: str, dice: Random) -> str:
    letters = list(text)
    for _ in range(max(1, len(letters) // 25)):
        at, kind = dice.randrange(len(letters)), dice.random()
        if not letters[at].isalpha():
            continue
        if kind < 0.35 and len(letters) > 4:
            letters[at] = ""
        elif kind < 0.6 and at + 1 < len(letters):
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
        elif kind < 0.8:
            letters[at] *= 2
        else:
            letters[at] = dice.choice(_LETTERS)
    return "".join(letters) or text


def _slip_zh(text: str, dice: Random) -> str:
    if len(text) <= 6:
        return text
    at, kind = dice.randrange(len(text)), dice.random()
    slipped = "" if kind < 0.4 else text[at] * 2 if kind < 0.7 else " " + text[at]
    return text[:at] + slipped + text[at + 1 :]


def batches(lengths: Sequence[int], dice: Random) -> list[list[int]]:
    """Places of messages of like length together, the batches in random order."""
    order = sorted(range(len(lengths)), key=lambda at: lengths[at] + 2 * dice.random())
    found: list[list[int]] = [[]]
    longest = 0
    for at in order:
        longest = max(longest, lengths[at])
        if found[-1] and longest * (len(found[-1]) + 1) > PIECES:
            found.append([])
            longest = lengths[at]
        found[-1].append(at)
    dice.shuffle(found)
    return found
