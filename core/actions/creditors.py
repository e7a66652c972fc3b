"""Who is owed: how to reach and pay them, and when their people are there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.hours import is_hours
from core.actions.text import clean
from core.actions.trail import leave
from core.errors import InvalidInput, NotFound
from core.store.tables import Creditor
from core.work import Work

LANGUAGES = ("zh", "en")
_LONGEST_PHONE = 60
_LONGEST_HOURS = 120
_LONGEST_WAYS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What is to change; None leaves a detail as it is. `pay_ways` is reviewed text by language, `zh` or `en`.

    `hours` are `Mon-Fri 09:00-18:00; Sat 10:00-14:00` in `time_zone`, empty where they are not known.
    """

    phone: str | None = None
    hours: str | None = None
    time_zone: str | None = None
    pay_ways: Mapping[str, str] | None = None


async def creditor_named(session: AsyncSession, name: str) -> int:
    """The id of the creditor with this name; NotFound where there is none."""
    found = await session.scalar(select(Creditor.id).where(func.lower(Creditor.name) == name.strip().lower()))
    if found is None:
        raise NotFound("There is no such creditor. An import makes one.", name=name)
    return found


async def describe(work: Work, actor: str, creditor_id: int, details: Details) -> tuple[str, ...]:
    """Change the details that are given, and say which of them are new. InvalidInput where one cannot be right."""
    creditor = await work.session.get(Creditor, creditor_id, with_for_update=True, populate_existing=True)
    if creditor is None:
        raise NotFound("There is no such creditor.", creditor_id=creditor_id)
    wanted = _checked(details)
    if "pay_ways" in wanted:
        wanted["pay_ways"] = {**(creditor.pay_ways or {}), **wanted["pay_ways"]}
    changed = {name: value for name, value in wanted.items() if getattr(creditor, name) != value}
    if not changed:
        return ()
    before = {name: getattr(creditor, name) for name in changed}
    for name, value in changed.items():
        setattr(creditor, name, value)
    await work.session.flush()
    await leave(work, actor, "described_creditor", "creditor", creditor_id, before=before, after=changed)
    return tuple(changed)


def _checked(details: Details) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    if details.phone is not None:
        wanted["phone"] = _short("phone", details.phone, _LONGEST_PHONE)
    if details.hours is not None:
        hours = _short("hours", details.hours, _LONGEST_HOURS)
        if hours and not is_hours(hours):
            raise InvalidInput("Give the hours as in “Mon-Fri 09:00-18:00; Sat 10:00-14:00”.", hours=hours)
        wanted["hours"] = hours
    if details.time_zone is not None:
        if details.time_zone not in available_timezones():
            raise InvalidInput("Give a time zone, such as Europe/London.", time_zone=details.time_zone)
        wanted["time_zone"] = details.time_zone
    if details.pay_ways is not None:
        unknown = sorted(set(details.pay_ways) - set(LANGUAGES))
        if unknown:
            raise InvalidInput("Ways to pay are told in zh or en.", languages=", ".join(unknown))
        wanted["pay_ways"] = {
            language: _short(f"pay_{language}", ways, _LONGEST_WAYS) for language, ways in details.pay_ways.items()
        }
    return wanted


def _short(name: str, text: str, longest: int) -> str:
    words = " ".join(clean(text).split())
    if len(words) > longest:
        raise InvalidInput("This is too long.", field=name, most=longest)
    return words
