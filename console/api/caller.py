"""Who asks: the key that a request carries, what it opens, and how often it may ask."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from console import masking
from console.api.problems import Problem
from console.page import Console
from core.actions import api_keys
from core.actions.api_keys import SCOPES, Key
from core.errors import InvariantBroken
from core.live import Counters

SCOPE = "scope"
PER_MINUTE = 600
_MINUTE = timedelta(minutes=1)
_bearer = HTTPBearer(auto_error=False, description="A key made under Integrations: `Authorization: Bearer parley_…`")


class Rates:
    """At most `most` requests a key in each minute by the clock, whichever process it asks."""

    def __init__(self, counters: Counters, most: int = PER_MINUTE) -> None:
        self._counters = counters
        self.most = most

    async def take(self, key_id: int, now: datetime) -> tuple[int, int]:
        """How many requests are left in this minute, -1 for one too many; and the seconds until the next."""
        minute = now.replace(second=0, microsecond=0)
        count = await self._counters.add(f"key {key_id}", now, now - minute + timedelta.resolution)
        return max(-1, self.most - count), math.ceil((minute + _MINUTE - now).total_seconds())


@dataclass(frozen=True, slots=True)
class Caller:
    """One request with a key that opens what it asks for."""

    request: Request
    console: Console
    key: Key

    @property
    def now(self) -> datetime:
        """The present moment, UTC."""
        return self.console.now

    def text(self, text: str) -> str:
        """What somebody wrote, numbers covered for a key that may not see them."""
        return text if self._sees_all else masking.mask_text(text)

    def contact(self, kind: str, value: str) -> str:
        """A contact point, covered for a key that may not see it."""
        return value if self._sees_all else masking.mask_contact(kind, value)

    @property
    def _sees_all(self) -> bool:
        return "personal_data" in self.key.scopes


def opens(scope: str) -> Any:
    """The dependency of a route that a key opens with this scope."""
    if scope not in SCOPES:
        raise InvariantBroken("Name a scope that there is.", scope=scope)

    async def check(
        request: Request, sent: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
    ) -> Caller:
        console: Console = request.app.state.console
        key = await _key(console, sent)
        await _count(request, key, console.now)
        if scope not in key.scopes:
            raise Problem("insufficient_scope", f"This needs the scope {scope}.")
        return Caller(request, console, key)

    setattr(check, SCOPE, scope)
    return Depends(check)


def scope_of(route: APIRoute) -> str | None:
    """The scope that the route demands; None where it demands none: such a route must not exist."""
    found: list[Callable[..., Any] | None] = [dependant.call for dependant in route.dependant.dependencies]
    return next((getattr(call, SCOPE) for call in found if hasattr(call, SCOPE)), None)


async def _key(console: Console, sent: HTTPAuthorizationCredentials | None) -> Key:
    challenge = {"WWW-Authenticate": 'Bearer realm="parley"'}
    if sent is None or not sent.credentials.isascii() or len(sent.credentials) > 200:
        raise Problem("unauthorized", headers=challenge)
    works = console.services.works
    async with works.read() as session:
        key = await api_keys.resolve(session, sent.credentials, console.now)
    if key is None:
        raise Problem("unauthorized", headers=challenge)
    if api_keys.is_worth_noting(key, console.now):
        async with works.begin() as work:
            await api_keys.used(work, key)
    return key


async def _count(request: Request, key: Key, now: datetime) -> None:
    rates: Rates = request.app.state.rates
    left, seconds = await rates.take(key.id, now)
    headers = {"RateLimit-Limit": str(rates.most), "RateLimit-Remaining": str(max(0, left))}
    headers["RateLimit-Reset"] = str(seconds)
    request.state.rate = headers
    if left < 0:
        raise Problem("rate_limited", headers={**headers, "Retry-After": str(seconds)})


CasesReader = Annotated[Caller, opens("cases:read")]
CasesWriter = Annotated[Caller, opens("cases:write")]
PaymentsReader = Annotated[Caller, opens("payments:read")]
PaymentsWriter = Annotated[Caller, opens("payments:write")]
ConversationsReader = Annotated[Caller, opens("conversations:read")]
PlansReader = Annotated[Caller, opens("plans:read")]
WebhooksWriter = Annotated[Caller, opens("webhooks:write")]
