"""Whether the console can do its work."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from console.page import Public

router = APIRouter()


@router.get("/healthz")
async def health(page: Public) -> JSONResponse:
    """200 when the database answers, else 503."""
    try:
        async with page.console.services.works.read() as session:
            await session.execute(select(1))
    except (SQLAlchemyError, OSError):
        return JSONResponse({"status": "database unavailable"}, status_code=503)
    return JSONResponse({"status": "ok"})
