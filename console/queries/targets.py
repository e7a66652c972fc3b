"""How soon each team answers, as values and as a condition on conversations: both name the same ones late."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from core.staffing import Serves, TargetBook, Targets
from core.store.tables import Case, Conversation, Team, UtcDateTime


async def target_book(session: AsyncSession) -> TargetBook:
    """The targets of every active team, in one statement."""
    teams = (await session.scalars(select(Team).where(Team.active).order_by(Team.id))).all()
    serves = [Serves.listed(team.id, team.markets, team.creditors, team.reasons, team.languages) for team in teams]
    return TargetBook(
        serves,
        {
            team.id: Targets(
                first_minutes=team.first_target, reply_minutes=team.reply_target, patience=team.reply_minutes
            )
            for team in teams
        },
    )


def is_late(book: TargetBook, now: datetime) -> ColumnElement[bool]:
    """Whether a conversation, joined with its case, waits for a person longer than its team's target."""
    latest = now - book.shortest
    return or_(
        and_(
            Conversation.holder == "queue",
            Conversation.waiting_since < latest,
            Conversation.waiting_since < _since(book, now, "queue"),
        ),
        and_(
            Conversation.holder == "agent",
            Conversation.owed_since < latest,
            Conversation.owed_since < _since(book, now, "agent"),
        ),
    )


def _since(book: TargetBook, now: datetime, holder: str) -> ColumnElement[datetime]:
    """Who has waited since before this moment has waited too long, as `TargetBook.for_` has it."""
    otherwise = _moment(Targets(), now, holder)
    teams = book.in_order()
    if not teams:
        return otherwise
    moments = {team.team_id: _moment(book.of_team[team.team_id], now, holder) for team in teams}
    return case(
        *((Conversation.team_id == team.team_id, moments[team.team_id]) for team in teams),
        *((_fits(team), moments[team.team_id]) for team in teams),
        else_=otherwise,
    )


def _moment(targets: Targets, now: datetime, holder: str) -> ColumnElement[datetime]:
    if holder == "agent":
        return literal(now - targets.reply(), UtcDateTime())
    urgent, high, normal = (
        literal(now - targets.first(priority), UtcDateTime()) for priority in ("urgent", "high", "normal")
    )
    return case((Conversation.priority == "urgent", urgent), (Conversation.priority == "high", high), else_=normal)


def _fits(team: Serves) -> ColumnElement[bool]:
    """As `Serves.fits` has it."""
    named: list[ColumnElement[bool]] = [true()]
    if team.markets:
        named.append(Case.market.in_(sorted(team.markets)))
    if team.creditors:
        named.append(Case.creditor_id.in_(sorted(team.creditors)))
    if team.reasons:
        named.append(or_(Conversation.reason.is_(None), Conversation.reason.in_(sorted(team.reasons))))
    if team.languages:
        chinese = func.lower(Conversation.language).startswith("zh")
        named.append(or_(*(chinese if spoken == "zh" else ~chinese for spoken in sorted(team.languages))))
    return and_(*named)
