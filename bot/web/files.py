"""Pictures and documents that debtors send: checked by their first bytes, kept beside the database, never served."""

import asyncio
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.datastructures import UploadFile

_KNOWN = ((b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"%PDF-", "pdf"))


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was kept. `name` is what the debtor called it, `path` its place under the folder of files."""

    name: str
    path: str
    kind: str
    size: int

    @property
    def is_picture(self) -> bool:
        return self.kind != "pdf"

    def to_json(self) -> dict[str, Any]:
        """The form that is kept with the message."""
        return {"name": self.name, "path": self.path, "type": self.kind, "size": self.size}


async def keep(folder: Path, file: UploadFile, most_bytes: int) -> Kept | None:
    """Keep it; None where it is too large, empty, or neither a picture nor a PDF."""
    content = await file.read(most_bytes + 1)
    kind = kind_of(content)
    if kind is None or len(content) > most_bytes:
        return None
    path = f"{secrets.token_hex(16)}.{kind}"
    await asyncio.to_thread(_write, folder, path, content)
    name = "".join(c for c in Path(file.filename or "").name if c.isprintable())[:120]
    return Kept(name or f"file.{kind}", path, kind, len(content))


def kind_of(content: bytes) -> str | None:
    """What the first bytes say that it is, among the kinds that are taken."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    return next((kind for start, kind in _KNOWN if content.startswith(start)), None)


def _write(folder: Path, path: str, content: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = folder / path
    target.write_bytes(content)
    target.chmod(0o600)
