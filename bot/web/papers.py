"""The address of a plan's copy: a page, and the PDF to keep."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from bot.papers.agreement import write
from bot.papers.pdf import Press
from bot.services import BotServices
from bot.web import pages
from bot.words import Language, language_of
from core.actions import copies


def create_papers(services: BotServices) -> APIRouter:
    """GET /p/{public_id} and /p/{public_id}.pdf, in the plan's language or in the one asked for by `lang`."""
    router = APIRouter(include_in_schema=False)
    press = Press()

    @router.get("/p/{public_id}")
    async def copy(public_id: str, lang: Annotated[Language | None, Query()] = None) -> Response:
        wants_pdf = public_id.endswith(".pdf")
        async with services.works.read() as session:
            plan = await copies.load(session, public_id.removesuffix(".pdf"))
        if plan is None:
            return pages.no_paper()
        paper = write(plan, lang or language_of(plan.language))
        if not wants_pdf:
            return pages.render("paper.html", paper=paper, plan=plan)
        headers = {
            **pages.UNKEPT,
            "Content-Disposition": f'inline; filename="agreement-{plan.public_id[:8]}.pdf"',
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex, nofollow",
            "Referrer-Policy": "no-referrer",
        }
        return Response(await press.pdf(paper), media_type="application/pdf", headers=headers)

    return router
