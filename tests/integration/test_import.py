"""Portfolios come in over each database: good lines whole, bad ones told, and nothing undone that people did."""

import csv
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update

from core.actions import payments
from core.actions.portfolio import find_case, upsert
from core.clock import FixedClock
from core.errors import InvalidInput, NotFound
from core.live import InProcessNotices
from core.money import Money
from core.store import audit, cases
from core.store.outbox import contact_history
from core.store.tables import Audit, Case, CaseFlag, ContactPoint, Conversation, Creditor, Debtor, Plan, Table
from core.work import Work, Works, make_engine
from parley.portfolio import load as loading
from parley.portfolio.command import told
from parley.portfolio.load import Outcome, load
from parley.portfolio.sample import write_sample
from tests.unit.portfolios import GOOD, line, write_csv

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
async def works(migrated_url: str, clock: FixedClock) -> AsyncIterator[Works]:
    opened = Works(make_engine(migrated_url), InProcessNotices(), clock)
    yield opened
    await opened.dispose()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "portfolio.csv"


async def bring(works: Works, file: Path, *rows: Sequence[str], headers: Sequence[str] = tuple(GOOD)) -> Outcome:
    return await load(write_csv(file, rows, headers), works)


async def rows(works: Works, table: type[Table]) -> list[Any]:
    async with works.read() as session:
        return list(await session.scalars(select(table).order_by(table.id)))


async def only(works: Works, table: type[Table]) -> Any:
    (row,) = await rows(works, table)
    return row


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")


def listed(outcome: Outcome) -> list[list[str]]:
    assert outcome.report is not None
    with outcome.report.open(encoding="utf-8-sig", newline="") as report:
        return list(csv.reader(report))


async def test_a_penalty_has_a_column_of_its_own(works: Works, file: Path) -> None:
    outcome = await bring(works, file, (*line(), "55.50"), headers=(*GOOD, "违约金"))
    assert (outcome.good, outcome.rejected) == (1, 0)
    assert (await only(works, Case)).penalty == 5550
    await bring(works, file, line(as_of="2026-11-22"))
    case = await only(works, Case)
    assert (case.penalty, cases.owed(case)) == (5550, Money(245550, "USD"))
    await bring(works, file, (*line(as_of="2026-11-23"), ""), headers=(*GOOD, "late payment penalty"))
    assert (await only(works, Case)).penalty == 0


async def test_a_good_line_is_stored_whole(works: Works, file: Path) -> None:
    outcome = await bring(works, file, line())
    assert (outcome.good, outcome.created, outcome.updated, outcome.rejected) == (1, 1, 0, 0)
    case, debtor = await only(works, Case), await only(works, Debtor)
    assert (case.principal, case.interest, case.fees, case.currency) == (210000, 22000, 8000, "USD")
    assert (case.due_date, case.balance_as_of) == (date(2026, 9, 6), date(2026, 11, 20))
    assert (case.product, case.contract, case.state) == ("credit_card", {"annual_rate": "0.2199"}, "open")
    assert debtor.facts == {"birth_date": "1990-04-12", "phone_last4": "0188", "account_last4": "8820"}
    assert {(point.kind, point.value) for point in await rows(works, ContactPoint)} == {
        ("phone", "+12125550188"),
        ("email", "dana@example.com"),
    }
    assert (await only(works, Audit)).data["source"] == "portfolio.csv"


async def test_good_lines_go_in_and_bad_ones_are_listed_beside_the_file(works: Works, file: Path) -> None:
    outcome = await bring(
        works,
        file,
        line(name="Dana\nReyes"),
        line(reference="HB-2", principal="=1+1", birth_date="2026-12-01"),
        line(reference="HB-3"),
    )
    assert (outcome.good, outcome.created, outcome.rejected) == (2, 2, 1)
    assert [case.reference for case in await rows(works, Case)] == ["HB-1001", "HB-3"]
    assert outcome.report == file.with_name("portfolio.csv.errors.csv")
    assert outcome.report.stat().st_mode & 0o077 == 0
    assert listed(outcome) == [
        ["line", "column", "reason", "原因", "value"],
        ["4", "principal", "not a sum of money, such as 1234.50", "不是有效的金额，例如 1234.50", "'=1+1"],
        ["4", "birth date", "a birth date in the future", "出生日期在未来", ""],
    ]


async def test_no_part_of_a_line_with_one_bad_field_goes_in(works: Works, file: Path) -> None:
    outcome = await bring(works, file, line(email="none"))
    assert (outcome.good, outcome.rejected) == (0, 1)
    for table in (Case, Debtor, ContactPoint, Creditor, Audit):
        assert await rows(works, table) == []


