"""The worker that sends events to webhooks: to public addresses only, signed, each again until it is taken."""

import asyncio
import ipaddress
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import httpx

from core.actions import idempotency, webhooks
from core.actions.webhooks import Answer, Signed
from core.errors import InvalidInput
from core.work import Works
from parley.jobs import keep_doing

_AGAIN_S = 10.0
_TIMEOUT_S = 10.0
_BATCH = 20
_TIDY_EVERY = timedelta(hours=1)
Lookup = Callable[[str, int], Awaitable[Sequence[str]]]


async def look_up(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, as everybody sees them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class Deliverer:
    """Sends what is due, woken by its notice. `key` is the house's, from which secrets are made; with `anywhere`
    private addresses are allowed. Several may run at once."""

    def __init__(
        self,
        works: Works,
        key: str,
        *,
        anywhere: bool = False,
        lookup: Lookup = look_up,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._works = works
        self._key = key
        self._anywhere = anywhere
        self._lookup = lookup
        self._transport = transport
        self._tidied: datetime | None = None

    async def run(self) -> None:
        """Send until cancelled."""
        await keep_doing(self._works.notices, webhooks.TOPIC, self.round, again_s=_AGAIN_S, lost="webhooks_lost")

    async def round(self) -> bool:
        """Send what is due now, at most a batch; whether there was any."""
        await self._tidy()
        async with self._works.begin() as work:
            due = await webhooks.claim(work, _BATCH)
        await asyncio.gather(*(self._deliver(event) for event in due))
        return bool(due)

    async def _deliver(self, event: Signed) -> None:
        began = time.monotonic()
        try:
            status, error = await self._send(event), ""
        except InvalidInput:
            status, error = None, "not a public address"
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as failed:
            status, error = None, type(failed).__name__
        answer = Answer(status, error, int((time.monotonic() - began) * 1000))
        async with self._works.begin() as work:
            await webhooks.keep(work, event.id, answer)

    async def _send(self, event: Signed) -> int:
        """The status of the answer, whose body is not read; redirects are not followed."""
        address = webhooks.checked_address(event.url, anywhere=self._anywhere)
        url, headers, extensions = await self._pinned(address)
        secrets = [webhooks.secret_of(self._key, event.webhook_id, salt) for salt in event.salts]
        headers |= {
            "Content-Type": "application/json",
            "User-Agent": "Parley-Webhooks/1",
            "Parley-Event": event.event,
            "Parley-Event-Id": event.event_id,
            "Parley-Signature": webhooks.signature(secrets, self._works.clock.now(), event.body),
        }
        body = event.body.encode()
        async with (
            httpx.AsyncClient(transport=self._transport, timeout=_TIMEOUT_S, trust_env=False) as client,
            asyncio.timeout(2 * _TIMEOUT_S),
            client.stream("POST", url, content=body, headers=headers, extensions=extensions) as answer,
        ):
            return answer.status_code

    async def _pinned(self, address: str) -> tuple[httpx.URL, dict[str, str], dict[str, str]]:
        """The address with its name looked up once and put in its place, so that a second look cannot lead elsewhere.

        InvalidInput where any of the name's addresses is not public.
        """
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        found = [ipaddress.ip_address(each.partition("%")[0]) for each in await self._lookup(host, port)]
        if not found or not (self._anywhere or all(webhooks.is_public(each) for each in found)):
            raise InvalidInput("Webhooks go to public addresses only.", host=host)
        url = httpx.URL(address).copy_with(host=str(found[0]))
        return url, {"Host": httpx.URL(address).netloc.decode()}, {"sni_hostname": host}

    async def _tidy(self) -> None:
        """Once an hour, what nobody needs any more goes."""
        now = self._works.clock.now()
        if self._tidied is not None and now - self._tidied < _TIDY_EVERY:
            return
        self._tidied = now
        async with self._works.begin() as work:
            await webhooks.forget_old(work)
            await idempotency.forget_old(work)
