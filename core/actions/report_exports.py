"""What leaves as a file leaves a trace."""

from collections.abc import Mapping

from core.actions.trail import leave
from core.actions.values import Actor
from core.work import Work


async def exported(work: Work, actor: Actor, measure: str, filters: Mapping[str, str], *, kind: str, rows: int) -> None:
    """Someone took so many rows behind a figure of a report with them, as a file of this kind."""
    data = {"measure": measure, "filters": dict(filters), "format": kind, "rows": rows}
    await leave(work, actor.login, "exported_report", "report", None, **data)