async def test_the_list_of_bad_lines_is_gone_once_all_are_good(works: Works, file: Path) -> None:
    first = await bring(works, file, line(market="mars"))
    assert first.report is not None
    second = await bring(works, file, line())
    assert second.report is None
    assert not first.report.exists()


async def test_a_line_with_a_lone_quotation_mark_takes_no_other_with_it(works: Works, file: Path) -> None:
    write_csv(file, [line(), line(reference="HB-2"), line(reference="HB-3")])
    _write(file, _text(file).replace("HB-2,", '"HB-2,'))
    outcome = await load(file, works)
    assert (outcome.good, outcome.rejected) == (2, 1)
    assert [row[:3] for row in listed(outcome)[1:]] == [
        ["3", "", "a quotation mark is missing or stands in the wrong place"]
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        ("creditor,reference,currency,name,market,dpd,memo\n", "No column for: principal.*memo"),
        ("Harbour Bank,HB-1,Dana Reyes,1990-04-12\nHarbour Bank,HB-2,Dana,1990-04-12\n", "does not look like"),
        (",".join((*GOOD, "本金")) + "\n", "principal: principal, 本金"),
    ],
)
async def test_a_file_that_is_no_portfolio_is_refused_before_anything_goes_in(
    works: Works, file: Path, content: str, message: str
) -> None:
    _write(file, content)
    with pytest.raises(InvalidInput, match=message) as refused:
        await load(file, works)
    assert "1990" not in str(refused.value)
    assert await rows(works, Case) == []
    assert not file.with_name("portfolio.csv.errors.csv").exists()


async def test_a_file_of_headers_alone_brings_nothing_and_is_no_error(works: Works, file: Path) -> None:
    outcome = await bring(works, file)
    assert (outcome.good, outcome.created, outcome.rejected) == (0, 0, 0)


async def test_a_dry_run_says_what_would_happen_and_writes_nothing(works: Works, file: Path) -> None:
    await bring(works, file, line())
    before = [(await only(works, Case)).updated_at, len(await rows(works, Audit))]
    write_csv(file, [line(principal="1.00"), line(reference="HB-2"), line(reference="HB-3", market="?")])
    outcome = await load(file, works, dry_run=True)
    assert (outcome.good, outcome.created, outcome.updated, outcome.rejected) == (2, 1, 1, 1)
    case = await only(works, Case)
    assert (case.principal, [case.updated_at, len(await rows(works, Audit))]) == (210000, before)
    assert "Nothing was imported" in told(outcome, dry_run=True)[0]


async def test_a_second_import_brings_sums_up_to_date_and_makes_no_second_case(works: Works, file: Path) -> None:
    await bring(works, file, line())
    changes = {"as_of": "2026-11-22", "principal": "2000.00", "interest": "", "days_past_due": "77", "name": "D. Reyes"}
    outcome = await bring(works, file, line(phone="+1 312 555 0142", **changes))
    assert (outcome.created, outcome.updated, outcome.kept) == (0, 1, 0)
    case, debtor = await only(works, Case), await only(works, Debtor)
    assert (case.principal, case.interest, case.fees, case.balance_as_of) == (200000, 0, 8000, date(2026, 11, 22))
    assert (debtor.name, debtor.facts["phone_last4"]) == ("D. Reyes", "0142")
    assert len(await rows(works, ContactPoint)) == 3


async def test_what_a_later_file_does_not_say_stays(works: Works, file: Path) -> None:
    await bring(works, file, line(language="zh"))
    kept = [name for name in GOOD if name not in ("interest", "fees", "product", "language", "contract date", "phone")]
    kept.remove("contract: annual rate")
    cells = dict(zip(GOOD, line(as_of="2026-11-21", account_last4=""), strict=True))
    await bring(works, file, [cells[name] for name in kept], headers=kept)
    case, debtor = await only(works, Case), await only(works, Debtor)
    assert (case.interest, case.fees, case.product, case.opened_on) == (22000, 8000, "credit_card", date(2020, 3, 1))
    assert case.contract == {"annual_rate": "0.2199"}
    assert debtor.language == "zh"
    assert debtor.facts == {"birth_date": "1990-04-12", "phone_last4": "0188", "account_last4": "8820"}


async def _talk(work: Work, case: Case, **changes: Any) -> Conversation:
    conversation = Conversation(
        case_id=case.id, channel="web", address="dana", language="en", opened_at=work.now, last_at=work.now, **changes
    )
    work.session.add(conversation)
    await work.session.flush()
    return conversation


