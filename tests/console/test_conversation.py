"""One conversation: taken over, answered, noted, handed back, closed."""

import asyncio
from datetime import timedelta

from core.store.tables import Conversation, Message, Note, Outbox
from tests.console.conftest import SignIn, hidden, words
from tests.console.office import Office

TOM, DANA, LIN, MARCUS, CHEN = 4, 0, 3, 5, 6


async def test_the_page_shows_who_wrote_what_in_both_times_and_how_it_was_delivered(
    sign_in: SignIn, office: Office
) -> None:
    browser = await sign_in("ana")
    browser.client.cookies.set("parley_zone", "Europe/London")
    page = words((await browser.get(f"/conversations/{office.talks[DANA]}")).text)
    assert "Dana Reyes My hours were cut" in page
    assert "10:03 AM theirs · 3:03 PM mine" in page
    assert "Assistant Thank you" in page
    assert "Sent" in page


async def test_the_pack_begins_with_the_words_that_called_for_a_person(sign_in: SignIn, office: Office) -> None:
    page = words((await (await sign_in("ana")).get(f"/conversations/{office.talks[DANA]}")).text)
    pack = page[page.index("Handoff") :]
    assert pack.index("I lost my second job") < pack.index("In hardship") < pack.index("Suggested next step")
    assert "Identity confirmed" in pack
    assert "Income a month $2,600.00" in pack
    assert "$2,400.00" in pack
    assert "75" in pack


async def test_of_two_agents_the_second_is_told_who_was_first(sign_in: SignIn, office: Office) -> None:
    ana, li = await sign_in("ana"), await sign_in("li")
    path = f"/conversations/{office.talks[DANA]}/take"
    answers = await asyncio.gather(ana.post(path, part=True), li.post(path, part=True))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    lost = next(answer for answer in answers if answer.status_code == 409)
    winner, word = ("Ana Costa", "先接手了") if answers[0].status_code == 200 else ("李晓梅", "first")
    assert winner in words(lost.text)
    assert word in words(lost.text)


async def test_only_the_holder_has_a_composer(sign_in: SignIn, office: Office) -> None:
    tom = f"/conversations/{office.talks[TOM]}"
    assert 'id="reply-text"' in (await (await sign_in("ana")).get(tom)).text
    watched = (await (await sign_in("sue")).get(tom)).text
    assert 'id="reply-text"' not in watched
    assert "Ana Costa holds this conversation" in words(watched)


