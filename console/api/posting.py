"""Requests that change something: each under the name that its sender gave it, and done once."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from console.api.caller import Caller
from console.api.problems import Problem
from core.actions import idempotency
from core.work import Work

HEADER = "Idempotency-Key"
LONGEST = 120
Answer = dict[str, Any]
PARAMETER = {
    "name": HEADER,
    "in": "header",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST},
    "description": "A name of your own for this request, such as a UUID. The same name with the same body gets the "
    "same answer for a day, and nothing is done twice; with another body it is refused.",
}


@dataclass(frozen=True, slots=True)
class Made:
    """What a request came to."""

    status: int
    body: BaseModel


async def once(
    caller: Caller, do: Callable[[Work], Awaitable[Made]], reveal: Callable[[Answer], Answer] = lambda answer: answer
) -> JSONResponse:
    """The answer to a request: what `do` makes of it, or what was answered when it was done before.

    `reveal` adds what is told and must not be kept.
    """
    name = caller.request.headers.get(HEADER, "").strip()
    if not 1 <= len(name) <= LONGEST or not name.isascii() or not name.isprintable():
        raise Problem("idempotency_key_missing", f"{HEADER} is a name of 1 to {LONGEST} printable characters.")
    digest = await _digest(caller.request)
    async with caller.console.services.works.begin() as work:
        taken = await idempotency.take(work, caller.key.id, name, digest)
        match taken:
            case idempotency.Conflict():
                raise Problem("idempotency_key_reused")
            case idempotency.Replay(status, answer):
                return JSONResponse(reveal(answer), status, {"Idempotency-Replayed": "true"})
            case idempotency.Fresh():
                made = await do(work)
                body: Answer = made.body.model_dump(mode="json")
                await idempotency.keep(work, taken, made.status, body)
    return JSONResponse(reveal(body), made.status)


async def _digest(request: Request) -> str:
    content = b"\n".join((request.method.encode(), request.url.path.encode(), await request.body()))
    return hashlib.sha256(content).hexdigest()