async def test_conversations_flags_and_plans_outlive_an_update(works: Works, file: Path) -> None:
    await bring(works, file, line())
    async with works.begin() as work:
        case = await work.session.get_one(Case, (await only(works, Case)).id)
        conversation = await _talk(work, case, memory={"phase": "agreed"})
        await cases.add_flags(work.session, case.id, ("hardship",), None, work.now)
        work.session.add(
            Plan(
                case_id=case.id, conversation_id=conversation.id, public_id="p", body={}, currency="USD", total=240000,
                discount=0, down_payment=0, frequency="monthly", policy_version=1, rule="r", language="en",
                agreed_at=work.now,
            )
        )  # fmt: skip
    await bring(works, file, line(as_of="2026-11-22", principal="3000.00"))
    assert (await only(works, Conversation)).memory == {"phase": "agreed"}
    assert (await only(works, CaseFlag)).flag == "hardship"
    plan = await only(works, Plan)
    assert (plan.state, plan.total) == ("active", 240000)


async def test_a_debtor_who_has_talked_keeps_their_language(works: Works, file: Path) -> None:
    await bring(works, file, line(language="zh"))
    await bring(works, file, line(language="en"))
    assert (await only(works, Debtor)).language == "en"
    async with works.begin() as work:
        await _talk(work, await work.session.get_one(Case, (await only(works, Case)).id))
    await bring(works, file, line(language="zh"))
    assert (await only(works, Debtor)).language == "en"


async def test_a_stop_holds_for_the_number_on_file_and_for_a_new_one(works: Works, file: Path) -> None:
    await bring(works, file, line())
    async with works.begin() as work:
        await cases.stop_contact(work.session, (await only(works, Debtor)).id, work.now)
    await bring(works, file, line(phone="+1 (212) 555-0188"))
    await bring(works, file, line(phone="+1 312 555 0142"))
    points = await rows(works, ContactPoint)
    assert len(points) == 3
    assert {point.stopped_at for point in points} == {NOW}


async def test_a_debtors_wish_about_contact_outlives_an_update(works: Works, file: Path) -> None:
    await bring(works, file, line())
    wish = {"words": "only after six", "at": NOW.isoformat(), "message": None}
    async with works.begin() as work:
        case = await work.session.get_one(Case, (await only(works, Case)).id)
        case.contract = {**case.contract, "contact_preference": wish}
        conversation = await _talk(work, case)
    changed = dict(zip(GOOD, line(), strict=True)) | {"contract: annual rate": "0.1"}
    headers = [*changed, "contract: contact preference"]
    await bring(works, file, [*changed.values(), "at midnight"], headers=headers)
    case = await only(works, Case)
    assert case.contract == {"annual_rate": "0.1", "contact_preference": wish}
    async with works.read() as session:
        history = await contact_history(session, case, zone=ZoneInfo("UTC"), conversation=conversation, now=NOW)
    assert history.preferred_words == "only after six"


async def test_a_payment_is_not_undone_by_a_file_of_its_day_or_before(works: Works, file: Path) -> None:
    await bring(works, file, line())
    async with works.begin() as work:
        await payments.record(work, (await only(works, Case)).id, Money(100000, "USD"), "P1", date(2026, 11, 22))
    owed = {"principal": 140000, "interest": 0, "fees": 0}
    for as_of in ("2026-11-20", "2026-11-22"):
        outcome = await bring(works, file, line(as_of=as_of, name="Dana R."))
        assert (outcome.updated, outcome.kept) == (1, 1)
        case = await only(works, Case)
        assert {name: getattr(case, name) for name in owed} == owed
        assert (await only(works, Debtor)).name == "Dana R."
    await bring(works, file, line(as_of="2026-11-23", principal="1400.00", interest="3.50", fees="0"))
    assert (await only(works, Case)).interest == 350


async def test_an_older_balance_does_not_replace_a_newer_one(works: Works, file: Path) -> None:
    await bring(works, file, line(as_of="2026-11-22"))
    outcome = await bring(works, file, line(as_of="2026-11-21", principal="9.00"))
    case = await only(works, Case)
    assert (outcome.kept, case.principal, case.balance_as_of) == (1, 210000, date(2026, 11, 22))
    assert any("keep their sums" in said for said in told(outcome, dry_run=False))


async def test_a_settled_case_stays_settled(works: Works, file: Path) -> None:
    await bring(works, file, line())
    async with works.begin() as work:
        await work.session.execute(update(Case).values(state="settled", principal=0, interest=0, fees=0))
    outcome = await bring(works, file, line(as_of="2026-11-23"))
    case = await only(works, Case)
    assert (outcome.updated, outcome.kept, case.state, case.principal) == (1, 1, "settled", 0)


