"""What the team did in the past beside its conversations: changed the limits once, and looked at its own quality."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from console.queries.quality import reviews
from core.actions import limit_approvals, limit_drafts, quality
from core.actions.policies import in_force
from core.actions.quality import SampleOf
from core.actions.values import Actor
from core.errors import InvariantBroken
from core.policy import version_to_json
from core.work import Works
from parley.demo.past.player import Event, Player
from parley.demo.past.said import AGENT_ANSWER, REVIEWS
from parley.demo.past.stories import HANDLERS

_LIMITS_DAYS_AGO = 28
_SAMPLES_DAYS_AGO = (37, 20, 4)
_SAMPLED = timedelta(days=17)
_LEFT = 3
"""So many of the last sample are still to be reviewed."""
_NOTE = "More off for one payment: too many long plans break 一次结清可多让一点：分期太长的容易断"


def expect_the_house(player: Player, until: datetime) -> None:
    """Have it happen at its moments before `until` (UTC)."""
    team = player.team
    player.at(until - timedelta(days=_LIMITS_DAYS_AGO, hours=3), _changes_limits(player.works, team))
    for number, days in enumerate(_SAMPLES_DAYS_AGO):
        left = _LEFT if number == len(_SAMPLES_DAYS_AGO) - 1 else 0
        moment = until - timedelta(days=days, hours=2)
        player.at(moment, _samples(player.works, team, number, moment, left))


def _changes_limits(works: Works, team: Mapping[str, Actor]) -> Event:
    async def change() -> None:
        async with works.begin() as work:
            version = await in_force(work.session)
            if version is None:
                raise InvariantBroken("No limits are in force.")
            rules = tuple(
                replace(rule, limits=replace(rule.limits, min_settlement_share=_less(rule.limits.min_settlement_share)))
                for rule in version.rules
            )
            body = version_to_json(replace(version, rules=rules))
            saved = await limit_drafts.save_draft(work, team["max"], body, _NOTE)
            if not isinstance(saved, limit_drafts.Saved):
                raise InvariantBroken("The demo's limits cannot be saved.", outcome=str(saved))
            await limit_drafts.ask_review(work, team["max"], saved.draft_id, saved.revision)
            await limit_approvals.approve(work, team["ada"], saved.draft_id, saved.revision)

    return change


def _less(share: Decimal) -> Decimal:
    return share - Decimal("0.05")


def _samples(works: Works, team: Mapping[str, Actor], number: int, moment: datetime, left: int) -> Event:
    """Sue draws conversations of the weeks before and reviews all but the last `left` of them."""

    async def sample() -> None:
        async with works.begin() as work:
            wish = SampleOf(starts=moment - _SAMPLED, ends=moment, size=6, seed=number + 1)
            drawn = await quality.draw_sample(work, team["sue"], wish)
        if not isinstance(drawn, quality.Drawn):
            return
        async with works.read() as session:
            rows = (await reviews(session, "waiting")).rows
        for place, row in enumerate(rows[: len(rows) - left]):
            await _reviews(works, team, row.id, number + place, row.agent_id, answered=place == 0)

    return sample


async def _reviews(
    works: Works, team: Mapping[str, Actor], review_id: int, number: int, agent_id: int, *, answered: bool
) -> None:
    agent = next(person for person in team.values() if person.id == agent_id)
    chinese = int(agent.login in HANDLERS["zh"])
    async with works.begin() as work:
        lines = await quality.criteria(work)
        marks = {line.id: _marks(number)[place % 5] for place, line in enumerate(lines)}
        done = await quality.review(work, review_id, team["sue"], marks, REVIEWS[number % len(REVIEWS)][chinese])
        if answered and isinstance(done, quality.Reviewed):
            await quality.answer(work, review_id, agent, AGENT_ANSWER[chinese])


def _marks(number: int) -> Sequence[int | None]:
    return ((4, 4, 3, 4, 3), (4, 4, 4, 3, None), (3, 2, 3, 3, 3), (4, 4, 4, 4, 4), (4, 3, 2, 4, 3))[number % 5]
