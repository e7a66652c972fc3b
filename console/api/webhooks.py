"""Webhooks that a key adds for itself."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from console.api import models, shown
from console.api.caller import Caller, WebhooksWriter
from console.api.lists import Listing, Page
from console.api.posting import PARAMETER, Answer, Made, once
from console.i18n import N_
from console.queries import public
from core.actions import webhooks
from core.actions.webhooks import Maker
from core.work import Work

router = APIRouter(prefix="/webhooks")
_POSTING = {"parameters": [PARAMETER]}
_SALT = "salt"


class _Kept(models.Webhook):
    """What is kept of the answer: the secret is made anew from its salt each time that it is told."""

    salt: str


@router.post("", summary=N_("Add a webhook"), status_code=201, response_model=models.NewWebhook, openapi_extra=_POSTING)
async def add(caller: WebhooksWriter, body: models.WebhookSent) -> JSONResponse:
    """The answer tells the secret with which events are signed; it is told only here and at a rotation."""
    maker = Maker(caller.key.actor, key_id=caller.key.id)
    anywhere = caller.console.services.webhooks_anywhere

    async def do(work: Work) -> Made:
        made = await webhooks.create(work, maker, body.url, body.name, body.events, anywhere=anywhere)
        return await _made(work, caller, made.id, 201)

    return await once(caller, do, lambda answer: _with_secret(caller, answer))


@router.get("", summary=N_("List webhooks"))
async def list_webhooks(caller: WebhooksWriter, asked: Listing) -> Page[models.Webhook]:
    """Those that this key added, newest first."""
    async with caller.console.services.works.read() as session:
        rows = await public.webhooks(session, caller.key.id, asked.stretch)
    return asked.page(rows, lambda row: row.id, shown.webhook)


@router.get("/{webhook_id}", summary=N_("Read a webhook"))
async def read(caller: WebhooksWriter, webhook_id: int) -> models.Webhook:
    """Whether it is told of events, and since when it does not answer."""
    async with caller.console.services.works.read() as session:
        return shown.webhook(await public.webhook(session, caller.key.id, webhook_id))


@router.delete("/{webhook_id}", summary=N_("End a webhook"), status_code=204)
async def end(caller: WebhooksWriter, webhook_id: int) -> Response:
    """It is told nothing from now on; what was on its way to it stays where it is."""
    async with caller.console.services.works.begin() as work:
        await public.webhook(work.session, caller.key.id, webhook_id)
        await webhooks.set_active(work, caller.key.actor, webhook_id, active=False)
    return Response(status_code=204)


@router.post(
    "/{webhook_id}/secret",
    summary=N_("Give a webhook a new secret"),
    response_model=models.NewWebhook,
    openapi_extra=_POSTING,
)
async def rotate(caller: WebhooksWriter, webhook_id: int) -> JSONResponse:
    """For a day events are signed with the old secret too."""

    async def do(work: Work) -> Made:
        await public.webhook(work.session, caller.key.id, webhook_id)
        await webhooks.rotate(work, caller.key.actor, webhook_id)
        return await _made(work, caller, webhook_id, 200)

    return await once(caller, do, lambda answer: _with_secret(caller, answer))


async def _made(work: Work, caller: Caller, webhook_id: int, status: int) -> Made:
    row = await public.webhook(work.session, caller.key.id, webhook_id)
    return Made(status, _Kept(**shown.webhook(row).model_dump(), salt=row.salt))


def _with_secret(caller: Caller, answer: Answer) -> Answer:
    key = caller.console.services.secret_key
    told = {name: value for name, value in answer.items() if name != _SALT}
    return told | {"secret": webhooks.secret_of(key, int(answer["id"]), str(answer[_SALT]))}
