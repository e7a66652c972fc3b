"""Everything that can be done in the console: each form, who sends it, from which page, and with what."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from core.actions import beyond_limits, house, limits, reassign, saved_views, training, what_ifs
from core.policy import DEFAULT_VERSION, version_to_json
from core.store.tables import HouseVersion, ModelRow, SavedView, WhatIf
from tests.console.full_house import DANA, LIN, MARCUS, TOM
from tests.console.office import Office

Arrange = Callable[[Office], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Deed:
    """`page` has a form that goes to `action`; {names} stand for what the house has. `button` is pressed, `status`
    is answered. `before` happens before the page is opened, `meanwhile` between opening it and sending the form.
    `opens` is the page to compare with, where it is not the page of the form."""

    login: str
    page: str
    action: str
    fields: dict[str, Any] = field(default_factory=dict)
    button: str = ""
    status: int = 200
    before: Arrange | None = None
    meanwhile: Arrange | None = None
    opens: str = ""

    def __str__(self) -> str:
        pressed = self.button or ",".join(str(value)[:12] for value in self.fields.values())
        return f"{self.action.strip('/').replace('{', '').replace('}', '')}-{self.status}-{pressed[:24]}-{self.login}"


def taken(person: int, login: str) -> Arrange:
    """Someone takes a person's conversation over."""

    async def arrange(office: Office) -> None:
        await office.take(person, login)

    return arrange


async def snatched(office: Office) -> None:
    """Sue takes Tom's conversation from Ana."""
    async with office.works.begin() as work:
        await reassign.take_from(work, office.talks[TOM], office.team["sue"], "Hers to answer")


async def approved_at_night(office: Office) -> None:
    """Max approves what Ana asked for when nothing may be sent; it is then the next afternoon."""
    office.clock.advance(timedelta(hours=8))
    async with office.works.begin() as work:
        await beyond_limits.decide_approval(work, 1, office.team["max"], approve=True, answer="Fair.")
    office.clock.advance(timedelta(hours=16))


async def decided(office: Office) -> None:
    """Max has refused what Ana asked for."""
    async with office.works.begin() as work:
        await beyond_limits.decide_approval(work, 1, office.team["max"], approve=False, answer="Too little.")


async def limits_moved_on(office: Office) -> None:
    """Other limits come in force while drafts wait."""
    async with office.works.begin() as work:
        rules = version_to_json(DEFAULT_VERSION)
        await limits.publish_unreviewed(work, office.team["ada"], rules, "As delivered")


async def called_off(office: Office) -> None:
    """The training that waits, and the run of the simulation, are called off."""
    async with office.works.begin() as work:
        [model] = [row.id for row in await office.rows(ModelRow) if row.state == "asked"]
        await training.call_off(work, office.team["max"], model)
    async with office.works.begin() as work:
        [run] = [row.id for row in await office.rows(WhatIf) if row.state == "asked"]
        await what_ifs.call_off(work, office.team["max"], run)


async def put_forward(office: Office) -> None:
    """Max puts his draft of the texts before somebody else."""
    async with office.works.begin() as work:
        [draft] = [row for row in await office.rows(HouseVersion) if row.state == "draft" and row.subject == "wording"]
        await house.ask_review(work, office.team["max"], draft.id, draft.revision, "Kinder")


async def opens_with_a_view(office: Office) -> None:
    """Ada's inbox opens with a view."""
    async with office.works.begin() as work:
        [*_, view] = [row for row in await office.rows(SavedView) if row.user_id == office.team["ada"].id]
        await saved_views.open_with(work, office.team["ada"], view.id)


T = "/conversations/{tom}"
D = "/conversations/{dana}"
SOON = (date(2026, 11, 23) + timedelta(days=2)).isoformat()
DRAFT, REVIEW, HOUSE = "/limits/versions/{version_id}", "/limits/versions/{in_review}", "/house/versions/{house_draft}"
HOOK, MODELS, TEAM = "/integrations/webhooks/{webhook_id}", "/understanding/models", "/teams/{team_id}"
EDIT = "/limits/edit?market=cn&product=credit_card"
THREAT = "We will take you to court"

