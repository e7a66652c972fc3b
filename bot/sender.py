"""The sender: takes cleared messages that are due, hands them to their channels, and keeps what became of them."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import structlog

from bot.waiting import rung
from core.actions import outbox
from core.channels import Channel, Delivery, Gone, Retry, SendResult, Sent, Unknown
from core.work import Works

_LOOK_EVERY_S = 1.0
_BATCH = 20
_NO_SUCH_CHANNEL = timedelta(minutes=1)
_MARK_PAUSES_S = (0.1, 0.5, 2.0, 5.0)
_log = structlog.get_logger(__name__)


class Sender:
    """Sends what is due, woken by the notice `outbox`, otherwise looking every second. Several may run at once."""

    def __init__(self, works: Works, channels: Mapping[str, Channel]) -> None:
        self._works = works
        self._channels = channels
        self._closing = asyncio.Event()

    async def run(self) -> None:
        """Send until `close`; what is under way is finished before it returns."""
        async with self._works.notices.subscribe("outbox") as rings:
            while not self._closing.is_set():
                try:
                    sent = await self.round()
                except Exception as error:
                    _log.error("sender_round_failed", error=type(error).__name__)
                    sent = 0
                if not sent:
                    await rung(rings, self._closing, _LOOK_EVERY_S)

    def close(self) -> None:
        """Stop after the round under way."""
        self._closing.set()

    async def round(self) -> int:
        """Claim what is due, send it, keep the outcomes; returns how many messages were claimed."""
        async with self._works.begin() as work:
            deliveries = await outbox.claim(work, _BATCH)
        if deliveries:
            await asyncio.gather(*(self._deliver(delivery) for delivery in deliveries))
        return len(deliveries)

    async def _deliver(self, delivery: Delivery) -> None:
        result = await self._send(delivery)
        for pause in (*_MARK_PAUSES_S, None):
            try:
                await self._keep(delivery, result)
            except Exception as error:
                _log.error("outcome_not_kept", outbox=delivery.outbox_id, error=type(error).__name__)
                if pause is None:
                    return
                await asyncio.sleep(pause)
            else:
                return

    async def _send(self, delivery: Delivery) -> SendResult:
        channel = self._channels.get(delivery.channel)
        if channel is None:
            return Retry(_NO_SUCH_CHANNEL, f"this process has no channel {delivery.channel}")
        try:
            return await channel.send(delivery)
        except Exception as error:
            _log.error("channel_raised", channel=delivery.channel, outbox=delivery.outbox_id, error=repr(type(error)))
            return Unknown(type(error).__name__)

    async def _keep(self, delivery: Delivery, result: SendResult) -> None:
        async with self._works.begin() as work:
            match result:
                case Sent(external_id):
                    await outbox.mark_sent(work, delivery.outbox_id, external_id)
                case Retry(after, error):
                    await outbox.mark_failed(work, delivery.outbox_id, error or "try later", retry_after=after)
                case Gone(reason):
                    await outbox.mark_gone(work, delivery.outbox_id, reason)
                case Unknown(error):
                    await outbox.mark_unknown(work, delivery.outbox_id, error)
