"""Pictures and PDFs of conversations: told apart by their first bytes, kept by their digest in a folder that no web
server serves, and put before the scanner that the installation names."""

import asyncio
import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import structlog

MOST_BYTES = 10 * 1024 * 1024
MEDIA: dict[str, str] = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "pdf": "application/pdf",
}
"""The kinds that are taken, with their media types."""

Verdict = Literal["clean", "unscanned", "infected", "waiting"]
_STARTS = ((b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"%PDF-", "pdf"))
_SCAN_S = 60.0
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was kept: `digest` is the SHA-256 of its bytes, in hex; `state` is `waiting` with a scanner."""

    digest: str
    kind: str
    size: int
    name: str
    state: Verdict

    @property
    def is_picture(self) -> bool:
        return self.kind != "pdf"

    def to_json(self) -> dict[str, Any]:
        """The form that goes with a message."""
        return {
            "name": self.name,
            "digest": self.digest,
            "type": self.kind,
            "size": self.size,
            "state": self.state,
        }


@dataclass(frozen=True, slots=True)
class Files:
    """A folder of files. `scanner` is a command that is given a path: it ends with 0 for a clean file, with 1 for one
    that must not be opened; anything else is no answer, and it is asked again. No shell runs it."""

    folder: Path
    scanner: Sequence[str] = ()
    most_bytes: int = MOST_BYTES

    async def keep(self, content: bytes, name: str = "") -> Kept | None:
        """Keep it; None where it is too large, empty, or neither a picture nor a PDF."""
        kind = kind_of(content)
        if kind is None or len(content) > self.most_bytes:
            return None
        digest = hashlib.sha256(content).hexdigest()
        await asyncio.to_thread(self._write, digest, content)
        return Kept(
            digest, kind, len(content), tidy(name) or f"file.{kind}", "waiting" if self.scanner else "unscanned"
        )

    async def read(self, digest: str) -> bytes | None:
        """The bytes, or None where they are not there or are no longer those that were kept."""
        try:
            content = await asyncio.to_thread(self.path(digest).read_bytes)
        except OSError:
            return None
        return content if hashlib.sha256(content).hexdigest() == digest else None

    async def scan(self, digest: str) -> Verdict:
        """What the scanner says; `waiting` where it gives no answer within a minute."""
        if not self.scanner:
            return "unscanned"
        try:
            running = await asyncio.create_subprocess_exec(
                *self.scanner,
                str(self.path(digest)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
        except OSError as error:
            _log.error("scanner_not_started", error=type(error).__name__)
            return "waiting"
        try:
            code = await asyncio.wait_for(running.wait(), _SCAN_S)
        except TimeoutError:
            with suppress(ProcessLookupError):
                running.kill()
            await running.wait()
            code = None
        if code not in (0, 1):
            _log.error("scanner_gave_no_answer", code=code)
            return "waiting"
        return "clean" if code == 0 else "infected"

    def path(self, digest: str) -> Path:
        """Where the file of this digest lies; ValueError for what is no digest."""
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise ValueError("this is no SHA-256 digest")
        return self.folder / digest[:2] / digest

    def _write(self, digest: str, content: bytes) -> None:
        target = self.path(digest)
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        half = target.with_suffix(".part")
        half.write_bytes(content)
        half.chmod(0o600)
        half.replace(target)


def kind_of(content: bytes) -> str | None:
    """What the first bytes say that it is, among the kinds that are taken."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    return next((kind for start, kind in _STARTS if content.startswith(start)), None)


def tidy(name: str) -> str:
    """A sender's name for a file, without folders, marks that turn the writing round, or anything unprintable."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if c.isprintable()).strip()[:120]
