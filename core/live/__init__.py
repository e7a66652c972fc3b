"""Change notices: a doorbell, never the truth. Missing one delays; nothing is lost or permitted by it."""

from typing import TYPE_CHECKING

from core.live.inprocess import InProcessNotices
from core.live.notices import Notices

if TYPE_CHECKING:
    from core.live.redis import RedisNotices

__all__ = ["InProcessNotices", "Notices", "RedisNotices"]


def __getattr__(name: str) -> object:
    """Redis' library is large, and loaded only where there is a Redis."""
    if name == "RedisNotices":
        from core.live.redis import RedisNotices  # noqa: PLC0415

        return RedisNotices
    raise AttributeError(name)
