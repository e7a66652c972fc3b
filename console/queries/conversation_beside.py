"""What stands beside a conversation, read with it in one statement: outcome codes, other conversations of its case."""

from functools import reduce
from typing import Any

from sqlalchemy import String, case, cast, func, or_, select
from sqlalchemy.orm import aliased

from console.queries.conversation_rows import OtherView, OutcomeView
from core.store.tables import Conversation, OutcomeCode

_FIELD, _ROW = "\x1f", "\x1e"
"""Between the fields and the rows of what is read as one text; no stored name holds them."""


def outcomes() -> Any:
    """Every outcome code as one text, so that a page has them without a statement of its own; see `read_outcomes`."""
    parts = (
        OutcomeCode.code,
        OutcomeCode.en,
        OutcomeCode.zh,
        case((OutcomeCode.needs_note.is_(True), "1"), else_=""),
        cast(OutcomeCode.position, String),
        case((OutcomeCode.archived_at.is_not(None), "1"), else_=""),
    )
    line = reduce(lambda before, part: before + _FIELD + part, parts)
    return select(func.aggregate_strings(line, _ROW)).correlate(None).scalar_subquery()


def read_outcomes(text: str | None) -> tuple[OutcomeView, ...]:
    """What `outcomes` gave, in the order that managers chose."""
    rows = [line.split(_FIELD) for line in (text or "").split(_ROW) if line]
    views = [OutcomeView(code, en, zh, bool(note), int(place), bool(gone)) for code, en, zh, note, place, gone in rows]
    return tuple(sorted(views, key=lambda view: (view.position, view.code)))


def others() -> Any:
    """The other conversations of the row's case as one text, those that go on in it marked; see `read_others`."""
    other = aliased(Conversation)
    mark = case((other.merged_into == Conversation.id, "1"), else_="")
    line = cast(other.id, String) + _FIELD + other.channel + _FIELD + mark
    return (
        select(func.aggregate_strings(line, _ROW))
        .where(
            other.case_id == Conversation.case_id,
            other.id != Conversation.id,
            or_(other.merged_into.is_(None), other.merged_into == Conversation.id),
        )
        .correlate(Conversation)
        .scalar_subquery()
    )


def read_others(text: str | None) -> tuple[OtherView, ...]:
    """What `others` gave, oldest first."""
    rows = [line.split(_FIELD) for line in (text or "").split(_ROW) if line]
    views = [OtherView(int(other), channel, bool(merged)) for other, channel, merged in rows]
    return tuple(sorted(views, key=lambda view: view.id))
