"""Callbacks and complaints: heard or taken down, listed by when they are due, and settled once."""

from datetime import timedelta

import pytest

from console.queries import followups as query
from core.dialogue.understanding import Entity
from core.store.tables import Audit, Callback, CaseFlag, Complaint
from tests.console.conftest import SignIn, words
from tests.console.office import Office

PRIYA, TOM, OWEN = 2, 4, 9


async def later(office: Office, text: str = "Call me at half past six") -> None:
    """Owen wants to hear from us at half past six in the evening, London time."""
    await office.tell(OWEN, text, "callback_later", entities=(Entity("time", {"value": "18:30"}, 0, 4),))


async def test_who_asks_to_be_called_later_is_on_the_list_at_the_time_they_named(
    sign_in: SignIn, office: Office
) -> None:
    await later(office)
    [row] = await office.rows(Callback)
    assert (row.source, row.exact, row.due_at.strftime("%H:%M")) == ("debtor", True, "18:30")
    page = words((await (await sign_in("sue")).get("/callbacks")).text)
    assert "18:30" in page
    assert "Owen Price" in page
    assert "Call me at half past six" in page


async def test_asking_again_moves_the_callback_and_adds_none(office: Office) -> None:
    await later(office)
    await office.tell(OWEN, "Rather at seven", "callback_later", entities=(Entity("time", {"value": "19:00"}, 0, 4),))
    [row] = await office.rows(Callback)
    assert (row.due_at.strftime("%H:%M"), row.note) == ("19:00", "Rather at seven")


