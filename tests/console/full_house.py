"""A house that has been lived in: something to see on every page of the console, put there through its own forms."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx

from core.actions import models, webhooks
from core.actions.inbound import Arrival, Recorded, record
from core.dialogue.memory import Memory
from core.dialogue.understanding import Entity, Understanding
from core.dialogue.understanding import Intent as Heard
from core.store.tables import (
    AgentNotice,
    ApiKey,
    Approval,
    Attachment,
    Callback,
    CannedReply,
    Complaint,
    Conversation,
    HouseVersion,
    Message,
    ModelRow,
    OutcomeCode,
    Policy,
    QualityCriterion,
    QualityReview,
    Reading,
    SavedView,
    ScheduledMessage,
    Table,
    Team,
    TeamHoliday,
    Webhook,
    WebhookDelivery,
    WhatIf,
)
from parley.what_ifs import Simulator
from tests.console.conftest import Browser, browser_on, console_over, words
from tests.console.markup import form_to, parse, sent_by
from tests.console.office import Office
from tests.console.test_models import train

DANA, WANG, PRIYA, LIN, TOM, MARCUS, CHEN, SOFIA, ZHOU, OWEN = range(10)
PEOPLE = {"tom": TOM, "dana": DANA, "marcus": MARCUS, "lin": LIN, "sofia": SOFIA, "owen": OWEN}
"""Whose conversations go by a name in paths."""

KEY = "offer.which"
TEXTS = {"zh": "您看哪一种合适？", "en": "Which of these suits you?"}
TEAM = {"name": "Day team", "agent_capacity": "3", "hours_mon": "09:00-12:00, 13:00-18:00", "holidays_of": "uk"}
Row = Callable[[Any], bool]


@dataclass
class House:
    """The office with more in it. `places` says what stands for a name in a path, `house.` before those of versions
    of texts; `at` are the browsers of those who have signed in."""

    office: Office
    places: dict[str, int | str] = field(default_factory=dict)
    at: dict[str, Browser] = field(default_factory=dict)

    async def by(self, login: str) -> Browser:
        """The browser of someone of the team."""
        if login not in self.at:
            self.at[login] = await browser_on(console_over(self.office.works))
            assert (await self.at[login].sign_in(login)).status_code == 303
        return self.at[login]

    async def submit(self, login: str, page: str, action: str, button: str = "", **fields: Any) -> httpx.Response:
        """Someone opens a page and submits the form that goes to `action`, with these fields changed."""
        browser = await self.by(login)
        shown = await browser.get(page)
        assert shown.status_code == 200, (page, shown.status_code)
        tree = parse(shown.text)
        sent = sent_by(form_to(tree, action), tree, button) | fields
        answer = await browser.client.post(action, data=sent, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code in (200, 204, 303), (action, answer.status_code, words(answer.text)[:800])
        return answer

    async def last(self, table: type[Table], where: Row = lambda _: True) -> Any:
        """The last row of a table that it holds for."""
        return [row for row in await self.office.rows(table) if where(row)][-1]

    def talk(self, person: int) -> str:
        """The address of a person's conversation."""
        return f"/conversations/{self.office.talks[person]}"

    async def leave(self) -> None:
        """Everyone goes home."""
        for browser in self.at.values():
            await browser.client.aclose()


async def live_in(office: Office) -> House:
    """Every kind of thing that the console shows, at least once."""
    house = House(office)
    await _debtors_wrote(house)
    await _beside_conversations(house)
    await _limits(house)
    await _texts(house)
    await _oversight(house)
    await _house_keeping(house)
    await _models(house)
    await _note_places(house)
    await house.leave()
    return house


async def _debtors_wrote(house: House) -> None:
    office = house.office
    unsure = Understanding("en", (Heard("distress", 0.44), Heard("ask_other_options", 0.4)), (), "local", "1")
    await office._arrive(OWEN, "text", "it's all a bit much rn, can we sort smth", unsure)
    await office.tell(
        OWEN, "Call me at half past six", "callback_later", entities=(Entity("time", {"value": "18:30"}, 0, 4),)
    )
    for said in ("Could I pay it in parts?", "I'd rather talk to a person please"):
        await office.start(SOFIA)
        await office.tell(SOFIA, said, "talk_to_human")
    await office.take(SOFIA, "ana")
    await office.write(SOFIA, "ana", "Hello Sofia, I am Ana. I will look at it tomorrow.")
    picture = {"digest": "d" * 64, "type": "png", "size": 2048, "name": "payslip.png", "state": "clean"}
    async with office.works.begin() as work:
        sent = Arrival(channel="web", external_id="file-1", address=f"chat-{TOM}", kind="picture", attachment=picture)
        assert isinstance(await record(work, sent), Recorded)
    async with office.works.begin() as work:
        case_id = office.case_ids[TOM]
        other = Arrival(
            channel="telegram", external_id="other", address="other", case_id=case_id, kind="text", text="Me"
        )
        recorded = await record(work, other)
        assert isinstance(recorded, Recorded)
        conversation = await work.session.get_one(Conversation, recorded.conversation_id)
        conversation.memory = Memory(phase="talking", told=("verified",)).to_json()
        house.places["other_id"] = recorded.conversation_id


