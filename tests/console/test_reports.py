"""Reports on the busy morning of the office: each figure by hand, and the number, the rows and the file the same."""

import csv
import json
import re
from datetime import date, timedelta
from html import unescape
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
from python_calamine import CalamineWorkbook

from console.labels import reports as report_words
from console.queries.reports import rows as rows_query
from console.queries.reports.measures import MEASURES, TABS
from core.actions import payments, report_facts, takeover, transfers
from core.money import Money
from core.store.tables import Audit, Case, Debtor, HandoffRow, InstalmentRow, Plan, PromiseRow, ReportFact
from tests.console.conftest import Browser, SignIn, words
from tests.console.office import Office
from tests.console.statements import statements
from tests.console.test_reports_counting import count_all

DAYS = {"since": "2026-11-20", "until": "2026-11-24", "zone": "UTC"}
TABS_SHOWN = tuple(TABS)


def address(tab: str, **fields: str) -> str:
    """A page of reports on those days."""
    return f"/reports?{urlencode({'tab': tab, **DAYS, **fields})}"


def card(html: str, measure: str, *, place: str = "now") -> str:
    """What a figure at the top of the page says."""
    name = re.escape(report_words.MEASURES[measure])
    found = re.search(rf'<dt>{name}</dt>.*?<dd class="{place}">(.*?)</dd>', html, re.DOTALL)
    assert found, f"no figure {measure}"
    return words(found[1])


