"""The versions of the limits, read from the command line: which there are, what one says, what two differ in."""

from sqlalchemy import select

from core.actions.policies import in_force, numbered
from core.errors import NotFound
from core.policy import PolicyVersion, diff, version_to_json
from core.settings import Settings
from core.store.tables import Policy
from core.work import Works
from parley.installation import open_works


async def listed(settings: Settings) -> list[str]:
    """One line a version, the newest first: its number, its state, since when, and its note; drafts have no number."""
    async with open_works(settings) as works, works.read() as session:
        rows = (await session.scalars(select(Policy).order_by(Policy.id.desc()))).all()
    return [_line(row) for row in rows]


def _line(row: Policy) -> str:
    number = "-" if row.number is None else str(row.number)
    moment = row.published_at or row.starts_at or row.created_at
    return f"{number:>4}  {row.state:<10}  {moment:%Y-%m-%d %H:%M} UTC  {row.note}".rstrip()


async def shown(settings: Settings, number: int | None) -> dict[str, object]:
    """The version of this number, or the one in force, as JSON; NotFound where there is none."""
    async with open_works(settings) as works:
        return version_to_json(await _version(works, number))


async def compared(settings: Settings, old: int, new: int | None) -> list[str]:
    """What differs from the old version to the new one (the one in force when None), one line a limit."""
    async with open_works(settings) as works:
        before, after = await _version(works, old), await _version(works, new)
    return [
        f"{change.rule}  {change.field}: {_said(change.old)} -> {_said(change.new)}" for change in diff(before, after)
    ]


def _said(value: str | None) -> str:
    return "(not given)" if value is None else value


async def _version(works: Works, number: int | None) -> PolicyVersion:
    async with works.read() as session:
        version = await (in_force(session) if number is None else numbered(session, number))
    if version is None:
        raise NotFound("There is no such version of the limits.", number="in force" if number is None else number)
    return version
