"""Quality reviews: conversations are drawn, and marked by somebody else than their agent, who may answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select

from core.actions.quality_scores import Candidate, Marked, Score, draw, score
from core.actions.text import clean
from core.actions.trail import leave
from core.actions.values import Actor
from core.dialogue.flags import GRAVITY
from core.errors import InvalidInput, NotFound
from core.store.tables import (
    CaseFlag,
    Conversation,
    HandoffRow,
    Message,
    QualityCriterion,
    QualityMark,
    QualityReview,
    QualitySample,
)
from core.work import Work

MAY_REVIEW = ("supervisor", "manager", "admin")
MOST_DRAWN = 200
MOST_CANDIDATES = 100_000
HARD_SHARE = 50
"""Percent of a sample that hard cases take, as far as there are so many (product default)."""
HARD_FLAGS = ("self_harm", "vulnerable", "minor", "deceased", "hardship", "complaint", "abusive")
HARD_REASONS = GRAVITY[: GRAVITY.index("hardship") + 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleOf:
    """What to draw from: agents' parts in conversations of `starts` (included) to `ends` (excluded), UTC."""

    starts: datetime
    ends: datetime
    agent_id: int | None = None
    language: str | None = None
    outcome: str | None = None
    size: int = 20
    seed: int = 1
    hard_share: int = HARD_SHARE


@dataclass(frozen=True, slots=True)
class Drawn:
    """So many were drawn, of so many."""

    sample_id: int
    size: int
    candidates: int


@dataclass(frozen=True, slots=True)
class NothingToDraw:
    """No agent wrote in such a conversation in that time."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The agent can read it now."""

    review_id: int
    score: Score


@dataclass(frozen=True, slots=True)
class OwnConversation:
    """Nobody reviews what they wrote themselves."""


@dataclass(frozen=True, slots=True)
class DoneBefore:
    """It has been reviewed, or answered, already."""

    state: str


@dataclass(frozen=True, slots=True)
class NotTheirs:
    """Only the agent whose part it was may answer, and only after the review."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The reviewer can read what the agent says to it."""


async def draw_sample(work: Work, actor: Actor, wish: SampleOf) -> Drawn | NothingToDraw:
    """Draw conversations by chance, hard cases more often; the same seed over the same conversations draws the same.

    What the actor wrote themselves is not drawn for them.
    """
    if wish.ends <= wish.starts or not 1 <= wish.size <= MOST_DRAWN or not 0 <= wish.hard_share <= 100:
        raise InvalidInput("Choose a period, and a size of up to two hundred.", size=wish.size)
    candidates = await _candidates(work, actor, wish)
    chosen = draw(candidates, wish.size, wish.seed, wish.hard_share)
    if not chosen:
        return NothingToDraw()
    sample = QualitySample(
        drawn_by=actor.id,
        drawn_at=work.now,
        seed=wish.seed,
        filters=_filters(wish),
        candidates=len(candidates),
        size=len(chosen),
    )
    work.session.add(sample)
    await work.session.flush()
    work.session.add_all(
        QualityReview(sample_id=sample.id, conversation_id=each.conversation_id, agent_id=each.agent_id, hard=each.hard)
        for each in chosen
    )
    await work.session.flush()
    work.notify("quality")
    await leave(
        work, actor.login, "drew_sample", "quality", sample.id, size=len(chosen), seed=wish.seed, filters=sample.filters
    )
    return Drawn(sample.id, len(chosen), len(candidates))


async def review(
    work: Work, review_id: int, actor: Actor, marks: Mapping[int, int | None], comment: str
) -> Reviewed | OwnConversation | DoneBefore:
    """Mark every line of the score card and comment. InvalidInput where a line has no mark, or a mark that is none."""
    row = await _lock(work, review_id)
    if row.agent_id == actor.id or await _wrote_in(work, actor, row.conversation_id):
        return OwnConversation()
    if row.state != "drawn":
        return DoneBefore(row.state)
    lines = await criteria(work)
    missing = [line.id for line in lines if line.id not in marks]
    if missing or any(mark is not None and not 0 <= mark <= 4 for mark in marks.values()):
        raise InvalidInput("Mark every line, from 0 to 4, or as one that does not apply.", lines=missing)
    found = score([Marked(line.weight, line.auto_fail, marks[line.id]) for line in lines])
    work.session.add_all(
        QualityMark(
            review_id=row.id,
            criterion_id=line.id,
            mark=marks[line.id],
            weight=line.weight,
            auto_fail=line.auto_fail,
        )
        for line in lines
    )
    row.state, row.reviewer_id, row.reviewed_at = "done", actor.id, work.now
    row.score, row.failed, row.comment = found.value, found.failed, clean(comment).strip()[:4000]
    await work.session.flush()
    work.notify("quality")
    await leave(work, actor.login, "reviewed_quality", "quality", row.id, agent=row.agent_id, score=row.score)
    return Reviewed(row.id, found)