async def test_a_known_case_may_come_back_as_paid_or_not_due_and_a_new_one_may_not(works: Works, file: Path) -> None:
    await bring(works, file, line(), line(reference="HB-2"))
    nothing = {"as_of": "2026-11-22", "principal": "0", "interest": "0", "fees": "0"}
    outcome = await bring(
        works,
        file,
        line(**nothing),
        line(reference="HB-2", as_of="2026-11-22", days_past_due="-3"),
        line(reference="HB-3", **nothing),
        line(reference="HB-4", days_past_due="-3"),
    )
    assert (outcome.good, outcome.updated, outcome.created, outcome.rejected) == (2, 2, 0, 2)
    assert [(row[0], row[1], row[2]) for row in listed(outcome)[1:]] == [
        ("4", "principal", "nothing is owed on this line"),
        ("5", "due_date", "not due yet: a new case is one in arrears"),
    ]
    first, second = await rows(works, Case)
    assert (first.principal, second.due_date) == (0, date(2026, 11, 25))


async def test_a_known_case_does_not_change_its_currency_or_market(works: Works, file: Path) -> None:
    await bring(works, file, line(), line(reference="HB-2"))
    outcome = await bring(works, file, line(currency="CAD"), line(reference="HB-2", market="uk"))
    assert [row[1] for row in listed(outcome)[1:]] == ["currency", "market"]
    assert {(case.currency, case.market) for case in await rows(works, Case)} == {("USD", "us")}


@pytest.mark.parametrize("batch", [2, 1000])
async def test_of_two_lines_for_one_case_the_last_counts(
    works: Works, file: Path, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "BATCH", batch)
    outcome = await bring(
        works, file, line(principal="1"), line(principal="2"), line(reference="HB-2"), line(principal="3")
    )
    assert (outcome.good, outcome.rejected) == (4, 0)
    assert [case.principal for case in await rows(works, Case)] == [300, 210000]
    assert len(await rows(works, Debtor)) == 2


async def test_an_import_that_is_cut_off_leaves_whole_batches_and_can_be_run_again(
    works: Works, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "BATCH", 3)
    lines = [line(reference=f"HB-{number}") for number in range(8)]
    batches = 0

    async def break_off(work: Work, cases: Any, source: str, **how: Any) -> Any:
        nonlocal batches
        batches += 1
        done = await upsert(work, cases, source, **how)
        if batches == 2:
            raise ConnectionError
        return done

    with monkeypatch.context() as patch:
        patch.setattr(loading, "upsert", break_off)
        with pytest.raises(ConnectionError):
            await bring(works, file, *lines)
    assert [case.reference for case in await rows(works, Case)] == ["HB-0", "HB-1", "HB-2"]
    assert (len(await rows(works, Debtor)), len(await rows(works, Audit))) == (3, 1)
    outcome = await bring(works, file, *lines)
    assert (outcome.created, outcome.updated) == (5, 3)
    async with works.read() as session:
        assert await audit.verify(session) == audit.Intact(4)


async def test_one_reference_of_two_creditors_is_two_cases_and_must_be_named(works: Works, file: Path) -> None:
    await bring(works, file, line(), line(creditor="海港银行"))
    async with works.read() as session:
        assert (await find_case(session, "HB-1001", "海港银行")).creditor == "海港银行"
        assert (await find_case(session, " HB-1001 ", "harbour bank")).creditor == "Harbour Bank"
        with pytest.raises(InvalidInput) as several:
            await find_case(session, "HB-1001")
        assert several.value.data["creditors"] == "Harbour Bank, 海港银行"
        with pytest.raises(NotFound):
            await find_case(session, "HB-1001", "Another Bank")


async def test_odd_but_honest_values_come_through_the_database_unchanged(works: Works, file: Path) -> None:
    names = ["😀 Zoë O'Brien", '"; DROP TABLE cases; --', "人" * 200, "d'Arc, Jeanne", "\\N", "%s {x}"]
    await bring(works, file, *(line(reference=f"R{n}", name=name) for n, name in enumerate(names)))
    assert [debtor.name for debtor in await rows(works, Debtor)] == names


async def test_nothing_personal_is_told_on_the_terminal(works: Works, file: Path) -> None:
    headers = [*GOOD, "Memo of dana@example.com"]
    bad = line(birth_date="12/04/1990", phone="secret 0188", account_last4="88201", name="N" * 201)
    outcome = await bring(works, file, [*bad, "x"], headers=headers)
    said = "\n".join(told(outcome, dry_run=False))
    for secret in ("1990", "0188", "88201", "NNN", "dana@example.com"):
        assert secret not in said
    assert "1 lines were left out" in said
    assert "line 2, birth date: not a date" in said


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
async def test_every_line_of_a_sample_goes_in_and_is_of_somebody_to_be_reached(
    works: Works, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"sample.{suffix}"
    write_sample(path, 1200, 5)
    outcome = await load(path, works)
    assert (outcome.created, outcome.rejected, outcome.mapped.ignored) == (1200, 0, ())
    async with works.read() as session:
        phones = select(func.count()).select_from(ContactPoint).where(ContactPoint.kind == "phone")
        assert await session.scalar(phones) == 1200