IN_CONVERSATIONS = (
    Deed("ana", D, f"{D}/take"),
    Deed("ana", D, f"{D}/take", meanwhile=taken(DANA, "li"), status=409),
    Deed("sue", D, f"{D}/take"),
    Deed("ana", T, f"{T}/reply", {"text": "I will look at it today."}),
    Deed("ana", T, f"{T}/reply", {"text": THREAT}, status=422),
    Deed("ana", T, f"{T}/reply", {"text": "Hello again"}, meanwhile=snatched, status=409),
    Deed("ana", T, f"{T}/schedule", {"text": "Any news?", "due": f"{SOON}T11:00"}),
    Deed("ana", T, f"{T}/schedule", {"text": "Any news?", "due": "soon"}, status=422),
    Deed("ana", T, f"{T}/scheduled/{{scheduled_id}}/cancel"),
    Deed("ana", T, f"{T}/notes", {"text": "@li he called"}),
    Deed("li", D, f"{D}/notes", {"text": "I know her"}),
    Deed("ana", T, f"{T}/notes", {"text": " "}, status=422),
    Deed(
        "ana",
        "/conversations/{marcus}",
        "/conversations/{marcus}/identity",
        {"how": "by phone"},
        before=taken(MARCUS, "ana"),
    ),
    Deed(
        "ana",
        "/conversations/{marcus}",
        "/conversations/{marcus}/identity",
        {"how": " "},
        status=422,
        before=taken(MARCUS, "ana"),
    ),
    Deed("li", "/conversations/{lin}", "/conversations/{lin}/holds", {"why": "receipt found"}, before=taken(LIN, "li")),
    Deed("li", "/conversations/{lin}", "/conversations/{lin}/holds", {"why": " "}, status=422, before=taken(LIN, "li")),
    Deed("ana", T, f"{T}/back", {"note": "Be kind", "order": ["no_offers"]}),
    Deed("ana", T, f"{T}/back", {"sum": "much"}, status=422),
    Deed("ana", T, f"{T}/close", {"outcome": "no_agreement"}),
    Deed("ana", T, f"{T}/close", {"outcome": ""}, status=422),
    Deed("ana", T, f"{T}/transfer", {"to": "@li", "note": "Yours"}),
    Deed("ana", T, f"{T}/transfer", {"to": "nobody", "note": "Yours"}, status=422),
    Deed("ana", T, f"{T}/snooze", {"until": "hour"}),
    Deed("ana", T, f"{T}/snooze", {"until": "moment", "moment": "soon"}, status=422),
    Deed("ana", "/conversations/{sofia}", "/conversations/{sofia}/wake"),
    Deed("ana", T, f"{T}/merge"),
    Deed("ana", T, f"{T}/merge", {"other": "999"}, status=422),
    Deed("ana", T, f"{T}/desk", {"by": "count", "count": "3", "amount": "", "total": ""}),
    Deed("ana", T, f"{T}/desk", {"by": "count", "count": "many", "amount": ""}, status=422),
    Deed("ana", T, f"{T}/desk", {"by": "once", "amount": "", "total": "500", "reason": "All there is"}),
    Deed("ana", T, f"{T}/desk/preview"),
    Deed("ana", T, f"{T}/desk/approved/{{approval_id}}", before=approved_at_night),
    Deed("ana", T, f"{T}/messages/{{misheard_id}}/misheard", button="misheard=no"),
    Deed("sue", T, f"{T}/messages/{{misheard_id}}/misheard", button="misheard=no"),
    Deed("sue", T, f"{T}/whispers", {"text": "Mind the brother"}),
    Deed("sue", T, f"{T}/whispers", {"text": " "}, status=422),
    Deed("sue", T, f"{T}/supervise", {"target": "agent", "agent_id": "{li}", "reason": "Break"}),
    Deed("sue", T, f"{T}/supervise", {"target": "queue", "reason": " "}, status=422),
    Deed("ana", T, f"{T}/callbacks", {"due": f"{SOON}T11:00", "way": "call"}),
    Deed("ana", T, f"{T}/callbacks", {"due": "2020-01-01T11:00", "way": "call"}, status=422),
    Deed("sue", T, f"{T}/complaints", {"category": "conduct", "words": "Rude"}),
    Deed("ana", T, f"{T}/complaints", {"category": "conduct", "words": " "}, status=422),
)
"""Routes of one conversation; a part that answers them stands on its page."""

