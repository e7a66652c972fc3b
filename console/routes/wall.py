"""The wall of live conversations, and moving many of them at once."""

from collections import Counter
from typing import Annotated, Any, cast
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import Response
from starlette.datastructures import QueryParams

from console.forms import text_of
from console.i18n import N_
from console.page import Page, Supervisor
from console.queries import wall
from console.queries.targets import target_book
from console.queries.wall import WallFilter
from core.actions import reassign
from core.actions.reassign import MayNotHold, Moved, Target, ThereAlready
from core.actions.values import Closed
from core.dialogue.pulse import MOODS, RISKS

router = APIRouter(prefix="/wall")

MOVED = N_("Moved: %(count)s.")
STAYED = N_("There already or closed: %(count)s.")
CANNOT_HOLD = N_("This person cannot hold conversations.")
CHOOSE_SOME = N_("Choose the conversations to move.")
CHOOSE_WHERE = N_("Choose where they go.")
SAY_WHY = N_("Say why. The agents are told, and it is kept.")


def read_filter(given: QueryParams) -> WallFilter:
    """What the address asks for; what is none of the choices means anything."""
    agent = given.get("agent", "")
    period, order = given.get("period", "day"), given.get("order", "risk")
    return WallFilter(
        holder=_one_of(given.get("holder", ""), ("bot", "queue", "agent")),
        agent_id=int(agent) if agent.isascii() and agent.isdigit() and len(agent) < 12 else None,
        risk=_one_of(given.get("risk", ""), RISKS),
        mood=_one_of(given.get("mood", ""), MOODS),
        market=_one_of(given.get("market", ""), ("cn", "us", "uk")),
        language=_one_of(given.get("language", ""), ("zh", "en")),
        period=period if period in wall.PERIODS else "day",
        order=order if order in wall.ORDERS else "risk",
        late=given.get("late") == "1",
    )


@router.get("")
async def show(page: Supervisor, after: Annotated[str | None, Query(max_length=300)] = None) -> Response:
    """The live conversations; htmx gets the same list without the page around it."""
    return await _list(page, after)


@router.post("/move")
async def move(page: Supervisor) -> Response:
    """Move the chosen conversations, each by itself, so that one that cannot move holds up no other."""
    form = await page.form()
    ids = [int(value) for value in form.getlist("id") if isinstance(value, str) and value.isdigit() and len(value) < 16]
    reason, target, agent = text_of(form, "reason", 500), text_of(form, "target", 10), text_of(form, "agent_id", 12)
    problem = _problem(ids, target, reason)
    if problem:
        return await _list(page, status=422, problem=page.say(problem))
    agent_id = int(agent) if agent.isdigit() else None
    found: Counter[type] = Counter()
    for conversation_id in ids[: reassign.MOST_AT_ONCE]:
        async with page.console.services.works.begin() as work:
            outcome = await reassign.reassign(
                work, conversation_id, page.actor, cast(Target, target), agent_id=agent_id, reason=reason
            )
        found[type(outcome)] += 1
        if isinstance(outcome, MayNotHold):
            return await _list(page, status=422, problem=page.say(CANNOT_HOLD))
    said = [page.say(MOVED, count=found[Moved])]
    stayed = found[ThereAlready] + found[Closed]
    said += [page.say(STAYED, count=stayed)] if stayed else []
    return await _list(page, notice=" ".join(said))


def _problem(ids: list[int], target: str, reason: str) -> str:
    if not ids:
        return CHOOSE_SOME
    if target not in ("agent", "queue", "bot"):
        return CHOOSE_WHERE
    return "" if reason else SAY_WHY


def _one_of(value: str, known: tuple[str, ...]) -> str:
    return value if value in known else ""


async def _list(
    page: Page, after: str | None = None, status: int = 200, *, notice: str = "", problem: str = ""
) -> Response:
    wanted = read_filter(page.request.query_params)
    now = page.console.now
    async with page.console.services.works.read() as session:
        book = await target_book(session)
        values: dict[str, Any] = {
            "listed": await wall.page(session, wanted, now, book, after),
            "totals": await wall.totals(session, now, book),
            "loads": await wall.loads(session),
        }
    answers = "wall/moved.html" if notice or problem else "wall/_list.html"
    template = answers if page.is_partial else "wall/page.html"
    return page.render(
        template,
        status,
        **values,
        wanted=wanted,
        query=_query(wanted),
        after=after,
        counted=wall.COUNTED,
        notice=notice,
        problem=problem,
    )


def _query(wanted: WallFilter) -> str:
    given = {
        "holder": wanted.holder,
        "agent": wanted.agent_id or "",
        "risk": wanted.risk,
        "mood": wanted.mood,
        "market": wanted.market,
        "language": wanted.language,
        "period": wanted.period if wanted.period != "day" else "",
        "order": wanted.order if wanted.order != "risk" else "",
        "late": "1" if wanted.late else "",
    }
    return urlencode({name: value for name, value in given.items() if value})