def group(html: str, table: str, name: str) -> list[str]:
    """The cells of one row of a table."""
    section = html[html.index(f">{table}</h2>") :]
    found = re.search(rf'<th scope="row">{re.escape(name)}</th>(.*?)</tr>', section, re.DOTALL)
    assert found, f"no row {name}"
    return [words(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", found[1], re.DOTALL)]


async def report(browser: Browser, tab: str, **fields: str) -> str:
    """The page's HTML."""
    answer = await browser.get(address(tab, **fields))
    assert answer.status_code == 200
    return answer.text


async def export(browser: Browser, link: str, kind: str) -> httpx.Response:
    """The file of the rows that a number links to."""
    fields: dict[str, Any] = dict(parse_qsl(urlsplit(link).query))
    return await browser.post("/reports/rows/export", format=kind, **fields)


@pytest.fixture
async def counted(office: Office) -> Office:
    """The office, counted as the worker does."""
    await count_all(office.works)
    return office


async def test_the_morning_is_counted_as_it_was(sign_in: SignIn, counted: Office) -> None:
    page = await report(await sign_in("max"), "agreements")
    assert card(page, "wrote") == "9"
    assert card(page, "right_party") == "88.9% 8 of 9"
    assert card(page, "contained") == "11.1% 1 of 9"
    assert card(page, "agreed") == "11.1% 1 of 9"
    assert card(page, "to_people") == "77.8% 7 of 9"
    assert card(page, "plan_kept") == "–"
    assert card(page, "promise_kept") == "–"
    (plan,) = await counted.rows(Plan)
    assert "of 1" in card(page, "time_to_plan")
    assert group(page, "Version of the limits", "Version 1")[0] == "9"
    assert "Before: 0" in card(page, "wrote", place="then")
    assert plan.state == "active"


async def test_waits_replies_and_reasons_are_those_of_the_hand_overs(sign_in: SignIn, counted: Office) -> None:
    page = await report(await sign_in("max"), "service")
    assert card(page, "handoffs") == "7"
    assert card(page, "taken") == "28.6% 2 of 7"
    assert card(page, "queue_wait").startswith("0 s")
    assert card(page, "queue_wait").endswith("of 2")
    assert card(page, "first_reply").startswith("1 min 0 s")
    assert card(page, "handle_time") == "–"
    assert group(page, "Why conversations went to people", "Disputes the debt") == ["1", "0.0% 0 of 1"]
    assert group(page, "Why conversations went to people", "Danger of self-harm") == ["1", "0.0% 0 of 1"]


async def test_people_who_need_more_care_stand_beside_the_others(sign_in: SignIn, counted: Office) -> None:
    page = await report(await sign_in("max"), "care")
    assert card(page, "complaints") == "1"
    assert card(page, "complained") == "11.1% 1 of 9"
    beside = "Vulnerable people beside others"
    assert group(page, beside, "Vulnerable people")[0] == "1"
    assert group(page, beside, "People in hardship")[0] == "2"
    assert group(page, beside, "Everybody else")[0] == "6"
    assert group(page, beside, "Everybody else")[3] == "16.7% 1 of 6"


async def test_sums_stay_in_their_currency_and_are_worth_less_later(sign_in: SignIn, counted: Office) -> None:
    for person, amount, currency in ((6, 100000, "CNY"), (0, 5050, "USD"), (6, 50000, "CNY")):
        async with counted.works.begin() as work:
            paid = Money(amount, currency)
            await payments.record(work, counted.case_ids[person], paid, f"P{amount}", date(2026, 11, 24))
    await count_all(counted.works)
    page = await report(await sign_in("max"), "money")
    assert card(page, "payments") == "3"
    assert "1,500.00" in card(page, "received")
    assert "$50.50" in card(page, "received")
    assert "1,499.68" in card(page, "present_value")
    assert "$50.49" in card(page, "present_value")
    assert card(page, "agreed_sum") != "–"
    us = await report(await sign_in("max"), "money", market="us")
    assert card(us, "received") == "$50.50"


async def test_a_promise_told_late_counts_on_the_date_that_was_promised(sign_in: SignIn, counted: Office) -> None:
    async with counted.works.begin() as work:
        work.session.add_all(
            PromiseRow(
                case_id=counted.case_ids[0],
                conversation_id=counted.talks[0],
                due=date(2026, 11, 24) + timedelta(days=days),
                currency="USD",
                amount=1000,
                policy_version=1,
                state=state,
                made_at=work.now,
            )
            for days, state in ((0, "kept"), (0, "broken"), (0, "broken"), (0, "open"), (1, "kept"))
        )
    await count_all(counted.works)
    page = await report(await sign_in("max"), "agreements")
    assert card(page, "promise_kept") == "33.3% 1 of 3"


async def test_what_happens_later_is_counted_without_counting_everything(sign_in: SignIn, counted: Office) -> None:
    await counted.take(0, "ana")
    await counted.write(0, "ana", "Hello Dana, I am Ana. What would help you most?")
    before = await report(await sign_in("max"), "service")
    assert card(before, "taken") == "28.6% 2 of 7"
    while await report_facts.follow(counted.works):
        pass
    after = await report(await sign_in("max"), "service")
    assert card(after, "taken") == "42.9% 3 of 7"


async def test_who_gives_a_conversation_on_does_not_begin_its_wait_anew(sign_in: SignIn, counted: Office) -> None:
    def moved(minutes: int) -> None:
        counted.clock.advance(timedelta(minutes=minutes))

    async def does(*what: object) -> None:
        async with counted.works.begin() as work:
            action, *values = what
            await action(work, *values)  # type: ignore[operator]

    (handed,) = await counted.rows(HandoffRow, conversation_id=counted.talks[0])
    waited = counted.clock.now() - handed.at
    await counted.take(0, "ana")
    moved(10)
    await does(transfers.to_agent, counted.talks[0], counted.team["ana"], counted.team["li"].id, "She knows the bank")
    moved(20)
    await does(transfers.to_team, counted.talks[0], counted.team["li"], None, "Not mine either")
    moved(60)
    await counted.take(0, "ana")
    moved(5)
    await does(takeover.hand_back, counted.talks[0], counted.team["ana"])
    await count_all(counted.works)
    (fact,) = await counted.rows(ReportFact, kind="handoff", ref=handed.id)
    assert fact.waited_s == int(waited.total_seconds())
    assert fact.handled_s == 35 * 60


async def test_a_plan_with_a_missed_payment_is_not_kept_until_it_is_paid(sign_in: SignIn, counted: Office) -> None:
    async with counted.works.begin() as work:
        (plan,) = await counted.rows(Plan)
        row = await work.session.get_one(InstalmentRow, (await counted.rows(InstalmentRow, plan_id=plan.id))[0].id)
        row.missed_on = row.due
        due, amount = row.due, Money(row.amount, plan.currency)
    await count_all(counted.works)
    browser = await sign_in("max")
    assert card(await report(browser, "agreements"), "plan_kept") == "0.0% 0 of 1"
    async with counted.works.begin() as work:
        await payments.record(work, plan.case_id, amount, "late", due + timedelta(days=2))
    await count_all(counted.works)
    assert card(await report(browser, "agreements"), "plan_kept") == "100.0% 1 of 1"


@pytest.mark.parametrize("tab", TABS_SHOWN)
async def test_every_number_equals_the_rows_it_opens_and_the_rows_of_the_file(
    tab: str, sign_in: SignIn, counted: Office
) -> None:
    for person in (0, 4, 6):
        case = (await counted.rows(Case, id=counted.case_ids[person]))[0]
        async with counted.works.begin() as work:
            await payments.record(work, case.id, Money(1000, case.currency), "P", date(2026, 11, 23))
    await count_all(counted.works)
    browser = await sign_in("ada")
    page = await report(browser, tab, by="market")
    numbers = re.findall(r'href="(/reports/rows\?[^"]*)">([^<]*)<', page)
    assert len(numbers) > 10
    seen = 0
    for link, shown in dict.fromkeys((unescape(link), words(text)) for link, text in numbers):
        rows = await browser.get(link)
        found = re.search(r"<strong>([\d,]+) rows?</strong>", rows.text)
        assert found, link
        n = int(found[1].replace(",", ""))
        listed = rows.text.count("<tr>") - 1 if n else 0
        assert listed == n
        if shown.isdigit():
            assert int(shown) == n, link
        if shown.startswith("of "):
            assert int(shown[3:]) == n, link
        if n and seen < 6:
            seen += 1
            told = await export(browser, link, "csv")
            assert told.status_code == 200
            assert len(list(csv.reader(StringIO(told.content.decode("utf-8-sig"))))) == n + 1


async def test_the_shares_rows_are_its_numerator_and_its_whole(sign_in: SignIn, counted: Office) -> None:
    browser = await sign_in("sue")
    part = await browser.get(f"/reports/rows?{urlencode({'measure': 'right_party', **DAYS})}")
    whole = await browser.get(f"/reports/rows?{urlencode({'measure': 'right_party', 'whole': '1', **DAYS})}")
    assert "8 rows" in words(part.text)
    assert "9 rows" in words(whole.text)
    assert "Marcus Lee" not in words(part.text)
    assert "Marcus Lee" in words(whole.text)
    assert "Export" not in words(part.text)


async def test_a_file_says_the_same_in_both_forms_and_leaves_a_trace(sign_in: SignIn, counted: Office) -> None:
    browser = await sign_in("max")
    link = f"/reports/rows?{urlencode({'measure': 'wrote', **DAYS, 'market': 'cn'})}"
    text = await export(browser, link, "csv")
    assert text.content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(StringIO(text.content.decode("utf-8-sig"))))
    book = CalamineWorkbook.from_filelike(BytesIO((await export(browser, link, "xlsx")).content))
    cells = book.get_sheet_by_index(0).to_python()
    assert [row[2] for row in cells] == [row[2] for row in lines]
    assert lines[0][:4] == ["What", "When", "Customer", "Case"]
    assert {row[6] for row in lines[1:]} == {"China"}
    traces = await counted.rows(Audit, action="exported_report")
    assert [(row.actor, row.data["format"], row.data["rows"]) for row in traces] == [
        ("max", "csv", len(lines) - 1),
        ("max", "xlsx", len(lines) - 1),
    ]
    assert traces[0].data["filters"]["market"] == "cn"


async def test_names_of_columns_are_in_the_viewers_language(sign_in: SignIn, counted: Office) -> None:
    browser = await sign_in("max")
    await browser.post("/language", language="zh", next="/")
    link = f"/reports/rows?{urlencode({'measure': 'wrote', **DAYS})}"
    header = (await export(browser, link, "csv")).content.decode("utf-8-sig").splitlines()[0]
    assert "客户" in header
    assert "Customer" not in header


async def test_nothing_in_a_file_is_a_formula_and_numbers_are_covered(sign_in: SignIn, counted: Office) -> None:
    async with counted.works.begin() as work:
        case = await work.session.get_one(Case, counted.case_ids[0])
        debtor = await work.session.get_one(Debtor, case.debtor_id)
        debtor.name, case.reference = "=HYPERLINK(1)", "4111111111111111"
    link = f"/reports/rows?{urlencode({'measure': 'wrote', **DAYS})}"
    covered = (await export(await sign_in("max"), link, "csv")).content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in covered
    assert "4111111111111111" not in covered
    assert "1111" in covered
    whole = (await export(await sign_in("ada"), link, "csv")).content.decode("utf-8-sig")
    assert "4111111111111111" in whole
    assert "4111111111111111" not in (await (await sign_in("max")).get(link)).text


async def test_who_may_only_see_reports_takes_no_file_with_them(sign_in: SignIn, counted: Office) -> None:
    sue = await sign_in("sue")
    assert (await sue.get(address("care"))).status_code == 200
    link = f"/reports/rows?{urlencode({'measure': 'wrote', **DAYS})}"
    assert (await export(sue, link, "csv")).status_code == 403
    assert await counted.rows(Audit, action="exported_report") == []
    assert (await (await sign_in("ana")).get(address("care"))).status_code == 403


async def test_nonsense_in_an_address_is_read_as_far_as_it_can_be(sign_in: SignIn, counted: Office) -> None:
    browser = await sign_in("sue")
    assert (await browser.get("/reports?since=nonsense&until=9999-99-99&zone=Mars&by=x&version=abc")).status_code == 200
    assert (await browser.get("/reports?since=1900-01-01&until=2026-11-24")).status_code == 200
    assert (await browser.get("/reports/rows?measure=nothing")).status_code == 404
    backwards = await browser.get("/reports?since=2026-11-24&until=2026-11-20&zone=UTC")
    assert card(backwards.text, "wrote") == "9"


async def test_rows_come_a_page_at_a_time_and_none_twice(
    sign_in: SignIn, counted: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows_query, "PAGE", 4)
    browser = await sign_in("sue")
    link, names = f"/reports/rows?{urlencode({'measure': 'wrote', **DAYS})}", []
    for _ in range(3):
        page = (await browser.get(link)).text
        names += re.findall(r'<a href="/conversations/(\d+)">', page)
        following = re.search(r'href="([^"]*)">Next page', page)
        link = unescape(following[1]) if following else ""
    assert not link
    assert len(names) == len(set(names)) == 9


@pytest.mark.parametrize("tab", TABS_SHOWN)
async def test_no_report_needs_more_than_eight_statements(tab: str, sign_in: SignIn, counted: Office) -> None:
    browser = await sign_in("max")
    for path in (address(tab), f"/reports/rows?{urlencode({'measure': TABS[tab].bars, **DAYS})}"):
        with statements(counted.works) as seen:
            assert (await browser.get(path)).status_code == 200
        asked = [statement for statement in seen if not statement.startswith(("BEGIN", "PRAGMA"))]
        assert len(asked) <= 8, asked


async def test_a_chart_holds_the_figures_of_the_table_beside_it_and_no_script(sign_in: SignIn, counted: Office) -> None:
    page = await report(await sign_in("max"), "agreements")
    inline = re.findall(r"<script(?![^>]*src=)([^>]*)>", page)
    assert all('type="application/json"' in script for script in inline)
    drawn = json.loads(unescape(re.findall(r'<script type="application/json">(.*?)</script>', page, re.DOTALL)[0]))
    section = page[page.index(">Day by day</h2>") :]
    rows = re.findall(r'<tr><th scope="row"[^>]*>(.*?)</th>(.*?)</tr>', section[: section.index("</table>")], re.DOTALL)
    assert [words(label) for label, _ in rows] == drawn["labels"]
    tabled = [re.findall(r"<td[^>]*>(.*?)</td>", cells) for _, cells in rows]
    assert [list(column) for column in zip(*tabled, strict=True)] == [line["values"] for line in drawn["lines"]]
    assert sum(map(int, drawn["lines"][0]["values"])) == 9


def test_every_measure_says_exactly_what_it_counts() -> None:
    assert MEASURES.keys() == report_words.MEASURES.keys() == report_words.MEASURES_TELL.keys()
    for name, measure in MEASURES.items():
        told = report_words.MEASURES_TELL[name]
        assert told.endswith("."), name
        if measure.form == "share":
            assert told.startswith("Of the"), name