WORK = (
    Deed("max", "/approvals", "/approvals/{approval_id}", {"answer": "Fair."}, "decision=approve"),
    Deed("max", "/approvals", "/approvals/{approval_id}", {"answer": "Too little."}, "decision=refuse"),
    Deed("max", "/approvals", "/approvals/{approval_id}", {"answer": " "}, "decision=refuse", 422),
    Deed(
        "ada", "/approvals", "/approvals/{approval_id}", {"answer": "Fair."}, "decision=approve", 409, meanwhile=decided
    ),
    Deed("sue", "/wall", "/wall/move", {"id": ["{tom}"], "target": "queue", "reason": "Break"}),
    Deed("sue", "/wall?market=uk&period=any", "/wall/move", {"id": ["{tom}"], "target": "queue", "reason": "Break"}),
    Deed("sue", "/wall", "/wall/move", {"target": "queue", "reason": "Break"}, status=422),
    Deed("sue", "/callbacks", "/callbacks/{callback_id}", {"result": "Reached"}, "state=done"),
    Deed("sue", "/callbacks?show=all", "/callbacks/{callback_id}", {"result": "Reached"}, "state=done"),
    Deed("ana", "/callbacks", "/callbacks/{callback_id}", button="state=missed"),
    Deed("ana", "/callbacks", "/callbacks/{callback_id}", button="state=lost", status=422),
    Deed("sue", "/complaints/{complaint_id}", "/complaints/{complaint_id}", {"step": "categorise", "category": "plan"}),
    Deed("sue", "/complaints/{complaint_id}", "/complaints/{complaint_id}", {"step": "acknowledge"}),
    Deed(
        "sue",
        "/complaints/{complaint_id}",
        "/complaints/{complaint_id}",
        {"step": "answer", "outcome": "upheld", "answer": "Sorry."},
    ),
    Deed(
        "sue",
        "/complaints/{complaint_id}",
        "/complaints/{complaint_id}",
        {"step": "answer", "outcome": "upheld", "answer": " "},
        status=422,
    ),
    Deed("sue", "/complaints/{complaint_id}", "/complaints/{complaint_id}", {"step": "close"}, status=409),
    Deed("sue", "/understanding?tab=all", "/understanding/{unsure_id}", {"other": "Picks an offer"}),
    Deed("sue", "/understanding?tab=all", "/understanding/{unsure_id}", {"other": "no such thing"}, status=422),
    Deed("max", MODELS, f"{MODELS}/{{going_id}}/call-off"),
    Deed("max", MODELS, f"{MODELS}/{{candidate_id}}/promote", {"note": "Rights are heard elsewhere"}),
    Deed("max", MODELS, f"{MODELS}/{{candidate_id}}/promote", {"note": ""}, status=422),
    Deed("max", MODELS, f"{MODELS}/{{candidate_id}}/discard"),
    Deed("max", MODELS, f"{MODELS}/train", before=called_off),
    Deed("max", DRAFT, f"{DRAFT}/what-if", {"seed": "3"}, before=called_off),
    Deed("max", DRAFT, f"{DRAFT}/what-if/{{going_run}}/call-off"),
    Deed("max", EDIT, "/limits/check", opens=EDIT),
    Deed("max", "/wording/texts/{key}", "/wording/texts/{key}/check"),
)
"""Routes that answer with a part, in other places."""

