"""The plan desk's payday, what an agent may offer, and who is asked for more; the pack that a colleague reads first."""

from datetime import date
from typing import Any

import pytest

from console.desk_form import DeskForm, desk_ask
from core.dialogue.memory import Memory
from core.money import Money
from core.negotiation import Finances, Payday
from core.plans import Balance
from core.store.tables import CaseFlag, Conversation, PromiseRow
from tests.console.conftest import SignIn, words
from tests.console.office import Office

TOM = 4
OWED = Balance.of_principal(Money(100000, "GBP"))
MONDAY = date(2026, 11, 23)
CHEAP: dict[str, Any] = {"by": "once", "first_due": "2026-12-04"}


@pytest.mark.parametrize(
    ("payday", "first_due", "due"),
    [
        ("28", "", date(2026, 11, 30)),
        ("28", "2026-12-15", date(2026, 12, 29)),
        ("12", "2026-11-24", date(2026, 12, 14)),
    ],
)
def test_the_first_payment_falls_just_after_payday(payday: str, first_due: str, due: date) -> None:
    read = desk_ask(DeskForm(amount="100", payday=payday, first_due=first_due), OWED, MONDAY)
    assert read.ask is not None
    assert read.ask.first_due is not None
    assert 0 <= (read.ask.first_due - due).days <= 1


@pytest.mark.parametrize("payday", ["0", "32", "x", "１"])
def test_what_is_no_day_of_a_month_is_said(payday: str) -> None:
    read = desk_ask(DeskForm(amount="100", payday=payday, first_due="2026-12-01"), OWED, MONDAY)
    assert (read.ask, read.problems) == (None, {"payday": "desk.payday"})


def test_without_a_date_and_without_a_payday_there_is_no_plan() -> None:
    assert desk_ask(DeskForm(amount="100"), OWED, MONDAY).problems == {"first_due": "desk.date"}


async def test_the_desk_says_what_the_agent_may_offer(sign_in: SignIn, office: Office) -> None:
    page = words((await (await sign_in("ana")).get(f"/conversations/{office.talks[TOM]}")).text)
    desk = page[page.index("What I may offer") :]
    assert "Most instalments" in desk
    assert "Smallest instalment" in desk


@pytest.mark.parametrize(
    ("total", "said", "unsaid"),
    [("700", "Supervisor Sue Barnes, Max Weber, Ada Novak", "Nobody"), ("500", "Manager Max Weber, Ada Novak", "Sue")],
)
async def test_beyond_the_limits_the_nearest_people_who_may_allow_it_are_named(
    total: str, said: str, unsaid: str, sign_in: SignIn, office: Office
) -> None:
    path = f"/conversations/{office.talks[TOM]}/desk/preview"
    answer = words((await (await sign_in("ana")).post(path, part=True, **CHEAP, total=total)).text)
    assert f"Who may allow it: {said}" in answer
    assert unsaid not in answer


async def test_the_pack_tells_flags_what_was_told_of_money_and_how_the_promise_stands(
    sign_in: SignIn, office: Office
) -> None:
    async with office.works.begin() as work:
        talk = await work.session.get_one(Conversation, office.talks[TOM])
        told = Finances(income=Money(180000, "GBP"), payday=Payday(28), recovers_on=date(2027, 1, 4))
        talk.memory = Memory.from_json(talk.memory).with_(finances=told).to_json()
        work.session.add(CaseFlag(case_id=talk.case_id, flag="vulnerable", at=work.now))
        promise = {
            "due": date(2026, 12, 4),
            "currency": "GBP",
            "amount": 5000,
            "policy_version": 1,
            "made_at": work.now,
        }
        work.session.add(PromiseRow(case_id=talk.case_id, conversation_id=talk.id, state="broken", **promise))
    page = words((await (await sign_in("ana")).get(f"/conversations/{office.talks[TOM]}")).text)
    pack = page[page.index("Handoff ") : page.index("Plan desk")]
    for each in ("Vulnerable", "day 28 of the month", "Income is back on 4 Jan", "Broken", "Suggested next step"):
        assert each in pack, each
