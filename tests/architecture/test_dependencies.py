"""Every direct dependency is locked, and says what it is for."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUN_TIME = PROJECT["project"]["dependencies"]
GROUPS = PROJECT["dependency-groups"]


def names(requirements: list[str]) -> set[str]:
    """The distributions' names without versions and extras."""
    return {re.split(r"[^A-Za-z0-9_.-]", requirement)[0].lower() for requirement in requirements}


def locked(file: str) -> set[str]:
    """The distributions pinned in a lock."""
    return set(re.findall(r"^([a-z0-9_.-]+)==", (ROOT / "requirements" / file).read_text(), re.MULTILINE))


def test_every_dependency_is_locked():
    assert names(RUN_TIME) <= locked("base.txt")
    assert names(RUN_TIME + GROUPS["dev"]) <= locked("dev.txt")
    assert names(GROUPS["build"]) <= locked("build.txt")


def test_every_pin_has_a_hash_and_no_lock_names_an_index():
    for file in ("base.txt", "dev.txt", "build.txt"):
        text = (ROOT / "requirements" / file).read_text()
        assert not re.search(r"https?://|^--(index|extra-index|find-links)", text, re.MULTILINE)
        assert len(re.findall(r"==\S+.*\\\n    --hash=sha256:", text)) == len(locked(file))


def test_rasas_lock_has_hashes_and_names_no_index_and_shares_nothing_with_ours():
    text = (ROOT / "requirements" / "rasa.txt").read_text()
    pins = re.findall(r"^[a-z0-9_.-]+(?:\[.*\])?==", text, re.MULTILINE)
    assert "rasa" in locked("rasa.txt")
    assert len(re.findall(r"==\S+.*\\\n    --hash=sha256:", text)) == len(pins)
    assert not re.search(r"https?://|^--(index|extra-index|find-links)", text, re.MULTILINE)
    assert not {"rasa", "tensorflow"} & (locked("base.txt") | locked("dev.txt"))


def test_every_dependency_says_what_it_is_for():
    page = (ROOT / "docs" / "dependencies.md").read_text()
    stated = set()
    for row in re.findall(r"^\| ([a-z0-9*, -]+) \|", page, re.MULTILINE):
        first, *others = row.split(", ")
        stated |= {first, *(first + other if other.startswith("-") else other for other in others)}
    named = {name for name in names(RUN_TIME + GROUPS["dev"] + GROUPS["build"]) if not name.startswith("types-")}
    assert named <= stated
