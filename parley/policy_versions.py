"""The versions of the limits, read from the command line: which there are, what one says, what two differ in."""

from core.actions.limits import STATES, VersionRow, history
from core.actions.policies import in_force, numbered
from core.errors import NotFound
from core.policy import PolicyVersion, diff, version_to_json
from core.settings import Settings
from core.work import Works
from parley.installation import open_works


async def listed(settings: Settings) -> list[str]:
    """One line a version, the newest first: its number, its state, since when, and its note; drafts have no number."""
    async with open_works(settings) as works, works.read() as session:
        return [_line(row) for row in await history(session, STATES)]


def _line(row: VersionRow) -> str:
    since = f"{row.published_at:%Y-%m-%d %H:%M} UTC" if row.published_at else ""
    return f"{row.number or '-':>4}  {row.state:<10}  {since:<20}  {row.note}".rstrip()


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
