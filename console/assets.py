"""The files that pages are made with: style, script, icons, and what others wrote, checked by a manifest."""

import hashlib
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"
VENDOR = STATIC / "vendor"


@cache
def asset(name: str) -> str:
    """The address of a file, changing with its content so that it can be kept for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/assets/{name}?v={digest}"


def tampered() -> list[str]:
    """Vendored files whose content is not what the manifest says, or that it does not name."""
    listed: dict[str, str] = {}
    for line in (VENDOR / "manifest.sha256").read_text().splitlines():
        digest, name = line.split()
        listed[name] = digest
    found = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in VENDOR.iterdir()}
    found.pop("manifest.sha256")
    return sorted({name for name in listed.keys() | found.keys() if listed.get(name) != found.get(name)})