async def _beside_conversations(house: House) -> None:
    tom, sofia = house.talk(TOM), house.talk(SOFIA)
    later = (house.office.clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT11:00")
    await house.submit("ana", sofia, f"{sofia}/snooze", until="tomorrow")
    await house.submit("ana", tom, f"{tom}/reply", text="I have asked my manager and will tell you soon.")
    browser = await house.by("ana")
    later_on = await browser.post(
        f"{tom}/schedule", client_key="later-1", text="Good morning Tom, any news?", due=later
    )
    assert later_on.status_code == 303
    await house.submit("ana", tom, f"{tom}/notes", text="@ana @ada he prefers mornings.")
    await house.submit("sue", f"{tom}/whispers", f"{tom}/whispers", text="Ask about his brother first")
    await house.submit("ana", f"{tom}/followups", f"{tom}/callbacks", due=later, way="call", note="After work")
    await house.submit("ana", f"{tom}/followups", f"{tom}/complaints", category="conduct", words="Too many letters")


async def _limits(house: House) -> None:
    edit = "/limits/edit?market=cn&product=credit_card"
    for most in ("48", "36"):
        made = await house.submit("ada", edit, "/limits/save", max_instalments=most, note="Shorter plans")
        draft = made.headers["location"]
        await house.submit("ada", draft, f"{draft}/review")
        await house.submit("max", draft, f"{draft}/approve", when="now")
    made = await house.submit("max", edit, "/limits/save", max_instalments="30", note="Shorter still")
    house.places["draft_id"] = int(made.headers["location"].rpartition("/")[2])
    draft = made.headers["location"]
    await house.submit("max", draft, f"{draft}/what-if")
    assert await Simulator(house.office.works, 1).round()
    await house.submit("max", draft, f"{draft}/what-if", seed="2")
    made = await house.submit("ada", edit, "/limits/save", max_instalments="24", note="Two years at most")
    draft = made.headers["location"]
    await house.submit("ada", draft, f"{draft}/review")


async def _texts(house: House) -> None:
    for number, english in enumerate(("Which one suits you?", TEXTS["en"])):
        await house.submit("cora", f"/wording/texts/{KEY}", f"/wording/texts/{KEY}", zh=TEXTS["zh"], en=english)
        draft = f"/house/versions/{(await house.last(HouseVersion)).id}"
        await house.submit("cora", draft, f"{draft}/review", note=f"Friendlier {number}")
        await house.submit("max", draft, f"{draft}/approve")
    await house.submit(
        "max", f"/wording/texts/{KEY}", f"/wording/texts/{KEY}", zh=TEXTS["zh"], en="Which would you take?"
    )
    await house.submit("cora", "/contact-rules", "/contact-rules", **{"uk.cap_week": "2"})


async def _oversight(house: House) -> None:
    await house.submit("sue", "/quality", "/quality/samples", size="10", seed="3", hard_share="50")
    review = await house.last(QualityReview)
    lines = [row.id for row in await house.office.rows(QualityCriterion, active=True)]
    marks = {f"mark-{line}": "3" for line in lines}
    await house.submit("sue", f"/quality/{review.id}", f"/quality/{review.id}", **marks, comment="Kind and clear.")


async def _house_keeping(house: House) -> None:
    people = [house.office.team[login].id for login in ("ana", "li")]
    await house.submit("max", "/teams/new", "/teams/new", **TEAM, time_zone="Europe/London", members=people)
    team = f"/teams/{(await house.last(Team)).id}"
    await house.submit("max", team, f"{team}/days", day="2026-12-24", day_name="Christmas Eve")
    await house.submit("ada", "/integrations", "/integrations/keys", name="Core", scopes=["cases:read"])
    await house.submit(
        "ada",
        "/integrations",
        "/integrations/webhooks",
        name="CRM",
        url="https://example.com/hooks",
        events=["plan.agreed"],
    )
    path = f"/integrations/webhooks/{(await house.last(Webhook)).id}"
    await house.submit("ada", path, f"{path}/ping")
    async with house.office.works.begin() as work:
        [event] = await webhooks.claim(work)
        await webhooks.keep(work, event.id, webhooks.Answer(204, "", 7))
    for login in ("ana", "ada", "sue"):
        for name, address in (("Disputes", "box=all&flag=dispute"), ("Waiting", "box=queue")):
            browser = await house.by(login)
            assert (await browser.post("/views", name=name, address=address)).status_code == 303


async def _models(house: House) -> None:
    works, max_ = house.office.works, house.office.team["max"]
    async with works.begin() as work:
        await models.now_running(work, await models.ensure_release(work, "release-1", "d-release"))
    better = await train(works, max_, "new-1")
    async with works.begin() as work:
        promoted = await models.promote(work, max_, better, "Better")
        assert isinstance(promoted, models.Promoted)
    await train(works, max_, "new-2", after={"self_harm_recall": 0.95})
    tom = house.talk(TOM)
    heard = await house.last(Reading, lambda row: row.conversation_id == house.office.talks[TOM])
    await house.submit("ana", tom, f"{tom}/messages/{heard.message_id}/misheard", "misheard=yes")
    await house.submit("max", "/understanding/models", "/understanding/models/train")


async def _note_places(house: House) -> None:
    """What stands for each name in a path; a page of a version of the limits shows a draft of max."""
    in_force = await house.last(HouseVersion, lambda row: row.subject == "wording" and row.state == "in_force")
    answered = await house.last(QualityReview, lambda row: row.state == "done")
    found: dict[str, Any] = {
        "approval_id": await house.last(Approval),
        "attachment_id": await house.last(Attachment),
        "callback_id": await house.last(Callback),
        "complaint_id": await house.last(Complaint),
        "code_id": await house.last(OutcomeCode),
        "delivery_id": await house.last(WebhookDelivery),
        "holiday_id": await house.last(TeamHoliday),
        "house.version_id": in_force,
        "key_id": await house.last(ApiKey),
        "message_id": await house.last(Message, lambda row: row.conversation_id == house.office.talks[TOM]),
        "model_id": await house.last(ModelRow),
        "notice_id": await house.last(AgentNotice),
        "reading_id": await house.last(Reading),
        "reply_id": await house.last(CannedReply),
        "review_id": answered,
        "run_id": await house.last(WhatIf, lambda row: row.state == "done"),
        "scheduled_id": await house.last(ScheduledMessage),
        "team_id": await house.last(Team),
        "version_id": await house.last(Policy, lambda row: row.id == house.places["draft_id"]),
        "view_id": await house.last(SavedView, lambda row: row.user_id == house.office.team["ada"].id),
        "webhook_id": await house.last(Webhook),
    }
    house.places |= {name: row.id for name, row in found.items()}
    heard = await house.last(Reading, lambda row: row.conversation_id == house.office.talks[TOM])
    reviews = [row for row in await house.office.rows(Policy) if row.state == "review"]
    drafts = [row for row in await house.office.rows(HouseVersion) if row.state == "draft" and row.subject == "wording"]
    made = await house.office.rows(ModelRow)
    runs = await house.office.rows(WhatIf)
    house.places |= {
        "misheard_id": heard.message_id,
        "thanks_id": (await house.last(CannedReply, lambda row: row.shortcut == "thanks")).id,
        "unsure_id": next(row.id for row in await house.office.rows(Reading) if row.state == "unsure"),
        "in_review": reviews[-1].id,
        "house_old": next(row.id for row in await house.office.rows(HouseVersion) if row.state == "superseded"),
        "house_draft": drafts[-1].id,
        "going_id": next(row.id for row in made if row.state == "asked"),
        "candidate_id": next(row.id for row in made if row.version == "new-2"),
        "going_run": next(row.id for row in runs if row.state == "asked"),
        "drawn_id": next(row.id for row in await house.office.rows(QualityReview) if row.state == "drawn"),
        "line_id": next(row.id for row in await house.office.rows(QualityCriterion)),
        "li": house.office.team["li"].id,
        "old_version": next(row.id for row in await house.office.rows(Policy) if row.state == "superseded"),
    }
    house.places |= {name: house.office.talks[person] for name, person in PEOPLE.items()}
    house.places |= {"conversation_id": house.office.talks[TOM], "user_id": house.office.team["ana"].id}
    house.places |= {"case_id": house.office.case_ids[TOM], "key": KEY}


def filled(path: str, places: dict[str, int | str]) -> str:
    """The path with what the house has in each of its places."""
    begin = "house." if path.startswith("/house/") else ""
    return re.sub(r"{(\w+)(?::\w+)?}", lambda name: str(places.get(begin + name[1], places.get(name[1], 1))), path)
