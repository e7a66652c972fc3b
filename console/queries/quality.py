"""Quality reviews: what is to be reviewed, what was, averages by agent, one score card, an agent's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import Select, case, func, literal, literal_column, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from console.queries.cursors import Cursor, read_cursor, write_cursor
from core.store.tables import (
    Case,
    Conversation,
    Debtor,
    Message,
    QualityCriterion,
    QualityMark,
    QualityReview,
    QualitySample,
    User,
)

Show = Literal["waiting", "done"]
SHOWS: tuple[Show, ...] = get_args(Show)
PAGE = 50
SAMPLES_SHOWN = 5
TRANSCRIPT = 400
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
AVERAGED = timedelta(days=90)
"""Averages look back so far (product default)."""
_AGENT, _REVIEWER = aliased(User), aliased(User)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """An agent's part in a conversation, drawn or reviewed. `score` is in hundredths of a percent."""

    id: int
    conversation_id: int
    name: str
    reference: str
    market: str
    time_zone: str
    language: str
    outcome: str | None
    agent_id: int
    agent: str
    hard: bool
    state: str
    reviewer: str | None
    reviewed_at: datetime | None
    score: int | None
    failed: bool
    comment: str
    answer: str
    answered_at: datetime | None

    @property
    def share(self) -> float | None:
        """The score as a share."""
        return None if self.score is None else self.score / 10_000


@dataclass(frozen=True, slots=True)
class Said:
    """One entry of a transcript to review."""

    author: str
    agent: str | None
    kind: str
    text: str
    press: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Rows and the cursor of the next page, None on the last."""

    rows: tuple[ReviewRow, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class Average:
    """What an agent's reviews of the last `AVERAGED` come to."""

    agent_id: int
    agent: str
    reviews: int
    total: int
    failed: int
    hard: int

    @property
    def share(self) -> float | None:
        """The average score as a share."""
        return self.total / self.reviews / 10_000 if self.reviews else None

    @property
    def hard_share(self) -> float | None:
        """Of the reviews, how many were of hard cases."""
        return self.hard / self.reviews if self.reviews else None


@dataclass(frozen=True, slots=True)
class SampleRow:
    id: int
    drawn_by: str
    drawn_at: datetime
    seed: int
    size: int
    candidates: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the score card, with its mark where it has one (`marked`); None there: it does not apply."""

    id: int
    label_en: str
    label_zh: str
    weight: int
    auto_fail: bool
    mark: int | None = None
    marked: bool = False

    def label(self, language: str) -> str:
        """In the reader's language."""
        return self.label_zh if language == "zh" else self.label_en


async def reviews(
    session: AsyncSession, show: Show, after: str | None = None, *, agent_id: int | None = None
) -> ReviewPage:
    """What is to be reviewed in the order drawn, or what was reviewed, newest first."""
    query, cursor = _rows(), read_cursor(after)
    if agent_id is not None:
        query = query.where(QualityReview.agent_id == agent_id)
    if show == "waiting":
        query = query.where(QualityReview.state == literal_column("'drawn'")).order_by(QualityReview.id)
        query = query.where(QualityReview.id > cursor.id) if cursor else query
    else:
        query = query.where(QualityReview.reviewed_at.is_not(None))
        place = tuple_(QualityReview.reviewed_at, QualityReview.id)
        query = query.where(place < tuple_(literal(cursor.at), literal(cursor.id))) if cursor else query
        query = query.order_by(QualityReview.reviewed_at.desc(), QualityReview.id.desc())
    found = (await session.execute(query.limit(PAGE + 1))).all()
    rows = tuple(_row(row) for row in found[:PAGE])
    if len(found) <= PAGE:
        return ReviewPage(rows, None)
    last = found[PAGE - 1][0]
    return ReviewPage(rows, write_cursor(Cursor(last.id, last.reviewed_at or BEGINNING)))


async def averages(session: AsyncSession, now: datetime) -> Sequence[Average]:
    """By agent, of the reviews lately done, by name."""
    rows = await session.execute(
        select(
            QualityReview.agent_id,
            User.name,
            func.count(QualityReview.score),
            func.coalesce(func.sum(QualityReview.score), 0),
            func.sum(case((QualityReview.failed.is_(True), 1), else_=0)),
            func.sum(case((QualityReview.hard.is_(True), 1), else_=0)),
        )
        .join(User, User.id == QualityReview.agent_id)
        .where(QualityReview.reviewed_at >= now - AVERAGED)
        .group_by(QualityReview.agent_id, User.name)
        .order_by(User.name)
    )
    return [Average(*row) for row in rows]


