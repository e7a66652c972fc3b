"""The Telegram Bot API emulator as a process: real long polling, offsets and webhooks, written by others."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from aiohttp import web
from lo_bot_api_emulator import LoBotApiEmulator

from tests.support.ports import free_port

HOW_TO_INSTALL = "The Telegram emulator did not start. It comes with the wheel lo-bot-api-emulator: run `make setup`."


@dataclass(frozen=True, slots=True)
class TelegramServer:
    """A running emulator: its address, and the file in which it notes each call (field names, never text)."""

    url: str
    journal: Path


@contextmanager
def running_telegram_server(directory: Path) -> Iterator[TelegramServer]:
    """An emulator on a free port, ended with the block; any number of tokens share it without meeting."""
    port, journal = free_port(), directory / "telegram-journal.jsonl"
    process = subprocess.Popen([sys.executable, "-m", "tests.support.telegram_server", str(port), str(journal)])
    try:
        _wait_until_it_answers(f"http://127.0.0.1:{port}", process)
        yield TelegramServer(f"http://127.0.0.1:{port}", journal)
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_until_it_answers(url: str, process: subprocess.Popen[bytes], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.post(f"{url}/bot0:READY/getMe", trust_env=False).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(HOW_TO_INSTALL)


def _serve(port: int, journal: Path) -> None:
    emulator = LoBotApiEmulator(
        journal=journal,
        enable_control=True,
        allow_insecure_loopback_webhooks=True,
        max_bots=100_000,
        max_assets=100_000,
    )
    web.run_app(emulator.app(), host="127.0.0.1", port=port, access_log=None, print=None)


if __name__ == "__main__":
    _serve(int(sys.argv[1]), Path(sys.argv[2]))
