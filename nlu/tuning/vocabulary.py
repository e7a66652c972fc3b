"""The pieces of the base vocabulary that Chinese and English need, as a SentencePiece model."""

import io
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from nlu.normalise import simplify
from nlu.tuning.base import Base

MARKS = 4
"""The first pieces stand for beginning, padding, end and the unknown."""

COMMON_WORDS = {"en": 60_000, "zh": 200_000}
"""How many of the commonest words of a language keep their pieces."""

_CHINESE = re.compile(r"▁?[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]+")
_SINGLE = re.compile(r"▁?[\u0021-\u017e\u2010-\u203f\u20a0-\u20bf\u3000-\u303f\uff00-\uffef\u3400-\u9fff]?")


def model_of(base: Base, kept: Iterable[int]) -> bytes:
    """A SentencePiece unigram model of these pieces, in their order, which normalises as the base does (nmt_nfkc)."""
    from sentencepiece import sentencepiece_model_pb2  # noqa: PLC0415

    form: Any = sentencepiece_model_pb2
    made = form.ModelProto()
    made.ParseFromString(_normalising())
    del made.pieces[:]
    kinds = form.ModelProto.SentencePiece
    for place, number in enumerate(kept):
        kind = kinds.UNKNOWN if number == base.unknown else kinds.CONTROL if place < MARKS else kinds.NORMAL
        made.pieces.add(piece=base.pieces[number], score=float(base.scores[number]), type=kind)
    told = made.trainer_spec
    told.vocab_size = len(made.pieces)
    told.bos_id, told.pad_id, told.eos_id, told.unk_id = range(MARKS)
    told.bos_piece, told.pad_piece, told.eos_piece = base.pieces[:3]
    return bytes(made.SerializeToString())


def _normalising() -> bytes:
    """A model of a few words, for the table of its normalisation."""
    from sentencepiece import SentencePieceTrainer  # noqa: PLC0415

    written = io.BytesIO()
    SentencePieceTrainer.train(
        sentence_iterator=iter(["a few words to pay", "few words a pay to"]),
        model_writer=written,
        vocab_size=20,
        hard_vocab_limit=False,
        normalization_rule_name="nmt_nfkc",
        minloglevel=2,
    )
    return written.getvalue()


def kept_pieces(base: Base, texts: Iterable[str]) -> list[int]:
    """The places of the pieces to keep, in order: of common words, of these texts, every Chinese piece, every sign.

    What is left out falls apart into smaller pieces that are kept.
    """
    from sentencepiece import SentencePieceProcessor  # noqa: PLC0415

    whole: Any = SentencePieceProcessor(model_proto=model_of(base, range(len(base.pieces))))
    kept = set(range(MARKS))
    kept.update(place for place, piece in enumerate(base.pieces) if _CHINESE.fullmatch(piece) or _is_sign(piece))
    for text in (*_common_words(), *texts):
        kept.update(whole.encode(text))
    return sorted(kept)


def _is_sign(piece: str) -> bool:
    return bool(_SINGLE.fullmatch(piece)) or any(ord(c) >= 0x1F000 or 0x2600 <= ord(c) < 0x2800 for c in piece)


def _common_words() -> Iterator[str]:
    from wordfreq import iter_wordlist  # noqa: PLC0415

    for language, count in COMMON_WORDS.items():
        for word in islice(iter_wordlist(language), count):
            yield simplify(word)