async def test_the_first_due_stands_first_and_what_is_overdue_is_marked(sign_in: SignIn, office: Office) -> None:
    await later(office)
    ana = await sign_in("ana")
    soon = (office.clock.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    noted = await ana.post(
        f"/conversations/{office.talks[TOM]}/callbacks", part=True, due=soon, way="call", note="His boss"
    )
    assert noted.status_code == 200
    office.clock.advance(timedelta(hours=2))
    page = words((await (await sign_in("sue")).get("/callbacks")).text)
    assert page.index("Tom Hargreaves") < page.index("Owen Price")
    assert "1 late" in page


async def test_an_agent_sees_their_own_callbacks_and_supervisors_all(sign_in: SignIn, office: Office) -> None:
    await later(office)
    assert "Owen Price" not in (await (await sign_in("ana")).get("/callbacks")).text
    assert "Owen Price" in (await (await sign_in("sue")).get("/callbacks")).text


async def test_a_callback_ends_once_and_by_who_may(sign_in: SignIn, office: Office) -> None:
    await later(office)
    [row] = await office.rows(Callback)
    assert (await (await sign_in("li")).post(f"/callbacks/{row.id}", part=True, state="done")).status_code == 403
    sue = await sign_in("sue")
    assert (await sue.post(f"/callbacks/{row.id}", part=True, state="perhaps")).status_code == 422
    assert (await sue.post(f"/callbacks/{row.id}", part=True, state="done", result="He pays Friday")).status_code == 200
    assert (await sue.post(f"/callbacks/{row.id}", part=True, state="missed")).status_code == 409
    [row] = await office.rows(Callback)
    assert (row.state, row.result) == ("done", "He pays Friday")
    assert "He pays Friday" in words((await sue.get("/callbacks?show=all")).text)


async def test_a_callback_in_the_past_is_not_noted(sign_in: SignIn, office: Office) -> None:
    ana = await sign_in("ana")
    for due in ("2020-01-01T10:00", "soon", ""):
        answer = await ana.post(f"/conversations/{office.talks[TOM]}/callbacks", part=True, due=due, way="call")
        assert answer.status_code == 422
    assert await office.rows(Callback) == []


async def test_who_complains_gets_a_number_and_two_deadlines(sign_in: SignIn, office: Office) -> None:
    [row] = await office.rows(Complaint)
    assert (row.market, row.rule, row.state) == ("uk", "UK-FOS-1", "open")
    assert row.number == f"C2026-{row.id:06d}"
    assert (row.answer_by - row.received_at).days == 56
    assert row.due_at == row.acknowledge_by
    page = words((await (await sign_in("sue")).get("/complaints")).text)
    assert row.number in page
    assert "Priya Nair" in page


async def test_complaining_again_about_the_same_debt_opens_no_second_one(office: Office) -> None:
    await office.tell(PRIYA, "As I said, I complain", "complaint")
    assert len(await office.rows(Complaint)) == 1


async def test_compliance_answers_a_complaint_and_an_auditor_only_reads_it(sign_in: SignIn, office: Office) -> None:
    [row] = await office.rows(Complaint)
    path = f"/complaints/{row.id}"
    cora, otto, ana = [await sign_in(login) for login in ("cora", "otto", "ana")]
    assert row.number in words((await cora.get("/complaints")).text)
    assert (await cora.post(path, part=True, step="acknowledge")).status_code == 200
    seen = await otto.get(path)
    assert (seen.status_code, seen.text.count('name="step"')) == (200, 0)
    assert (await otto.post(path, part=True, step="close")).status_code == 403
    assert (await ana.get(path)).status_code == 403


async def test_a_complaint_goes_from_hand_to_hand_to_its_end(sign_in: SignIn, office: Office) -> None:
    [row] = await office.rows(Complaint)
    sue, path = await sign_in("sue"), f"/complaints/{row.id}"
    assert (await sue.post(path, part=True, step="categorise", category="frequency")).status_code == 200
    assert (await sue.post(path, part=True, step="close")).status_code == 409
    assert (await sue.post(path, part=True, step="acknowledge")).status_code == 200
    [row] = await office.rows(Complaint)
    assert (row.state, row.due_at, row.category) == ("acknowledged", row.answer_by, "frequency")
    assert (await sue.post(path, part=True, step="answer", outcome="upheld")).status_code == 422
    done = await sue.post(path, part=True, step="answer", outcome="upheld", answer="We wrote too often. Sorry.")
    assert "Close the complaint" in words(done.text)
    assert (await sue.post(path, part=True, step="answer", outcome="rejected", answer="No.")).status_code == 409
    assert (await sue.post(path, part=True, step="close")).status_code == 200
    [row] = await office.rows(Complaint)
    assert (row.state, row.outcome, row.due_at) == ("closed", "upheld", None)
    trail = [each.action for each in await office.rows(Audit) if each.action.endswith("_complaint")]
    assert trail == [
        "opened_complaint",
        "categorised_complaint",
        "acknowledged_complaint",
        "answered_complaint",
        "closed_complaint",
    ]


async def test_an_overdue_complaint_is_marked(sign_in: SignIn, office: Office) -> None:
    office.clock.advance(timedelta(days=6))
    async with office.works.read() as session:
        listed = await query.complaints(session, "due", office.clock.now())
    assert (listed.late, listed.rows[0].late(office.clock.now())) == (1, True)
    assert "1 late" in words((await (await sign_in("sue")).get("/complaints")).text)


async def test_the_holder_takes_a_complaint_down_and_the_case_is_flagged(sign_in: SignIn, office: Office) -> None:
    ana, talk = await sign_in("ana"), office.talks[TOM]
    said = "You told my brother about it"
    taken = await ana.post(f"/conversations/{talk}/complaints", part=True, category="third_party", words=said)
    assert "Told somebody else" in words(taken.text)
    [row] = await office.rows(Complaint, conversation_id=talk)
    assert (row.words, row.opened_by) == (said, office.team["ana"].id)
    assert "complaint" in {flag.flag for flag in await office.rows(CaseFlag, case_id=row.case_id)}
    assert (await ana.post(f"/conversations/{talk}/complaints", part=True, category="conduct")).status_code == 422


async def test_who_does_not_hold_the_conversation_adds_nothing(sign_in: SignIn, office: Office) -> None:
    li, talk = await sign_in("li"), office.talks[TOM]
    answer = await li.post(f"/conversations/{talk}/complaints", part=True, category="conduct", words="x")
    assert answer.status_code == 403
    assert await office.rows(Complaint, conversation_id=talk) == []


@pytest.mark.parametrize("show", query.SHOWS)
async def test_pages_of_callbacks_follow_each_other(
    office: Office, monkeypatch: pytest.MonkeyPatch, show: query.Show
) -> None:
    monkeypatch.setattr(query, "PAGE", 2)
    async with office.works.begin() as work:
        work.session.add_all(
            Callback(
                conversation_id=office.talks[TOM],
                case_id=office.case_ids[TOM],
                source="agent",
                made_at=work.now,
                due_at=work.now + timedelta(minutes=number // 2),
            )
            for number in range(7)
        )
    found: list[int] = []
    after = None
    while True:
        async with office.works.read() as session:
            listed = await query.callbacks(session, show, office.clock.now(), after)
        found += [row.id for row in listed.rows]
        after = listed.after
        if after is None:
            break
    assert len(found) == len(set(found)) == 7