async def test_a_reply_goes_out_once_however_often_its_form_is_sent(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("ana")
    path = f"/conversations/{office.talks[TOM]}"
    key = hidden((await browser.get(path)).text, "client_key")
    sent = [browser.post(f"{path}/reply", part=True, text="Friday is fine.", client_key=key) for _ in range(3)]
    answers = await asyncio.gather(*sent)
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    found = await office.rows(Message, text="Friday is fine.")
    assert [(row.author, row.agent_id) for row in found] == [("agent", office.team["ana"].id)]
    assert "Friday is fine." in words(answers[0].text)
    assert hidden(answers[0].text, "client_key") != key


async def test_a_refused_reply_comes_back_with_the_rule_the_reason_and_other_words(
    sign_in: SignIn, office: Office
) -> None:
    browser = await sign_in("ana")
    path = f"/conversations/{office.talks[TOM]}"
    threat = "Pay now or we will take you to court & worse"
    key = hidden((await browser.get(path)).text, "client_key")
    answer = await browser.post(f"{path}/reply", part=True, text=threat, client_key=key)
    assert answer.status_code == 422
    said = words(answer.text)
    assert "UK-PRESS-2" in said
    assert "threatens with court" in said
    assert "You could say: If you would like, we can look at the options together." in said
    assert "worse</textarea>" in answer.text
    assert hidden(answer.text, "client_key") == key
    assert await office.rows(Message, text=threat) == []
    whole = await browser.post(f"{path}/reply", text=threat, client_key=key)
    assert whole.status_code == 422
    assert "worse</textarea>" in whole.text


async def test_a_reply_to_a_conversation_that_another_holds_is_not_sent_and_not_lost(
    sign_in: SignIn, office: Office
) -> None:
    answer = await (await sign_in("li")).post(
        f"/conversations/{office.talks[TOM]}/reply", part=True, text="Hello", client_key="k1"
    )
    assert answer.status_code == 409
    assert "Ana Costa" in words(answer.text)
    assert "Hello" in words(answer.text)
    assert await office.rows(Message, text="Hello") == []


async def test_a_note_is_kept_for_the_team_and_never_sent(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("li")
    before = len(await office.rows(Outbox))
    path = f"/conversations/{office.talks[TOM]}/notes"
    answer = await browser.post(path, part=True, text="<b>Call his brother?</b>")
    assert "&lt;b&gt;Call his brother?" in answer.text
    assert (await office.rows(Note))[-1].user_id == office.team["li"].id
    assert len(await office.rows(Outbox)) == before
    assert (await browser.post(path, part=True, text="  ")).status_code == 422


async def test_handing_back_gives_the_conversation_to_the_assistant_with_the_note(
    sign_in: SignIn, office: Office
) -> None:
    browser = await sign_in("ana")
    path = f"/conversations/{office.talks[TOM]}"
    answer = await browser.post(f"{path}/back", part=True, note="Waits for Friday.", seen="open-agent-1")
    assert "The assistant is talking" in words(answer.text)
    assert "Waits for Friday." in words(answer.text)
    [conversation] = await office.rows(Conversation, id=office.talks[TOM])
    assert conversation.holder == "bot"


async def test_closing_asks_how_it_ended(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("ana")
    path = f"/conversations/{office.talks[TOM]}/close"
    assert (await browser.post(path, outcome="")).status_code == 422
    assert (await browser.post(path, outcome="stopped")).status_code == 422
    assert (await browser.post(path, outcome="no_agreement")).status_code == 303
    [conversation] = await office.rows(Conversation, id=office.talks[TOM])
    assert (conversation.state, conversation.outcome) == ("closed", "no_agreement")


async def test_the_holder_says_how_the_identity_was_checked(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("ana")
    path = f"/conversations/{office.talks[MARCUS]}"
    assert "Identity not confirmed" in words((await browser.get(path)).text)
    assert (await browser.post(f"{path}/identity", how="by phone")).status_code == 409
    await browser.post(f"{path}/take")
    assert (await browser.post(f"{path}/identity", how=" ")).status_code == 422
    assert (await browser.post(f"{path}/identity", how="by phone")).status_code == 303
    assert "Identity confirmed" in words((await browser.get(path)).text)


async def test_the_holder_clears_a_hold_with_a_reason(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("ana")
    path = f"/conversations/{office.talks[LIN]}"
    assert (await browser.post(f"{path}/holds", flag="dispute", why="receipt found")).status_code == 409
    await browser.post(f"{path}/take")
    assert "Clear this hold" in words((await browser.get(path)).text)
    assert (await browser.post(f"{path}/holds", flag="dispute", why=" ")).status_code == 422
    assert (await browser.post(f"{path}/holds", flag="hardship", why="no hold")).status_code == 422
    assert (await browser.post(f"{path}/holds", flag="dispute", why="receipt found")).status_code == 303
    assert "Clear this hold" not in words((await browser.get(path)).text)


async def test_agents_do_not_see_what_only_the_assistant_looks_after(sign_in: SignIn, office: Office) -> None:
    path = f"/conversations/{office.talks[CHEN]}"
    assert (await (await sign_in("ana")).get(path)).status_code == 403
    page = words((await (await sign_in("sue")).get(path)).text)
    assert "In force" in page
    assert "¥0.00 of ¥9,150.00 paid" in page


async def test_a_conversation_that_does_not_exist_is_not_found(sign_in: SignIn) -> None:
    browser = await sign_in("sue")
    assert (await browser.get("/conversations/999999")).status_code == 404
    assert (await browser.get("/conversations/none")).status_code == 422


async def test_what_changed_is_made_of_the_same_parts_as_the_page(sign_in: SignIn, office: Office) -> None:
    browser = await sign_in("ana")
    path = f"/conversations/{office.talks[TOM]}"
    whole = (await browser.get(path)).text
    changed = (await browser.get(f"{path}/changes?seen={hidden_seen(whole)}", part=True)).text
    for part in changed.split("<hx-partial")[1:]:
        body = part[part.index(">") + 1 : part.rindex("</hx-partial>")].strip()
        assert body in whole, body[:80]
    assert 'id="composer"' not in changed
    assert 'id="desk"' not in changed


async def test_the_composer_changes_with_the_holder_and_only_then(sign_in: SignIn, office: Office) -> None:
    sue, ana = await sign_in("sue"), await sign_in("ana")
    path = f"/conversations/{office.talks[DANA]}"
    seen = hidden_seen((await sue.get(path)).text)
    assert 'id="composer"' not in (await sue.get(f"{path}/changes?seen={seen}", part=True)).text
    await ana.post(f"{path}/take")
    assert "Ana Costa holds this" in words((await sue.get(f"{path}/changes?seen={seen}", part=True)).text)


async def test_a_long_transcript_is_read_in_pages(sign_in: SignIn, office: Office) -> None:
    async with office.works.begin() as work:
        work.session.add_all(
            Message(
                conversation_id=office.talks[DANA],
                direction="in",
                author="debtor",
                channel="web",
                text=f"line {number:03}",
                at=office.clock.now() + timedelta(seconds=number),
                answered_at=office.clock.now(),
            )
            for number in range(150)
        )
    browser = await sign_in("ana")
    path = f"/conversations/{office.talks[DANA]}"
    latest = (await browser.get(path)).text
    assert "line 149" in latest
    assert "line 049" not in latest
    first = min(int(part.split('"')[0]) for part in latest.split('<article id="m')[1:])
    earlier = (await browser.get(f"{path}?before={first}")).text
    assert "line 049" in earlier
    assert "line 050" not in earlier


def hidden_seen(html: str) -> str:
    """The state that the page was made of."""
    return hidden(html, "seen")


async def test_why_the_assistant_answered_so_is_told_in_sentences(sign_in: SignIn, office: Office) -> None:
    decided = {
        "kind": "counter",
        "because": ["intent:propose_amount", "flag:dispute", "outside:max_instalments asked=48 allowed=36"],
    }
    async with office.works.begin() as work:
        work.session.add(
            Message(
                conversation_id=office.talks[DANA],
                direction="in",
                author="debtor",
                channel="web",
                text="over four years?",
                at=office.clock.now(),
                answered_at=office.clock.now(),
                decision=decided,
            )
        )
    browser = await sign_in("ana")
    shown = words((await browser.get(f"/conversations/{office.talks[DANA]}")).text)
    for sentence in ("Why it answered so", "Heard: Names a sum.", "Outside: most instalments, 48 asked, 36 allowed."):
        assert sentence in shown
    assert "Flag on the case: Dispute" in shown
