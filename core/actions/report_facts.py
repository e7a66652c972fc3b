"""Keeping the facts of reports true: they follow the audit trail, which every change leaves a row in.

A case that anything happened to is counted anew as a whole, in one transaction, so that what is told late, or taken
back, is counted as if it had been known at once.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, exists, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.report_counting import facts_of
from core.store import report_sources
from core.store.tables import Audit, Case, Conversation, ReportFact, ReportState
from core.work import Work, Works

CASES_AT_ONCE = 200
AUDIT_AT_ONCE = 2000
FRESH = timedelta(seconds=30)
"""So often the facts say that they are up to date, where nothing happens."""


async def follow(works: Works) -> bool:
    """Count what happened since last time, or go on with counting everything; False where nothing is left to count."""
    async with works.read() as session:
        state = await session.scalar(select(ReportState).limit(1))
        if state is None:
            return False
        waiting = state.case_id is not None or await session.scalar(select(exists().where(Audit.id > state.audit_id)))
        fresh = state.counted_at is not None and works.clock.now() - state.counted_at < FRESH
    if fresh and not waiting:
        return False
    async with works.begin() as work:
        return await step(work)


async def step(work: Work) -> bool:
    """One lot of cases; False where nothing is left. Where another process is at it, nothing is done."""
    state = await work.session.scalar(select(ReportState).with_for_update(skip_locked=True).limit(1))
    if state is None:
        return False
    if state.case_id is not None:
        return await _sweep(work, state)
    return await _catch_up(work, state)


async def start_anew(work: Work) -> None:
    """Have every case counted again. Until a case's turn comes its facts stay as they are."""
    state = await work.session.scalar(select(ReportState).with_for_update().limit(1))
    if state is None:
        state = ReportState(audit_id=0, case_id=0, counted_at=None)
        work.session.add(state)
    state.audit_id = await work.session.scalar(select(Audit.id).order_by(Audit.id.desc()).limit(1)) or 0
    state.case_id = 0
    await work.session.flush()


async def recount(work: Work, case_ids: Sequence[int]) -> None:
    """Throw the facts of these cases away and make them anew."""
    if not case_ids:
        return
    sources = await report_sources.read(work.session, case_ids)
    facts = facts_of(sources)
    await work.session.execute(delete(ReportFact).where(ReportFact.case_id.in_(case_ids)))
    if facts:
        await work.session.execute(insert(ReportFact).execution_options(render_nulls=True), facts)
    work.session.expunge_all()


async def _sweep(work: Work, state: ReportState) -> bool:
    after = select(Case.id).where(Case.id > (state.case_id or 0)).order_by(Case.id).limit(CASES_AT_ONCE)
    case_ids = (await work.session.scalars(after)).all()
    state.case_id = case_ids[-1] if case_ids else None
    await work.session.flush()
    await recount(work, case_ids)
    return True


async def _catch_up(work: Work, state: ReportState) -> bool:
    rows = (
        await work.session.execute(
            select(Audit.id, Audit.subject, Audit.subject_id)
            .where(Audit.id > state.audit_id)
            .order_by(Audit.id)
            .limit(AUDIT_AT_ONCE)
        )
    ).all()
    touched: dict[tuple[str, int], None] = {}
    last = state.audit_id
    for audit_id, subject, subject_id in rows:
        if subject_id is not None and subject in ("conversation", "case", "debtor"):
            touched[subject, subject_id] = None
        last = audit_id
        if len(touched) >= CASES_AT_ONCE:
            break
    more = bool(rows) and (last != rows[-1].id or len(rows) == AUDIT_AT_ONCE)
    state.audit_id = last
    if not more:
        state.counted_at = work.now
    await work.session.flush()
    await recount(work, await _cases(work, list(touched)))
    return more


async def _cases(work: Work, touched: Sequence[tuple[str, int]]) -> Sequence[int]:
    ids = {
        subject: [subject_id for kind, subject_id in touched if kind == subject]
        for subject in ("conversation", "case", "debtor")
    }
    found = set(ids["case"])
    if ids["conversation"]:
        found |= set(
            await work.session.scalars(select(Conversation.case_id).where(Conversation.id.in_(ids["conversation"])))
        )
    if ids["debtor"]:
        found |= set(await work.session.scalars(select(Case.id).where(Case.debtor_id.in_(ids["debtor"]))))
    return sorted(found)


async def size(session: AsyncSession) -> int:
    """How many facts there are."""
    return await session.scalar(select(func.count()).select_from(ReportFact)) or 0
