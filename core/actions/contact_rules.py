"""The contact rules in force: the market's, narrowed by what the house has decided."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from core.actions import house
from core.actions.values import Actor
from core.compliance.contact import contact_changes, contact_problems, with_contact
from core.compliance.parameters import IN_FORCE, RuleSet
from core.store import house_versions
from core.work import Work

_KNOWN: dict[tuple[int, str], RuleSet] = {}
_MOST_KNOWN = 8


async def rules_in_force(session: AsyncSession) -> RuleSet:
    """The rule set that a message is reviewed by now; its name says which version of the house's rules is in it."""
    found = await house_versions.digest_in_force(session, "contact")
    if found is None:
        return IN_FORCE
    if found not in _KNOWN:
        row = await house_versions.in_force(session, "contact")
        if row is None:
            return IN_FORCE
        while len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.pop(next(iter(_KNOWN)))
        _KNOWN[(row.number or 0, row.digest)] = with_contact(row.body or {}, f"house.{row.number}")
    return _KNOWN.get(found, IN_FORCE)


async def change_rules(
    work: Work, actor: Actor, fields: Mapping[str, str]
) -> house.Saved | house.Wrong | house.MayNot | house.NothingChanges:
    """Put contact rules into the actor's draft: `us.window` as `09:00-20:00`, `us.cap_day` as `1`.

    A field equal to what the market allows goes back to it; a wider one is refused.
    """
    given = {key: value.strip() for key, value in fields.items()}
    shipped = contact_changes()
    before = await house.body_in_force(work, "contact")
    wanted = {key: (None if value == shipped.get(key) else value) for key, value in given.items()}
    changes = {key: value for key, value in wanted.items() if value != before.get(key)}
    draft = await house_versions.draft_of(work.session, "contact", actor.id)
    if draft is not None:
        changes |= {key: wanted[key] for key in draft.changes if key in wanted}
    if not changes:
        return house.NothingChanges()
    problems = contact_problems({key: value for key, value in changes.items() if value is not None})
    return await house.change(work, actor, "contact", changes, problems)
