"""`/metrics` for Prometheus, to who carries the token: what this process counted, in figures alone."""

import secrets
from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import SecretStr


def metrics_route(token: SecretStr) -> Callable[[Request], Awaitable[Response]]:
    """The page's handler: 401 without `Authorization: Bearer` and the token."""
    wanted = f"Bearer {token.get_secret_value()}".encode()

    async def metrics(request: Request) -> Response:
        given = request.headers.get("authorization", "").encode()
        if not secrets.compare_digest(given, wanted):
            return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return metrics
