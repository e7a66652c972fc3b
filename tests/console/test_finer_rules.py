"""Finer rules in the console: chosen, filled in where they differ, approved, obeyed, explained, removed."""

import re
from html import unescape
from typing import Any

import pytest

from console.rule_form import SELECTOR_FIELDS
from console.show import Shown
from core.actions.policies import in_force
from core.negotiation import offer_from_json
from core.policy import FIELDS
from core.store.tables import OfferRow, Policy
from tests.console.conftest import Browser, SignIn, hidden, words
from tests.console.office import Office, _sum

M1_IN_HARDSHIP = {"market": "us", "bucket": "M1", "segment": "hardship"}


def selectors(**chosen: str) -> dict[str, Any]:
    """Every field that says which cases a rule is for."""
    return dict.fromkeys(SELECTOR_FIELDS, "") | {"market": "us"} | chosen


def limits(**given: Any) -> dict[str, Any]:
    """The form's limits, all left empty but these."""
    return dict.fromkeys(FIELDS, "") | {"frequencies": []} | given


async def save(browser: Browser, chosen: dict[str, str], base: str = "1", **given: Any) -> Any:
    return await browser.post("/limits/save", base=base, note="Finer", **selectors(**chosen), **limits(**given))


async def approve(draft: str, author: Browser, other: Browser) -> None:
    """The draft at this address put forward and approved."""
    revision = hidden((await author.get(draft)).text, "revision")
    await author.post(f"{draft}/review", revision=revision)
    await other.post(f"{draft}/approve", revision=revision, when="now")


async def put_in_force(sign_in: SignIn, chosen: dict[str, str], **given: Any) -> Browser:
    """A finer rule added by one and approved by another."""
    browser = await sign_in("max")
    answer = await save(browser, chosen, **given)
    assert answer.status_code == 303, words(answer.text)
    await approve(answer.headers["location"], browser, await sign_in("ada"))
    return browser


async def test_a_finer_rule_is_added_obeyed_by_the_next_offer_and_explained(sign_in: SignIn, office: Office) -> None:
    sofia, asks = 7, "I can do 90 a month"
    await put_in_force(sign_in, {"market": "us", "bucket": "M1"}, max_instalments="4")
    async with office.works.read() as session:
        version = await in_force(session)
    assert version is not None
    assert [(rule.id, rule.given) for rule in version.rules if rule.is_finer] == [("us/M1", {"max_instalments": 4})]
    await office.start(sofia)
    await office.tell(sofia, asks, "propose_amount", entities=(_sum(asks, "90 a month", "90", "USD", "month"),))
    row = (await office.rows(OfferRow, conversation_id=office.talks[sofia]))[-1]
    assert (row.rule, len(offer_from_json(row.body).schedule.lines)) == ("us/M1", 4)
    browser = await sign_in("sue")
    page = words((await browser.get(f"/conversations/{office.talks[sofia]}")).text)
    assert "Why these limits Offered by the assistant · Version 2" in page
    assert "Most instalments 4 United States · 1–30 days past due" in page
    assert "Longest term 1,125 days United States · Credit card" in page


async def test_at_the_desk_the_limits_are_those_of_whoever_holds_the_conversation(
    sign_in: SignIn, office: Office
) -> None:
    """Tom's conversation is held by Ana, an agent; the market is the UK."""
    tom = 4
    await put_in_force(sign_in, {"market": "uk", "role": "agent"}, max_instalments="5")
    browser = await sign_in("ana")
    address = f"/conversations/{office.talks[tom]}"
    page = words((await browser.get(address)).text)
    assert "Why these limits Offered by an agent · Version 2" in page
    assert "Most instalments 5 United Kingdom · Offered by an agent" in page
    asked: dict[str, Any] = {"by": "count", "count": "6", "frequency": "month", "first_due": "2026-12-15", "seen": ""}
    preview = words((await browser.post(f"{address}/desk/preview", part=True, **asked)).text)
    assert "Most instalments: 6 asked, 5 allowed (1 apart) United Kingdom · Offered by an agent" in preview
    watched = words((await (await sign_in("sue")).get(address)).text)
    assert "Why these limits Offered by the assistant" in watched


async def test_what_is_left_empty_is_shown_as_inherited_with_its_rule(sign_in: SignIn) -> None:
    browser = await put_in_force(sign_in, {"market": "us", "bucket": "M1"}, max_instalments="40")
    form = await browser.get("/limits/edit?market=us&product=credit_card&bucket=M1")
    assert "A new rule. What you leave empty is inherited." in words(form.text)
    assert "Inherited: 40, from United States · 1–30 days past due" in words(form.text)
    assert "Inherited: 70%, from United States · Credit card" in words(form.text)
    assert 'placeholder="40"' in form.text
    assert re.search(r'name="max_instalments" value=""[^>]*>', form.text)
    assert " required" not in re.findall(r'<input id="field-max_instalments"[^>]*>', form.text)[0]
    own = await browser.get("/limits/edit?market=us&bucket=M1")
    assert 'name="max_instalments" value="40"' in own.text
    assert "us/M1" in own.text


