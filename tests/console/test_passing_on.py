"""A conversation passed on, put aside, merged, handed back with orders; notes that name colleagues; a pause after."""

from datetime import timedelta
from typing import Any

from core.actions import inbound
from core.actions.inbound import Arrival
from core.dialogue.memory import Memory
from core.dialogue.orders import orders_of
from core.money import Money
from core.store.tables import AgentNotice, Conversation, Message, Note, User
from tests.console.conftest import SignIn, hidden, words
from tests.console.office import Office

TOM, DANA, WANG, MARCUS = 4, 0, 1, 5


async def test_a_conversation_is_passed_on_with_a_note_and_appears_with_its_receiver(
    sign_in: SignIn, office: Office
) -> None:
    ana, li = await sign_in("ana"), await sign_in("li")
    path = f"/conversations/{office.talks[TOM]}"
    choices = (await ana.get("/colleagues/receivers", part=True)).text
    assert 'value="li"' in choices
    assert 'value="ana"' not in choices
    for to, note in (("li", " "), ("nobody", "Please"), ("ana", "Please")):
        assert (await ana.post(f"{path}/transfer", part=True, to=to, note=note)).status_code == 422
    answer = await ana.post(f"{path}/transfer", part=True, to="@Li", note="He can decide by Friday.")
    assert answer.status_code == 200
    assert "李晓梅 holds this conversation" in words(answer.text)
    [conversation] = await office.rows(Conversation, id=office.talks[TOM])
    assert conversation.agent_id == office.team["li"].id
    assert "He can decide by Friday." in words((await li.get(path)).text)
    assert "把一个对话转交给您" in words((await li.get("/mentions")).text)
    assert "1" in words((await li.get("/mentions/count", part=True)).text)
    assert (await ana.post(f"{path}/transfer", part=True, to="sue", note="x")).status_code == 409


async def test_a_conversation_can_go_back_to_the_queue(sign_in: SignIn, office: Office) -> None:
    ana = await sign_in("ana")
    path = f"/conversations/{office.talks[TOM]}"
    assert (await ana.post(f"{path}/transfer", to="*", note="My shift ends.")).status_code == 303
    [conversation] = await office.rows(Conversation, id=office.talks[TOM])
    assert (conversation.holder, conversation.agent_id) == ("queue", None)


async def test_a_note_names_colleagues_and_they_are_told_until_they_have_seen_it(
    sign_in: SignIn, office: Office
) -> None:
    ana, sue = await sign_in("ana"), await sign_in("sue")
    assert "@sue" in (await ana.get("/colleagues?q=Su", part=True)).text
    assert "Nobody goes by this." in (await ana.get("/colleagues?q=zzz", part=True)).text
    path = f"/conversations/{office.talks[TOM]}"
    noted = await ana.post(f"{path}/notes", part=True, text="@sue <b>look</b> at the offer, @ana wrote it")
    assert '<span class="mention">@sue</span> &lt;b&gt;look' in noted.text
    assert '<span class="mention me">@ana</span>' in noted.text
    page = (await sue.get("/mentions")).text
    assert "Named you in a note" in words(page)
    assert 'aria-label="1 new"' in (await sue.get("/mentions/count", part=True)).text
    assert (await sue.post("/mentions/seen", newest=hidden(page, "newest"))).status_code == 303
    assert "badge" not in (await sue.get("/mentions/count", part=True)).text
    assert "Nothing for you yet" in words((await ana.get("/mentions")).text)
    assert (await office.rows(AgentNotice))[0].user_id == office.team["sue"].id


async def test_mentions_are_read_in_pages(sign_in: SignIn, office: Office) -> None:
    async with office.works.begin() as work:
        work.session.add_all(
            AgentNotice(
                user_id=office.team["sue"].id,
                kind="mention",
                conversation_id=office.talks[TOM],
                text=f"look {number:02}",
                at=work.now,
            )
            for number in range(35)
        )
    sue = await sign_in("sue")
    latest = (await sue.get("/mentions")).text
    assert "look 34" in latest
    assert "look 04" not in latest
    older = latest.split("/mentions?before=")[1].split('"')[0]
    assert "look 04" in (await sue.get(f"/mentions?before={older}")).text


async def test_a_conversation_is_put_aside_and_taken_up_again(sign_in: SignIn, office: Office) -> None:
    ana = await sign_in("ana")
    path = f"/conversations/{office.talks[TOM]}"
    answer = await ana.post(f"{path}/snooze", part=True, until="hour")
    assert "Put aside until" in words(answer.text)
    assert "Take up again" in words(answer.text)
    [conversation] = await office.rows(Conversation, id=office.talks[TOM])
    assert conversation.snoozed_until == office.clock.now() + timedelta(hours=1)
    assert "Put aside until" not in words((await ana.post(f"{path}/wake", part=True)).text)
    ana.client.cookies.set("parley_zone", "Europe/London")
    await ana.post(f"{path}/snooze", until="tomorrow")
    [conversation] = await office.rows(Conversation, id=office.talks[TOM])
    assert str(conversation.snoozed_until) == "2026-11-24 09:00:00+00:00"
    await ana.post(f"{path}/snooze", until="moment", moment="2026-11-25T10:15")
    [conversation] = await office.rows(Conversation, id=office.talks[TOM])
    assert str(conversation.snoozed_until) == "2026-11-25 10:15:00+00:00"
    for until, moment in (("moment", "soon"), ("moment", "2027-11-25T10:15"), ("never", "")):
        assert (await ana.post(f"{path}/snooze", until=until, moment=moment)).status_code == 422
    assert (await (await sign_in("li")).post(f"{path}/snooze", until="hour")).status_code == 409


