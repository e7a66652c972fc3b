"""Policy versions as stored, and what they grant to a case."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.values import Role
from core.dialogue.flags import Flag
from core.negotiation import Offer
from core.policy import Asker, Grant, PolicyVersion, RuleFacts, Segment, choose, version_from_json
from core.store import cases
from core.store.broken_plans import has_broken_plan
from core.store.cases import WholeCase
from core.store.tables import Case, Policy, User

SEGMENT_FLAGS: dict[Flag, Segment] = {"vulnerable": "vulnerable", "self_harm": "vulnerable", "hardship": "hardship"}
"""The flags of a case that put it in a segment; someone in danger is vulnerable before anything else."""


async def in_force(session: AsyncSession) -> PolicyVersion | None:
    """The version that everything new obeys, or None before any was published."""
    body = await session.scalar(select(Policy.body).where(Policy.state == "in_force"))
    return version_from_json(body) if body else None


async def numbered(session: AsyncSession, number: int) -> PolicyVersion | None:
    """A version by its number; what was once published never changes."""
    body = await session.scalar(select(Policy.body).where(Policy.number == number))
    return version_from_json(body) if body else None


async def grant_for(
    session: AsyncSession,
    whole: WholeCase,
    today: date,
    asker: Asker = "bot",
    number: int | None = None,
    *,
    flags: Collection[str] | None = None,
) -> Grant | None:
    """What may be granted to the case on the debtor's local date, under the version in force or the one numbered so.

    `flags` are the case's, where the caller has read them.
    """
    version = await (in_force(session) if number is None else numbered(session, number))
    return choose(version, await facts_for(session, whole, today, asker, flags)) if version else None


async def grant_now(session: AsyncSession, case_id: int, facts: RuleFacts) -> Grant | None:
    """What may be granted now, for people to look at, in one statement; whether a plan was broken is looked up here."""
    query = select(Policy.body, has_broken_plan(case_id)).where(Policy.state == "in_force")
    found = (await session.execute(query)).one_or_none()
    if found is None:
        return None
    body, broke = found
    return choose(version_from_json(body), replace(facts, segments=facts.segments | _broken(broke)))


def segments_of(flags: Collection[str]) -> frozenset[Segment]:
    """The segments that a case's flags put it in."""
    return frozenset(segment for flag, segment in SEGMENT_FLAGS.items() if flag in flags)


def _broken(broke: bool) -> frozenset[Segment]:
    return frozenset(("broken_plan",)) if broke else frozenset()


async def grant_as_made(
    session: AsyncSession, whole: WholeCase, offer: Offer, made_on: date, agent_id: int | None = None
) -> Grant | None:
    """What was granted when the offer was made: its version, chosen by the facts that it was made under.

    An offer that stores no facts is looked at as of the local date on which it was made.
    """
    version = await numbered(session, offer.policy_version)
    if version is None:
        return None
    return choose(
        version, offer.rule_facts or await facts_for(session, whole, made_on, await _asker(session, agent_id))
    )


async def facts_for(
    session: AsyncSession, whole: WholeCase, today: date, asker: Asker, flags: Collection[str] | None = None
) -> RuleFacts:
    """What the rules for the case are chosen by, on the debtor's local date."""
    flags = await cases.flags_of(session, whole.case.id) if flags is None else flags
    broke = await cases.broke_a_plan(session, whole.case.id)
    return rule_facts(whole.case, whole.creditor.name, flags, today, asker, broke=broke)


def rule_facts(
    case: Case, creditor: str, flags: Collection[str], today: date, asker: Asker, *, broke: bool
) -> RuleFacts:
    """What the rules for a case are chosen by, where its flags are known and whether a plan of it was broken."""
    return RuleFacts(
        market=case.market,
        product=case.product,
        creditor=creditor,
        days_past_due=(today - case.due_date).days,
        balance=cases.owed(case).decimal,
        segments=segments_of(flags) | _broken(broke),
        role=asker,
    )


def asker_of(role: Role) -> Asker:
    """As whom someone of the team asks: an admin as a manager; who makes no offers could make no more than an agent."""
    match role:
        case "admin":
            return "manager"
        case "compliance" | "auditor":
            return "agent"
        case _:
            return role


async def _asker(session: AsyncSession, agent_id: int | None) -> Asker:
    if agent_id is None:
        return "bot"
    user = await session.get(User, agent_id)
    return "agent" if user is None else asker_of(cast(Role, user.role))
