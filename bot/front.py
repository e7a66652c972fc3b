"""The front door: what arrives is recorded first, then answered, in order and once."""

import asyncio
from contextlib import suppress
from zoneinfo import ZoneInfo

import structlog

from bot.options import BotOptions
from bot.words import commanded, language_of
from core.actions import inbound
from core.actions.inbound import Arrival, Recorded, UnknownChat
from core.actions.values import Repeat
from core.dialogue.understanding import Understanding
from core.work import Works
from nlu.engine import Context, Engine, understand

_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 60.0
_MOST_FAILURES = 5
_log = structlog.get_logger(__name__)


class Front:
    """Answers each conversation with one task at a time in this process; between processes its row's lock rules."""

    def __init__(self, works: Works, engine: Engine, options: BotOptions) -> None:
        self._works = works
        self._engine = engine
        self._options = options
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._wanted: set[int] = set()
        self._failures: dict[int, int] = {}
        self._closing = False

    async def arrived(self, arrival: Arrival) -> Recorded | Repeat | UnknownChat:
        """Commit what arrived (law 1), then have it answered. A repeat changes nothing."""
        async with self._works.begin() as work:
            outcome = await inbound.record(work, arrival)
        if isinstance(outcome, Recorded):
            self.wake(outcome.conversation_id)
        return outcome

    def wake(self, conversation_id: int) -> None:
        """See to it that what is unanswered in this conversation gets its answer; may be called at any time."""
        if self._closing:
            return
        self._wanted.add(conversation_id)
        if conversation_id not in self._tasks:
            task = asyncio.create_task(self._run(conversation_id), name=f"answer-{conversation_id}")
            self._tasks[conversation_id] = task
            task.add_done_callback(lambda _: self._ended(conversation_id))

    def is_answering(self, conversation_id: int) -> bool:
        """Whether this process is at work on the conversation."""
        return conversation_id in self._tasks

    async def answer(self, conversation_id: int) -> inbound.Responded:
        """Read what is unanswered outside any transaction, then respond to it in one."""
        async with self._works.read() as session:
            context = await inbound.context_for(session, conversation_id)
            unread = await inbound.waiting(session, conversation_id)
        language = language_of(context.language)
        heard = Context(
            now=self._works.clock.now().astimezone(ZoneInfo(context.time_zone)),
            currency=context.currency,
            expecting=context.expecting,
            default_lang=language,
        )
        readings: dict[int, Understanding] = {}
        for message in unread:
            if message.kind == "text":
                readings[message.message_id] = commanded(message.text, language) or await understand(
                    self._engine, message.text, heard, budget_s=self._options.nlu_budget_s
                )
        async with self._works.begin() as work:
            return await inbound.respond(work, conversation_id, readings, self._options.respond)

    async def settled(self) -> None:
        """Wait until everything that arrived here has been answered or has failed."""
        while self._tasks:
            await asyncio.wait(tuple(self._tasks.values()))
            await asyncio.sleep(0)

    async def drain(self, within_s: float = 10.0) -> None:
        """Take no new work, finish what is under way; what remains is found by the sweeper of the next process."""
        self._closing = True
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await self.settled()
        for task in tuple(self._tasks.values()):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _run(self, conversation_id: int) -> None:
        failures = self._failures.get(conversation_id, 0)
        if failures:
            await asyncio.sleep(min(_FIRST_PAUSE_S * 2 ** (failures - 1), _LONGEST_PAUSE_S))
        while conversation_id in self._wanted:
            self._wanted.discard(conversation_id)
            try:
                await self.answer(conversation_id)
            except Exception as error:
                self._failures[conversation_id] = failures = failures + 1
                _log.error(
                    "not_answered",
                    conversation=conversation_id,
                    failures=failures,
                    error=type(error).__name__,
                    where=_where(error),
                )
                if failures >= _MOST_FAILURES and await self._gave_up(conversation_id, error):
                    self._failures.pop(conversation_id, None)
                    self._wanted.add(conversation_id)
                return
            self._failures.pop(conversation_id, None)

    async def _gave_up(self, conversation_id: int, error: Exception) -> bool:
        """Leave the message that cannot be answered to a person; False where that failed too."""
        try:
            async with self._works.read() as session:
                unread = await inbound.waiting(session, conversation_id)
            if not unread:
                return False
            why = f"{type(error).__name__} at {_where(error)}"
            async with self._works.begin() as work:
                return await inbound.give_up(work, conversation_id, unread[0].message_id, why)
        except Exception as again:
            _log.error("not_given_up", conversation=conversation_id, error=type(again).__name__)
            return False

    def _ended(self, conversation_id: int) -> None:
        del self._tasks[conversation_id]
        if conversation_id in self._wanted:
            self.wake(conversation_id)


def _where(error: BaseException) -> str:
    """The place in the code; an error's own text may hold what a debtor wrote, and is not logged."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else ""
