"""The models of the understanding: in force, in the making, compared, promoted, gone back to."""

from fastapi import APIRouter
from fastapi.responses import Response

from console.forms import text_of
from console.i18n import N_
from console.page import ModelKeeper, Page, Relabeller
from console.queries import models as query
from core.actions import models, training
from core.actions.models import Discarded, MayNotDecide, NotNow, Promoted, SayWhy

router = APIRouter(prefix="/understanding/models")

ASKED = N_("A worker trains the model now. You may leave this page.")
BUSY = N_("A model is in the making already: one at a time.")
PROMOTED = N_("The model is in force. Running processes change over by themselves.")
BACK = N_("The earlier model is in force again.")
DISCARDED = N_("The model will not be used.")
CALLED_OFF = N_("The training was called off.")
NOT_NOW = N_("The model has moved on meanwhile. Look at it, then decide again.")
SAY_WHY = N_("This model hears rights or danger less often. Say why it should be in force all the same.")


@router.get("")
async def show(page: Relabeller) -> Response:
    """The models; htmx gets the same without the page around it."""
    return await _show(page)


@router.post("/train")
async def train(page: ModelKeeper) -> Response:
    """Ask for a new model; a worker makes it."""
    async with page.console.services.works.begin() as work:
        outcome = await training.ask(work, page.actor)
    if isinstance(outcome, training.Asked):
        return await _show(page, notice=page.say(ASKED))
    return await _show(page, 409, problem=page.say(BUSY))


@router.post("/{model_id}/promote")
async def promote(page: ModelKeeper, model_id: int) -> Response:
    """Put a candidate in force, or go back to an earlier model."""
    note = text_of(await page.form(), "note", 500)
    async with page.console.services.works.begin() as work:
        outcome = await models.promote(work, page.actor, model_id, note)
    match outcome:
        case Promoted(back=back):
            return await _show(page, notice=page.say(BACK if back else PROMOTED))
        case SayWhy():
            return await _show(page, 422, problem=page.say(SAY_WHY), about=model_id)
        case NotNow() | MayNotDecide():
            return await _show(page, 409, problem=page.say(NOT_NOW))


@router.post("/{model_id}/discard")
async def discard(page: ModelKeeper, model_id: int) -> Response:
    """Do not use a candidate."""
    async with page.console.services.works.begin() as work:
        outcome = await models.discard(work, page.actor, model_id)
    return await _dropped(page, outcome, DISCARDED)


@router.post("/{model_id}/call-off")
async def call_off(page: ModelKeeper, model_id: int) -> Response:
    """Stop a training that waits or runs."""
    async with page.console.services.works.begin() as work:
        outcome = await training.call_off(work, page.actor, model_id)
    return await _dropped(page, outcome, CALLED_OFF)


async def _dropped(page: Page, outcome: Discarded | NotNow | MayNotDecide, said: str) -> Response:
    if isinstance(outcome, Discarded):
        return await _show(page, notice=page.say(said))
    return await _show(page, 409, problem=page.say(NOT_NOW))


async def _show(page: Page, status: int = 200, *, notice: str = "", problem: str = "", about: int = 0) -> Response:
    async with page.console.services.works.read() as session:
        found = await query.models(session)
    template = "understanding/_models.html" if page.is_partial else "understanding/models.html"
    return page.render(
        template,
        status,
        found=found,
        hears_less=models.hears_less,
        notice=notice,
        problem=problem,
        about=about,
    )
