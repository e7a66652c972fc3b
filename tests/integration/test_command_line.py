"""The command line as a person runs it: a process of its own, its exit code and what it prints."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.policy import DEFAULT_VERSION, version_to_json
from tests.unit.portfolios import line, write_csv

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended, and what it said on standard output and standard error."""

    code: int
    out: str
    err: str


Parley = Callable[..., Said]


@pytest.fixture
def parley(tmp_path: Path, migrated_sqlite_url: str) -> Parley:
    """Runs `parley …` in an empty folder, on a database of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")} | {
        "PARLEY_DATABASE_URL": migrated_sqlite_url,
        "PARLEY_DATA_DIR": str(tmp_path / "var"),
        "PARLEY_PUBLIC_URL": "https://pay.example/",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
    }

    def run(*arguments: str) -> Said:
        done = subprocess.run(
            [sys.executable, "-m", "parley.cli", *arguments],
            cwd=tmp_path, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        return Said(done.returncode, done.stdout, done.stderr)

    return run


def rows(tmp_path: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(tmp_path / "parley.db")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_a_sample_is_written_checked_and_imported(parley: Parley, tmp_path: Path) -> None:
    assert parley("sample-portfolio", "--rows", "40", "--seed", "7", "--out", "s.xlsx").out == (
        "40 cases written to s.xlsx.\n"
    )
    checked = parley("import", "s.xlsx", "--dry-run")
    assert (checked.code, rows(tmp_path, "select count(*) from cases")) == (0, [(0,)])
    assert checked.out.startswith("40 lines are good: 40 new cases, 0 known ones. Nothing was imported")
    done = parley("import", "s.xlsx")
    assert (done.code, done.out) == (0, "40 cases made, 0 brought up to date.\n")
    assert rows(tmp_path, "select count(*) from cases") == [(40,)]


def test_a_file_with_bad_lines_ends_with_one_and_says_where_they_are(parley: Parley, tmp_path: Path) -> None:
    write_csv(tmp_path / "p.csv", [line(), line(reference="HB-2", birth_date="12/04/1990")])
    done = parley("import", "p.csv")
    assert done.code == 1
    assert "1 cases made" in done.out
    assert "line 3, birth date: not a date" in done.out
    assert "p.csv.errors.csv" in done.out
    assert "1990" not in done.out + done.err
    assert (tmp_path / "p.csv.errors.csv").exists()


def test_a_file_that_is_no_portfolio_ends_with_two_and_one_sentence(parley: Parley, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("creditor,reference,memo\nA,1,x\n", encoding="utf-8")
    done = parley("import", "p.csv")
    assert done.code == 2
    assert "No column for: currency, principal, debtor_name, market, due_date." in done.err
    assert "The columns found were: creditor, reference, memo." in done.err


def test_a_link_opens_one_case_and_a_shared_reference_asks_for_its_creditor(parley: Parley, tmp_path: Path) -> None:
    write_csv(tmp_path / "p.csv", [line(), line(creditor="Maple Credit Union")])
    assert parley("import", "p.csv").code == 0

    link = parley("link", "HB-1001", "--creditor", "Maple Credit Union", "--days", "3")
    found = re.fullmatch(r"https://pay\.example/c/(\S{32})\n/start (\S{32})\n", link.out)
    assert found is not None
    assert found[1] == found[2]
    assert rows(tmp_path, "select case_id from chat_links") == [(2,)]

    shared = parley("link", "HB-1001")
    assert shared.code == 2
    assert "Several creditors use this reference: name one." in shared.err
    assert "Harbour Bank, Maple Credit Union" in shared.err

    unknown = parley("link", "HB-404")
    assert (unknown.code, unknown.err) == (2, "Error: There is no such case. (reference: HB-404)\n")


def test_a_payment_is_counted_once_and_an_impossible_one_not_at_all(parley: Parley, tmp_path: Path) -> None:
    write_csv(tmp_path / "p.csv", [line()])
    assert parley("import", "p.csv").code == 0
    given = ("payment", "HB-1001", "100.50", "--payment-reference", "P-1", "--on", "2026-11-01")
    assert parley(*given).out.splitlines() == [
        "100.50 USD recorded for HB-1001: fees 80.00, interest 20.50, principal 0.00.",
        "Still owed: 2299.50 USD.",
    ]
    assert parley(*given).out == "This payment was recorded before, nothing changed: P-1.\n"
    for amount, day, why in (
        ("12.345", "2026-11-01", "more decimals"),
        ("NaN", "2026-11-01", "as a number"),
        ("1", "2999-01-01", "still to come"),
    ):
        refused = parley("payment", "HB-1001", amount, "--payment-reference", "P-2", "--on", day)
        assert refused.code == 2
        assert why in refused.err
    assert rows(tmp_path, "select count(*), sum(amount) from payments") == [(1, 10050)]


def test_a_login_is_made_once_and_the_trail_tells_when_it_was_changed(parley: Parley, tmp_path: Path) -> None:
    login = ("user", "add", "ana", "--name", "Ana", "--role", "agent", "--password")
    short = parley(*login, "short")
    assert (short.code, "eight characters" in short.err) == (2, True)
    assert parley(*login, "long enough").out == "ana may sign in as agent.\n"
    twice = parley(*login, "long enough")
    assert (twice.code, "taken" in twice.err) == (2, True)

    intact = parley("audit", "verify")
    assert (intact.code, intact.out) == (0, "The audit trail is intact: 1 rows.\n")
    connection = sqlite3.connect(tmp_path / "parley.db")
    connection.execute("update audit set actor = 'nobody'")
    connection.commit()
    connection.close()
    changed = parley("audit", "verify")
    assert changed.code == 1
    assert "row 1" in changed.out


def test_what_people_relabelled_is_written_for_training_and_the_trail_says_so(parley: Parley, tmp_path: Path) -> None:
    told = parley("nlu", "export", str(tmp_path / "said.yml"), "--lang", "zh")
    assert (told.code, told.out) == (0, f"0 relabelled messages written to {tmp_path / 'said.yml'}.\n")
    assert (tmp_path / "said.yml").read_text("utf-8") == 'version: "3.1"\nnlu: []\n'
    assert rows(tmp_path, "select actor, action from audit") == [("system", "exported_labels")]


def test_versions_of_the_limits_are_listed_shown_and_compared(parley: Parley, tmp_path: Path) -> None:
    none = parley("policy", "show")
    assert (none.code, none.err) == (2, "Error: There is no such version of the limits. (number: in force)\n")
    first, second = version_to_json(DEFAULT_VERSION), version_to_json(DEFAULT_VERSION)
    second["number"], second["rules"][0]["limits"]["max_instalments"] = 2, 12
    connection = sqlite3.connect(tmp_path / "parley.db")
    for number, state, body, note in ((1, "superseded", first, ""), (2, "in_force", second, "Shorter plans")):
        connection.execute(
            "INSERT INTO policies (number, state, body, note, created_at, published_at, revision, review, alone)"
            " VALUES (?, ?, ?, ?, '2026-11-01 00:00:00', ?, 1, '', 0)",
            (number, state, json.dumps(body), note, f"2026-11-0{number} 09:30:00"),
        )
    connection.commit()
    connection.close()
    assert parley("policy", "list").out.splitlines() == [
        "   2  in_force    2026-11-02 09:30 UTC  Shorter plans",
        "   1  superseded  2026-11-01 09:30 UTC",
    ]
    assert parley("policy", "diff", "1").out == "cn  max_instalments: 60 -> 12\n"
    assert parley("policy", "diff", "2", "1").out == "cn  max_instalments: 12 -> 60\n"
    assert json.loads(parley("policy", "show", "1").out) == first
    assert json.loads(parley("policy", "show").out) == second
    assert parley("policy", "show", "7").code == 2


def test_replaying_a_conversation_that_there_is_not_says_so(parley: Parley) -> None:
    answer = parley("audit", "replay", "7")
    assert answer.code != 0
    assert "There is no such conversation." in answer.err
