"""Pictures and PDFs of a conversation: who opens them, what stands in their way, what leaves with them."""

import sys
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from core.actions import attachments, inbound, seen
from core.actions.inbound import Arrival
from core.store.files import Files, Kept
from core.store.tables import Attachment, Audit, Conversation, Message
from tests.console.conftest import ADDRESS, Browser, SignIn, console_over, words
from tests.console.office import PASSWORD, PEOPLE, Office

TOM, MARCUS = 4, 5
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 2000
PDF = b"%PDF-1.7\n" + b"0" * 500
ASKS = [sys.executable, "-c"]


@pytest.fixture
async def house(office: Office, tmp_path: Path) -> Files:
    """The folder of files, without a scanner."""
    return Files(tmp_path / "files")


async def desk_of(office: Office, files: Files, login: str) -> Browser:
    """Someone signed in at a console over this folder."""
    app = console_over(office.works)
    console = app.state.console
    app.state.console = replace(console, services=replace(console.services, files=files))
    browser = Browser(httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS))
    assert (await browser.sign_in(login, PASSWORD)).status_code == 303
    return browser


async def sends(office: Office, person: int, kept: Kept) -> int:
    """The person sends a file; its id."""
    arrival = Arrival(
        channel="telegram" if person % 3 == 0 else "web",
        external_id=f"f{next(office.numbers)}",
        address=f"chat-{person}",
        kind="picture" if kept.is_picture else "file",
        attachment=kept.to_json(),
    )
    async with office.works.begin() as work:
        assert isinstance(await inbound.record(work, arrival), inbound.Recorded)
    found: int = (await office.rows(Attachment))[-1].id
    return found


async def kept_in(files: Files, content: bytes, name: str = "") -> Kept:
    kept = await files.keep(content, name)
    assert kept is not None
    return kept


async def test_a_file_is_what_its_first_bytes_say_and_not_what_it_is_called(house: Files) -> None:
    assert (await kept_in(house, PNG, "bill.pdf")).kind == "png"
    assert await house.keep(b"<html><script>", "photo.png") is None
    assert await house.keep(b"", "photo.png") is None
    assert await replace(house, most_bytes=100).keep(PNG, "photo.png") is None


async def test_a_name_brings_no_folders_and_no_marks_that_turn_the_writing_round(house: Files) -> None:
    assert (await kept_in(house, PNG, "../../etc/\u202egnp.exe")).name == "gnp.exe"
    kept = await kept_in(house, PDF, "C:\\bills\\may.pdf")
    assert kept.name == "may.pdf"
    assert house.path(kept.digest).is_relative_to(house.folder)
    with pytest.raises(ValueError, match="digest"):
        house.path("../../secret")


async def test_a_file_is_served_as_a_file_that_can_do_nothing_and_each_opening_leaves_a_trace(
    office: Office, house: Files
) -> None:
    number = await sends(office, TOM, await kept_in(house, PNG, "slip.png"))
    ana = await desk_of(office, house, "ana")
    answer = await ana.get(f"/conversations/{office.talks[TOM]}/files/{number}")
    assert (answer.status_code, answer.content) == (200, PNG)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    [trace] = await office.rows(Audit, action="opened_file")
    assert (trace.actor, trace.subject_id, trace.data["file"]) == ("ana", office.talks[TOM], number)


async def test_a_file_is_not_to_be_had_through_another_conversation(office: Office, house: Files) -> None:
    number = await sends(office, TOM, await kept_in(house, PNG))
    ana = await desk_of(office, house, "ana")
    assert (await ana.get(f"/conversations/{office.talks[MARCUS]}/files/{number}")).status_code == 404
    assert await office.rows(Audit, action="opened_file") == []


async def test_who_may_not_read_the_conversation_does_not_read_its_files(office: Office, house: Files) -> None:
    await office.start(7)
    number = await sends(office, 7, await kept_in(house, PNG))
    ana = await desk_of(office, house, "ana")
    assert (await ana.get(f"/conversations/{office.talks[7]}/files/{number}")).status_code == 403


async def test_without_a_scanner_a_file_is_shown_with_a_warning(office: Office, house: Files) -> None:
    await sends(office, TOM, await kept_in(house, PDF, "payslip.pdf"))
    page = words((await (await desk_of(office, house, "ana")).get(f"/conversations/{office.talks[TOM]}")).text)
    assert "payslip.pdf" in page
    assert "No scanner has looked at this file" in page


@pytest.mark.parametrize(("code", "state", "status"), [(0, "clean", 200), (1, "infected", 404), (2, "waiting", 404)])
async def test_with_a_scanner_a_file_opens_only_once_it_is_clean(
    office: Office, house: Files, code: int, state: str, status: int
) -> None:
    careful = replace(house, scanner=[*ASKS, f"raise SystemExit({code})"])
    kept = await kept_in(careful, PNG)
    number = await sends(office, TOM, kept)
    ana = await desk_of(office, careful, "ana")
    path = f"/conversations/{office.talks[TOM]}/files/{number}"
    assert (await ana.get(path)).status_code == 404
    verdict = await careful.scan(kept.digest)
    async with office.works.begin() as work:
        await attachments.scanned(work, number, verdict)
    assert (await office.rows(Attachment))[-1].state == state
    assert (await ana.get(path)).status_code == status