async def answer(work: Work, review_id: int, actor: Actor, text: str) -> Answered | NotTheirs | DoneBefore:
    """The agent says what they think of the review, once. InvalidInput when it is empty."""
    said = clean(text).strip()[:4000]
    if not said:
        raise InvalidInput("Write your answer.", review_id=review_id)
    row = await _lock(work, review_id)
    if row.agent_id != actor.id or row.state == "drawn":
        return NotTheirs()
    if row.state == "answered":
        return DoneBefore(row.state)
    row.state, row.answer, row.answered_at = "answered", said, work.now
    await work.session.flush()
    work.notify("quality")
    await leave(work, actor.login, "answered_quality", "quality", row.id)
    return Answered()


async def criteria(work: Work) -> Sequence[QualityCriterion]:
    """The lines of the score card in their order."""
    return (
        await work.session.scalars(
            select(QualityCriterion)
            .where(QualityCriterion.active.is_(True))
            .order_by(QualityCriterion.position, QualityCriterion.id)
        )
    ).all()


async def save_criterion(
    work: Work, actor: Actor, criterion_id: int | None, *, label_en: str, label_zh: str, weight: int, auto_fail: bool
) -> int:
    """Add a line or change one; reviews that were done keep the weight they were done with.

    InvalidInput without both labels or with a weight that is none.
    """
    english, chinese = clean(label_en).strip()[:120], clean(label_zh).strip()[:120]
    if not english or not chinese or not 1 <= weight <= 100:
        raise InvalidInput("Give a label in both languages and a weight from 1 to 100.", weight=weight)
    row = await work.session.get(QualityCriterion, criterion_id) if criterion_id is not None else None
    if criterion_id is not None and row is None:
        raise NotFound("There is no such line.", criterion_id=criterion_id)
    if row is None:
        row = QualityCriterion(position=len(await criteria(work)) + 1)
        work.session.add(row)
    row.label_en, row.label_zh, row.weight, row.auto_fail = english, chinese, weight, auto_fail
    await work.session.flush()
    work.notify("quality")
    await leave(work, actor.login, "saved_criterion", "quality", row.id, label=english, weight=weight, fails=auto_fail)
    return row.id


async def retire_criterion(work: Work, actor: Actor, criterion_id: int) -> bool:
    """Take a line off the card; False where it was off before. Reviews that were done keep it."""
    row = await work.session.get(QualityCriterion, criterion_id)
    if row is None or not row.active:
        return False
    row.active = False
    await work.session.flush()
    work.notify("quality")
    await leave(work, actor.login, "retired_criterion", "quality", row.id, label=row.label_en)
    return True


async def _lock(work: Work, review_id: int) -> QualityReview:
    row = await work.session.get(QualityReview, review_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound("There is no such review.", review_id=review_id)
    return row


async def _wrote_in(work: Work, actor: Actor, conversation_id: int) -> bool:
    wrote = exists().where(Message.conversation_id == conversation_id, Message.agent_id == actor.id)
    return bool(await work.session.scalar(select(wrote)))


async def _candidates(work: Work, actor: Actor, wish: SampleOf) -> Sequence[Candidate]:
    """Who wrote where in that time, and whether that was a hard case: by its flags, or what it was handed over for."""
    hard = or_(
        exists().where(CaseFlag.case_id == Conversation.case_id, CaseFlag.flag.in_(HARD_FLAGS)),
        exists().where(HandoffRow.conversation_id == Conversation.id, HandoffRow.reason.in_(HARD_REASONS)),
    )
    where: list[ColumnElement[bool]] = [
        Message.author == "agent",
        Message.at >= wish.starts,
        Message.at < wish.ends,
        Message.agent_id.is_not(None),
        Message.agent_id != actor.id,
    ]
    if wish.agent_id is not None:
        where.append(Message.agent_id == wish.agent_id)
    wrote = (
        select(Message.conversation_id, Message.agent_id)
        .where(*where)
        .group_by(Message.conversation_id, Message.agent_id)
        .subquery()
    )
    query = select(wrote.c.conversation_id, wrote.c.agent_id, hard).join(
        Conversation, Conversation.id == wrote.c.conversation_id
    )
    if wish.language:
        query = query.where(Conversation.language == wish.language)
    if wish.outcome:
        query = query.where(Conversation.outcome == wish.outcome)
    drawn = exists().where(
        QualityReview.conversation_id == wrote.c.conversation_id, QualityReview.agent_id == wrote.c.agent_id
    )
    found = await work.session.execute(query.where(~drawn).limit(MOST_CANDIDATES))
    return [Candidate(conversation_id, agent_id, bool(is_hard)) for conversation_id, agent_id, is_hard in found]


def _filters(wish: SampleOf) -> dict[str, Any]:
    return {
        "starts": wish.starts.isoformat(),
        "ends": wish.ends.isoformat(),
        "agent_id": wish.agent_id,
        "language": wish.language,
        "outcome": wish.outcome,
        "hard_share": wish.hard_share,
    }
