"""A double of another system's address for webhooks, over HTTP on this machine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import Response

from tests.support.ports import free_port


@dataclass
class Receiver:
    """Keeps what it is sent. `answers` are the statuses that it gives, one after the other, then 204."""

    address: str
    answers: list[int] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


def _application(double: Receiver) -> FastAPI:
    app = FastAPI()

    @app.post("/hooks")
    async def hook(request: Request) -> Response:
        double.bodies.append((await request.body()).decode())
        double.headers.append(dict(request.headers))
        status = double.answers.pop(0) if double.answers else 204
        return Response(status_code=status, headers={"Location": "/elsewhere"} if status == 302 else {})

    return app


@asynccontextmanager
async def running_receiver() -> AsyncIterator[Receiver]:
    """One that listens on a port of this machine while the context is open."""
    port = free_port()
    double = Receiver(f"http://127.0.0.1:{port}/hooks")
    server = uvicorn.Server(
        uvicorn.Config(_application(double), host="127.0.0.1", port=port, log_config=None, lifespan="off")
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  uvicorn rings no bell
        await asyncio.sleep(0.01)
    try:
        yield double
    finally:
        server.should_exit = True
        await serving
