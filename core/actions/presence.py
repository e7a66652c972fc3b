"""Who of the team is there: what they say of themselves, and the signs of life of their browsers."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import or_, select, update

from core.actions import unstuck
from core.actions.trail import leave
from core.actions.values import Actor
from core.errors import InvalidInput
from core.staffing import PRESENT_FOR
from core.store.tables import User
from core.work import Work

Status = Literal["available", "pause", "break", "away"]
STATUSES: tuple[Status, ...] = get_args(Status)
"""Only who is available is given conversations; who waits for somebody that is away goes back to the queue."""


async def set_status(work: Work, actor: Actor, status: str) -> int:
    """Say whether the actor takes new conversations; how many went back to the queue. InvalidInput for another word."""
    if status not in STATUSES:
        raise InvalidInput("Say whether you are available, on a pause, on a break or away.", status=status)
    given_back = await unstuck.leave_desk(work, actor.id, "away") if status == "away" else 0
    user = await work.session.get_one(User, actor.id, with_for_update={"key_share": True}, populate_existing=True)
    before, user.status = user.status, status
    user.seen_at = work.now
    if before != status:
        user.status_since = work.now
        await work.session.flush()
        work.notify("queue")
        await leave(work, actor.login, "changed_status", "user", actor.id, before=before, after=status)
    return given_back


async def seen(work: Work, user_ids: Collection[int]) -> None:
    """Browsers of these people have given a sign of life. Somebody who comes back rings for those who wait."""
    known = await work.session.execute(
        select(User.id, User.seen_at)
        .where(User.id.in_(user_ids), User.active)
        .order_by(User.id)
        .with_for_update(key_share=True, skip_locked=True)
    )
    rows = [(user_id, seen_at) for user_id, seen_at in known]
    if any(_fresh_is_news(seen_at, work.now) for _, seen_at in rows):
        work.notify("queue")
    ids = [user_id for user_id, _ in rows]
    await work.session.execute(
        update(User)
        .where(User.id.in_(ids), or_(User.seen_at.is_(None), User.seen_at < work.now))
        .values(seen_at=work.now)
    )


def _fresh_is_news(seen_at: datetime | None, now: datetime) -> bool:
    return seen_at is None or now - seen_at > PRESENT_FOR


async def came(work: Work, user_id: int) -> None:
    """Somebody signed in. Who was not there is available from now on; who is, stays as they said."""
    user = await work.session.get_one(User, user_id, with_for_update={"key_share": True}, populate_existing=True)
    if _fresh_is_news(user.seen_at, work.now) and user.status != "available":
        user.status, user.status_since = "available", work.now
    user.seen_at = work.now
    work.notify("queue")


async def went(work: Work, user_id: int) -> int:
    """Somebody signed out of their last browser: who waits for them goes back to the queue at once; how many."""
    given_back = await unstuck.leave_desk(work, user_id, "signed_out")
    await work.session.execute(
        update(User)
        .where(User.id == user_id)
        .values(seen_at=work.now - 2 * PRESENT_FOR)
        .execution_options(synchronize_session=False)
    )
    return given_back
