"""Change notices: a doorbell, never the truth. Missing one delays; nothing is lost or permitted by it."""

from core.live.inprocess import InProcessNotices
from core.live.notices import Notices
from core.live.redis import RedisNotices

__all__ = ["InProcessNotices", "Notices", "RedisNotices"]
