"""The lists of the inbox and their filters as conditions on conversations."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, or_, select, true

from console.filters import Box, Filters, Wanted
from core.policy import BUCKETS
from core.store.tables import Case, CaseFlag, Conversation, TeamMember

_DAYS = 30
_ZONES = {"cn": ZoneInfo("Asia/Shanghai"), "us": ZoneInfo("America/New_York"), "uk": ZoneInfo("Europe/London")}
"""Where each market's day begins, for counting days past due; a debtor's own may begin some hours from it."""


def matching(wanted: Wanted, user_id: int, now: datetime) -> list[ColumnElement[bool]]:
    """What a conversation has to be to stand in this list of this user's; `now` is UTC."""
    return [*_in_box(wanted.box, wanted.filters, user_id, now), *_narrowed(wanted.filters, now)]


def awake(now: datetime) -> ColumnElement[bool]:
    """Its agent is waited for."""
    return or_(Conversation.snoozed_until.is_(None), Conversation.snoozed_until <= now)


def _in_box(box: Box, filters: Filters, user_id: int, now: datetime) -> list[ColumnElement[bool]]:
    opened = Conversation.state == "open"
    if box == "mine":
        mine = [opened, Conversation.holder == "agent", Conversation.agent_id == user_id]
        return mine if filters.snoozed else [*mine, awake(now)]
    if box == "team":
        teams = select(TeamMember.team_id).where(TeamMember.user_id == user_id)
        return [opened, Conversation.holder.in_(("queue", "agent")), Conversation.team_id.in_(teams)]
    if box == "queue":
        return [opened, Conversation.holder == "queue"]
    return []


def _narrowed(filters: Filters, now: datetime) -> list[ColumnElement[bool]]:
    columns: Sequence[tuple[Any, tuple[str, ...]]] = (
        (Conversation.reason, filters.reason),
        (Conversation.language, filters.language),
        (Conversation.priority, filters.priority),
        (Conversation.channel, filters.channel),
        (Conversation.holder, filters.holder),
        (Conversation.state, filters.state),
    )
    found = [_one_of(column, values) for column, values in columns if values]
    if filters.holder:
        found.append(Conversation.state == "open")
    if filters.agent is not None:
        found += [Conversation.holder == "agent", Conversation.agent_id == filters.agent]
    if filters.unread:
        found.append(Conversation.unread > 0)
    if filters.snoozed:
        found.append(Conversation.snoozed_until > now)
    if filters.waiting is not None:
        found.append(_waits_since(now - timedelta(minutes=filters.waiting)))
    if filters.market or filters.bucket:
        found.append(_case_among(select(Case.id).where(_cases(filters, now))))
    if filters.flag:
        found.append(_case_among(select(CaseFlag.case_id).where(_one_of(CaseFlag.flag, filters.flag))))
    return found


def _case_among(cases: Select[int]) -> ColumnElement[bool]:
    """Said so that PostgreSQL collects the cases once and looks each conversation up in them.

    As a plain join it guesses how soon a page is full, and guesses wrongly where filters exclude each other.
    """
    return Conversation.case_id.in_(cases).is_(true())


def _one_of(column: Any, values: tuple[str, ...]) -> ColumnElement[bool]:
    is_one: ColumnElement[bool] = column == values[0] if len(values) == 1 else column.in_(values)
    return is_one


def _waits_since(moment: datetime) -> ColumnElement[bool]:
    """In the queue for so long, or without an answer of the agent who holds it."""
    queued = and_(Conversation.holder == "queue", Conversation.waiting_since <= moment)
    unanswered = and_(Conversation.holder == "agent", Conversation.owed_since <= moment)
    return and_(Conversation.state == "open", or_(queued, unanswered))


def _cases(filters: Filters, now: datetime) -> ColumnElement[bool]:
    markets = filters.market or tuple(_ZONES)
    if not filters.bucket:
        return _one_of(Case.market, markets)
    due = []
    for market in markets:
        today = now.astimezone(_ZONES[market]).date()
        due += [and_(Case.market == market, _due(bucket, today)) for bucket in filters.bucket]
    return or_(*due)


def _due(bucket: str, today: date) -> ColumnElement[bool]:
    """When a debt of this bucket was due: M0 today or later, M1 one to thirty days ago, and so on."""
    number = BUCKETS.index(bucket)
    if number == 0:
        return Case.due_date >= today
    latest = today - timedelta(days=_DAYS * (number - 1) + 1)
    if number == len(BUCKETS) - 1:
        return Case.due_date <= latest
    return Case.due_date.between(latest - timedelta(days=_DAYS - 1), latest)
