"""Beside the composer: kept replies, suggestions with reasons, messages for later, alternatives to refused words."""

from datetime import timedelta
from typing import Any

import pytest

from core.actions import canned, scheduled
from core.store.tables import CannedReply, Message, OutcomeCode, ScheduledMessage
from tests.console.conftest import SignIn, hidden, words
from tests.console.markup import parse
from tests.console.office import Office
from tests.console.statements import statements

TOM, DANA, LIN, MARCUS, WANG, ZHOU = 4, 0, 3, 5, 1, 8


async def test_a_kept_reply_is_filled_in_for_this_conversation_in_the_debtors_language(
    sign_in: SignIn, office: Office
) -> None:
    ana, li = await sign_in("ana"), await sign_in("li")
    found = words((await ana.get(f"/conversations/{office.talks[TOM]}/replies?q=hel", part=True)).text)
    assert "/hello" in found
    assert "Hello Tom Hargreaves, I'm Ana Costa from Northgate Credit." in found
    chinese = words((await li.get(f"/conversations/{office.talks[ZHOU]}/replies?q=bal", part=True)).text)
    assert "目前的欠款是¥24,100.00" in chinese


async def test_a_reply_that_cannot_be_filled_in_says_what_is_missing_and_is_not_chosen(
    sign_in: SignIn, office: Office
) -> None:
    found = (await (await sign_in("ana")).get(f"/conversations/{office.talks[TOM]}/replies?q=next", part=True)).text
    assert "This conversation has no value for: the plan's next date, the plan's next sum" in words(found)
    assert 'aria-disabled="true"' in found


async def test_nothing_of_the_debt_is_filled_in_before_the_identity_is_confirmed(
    sign_in: SignIn, office: Office
) -> None:
    found = (
        await (await sign_in("ana")).get(f"/conversations/{office.talks[MARCUS]}/replies?q=balance", part=True)
    ).text
    assert "13,018" not in found
    assert "This conversation has no value for: " in words(found)


async def test_the_most_used_reply_comes_first(sign_in: SignIn, office: Office) -> None:
    ana = await sign_in("ana")
    path = f"/conversations/{office.talks[TOM]}/replies"
    [thanks] = await office.rows(CannedReply, shortcut="thanks")
    before = (await ana.get(path, part=True)).text
    assert before.index("/afford") < before.index("/hello")
    [hello] = await office.rows(CannedReply, shortcut="hello")
    for _ in range(2):
        assert (await ana.post(f"{path}/{hello.id}/used", part=True)).status_code == 204
    await ana.post(f"{path}/{thanks.id}/used", part=True)
    after = (await ana.get(path, part=True)).text
    assert after.index("/hello") < after.index("/thanks") < after.index("/afford")


async def test_without_scripts_a_button_puts_a_kept_reply_in_the_composer_and_counts_it(
    sign_in: SignIn, office: Office
) -> None:
    ana, talk = await sign_in("ana"), f"/conversations/{office.talks[TOM]}"
    [hello] = await office.rows(CannedReply, shortcut="hello")
    action = f"{talk}/replies/{hello.id}/used"
    picking = await ana.get(f"{talk}/replies?q=hel")
    assert f'action="{action}"' in picking.text
    answer = await ana.post(action)
    composer = parse(answer.text).by_id("reply-text")
    assert composer is not None
    assert composer.text.startswith("Hello Tom Hargreaves, I'm Ana Costa")
    assert [row.uses for row in await office.rows(CannedReply, shortcut="hello")] == [hello.uses + 1]
    unfilled = parse((await ana.get(f"{talk}/replies?q=next")).text)
    assert unfilled.all("form", lambda each: each.attrs.get("action", "").endswith("/used")) == []


async def test_managers_write_change_and_archive_replies(sign_in: SignIn, office: Office) -> None:
    max_, ana = await sign_in("max"), await sign_in("ana")
    assert (await ana.get("/replies")).status_code == 403
    fields: dict[str, Any] = {"shortcut": "/Letter", "category": "Documents", "en": "Dear {name}", "zh": "{name}您好"}
    assert (await max_.post("/replies", **fields)).status_code == 303
    [row] = await office.rows(CannedReply, shortcut="letter")
    assert (row.category, row.created_by, row.revision) == ("Documents", office.team["max"].id, 1)
    path = f"/replies/{row.id}"
    page = (await max_.get(path)).text
    assert "Dear {name}" in words(page)
    changed = {**fields, "en": "Hello {name}", "revision": hidden(page, "revision")}
    assert (await max_.post(path, **changed)).status_code == 303
    stale = await max_.post(path, **{**changed, "en": "Good day {name}"})
    assert stale.status_code == 409
    assert "Good day {name}" in words(stale.text)
    assert "Hello {name}" in words(stale.text)
    assert (await max_.post(f"{path}/archive", archived="yes")).status_code == 303
    assert "/letter" not in (await max_.get("/replies")).text
    assert "/letter" in (await max_.get("/replies?archived=1")).text
    gone = (await ana.get(f"/conversations/{office.talks[TOM]}/replies?q=letter", part=True)).text
    assert "No kept reply goes by this." in gone


