"""Reports: figures that open the rows behind them, and those rows as files."""

from typing import Annotated, cast, get_args

from fastapi import APIRouter, Query
from fastapi.responses import Response, StreamingResponse

from console import exports
from console.exports import FORMATS, Format
from console.forms import text_of
from console.labels import reports as words
from console.page import Exporter, ReportReader
from console.queries.reports import choices as choice_query
from console.queries.reports import rows as row_query
from console.queries.reports import tally as figures
from console.queries.reports.measures import MEASURES
from console.queries.reports.scope import DIMENSIONS
from console.report_rows import RowWords, lasted
from console.report_view import Names, bars, report
from console.reports import QUICK, ZONES, asked, behind
from core.actions import report_exports
from core.errors import InvalidInput

router = APIRouter()
FIELDS = ("measure", "whole", "value", "since", "until", "zone", "by", *DIMENSIONS)


@router.get("/reports")
async def show(page: ReportReader) -> Response:
    """The figures of one page of reports, in six statements."""
    wanted = asked(page, page.request.query_params)
    async with page.console.services.works.read() as session:
        choices = await choice_query.choices(session)
        await figures.make_room(session)
        tally = await figures.tally(session, wanted.scope, wanted.tab, wanted.by)
        drawn = [MEASURES[name] for name in wanted.tab.drawn]
        by_day = await figures.days(session, wanted.scope, drawn)
    return page.render(
        "reports/page.html",
        report=report(page, wanted, choices, tally, by_day),
        wanted=wanted,
        words=words,
        bars=bars,
        quick=QUICK,
        zones=dict.fromkeys((page.time_zone, *ZONES)),
        lasted=lambda seconds: lasted(page, seconds),
    )


@router.get("/reports/rows")
async def rows(page: ReportReader, after: Annotated[str | None, Query()] = None) -> Response:
    """The rows that a figure counts, a page at a time."""
    query = page.request.query_params
    wanted = asked(page, query)
    measure, sought = behind(wanted, query)
    async with page.console.services.works.read() as session:
        choices = await choice_query.choices(session)
        total = await row_query.total(session, sought)
        listed = await row_query.page(session, sought, after)
    return page.render(
        "reports/rows.html",
        wanted=wanted,
        measure=measure,
        total=total,
        listed=listed,
        after=after,
        kept={name: query[name] for name in FIELDS if query.get(name)},
        says=RowWords(page, measure, wanted.scope.period.zone.key),
        names=Names(page, choices),
        words=words,
        lasted=lambda seconds: lasted(page, seconds),
    )


@router.post("/reports/rows/export")
async def export(page: Exporter) -> Response:
    """The same rows, all of them, as a file. What was taken is in the audit trail before it is sent."""
    form = await page.form()
    fields = {name: text for name in FIELDS if (text := text_of(form, name, 60))}
    kind = text_of(form, "format", 4)
    if kind not in get_args(Format):
        raise InvalidInput("Choose one of the formats.", format=kind)
    chosen = cast(Format, kind)
    wanted = asked(page, fields)
    measure, sought = behind(wanted, fields)
    says = RowWords(page, measure, wanted.scope.period.zone.key)
    async with page.console.services.works.read() as session:
        path, count = await exports.written(chosen, says.header(), row_query.stream(session, sought), says.cells)
    try:
        async with page.console.services.works.begin() as work:
            told = {name: fields[name] for name in ("whole", "value") if name in fields}
            await report_exports.exported(work, page.actor, measure.name, wanted.fields | told, kind=chosen, rows=count)
    except BaseException:
        exports.discard(path)
        raise
    period = wanted.scope.period
    name = f"{measure.name}-{period.since}-{period.until}.{chosen}".replace("_", "-")
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(path.stat().st_size)}
    return StreamingResponse(exports.sent(path), media_type=FORMATS[chosen], headers=headers)
