"""Rasa's HTTP API as far as we ask it: what a message means, and which model answers."""

import json
import time
from typing import Any

import httpx

from nlu.rasa.ranking import Garbled

MAX_BYTES = 1_000_000
"""An answer longer than this is none of Rasa's."""

ATTEMPTS = 2


class Unavailable(Exception):
    """Rasa did not answer in time, or not with an answer."""


class RasaClient:
    """Asks one server; safe to use from several threads.

    A call takes at most about `timeout_s` seconds, its second attempt included. Connection failures, time-outs and
    5xx are tried once more in what is left of that time; anything else fails at once.
    """

    def __init__(self, url: str, *, timeout_s: float = 1.0, transport: httpx.BaseTransport | None = None) -> None:
        self._timeout_s = timeout_s
        self._http = httpx.Client(base_url=url, trust_env=False, transport=transport)

    def close(self) -> None:
        self._http.close()

    def parse(self, text: str) -> object:
        """Rasa's reading of a text, as it answers. Raises Unavailable."""
        return self._ask("POST", "/model/parse", {"text": text})

    def model(self) -> str:
        """The file name of the model in force, without its ending. Raises Unavailable."""
        status = self._ask("GET", "/status", None)
        file = status.get("model_file") if isinstance(status, dict) else None
        if not isinstance(file, str):
            raise Unavailable("no model in the status")
        return file.removesuffix(".tar.gz")

    def _ask(self, method: str, path: str, body: dict[str, Any] | None) -> object:
        deadline = time.monotonic() + self._timeout_s
        for left in range(ATTEMPTS, 0, -1):
            share = (deadline - time.monotonic()) / left
            if share <= 0:
                break
            try:
                return self._attempt(method, path, body, share)
            except (httpx.RequestError, _Again) as error:
                cause: Exception = error
        raise Unavailable(type(cause).__name__ if not str(cause) else str(cause)) from cause

    def _attempt(self, method: str, path: str, body: dict[str, Any] | None, seconds: float) -> object:
        deadline = time.monotonic() + seconds
        with self._http.stream(method, path, json=body, timeout=seconds) as response:
            if response.status_code >= 500:
                raise _Again(f"status {response.status_code}")
            if response.status_code != 200:
                raise Unavailable(f"status {response.status_code}")
            content = b""
            for chunk in response.iter_bytes():
                content += chunk
                if time.monotonic() > deadline:
                    raise _Again("too slow")
                if len(content) > MAX_BYTES:
                    raise Unavailable("too long")
        try:
            answer: object = json.loads(content)
        except ValueError as error:
            raise Garbled("not JSON") from error
        return answer


class _Again(Exception):
    """Worth a second attempt."""