async def test_bytes_that_were_changed_on_disk_are_not_served(office: Office, house: Files) -> None:
    kept = await kept_in(house, PNG)
    number = await sends(office, TOM, kept)
    house.path(kept.digest).write_bytes(b"something else")
    ana = await desk_of(office, house, "ana")
    assert (await ana.get(f"/conversations/{office.talks[TOM]}/files/{number}")).status_code == 404


async def send(browser: Browser, office: Office, person: int, content: bytes, text: str) -> httpx.Response:
    return await browser.client.post(
        f"/conversations/{office.talks[person]}/files",
        data={"csrf": browser.csrf, "text": text, "client_key": "file-1", "seen": "x"},
        files={"file": ("plan of ours.pdf", content, "application/pdf")},
        headers={"Sec-Fetch-Site": "same-origin", "HX-Request": "true"},
    )


async def test_an_agent_sends_a_pdf_with_words_and_the_debtor_gets_a_name_of_ours(office: Office, house: Files) -> None:
    ana = await desk_of(office, house, "ana")
    assert (await send(ana, office, TOM, PDF, "Here is the form that we spoke of.")).status_code == 200
    message = (await office.rows(Message, conversation_id=office.talks[TOM]))[-1]
    assert (message.kind, message.text) == ("file", "Here is the form that we spoke of.")
    assert message.attachment["name"] == f"document-{message.id}.pdf"
    row = (await office.rows(Attachment))[-1]
    async with office.works.read() as session:
        assert await attachments.open_for_debtor(session, office.talks[TOM], row.id) is None
    await office.send()
    async with office.works.read() as session:
        found = await attachments.open_for_debtor(session, office.talks[TOM], row.id)
        assert found is not None
        assert await house.read(found.digest) == PDF
        assert await attachments.open_for_debtor(session, office.talks[MARCUS], row.id) is None


async def test_the_words_beside_a_file_are_reviewed_like_every_reply(office: Office, house: Files) -> None:
    ana = await desk_of(office, house, "ana")
    answer = await send(ana, office, TOM, PDF, "Pay now or we will take you to court")
    assert answer.status_code == 422
    assert "attachments" not in answer.text
    assert await office.rows(Attachment) == []


async def test_no_file_goes_to_somebody_who_has_not_shown_who_they_are(office: Office, house: Files) -> None:
    await office.take(MARCUS, "ana")
    answer = await send(await desk_of(office, house, "ana"), office, MARCUS, PDF, "Here is a form.")
    assert answer.status_code == 422
    assert await office.rows(Attachment) == []


async def test_what_is_no_picture_and_no_pdf_is_not_sent_and_nobody_but_the_holder_sends(
    office: Office, house: Files
) -> None:
    ana, sue = await desk_of(office, house, "ana"), await desk_of(office, house, "sue")
    assert (await send(ana, office, TOM, b"MZ program", "A program")).status_code == 422
    assert (await send(sue, office, TOM, PDF, "A form")).status_code == 409
    infected = replace(house, scanner=[*ASKS, "raise SystemExit(1)"])
    assert (await send(await desk_of(office, infected, "ana"), office, TOM, PDF, "A form")).status_code == 422
    assert await office.rows(Attachment) == []


async def test_a_message_that_the_debtor_has_seen_says_so(office: Office, sign_in: SignIn) -> None:
    talk = office.talks[TOM]
    [*_, last] = [message for message in await office.rows(Message, conversation_id=talk) if message.direction == "out"]
    browser = await sign_in("ana")
    assert "Seen" not in words((await browser.get(f"/conversations/{talk}")).text)
    async with office.works.begin() as work:
        assert await seen.debtor_saw(work, talk, last.id)
        assert not await seen.debtor_saw(work, talk, last.id - 1)
        assert not await seen.debtor_saw(work, office.talks[MARCUS], last.id)
    assert "Seen" in words((await browser.get(f"/conversations/{talk}")).text)
    [row] = await office.rows(Conversation, id=talk)
    assert (row.debtor_seen, row.debtor_seen_at) == (last.id, office.clock.now())


async def test_an_edited_message_is_marked_and_so_is_the_one_it_replaced(office: Office, sign_in: SignIn) -> None:
    person = 9
    assert PEOPLE[person].market == "uk"
    for name, text in (("9:71", "I can pay 50"), ("9:71:1764000000", "I can pay 60")):
        arrival = Arrival(channel="telegram", external_id=name, address=f"chat-{person}", text=text)
        async with office.works.begin() as work:
            await inbound.record(work, arrival)
    page = words((await (await sign_in("sue")).get(f"/conversations/{office.talks[person]}")).text)
    before, _, after = page.partition("I can pay 60")
    assert "Replaced by a later edit" in before
    assert "Edited" in after


async def test_abusive_words_are_folded_away(office: Office, sign_in: SignIn) -> None:
    await office.tell(TOM, "You are a bloody idiot", "abusive")
    page = (await (await sign_in("ana")).get(f"/conversations/{office.talks[TOM]}")).text
    folded = page[page.index('<details class="harsh">') : page.index("You are a bloody idiot")]
    assert "Show them" in folded
    assert '<details class="harsh" open' not in page