async def other_chat(office: Office, person: int, *, verified: bool) -> int:
    """The person's second conversation about the same debt, on Telegram."""
    arrival = Arrival(
        channel="telegram",
        external_id="other",
        address="other",
        case_id=office.case_ids[person],
        kind="text",
        text="Me",
    )
    async with office.works.begin() as work:
        recorded = await inbound.record(work, arrival)
        assert isinstance(recorded, inbound.Recorded)
        conversation = await work.session.get_one(Conversation, recorded.conversation_id)
        told = ("verified",) if verified else ()
        conversation.memory = Memory(phase="talking" if verified else "verifying", told=told).to_json()
    return recorded.conversation_id


async def test_two_conversations_of_one_debt_are_read_as_one_after_a_merge(sign_in: SignIn, office: Office) -> None:
    ana = await sign_in("ana")
    path = f"/conversations/{office.talks[TOM]}"
    assert "Merge it into this one" not in words((await ana.get(path)).text)
    other = await other_chat(office, TOM, verified=True)
    assert "Merge it into this one" in words((await ana.get(path)).text)
    refused = await ana.post(f"{path}/merge", part=True, other=str(office.talks[DANA]))
    assert refused.status_code == 422
    count = len(await office.rows(Message))
    merged = await ana.post(f"{path}/merge", part=True, other=str(other))
    assert merged.status_code == 200
    assert "Web chat + Telegram" in words(merged.text)
    assert len(await office.rows(Message)) == count
    assert "Tom Hargreaves Me" in words((await ana.get(path)).text)
    led = await ana.get(f"/conversations/{other}")
    assert (led.status_code, led.headers["location"]) == (303, path)


async def test_an_unchecked_conversation_is_not_merged(sign_in: SignIn, office: Office) -> None:
    ana = await sign_in("ana")
    other = await other_chat(office, TOM, verified=False)
    answer = await ana.post(f"/conversations/{office.talks[TOM]}/merge", part=True, other=str(other))
    assert answer.status_code == 409
    assert "Confirm the identity in both" in words(answer.text)


async def test_handing_back_tells_the_assistant_what_to_obey_and_what_was_talked_over(
    sign_in: SignIn, office: Office
) -> None:
    ana = await sign_in("ana")
    path = f"/conversations/{office.talks[TOM]}"
    wrong = await ana.post(f"{path}/back", part=True, sum="a lot")
    assert wrong.status_code == 422
    fields: dict[str, Any] = {
        "order": ["no_discount", "answer_only", "sing"],
        "sum": "120",
        "first": "2026-12-01",
        "note": "Be brief.",
    }
    assert (await ana.post(f"{path}/back", **fields)).status_code == 303
    [conversation] = await office.rows(Conversation, id=office.talks[TOM])
    memory = Memory.from_json(conversation.memory)
    assert orders_of(memory) == ("no_discount", "answer_only")
    assert memory.ask.instalment == Money.of("120", "GBP")
    assert str(memory.ask.first_due) == "2026-12-01"
    [*_, note] = await office.rows(Note)
    assert (note.kind, note.text) == ("back", "Be brief.")


async def test_after_a_hard_conversation_a_pause_is_offered_and_after_others_not(
    sign_in: SignIn, office: Office
) -> None:
    li, ana = await sign_in("li"), await sign_in("ana")
    path = f"/conversations/{office.talks[WANG]}"
    await li.post(f"{path}/take")
    seen = hidden((await li.get(path)).text, "seen")
    answer = await li.post(f"{path}/close", part=True, outcome="hardship", seen=seen)
    assert "刚才的对话不容易" in words(answer.text)
    calm = await ana.post(f"/conversations/{office.talks[TOM]}/close", part=True, outcome="agreed", seen="x")
    assert "hard conversation" not in words(calm.text)
    assert (await li.post("/pause")).status_code == 303
    [user] = await office.rows(User, login="li")
    assert user.status == "pause"


async def test_abuse_is_marked_by_what_was_understood_and_by_its_words(office: Office) -> None:
    from console.queries import conversation as query  # noqa: PLC0415

    await office.tell(TOM, "you useless people", "abusive")
    await office.tell(TOM, "fuck this", "greet")
    await office.tell(TOM, "sorry about that", "greet")
    async with office.works.read() as session:
        shown, _ = await query.transcript(session, [office.talks[TOM]])
    marked = {message.text: message.abusive for message in shown if message.author == "debtor"}
    assert (marked["you useless people"], marked["fuck this"], marked["sorry about that"]) == (True, True, False)
    assert not any(message.abusive for message in shown if message.author != "debtor")


async def test_who_may_only_read_looks_and_changes_nothing(sign_in: SignIn, office: Office) -> None:
    async with office.works.begin() as work:
        li = await work.session.get_one(User, office.team["li"].id)
        li.role = "auditor"
    reader = await sign_in("li")
    path = f"/conversations/{office.talks[DANA]}"
    page = (await reader.get(path)).text
    assert "您可以查看这个对话。" in words(page)
    for form in ("take", "notes", "reply", "transfer", "snooze", "close", "back"):
        assert f'action="{path}/{form}"' not in page
        assert (await reader.post(f"{path}/{form}")).status_code == 403
    assert (await reader.get(f"{path}/assist", part=True)).status_code == 200
