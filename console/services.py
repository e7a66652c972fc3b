"""What the console is made of; the process that starts it decides."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from console.sso import SsoOptions
from core.live import Counters, InProcessCounters, Notices
from core.store.files import Files
from core.work import Works


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleServices:
    """`public_url` is where browsers find the console; `secret_key` signs cookies; `secure_cookies` under https.

    `files` is where pictures and PDFs of conversations lie. Without `four_eyes` who wrote a version of the limits may
    approve it. `sso` is None where only passwords sign in. With `webhooks_anywhere` webhooks may go to private
    addresses and without TLS. `closing` is set when the process is told to stop: the streams of open pages end.
    `counters` count failed logins and requests of other systems.
    """

    works: Works
    notices: Notices
    public_url: str
    secret_key: str
    secure_cookies: bool = False
    four_eyes: bool = True
    files: Files = Files(Path("var/attachments"))
    sso: SsoOptions | None = None
    webhooks_anywhere: bool = False
    counters: Counters = field(default_factory=InProcessCounters)
    closing: asyncio.Event = field(default_factory=asyncio.Event)