async def samples(session: AsyncSession) -> Sequence[SampleRow]:
    """The last draws, newest first."""
    waiting = (
        select(func.count())
        .where(QualityReview.sample_id == QualitySample.id, QualityReview.state == "drawn")
        .correlate(QualitySample)
        .scalar_subquery()
    )
    rows = await session.execute(
        select(
            QualitySample.id,
            User.name,
            QualitySample.drawn_at,
            QualitySample.seed,
            QualitySample.size,
            QualitySample.candidates,
            waiting,
        )
        .join(User, User.id == QualitySample.drawn_by)
        .order_by(QualitySample.id.desc())
        .limit(SAMPLES_SHOWN)
    )
    return [SampleRow(*row) for row in rows]


async def people(session: AsyncSession) -> Sequence[tuple[int, str]]:
    """Active people who may be reviewed, by name."""
    rows = await session.execute(select(User.id, User.name).where(User.active.is_(True)).order_by(User.name))
    return [(row.id, row.name) for row in rows]


async def review(session: AsyncSession, review_id: int) -> ReviewRow | None:
    """One review by its id."""
    row = (await session.execute(_rows().where(QualityReview.id == review_id))).one_or_none()
    return _row(row) if row else None


async def transcript(session: AsyncSession, conversation_id: int) -> Sequence[Said]:
    """What was said, oldest first; the newest of it where it is very long."""
    rows = await session.execute(
        select(Message.author, _AGENT.name, Message.kind, Message.text, Message.press, Message.at)
        .outerjoin(_AGENT, _AGENT.id == Message.agent_id)
        .where(Message.conversation_id == conversation_id)
        .order_by(Message.id.desc())
        .limit(TRANSCRIPT)
    )
    return [Said(*row) for row in reversed(rows.all())]


async def card(session: AsyncSession, row: ReviewRow) -> Sequence[Line]:
    """The score card as it is now for what is to be reviewed; as it was marked for what was."""
    if row.state == "drawn":
        return await criteria(session)
    return (await cards(session, [row.id])).get(row.id, [])


async def cards(session: AsyncSession, ids: Sequence[int]) -> dict[int, list[Line]]:
    """The score cards of reviews as they were marked."""
    if not ids:
        return {}
    rows = await session.execute(
        select(QualityCriterion, QualityMark)
        .join(QualityMark, QualityMark.criterion_id == QualityCriterion.id)
        .where(QualityMark.review_id.in_(ids))
        .order_by(QualityCriterion.position, QualityCriterion.id)
    )
    found: dict[int, list[Line]] = {}
    for line, mark in rows:
        made = Line(line.id, line.label_en, line.label_zh, mark.weight, mark.auto_fail, mark.mark, marked=True)
        found.setdefault(mark.review_id, []).append(made)
    return found


async def criteria(session: AsyncSession) -> Sequence[Line]:
    """The lines of the score card in their order."""
    rows = await session.scalars(
        select(QualityCriterion)
        .where(QualityCriterion.active.is_(True))
        .order_by(QualityCriterion.position, QualityCriterion.id)
    )
    return [Line(line.id, line.label_en, line.label_zh, line.weight, line.auto_fail) for line in rows]


def _rows() -> Select[*tuple[Any, ...]]:
    rows: Select[*tuple[Any, ...]] = (
        select(
            QualityReview,
            Case.reference,
            Case.market,
            Debtor.name,
            Debtor.time_zone,
            Conversation.language,
            Conversation.outcome,
            _AGENT.name.label("agent"),
            _REVIEWER.name.label("reviewer"),
        )
        .join(Conversation, Conversation.id == QualityReview.conversation_id)
        .join(Case, Case.id == Conversation.case_id)
        .join(Debtor, Debtor.id == Case.debtor_id)
        .join(_AGENT, _AGENT.id == QualityReview.agent_id)
        .outerjoin(_REVIEWER, _REVIEWER.id == QualityReview.reviewer_id)
    )
    return rows


def _row(row: Any) -> ReviewRow:
    found = row[0]
    return ReviewRow(
        id=found.id,
        conversation_id=found.conversation_id,
        name=row.name,
        reference=row.reference,
        market=row.market,
        time_zone=row.time_zone,
        language=row.language,
        outcome=row.outcome,
        agent_id=found.agent_id,
        agent=row.agent,
        hard=found.hard,
        state=found.state,
        reviewer=row.reviewer,
        reviewed_at=found.reviewed_at,
        score=found.score,
        failed=found.failed,
        comment=found.comment,
        answer=found.answer,
        answered_at=found.answered_at,
    )