async def test_a_reply_with_forbidden_words_comes_back_with_the_rule(sign_in: SignIn, office: Office) -> None:
    max_ = await sign_in("max")
    fields: dict[str, Any] = {"shortcut": "threat", "en": "We will sue you, {name}", "zh": "{nome}您好"}
    answer = await max_.post("/replies", **fields)
    assert answer.status_code == 422
    said = words(answer.text)
    assert "threatens with court" in said
    assert "{nome} is no variable." in said
    assert "We will sue you, {name}" in said
    taken = await max_.post("/replies", shortcut="hello", en="Hi", zh="您好")
    assert "There is such a shortcut already" in words(taken.text)
    assert await office.rows(CannedReply, shortcut="threat") == []


async def test_the_holder_is_given_the_next_step_and_replies_with_their_reasons(
    sign_in: SignIn, office: Office
) -> None:
    ana = await sign_in("ana")
    said = words((await ana.get(f"/conversations/{office.talks[TOM]}/assist", part=True)).text)
    assert "Next: Tell them that you have asked, and wait for the answer An approval is being waited for." in said
    assert "I have asked whether this is possible" in said
    await ana.post(f"/conversations/{office.talks[LIN]}/take")
    chinese = words((await ana.get(f"/conversations/{office.talks[LIN]}/assist", part=True)).text)
    assert "Settle the matter, then clear the hold with a reason Flag on the case: Dispute." in chinese
    assert "林秀梅您好，我是江海银行的Ana Costa" in chinese
    assert "我去申请相关材料" in chinese
    assert "Heard last: Wants documents." in chinese


async def test_in_danger_nothing_but_care_is_suggested(sign_in: SignIn, office: Office) -> None:
    li = await sign_in("li")
    await li.post(f"/conversations/{office.talks[WANG]}/take")
    said = words((await li.get(f"/conversations/{office.talks[WANG]}/assist", part=True)).text)
    assert "我在这里陪您，现在不谈钱的事。您此刻安全吗？" in said
    assert "马上告诉主管" in said
    assert said.count("案件标记") == 2
    assert "欠款" not in said


async def test_who_does_not_hold_it_is_suggested_nothing(sign_in: SignIn, office: Office) -> None:
    page = (await (await sign_in("sue")).get(f"/conversations/{office.talks[TOM]}/assist", part=True)).text
    assert "Next:" not in page
    assert "data-put" not in page


async def test_insulting_words_come_back_with_a_wording_to_use_instead(sign_in: SignIn, office: Office) -> None:
    ana = await sign_in("ana")
    path = f"/conversations/{office.talks[TOM]}"
    key = hidden((await ana.get(path)).text, "client_key")
    answer = await ana.post(f"{path}/reply", part=True, text="You liar", client_key=key)
    assert answer.status_code == 422
    assert 'data-wording="I understand that this is upsetting. Let&#39;s look at what can be done."' in answer.text


async def test_a_message_is_scheduled_in_the_debtors_time_listed_and_taken_back(
    sign_in: SignIn, office: Office
) -> None:
    ana = await sign_in("ana")
    ana.client.cookies.set("parley_zone", "Asia/Shanghai")
    path = f"/conversations/{office.talks[TOM]}"
    key = hidden((await ana.get(path)).text, "client_key")
    sent: dict[str, Any] = {"text": "Shall we go on tomorrow?", "client_key": key, "due": "2026-11-24T09:30"}
    answer = await ana.post(f"{path}/schedule", part=True, **sent)
    assert answer.status_code == 200
    assert hidden(answer.text, "client_key") != key
    [row] = await office.rows(ScheduledMessage)
    assert row.due_at.isoformat() == "2026-11-24T09:30:00+00:00"
    listed = words((await ana.get(f"{path}/assist", part=True)).text)
    assert "24 Nov 2026 09:30 theirs · 24 Nov 2026 17:30 mine" in listed
    assert "Shall we go on tomorrow?" in listed
    assert (await (await sign_in("li")).post(f"{path}/scheduled/{row.id}/cancel", part=True)).status_code == 409
    assert (await ana.post(f"{path}/scheduled/{row.id}/cancel")).status_code == 303
    assert (await ana.post(f"{path}/scheduled/{row.id}/cancel")).status_code == 409
    assert "Shall we go on" not in words((await ana.get(f"{path}/assist", part=True)).text)