V, C, Q, X = "/views", "/replies", "/quality", "/integrations"
PLAIN = (
    Deed("ada", "/", V, {"name": "Mine"}),
    Deed("ada", V, f"{V}/usual", before=opens_with_a_view),
    Deed("ada", V, f"{V}/{{view_id}}", {"name": "Other"}),
    Deed("ada", V, f"{V}/{{view_id}}/move", button="direction=up"),
    Deed("ada", V, f"{V}/{{view_id}}/default"),
    Deed("ada", V, f"{V}/{{view_id}}/delete"),
    Deed("max", f"{C}/new", C, {"shortcut": "bye", "category": "End", "en": "Goodbye.", "zh": "再见。"}),
    Deed("max", f"{C}/{{reply_id}}", f"{C}/{{reply_id}}", {"category": "Other"}),
    Deed("max", f"{C}/{{reply_id}}", f"{C}/{{reply_id}}", {"en": ""}, status=422),
    Deed("max", C, f"{C}/{{reply_id}}/archive", button="archived=yes"),
    Deed("ana", f"{T}/replies?q=thanks", f"{T}/replies/{{thanks_id}}/used"),
    Deed("max", "/outcomes", "/outcomes", {"code": "moved", "en": "Moved away", "zh": "搬走"}),
    Deed("max", "/outcomes", "/outcomes/{code_id}", {"en": "Something else"}),
    Deed("max", "/outcomes", "/outcomes/{code_id}/archive", button="archived=yes"),
    Deed("ana", "/mentions", "/mentions/seen"),
    Deed("max", Q, f"{Q}/samples", {"size": "5"}, status=409),
    Deed("ana", f"{Q}/mine", f"{Q}/mine/{{review_id}}", {"answer": "Thank you"}),
    Deed("max", f"{Q}/card", f"{Q}/card", {"id": "", "label_en": "Tone", "label_zh": "语气", "weight": "5"}),
    Deed("sue", f"{Q}/{{drawn_id}}", f"{Q}/{{drawn_id}}", {"comment": "Fine"}, status=422),
    Deed("max", EDIT, "/limits/save", {"max_instalments": "29", "note": "Less"}),
    Deed("max", EDIT, "/limits/remove", {"note": "No more"}),
    Deed("max", DRAFT, f"{DRAFT}/review"),
    Deed("max", DRAFT, f"{DRAFT}/withdraw"),
    Deed("max", DRAFT, f"{DRAFT}/rebase", {"choice cn/credit_card max_instalments": "mine"}, before=limits_moved_on),
    Deed("max", REVIEW, f"{REVIEW}/approve", {"when": "now"}),
    Deed("max", REVIEW, f"{REVIEW}/send-back", {"why": "Too tight"}),
    Deed("max", REVIEW, f"{REVIEW}/send-back", {"why": " "}, status=422),
    Deed("max", "/limits/versions/{old_version}", "/limits/versions/{old_version}/roll-back", status=200),
    Deed(
        "ada", "/users", "/users", {"login": "new", "name": "New One", "role": "agent", "password": "a long password"}
    ),
    Deed(
        "ada",
        "/users",
        "/users",
        {"login": "ana", "name": "Ana", "role": "agent", "password": "a long password"},
        status=409,
    ),
    Deed("ada", "/users", "/users/{li}", {"email": "li@example.com"}),
    Deed("ada", "/users", "/users/{li}/active", button="active=no", status=409),
    Deed("ada", "/users", "/users/{li}/password", {"password": "another long one"}),
    Deed("ada", X, f"{X}/keys", {"name": "Reports", "scopes": ["cases:read"]}),
    Deed("ada", X, f"{X}/keys/{{key_id}}/revoke"),
    Deed(
        "ada",
        X,
        f"{X}/webhooks",
        {"name": "B", "url": "https://example.com/b", "events": ["plan.agreed"]},
        opens=f"{X}/webhooks/2",
    ),
    Deed("ada", HOOK, f"{HOOK}/active", button="active=no"),
    Deed("ada", HOOK, f"{HOOK}/secret"),
    Deed("ada", HOOK, f"{HOOK}/ping"),
    Deed("ada", HOOK, f"{X}/deliveries/{{delivery_id}}/again"),
    Deed("max", "/teams/new", "/teams/new", {"name": "Night team", "time_zone": "Europe/London"}),
    Deed("max", TEAM, TEAM, {"name": "Late team"}),
    Deed("max", TEAM, f"{TEAM}/days", {"day": "2026-12-31", "day_name": "Last"}),
    Deed("max", TEAM, f"{TEAM}/days", {"day": "never", "day_name": "Last"}, status=422),
    Deed("max", TEAM, f"{TEAM}/days/{{holiday_id}}/remove"),
    Deed("max", "/teams/people", "/teams/people/{li}", {"capacity": "4"}),
    Deed("ana", "/", "/presence", button="status=break"),
    Deed("ana", "/me", "/me", {"theme": "dark"}),
    Deed("ana", f"{T}?hard=1", "/pause", before=snatched),
    Deed("cora", "/wording/texts/{key}", "/wording/texts/{key}", {"en": "Which of them?"}),
    Deed("cora", "/wording/texts/{key}", "/wording/texts/{key}", {"en": "Choose or go to prison"}, status=422),
    Deed("cora", "/contact-rules", "/contact-rules", {"us.cap_week": "1"}),
    Deed("max", HOUSE, f"{HOUSE}/review", {"note": "Kinder"}),
    Deed("max", HOUSE, f"{HOUSE}/withdraw"),
    Deed("max", HOUSE, f"{HOUSE}/drop"),
    Deed("cora", HOUSE, f"{HOUSE}/approve", before=put_forward),
    Deed("cora", HOUSE, f"{HOUSE}/send-back", {"why": "Too long"}, before=put_forward),
    Deed("cora", "/house/versions/{house_old}", "/house/versions/{house_old}/roll-back"),
)
"""Forms that a browser sends by itself: the answer is a whole page, or leads to one."""

BY_SCRIPT = {"/conversations/{conversation_id}/typing"}
"""Told by scripts as one types; it answers nothing."""

OUTSIDE = {
    "/conversations/{conversation_id}/files",
    "/login",
    "/logout",
    "/language",
    "/reports/rows/export",
    "/understanding/export",
}
"""Signing in and out, the language, files in and out: they have tests of their own."""
