"""The limits: read, changed in a draft, refused where law forbids, approved by somebody else, traced."""

from html import unescape
from typing import Any

import pytest
from httpx import Response

from console.forms import limits_form
from console.queries import limits as query
from core.policy import DEFAULT_VERSION
from core.store.tables import Policy
from core.work import Works
from tests.console.conftest import Browser, SignIn, hidden, words
from tests.console.office import Office


def fields(**changes: Any) -> dict[str, Any]:
    """The form of China's credit cards, with changes."""
    [rule] = [rule for rule in DEFAULT_VERSION.rules if rule.id == "cn/credit_card"]
    return {"market": "cn", "product": "credit_card", **limits_form(rule.limits), **changes}


async def save(
    browser: Browser, base: str = "1", note: str = "Tighter before the holidays", **changes: Any
) -> Response:
    return await browser.post("/limits/save", base=base, note=note, **fields(**changes))


async def approved(draft: str, author: Browser, other: Browser) -> Response:
    """The draft at this address put forward and approved."""
    revision = hidden((await author.get(draft)).text, "revision")
    await author.post(f"{draft}/review", revision=revision)
    return await other.post(f"{draft}/approve", revision=revision, when="now")


async def in_force(works: Works) -> query.VersionView:
    async with works.read() as session:
        found = await query.in_force(session)
    assert found is not None
    return found


async def test_the_table_shows_every_market_and_product_with_units(sign_in: SignIn) -> None:
    page = words((await (await sign_in("sue")).get("/limits")).text)
    assert "China" in page
    assert "Least share settled in one payment 90% 90% 95%" in page
    assert "¥200.00" in page
    assert "£5.00" in page
    assert "Weekly, Every two weeks, Monthly" in page


async def test_supervisors_read_and_do_not_edit(sign_in: SignIn) -> None:
    browser = await sign_in("sue")
    assert "/limits/edit" not in (await browser.get("/limits")).text
    assert (await save(browser, min_settlement_share="80")).status_code == 403


async def test_a_saved_change_holds_once_another_approves_it_and_the_history_says_what_changed(
    sign_in: SignIn, office: Office
) -> None:
    browser = await sign_in("max")
    answer = await save(browser, min_settlement_share="85", frequencies=["month"])
    assert answer.headers["location"] == "/limits/versions/2"
    assert (await in_force(office.works)).number == 1
    done = await approved("/limits/versions/2", browser, await sign_in("ada"))
    assert done.headers["location"] == "/limits/versions/2?said=in-force"
    found = await in_force(office.works)
    assert (found.number, found.author, found.note) == (2, "Max Weber", "Tighter before the holidays")
    assert [row.state for row in await office.rows(Policy)] == ["superseded", "in_force"]
    assert "It is in force" in words((await browser.get(done.headers["location"])).text)
    history = words((await browser.get("/limits/history")).text)
    assert "Max Weber · approved by Ada Novak" in history
    assert "Least share settled in one payment 90% 85%" in history
    assert "Payment rhythms Weekly, Every two weeks, Monthly Monthly" in history
    assert "Delivered with Parley" in history


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"max_instalments": "61"}, "The law allows at most 60 (CN-70-2)."),
        ({"max_term_days": "2000"}, "The law allows at most 1,826 days (CN-70-2)."),
        ({"plan_interest": "25"}, "The law allows at most 24% (CN-RATE-3)."),
        ({"min_settlement_share": "140"}, "Give a share from 0 to 100%."),
        ({"min_settlement_share": "0"}, "0% would forgive everything."),
        ({"max_instalments": "2.5"}, "Give a whole number."),
        ({"min_instalment": "lots"}, "Give a plain number."),
        ({"frequencies": []}, "Choose at least one."),
        ({"max_extension_days": "2000", "max_term_days": "1000"}, "Longer than the longest term, 1000 days."),
    ],
)
async def test_what_may_not_be_is_said_beside_its_field_and_not_saved(
    changes: dict[str, Any], said: str, sign_in: SignIn, office: Office
) -> None:
    browser = await sign_in("max")
    answer = await save(browser, **changes)
    assert answer.status_code == 422
    assert said in words(answer.text)
    [wrong] = [name for name in changes if f'id="wrong-{name}"' in answer.text]
    assert f'value="{changes[wrong]}"' in answer.text or wrong == "frequencies"
    checked = await browser.post("/limits/check", part=True, **fields(**changes))
    assert said in words(checked.text)
    assert (await in_force(office.works)).number == 1


async def test_the_check_shows_what_would_change(sign_in: SignIn) -> None:
    answer = await (await sign_in("max")).post("/limits/check", part=True, **fields(promise_max_days="14"))
    assert "Furthest date of a promise: 30 days → 14 days" in words(answer.text)


async def test_a_change_made_on_an_older_version_is_refused(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("max")
    answer = await save(browser, min_settlement_share="85")
    late = await save(browser, min_settlement_share="70")
    assert late.status_code == 409
    assert "has changed meanwhile" in words(late.text)
    assert hidden(late.text, "base") == "d2.1"
    await approved(answer.headers["location"], browser, await sign_in("ada"))
    assert (await save(browser, base="d2.1", min_settlement_share="70")).status_code == 409
    assert (await in_force(office.works)).number == 2
    assert len(await office.rows(Policy)) == 2


async def test_nothing_changed_and_nothing_said_are_not_saved(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("max")
    assert "Nothing differs" in words((await save(browser)).text)
    assert "Say in a few words" in words((await save(browser, note=" ", min_settlement_share="85")).text)
    assert len(await office.rows(Policy)) == 1


async def test_a_product_gets_a_rule_of_its_own_and_loses_it_again(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("max")
    form = unescape((await browser.get("/limits/edit?market=uk&product=overdraft")).text)
    assert "A new rule." in form
    typed = {name: value for name, value in fields().items() if name not in ("market", "product")}
    answer = await browser.post("/limits/save", market="uk", product="overdraft", base="1", note="Overdrafts", **typed)
    assert answer.status_code == 303
    await approved(answer.headers["location"], browser, await sign_in("ada"))
    assert "uk/overdraft" in {rule.id for rule in (await in_force(office.works)).version.rules}
    gone = await browser.post("/limits/remove", market="uk", product="overdraft", base="2", note="Not needed")
    await approved(gone.headers["location"], browser, await sign_in("ada"))
    found = await in_force(office.works)
    assert found.number == 3
    assert "uk/overdraft" not in {rule.id for rule in found.version.rules}
    await browser.post("/limits/remove", market="uk", product="", base="3", note="The market's own rule stays")
    assert len(await office.rows(Policy)) == 3


@pytest.mark.parametrize("query_string", ["market=fr", "market=cn&product=no%20such", "market=cn&product=../x"])
async def test_a_market_or_product_that_cannot_be_is_not_found(query_string: str, sign_in: SignIn) -> None:
    assert (await (await sign_in("max")).get(f"/limits/edit?{query_string}")).status_code == 404