async def test_a_moment_outside_the_hours_comes_back_with_the_next_opening(sign_in: SignIn, office: Office) -> None:
    ana = await sign_in("ana")
    path = f"/conversations/{office.talks[TOM]}"
    key = hidden((await ana.get(path)).text, "client_key")
    answer = await ana.post(f"{path}/schedule", part=True, text="Good night", client_key=key, due="2026-11-23T23:00")
    assert answer.status_code == 422
    assert "Good night" in answer.text
    assert 'data-later="2026-11-24T08:00"' in answer.text
    for due in ("", "tomorrow", "2026-11-01T09:00"):
        again = await ana.post(f"{path}/schedule", part=True, text="Hello", client_key=key, due=due)
        assert again.status_code == 422
        assert "Give a date and a time" in words(again.text)
    assert await office.rows(ScheduledMessage) == []


async def test_a_message_that_was_withheld_says_why_and_can_be_used_again(sign_in: SignIn, office: Office) -> None:
    due = office.clock.now() + timedelta(hours=1)
    async with office.works.begin() as work:
        await scheduled.schedule(work, office.talks[TOM], office.team["ana"], "Still there?", due, "k-1")
    await office.tell(TOM, "I'll be back on Monday", "greet")
    office.clock.advance(timedelta(hours=1))
    async with office.works.begin() as work:
        assert await scheduled.send_due(work) == 1
    ana = await sign_in("ana")
    page = (await ana.get(f"/conversations/{office.talks[TOM]}/assist", part=True)).text
    assert "Not sent" in words(page)
    assert "The customer wrote after it was scheduled" in words(page)
    assert 'data-put="Still there?"' in page
    assert "Your message for later was not sent" in words((await ana.get("/mentions")).text)
    assert [row.text for row in await office.rows(Message, text="Still there?")] == []


async def test_typing_is_told_for_the_holder_only_and_stored_nowhere(sign_in: SignIn, office: Office) -> None:
    ana, sue = await sign_in("ana"), await sign_in("sue")
    topic = f"typing:{office.talks[TOM]}:agent"
    async with office.works.notices.subscribe("typing:*") as rings:
        await sue.post(f"/conversations/{office.talks[TOM]}/typing")
        assert (await ana.post(f"/conversations/{office.talks[TOM]}/typing")).status_code == 204
        assert await anext(rings) == topic
        assert rings._pending == {}  # type: ignore[attr-defined]


async def test_outcome_codes_are_kept_by_managers_and_chosen_by_agents(sign_in: SignIn, office: Office) -> None:
    max_, ana = await sign_in("max"), await sign_in("ana")
    assert (await ana.get("/outcomes")).status_code == 403
    added = await max_.post("/outcomes", code="moved_away", en="Moved away", zh="已搬走", needs_note="yes")
    assert added.status_code == 303
    assert (await max_.post("/outcomes", code="moved_away", en="x", zh="y")).status_code == 422
    path = f"/conversations/{office.talks[TOM]}"
    assert "Moved away (with a note)" in words((await ana.get(path)).text)
    refused = await ana.post(f"{path}/close", part=True, outcome="moved_away")
    assert refused.status_code == 422
    assert "This outcome asks for a note." in words(refused.text)
    assert (await ana.post(f"{path}/close", outcome="moved_away", note="To Spain.")).status_code == 303
    [code] = await office.rows(OutcomeCode, code="moved_away")
    renamed = await max_.post(f"/outcomes/{code.id}", en="Left the country", zh="已离境")
    assert renamed.status_code == 303
    assert (await max_.post(f"/outcomes/{code.id}/archive", archived="yes")).status_code == 303
    sue = await sign_in("sue")
    closed = words((await sue.get(path)).text)
    assert "Closed: Left the country" in closed
    assert "To Spain." in closed
    assert "Left the country" not in words((await sue.get(f"/conversations/{office.talks[ZHOU]}")).text)


@pytest.mark.parametrize("path", ["assist", "replies?q=h", "replies", ""])
async def test_what_helps_to_write_needs_few_statements(path: str, sign_in: SignIn, office: Office) -> None:
    ana = await sign_in("ana")
    with statements(office.works) as seen:
        answer = await ana.get(f"/conversations/{office.talks[TOM]}/{path}".rstrip("/"), part=bool(path))
    assert answer.status_code == 200
    assert len(seen) <= 8, "\n".join(seen)


@pytest.mark.parametrize("path", ["/replies", "/outcomes", "/mentions", "/colleagues?q=a", "/mentions/count"])
async def test_no_list_needs_more_than_a_few_statements(path: str, sign_in: SignIn, office: Office) -> None:
    max_ = await sign_in("max")
    with statements(office.works) as seen:
        assert (await max_.get(path)).status_code == 200
    assert len(seen) <= 3, "\n".join(seen)


async def test_every_reply_that_is_shipped_could_be_saved_anew(office: Office) -> None:
    for row in await office.rows(CannedReply):
        wording = canned.Wording(
            shortcut=row.shortcut, category=row.category, en=row.en, zh=row.zh, suits=row.suits or ""
        )
        assert canned.problems_of(wording) == (), row.shortcut