async def test_a_finer_rule_is_changed_field_by_field_and_removed(sign_in: SignIn, office: Office) -> None:
    browser = await put_in_force(sign_in, M1_IN_HARDSHIP, max_instalments="40", max_fee_waiver_share="100")
    checked = await browser.post(
        "/limits/check", part=True, **selectors(**M1_IN_HARDSHIP), **limits(max_instalments="50")
    )
    said = words(checked.text)
    assert "Most instalments: 40 → 50" in said
    assert "Most of the fees waived: 100% → Inherited" in said
    table = words((await browser.get("/limits")).text)
    assert "United States · 1–30 days past due · People in hardship" in table
    assert "Most instalments: 40 Most of the fees waived: 100%" in table
    chosen = selectors(**M1_IN_HARDSHIP)
    gone = await browser.post("/limits/remove", base="2", note="Not needed", **chosen)
    await approve(gone.headers["location"], browser, await sign_in("ada"))
    async with office.works.read() as session:
        version = await in_force(session)
    assert version is not None
    assert version.number == 3
    assert not [rule for rule in version.rules if rule.is_finer]


async def test_the_tables_of_products_keep_to_rules_that_give_every_limit(sign_in: SignIn) -> None:
    browser = await put_in_force(sign_in, {"market": "cn", "bucket": "M1"}, max_instalments="3")
    page = words((await browser.get("/limits")).text)
    assert "Least share settled in one payment 90% 90% 95%" in page


@pytest.mark.parametrize(
    ("chosen", "given", "said"),
    [
        ({"bucket": "M1"}, {}, "Give at least one limit; what is left empty is inherited."),
        ({"bucket": "M1"}, {"max_instalments": "lots"}, "Give a plain number."),
        ({"bucket": "M1"}, {"max_extension_days": "2000"}, "Longer than the longest term, 1125 days."),
        ({"market": "cn", "segment": "hardship"}, {"max_instalments": "61"}, "The law allows at most 60 (CN-70-2)."),
        ({"segment": "hardship"}, {"min_settlement_share": "0"}, "0% would forgive everything."),
        ({"segment": "hardship"}, {"min_settlement_amount": "-5"}, "At least 0."),
    ],
)
async def test_a_finer_rule_that_may_not_be_is_refused_with_the_reason(
    chosen: dict[str, str], given: dict[str, Any], said: str, sign_in: SignIn, office: Office
) -> None:
    answer = await save(await sign_in("max"), chosen, **given)
    assert answer.status_code == 422
    assert said in words(answer.text)
    assert len(await office.rows(Policy)) == 1


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("least=100&below=100", "end above where it begins"),
        ("least=lots", "Give a plain number."),
        ("below=-5", "end above where it begins"),
        ("least=4999", "overlaps this one"),
    ],
)
async def test_a_balance_that_cannot_be_is_said_where_the_cases_are_chosen(
    asked: str, said: str, sign_in: SignIn
) -> None:
    browser = await put_in_force(sign_in, {"market": "us", "least": "1,000", "below": "5000"}, max_instalments="3")
    answer = await browser.get(f"/limits/edit?market=us&{asked}")
    assert answer.status_code == 422
    assert said in words(answer.text)
    assert "Add a finer rule" in words(answer.text)
    assert (await browser.get("/limits/edit?market=us&least=5000")).status_code == 200


async def test_cases_are_chosen_from_what_there_is(sign_in: SignIn) -> None:
    browser = await sign_in("max")
    page = (await browser.get("/limits/finer?market=us")).text
    for text in ("Harbour Bank", "江海银行", "31–60 days past due", "People who broke a plan", "Offered by an agent"):
        assert text in unescape(page)
    table = (await browser.get("/limits")).text
    assert '/limits/finer?market=us"' in table
    assert "/limits/finer" not in (await (await sign_in("sue")).get("/limits")).text
    creditor = await browser.get("/limits/edit?market=us&creditor=Harbour+Bank")
    assert "United States · Harbour Bank" in words(creditor.text)


@pytest.mark.parametrize("wrong", ["bucket=M9", "segment=rich", "role=admin", "product=../x", "market=fr"])
async def test_cases_that_cannot_be_are_not_found(wrong: str, sign_in: SignIn) -> None:
    browser = await sign_in("max")
    address = f"/limits/edit?{'' if wrong.startswith('market') else 'market=us&'}{wrong}"
    assert (await browser.get(address)).status_code == 404


@pytest.mark.parametrize(
    ("rule", "english", "chinese"),
    [
        ("cn", "China · All other products", "中国 · 其他产品"),
        (
            "cn/credit_card/M2/10000-50000/hardship",
            None,
            "中国 · 信用卡 · 逾期31–60天 · 欠款从10,000到不足50,000 · 有困难的客户",
        ),
        (
            "us/@A%2FB Bank/M7+/50000-/bot",
            "United States · A/B Bank · 181 days past due and more · Balance from 50,000 · Offered by the assistant",
            None,
        ),
        ("us/0-500", "United States · Balance under 500", None),
        ("CN-70-2", "Law (CN-70-2)", "法规（CN-70-2）"),
    ],
)
def test_rules_read_in_both_languages(rule: str, english: str | None, chinese: str | None) -> None:
    from console.i18n import translations  # noqa: PLC0415

    for language, expected in (("en", english), ("zh", chinese)):
        shown = Shown(language, translations(language))  # type: ignore[arg-type]
        assert expected is None or shown.rule_name(rule) == expected
