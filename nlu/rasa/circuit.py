"""A circuit breaker: a server that fails is left alone for a while, then asked once to see whether it is back."""

import threading
import time
from collections.abc import Callable
from typing import Literal

State = Literal["closed", "open", "half_open"]


class Circuit:
    """Closed: every call goes through. Open: none does. Half open: one probe is under way, and its outcome decides.

    It opens after `failures` failed calls in a row and stays so for `rest_s` seconds of `clock`. Safe to use from
    several threads. Whoever `allows` lets through must tell the outcome with `succeeded` or `failed`.
    """

    def __init__(self, *, failures: int = 3, rest_s: float = 15.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = failures
        self._rest_s = rest_s
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = 0
        self._state: State = "closed"
        self._since = 0.0

    @property
    def state(self) -> State:
        return self._state

    def allows(self) -> bool:
        """Whether this call may go through; after the rest, the first one asked for is the probe."""
        with self._lock:
            if self._state == "closed":
                return True
            if self._clock() - self._since < self._rest_s:
                return False
            self._state = "half_open"
            self._since = self._clock()
            return True

    def succeeded(self) -> bool:
        """Closes it; tells whether it was not closed before."""
        with self._lock:
            changed = self._state != "closed"
            self._state, self._failed = "closed", 0
            return changed

    def failed(self) -> bool:
        """Counts a failure; tells whether this one opened it. A failed probe opens it again without a word."""
        with self._lock:
            self._failed += 1
            if self._state == "half_open":
                self._state, self._since = "open", self._clock()
            elif self._state == "closed" and self._failed >= self._most:
                self._state, self._since = "open", self._clock()
                return True
            return False
