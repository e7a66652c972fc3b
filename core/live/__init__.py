"""Change notices and counts: a doorbell, never the truth. Missing one delays; nothing is lost or permitted by it."""

from typing import TYPE_CHECKING

from core.live.counters import Counters, InProcessCounters
from core.live.inprocess import InProcessNotices
from core.live.notices import Notices

if TYPE_CHECKING:
    from core.live.redis import RedisNotices
    from core.live.redis_counters import RedisCounters

__all__ = ["Counters", "InProcessCounters", "InProcessNotices", "Notices", "RedisCounters", "RedisNotices"]


def __getattr__(name: str) -> object:
    """Redis' library is large, and loaded only where there is a Redis."""
    if name == "RedisNotices":
        from core.live.redis import RedisNotices  # noqa: PLC0415

        return RedisNotices
    if name == "RedisCounters":
        from core.live.redis_counters import RedisCounters  # noqa: PLC0415

        return RedisCounters
    raise AttributeError(name)
