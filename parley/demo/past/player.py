"""Plays the past: every deed through the product's own actions, at its moment, each in one transaction.

One transaction holds a message, its answer and its sending, so that whoever looks meanwhile finds nothing half-done.
"""

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from bot.options import BotOptions
from bot.words import commanded, language_of
from console.queries.followups import of_conversation
from core.actions import (
    beyond_limits,
    desk,
    followups,
    inbound,
    notes,
    outbox,
    outcome,
    payments,
    replies,
    takeover,
    upkeep,
    whispers,
)
from core.actions.debtor_view import case_of
from core.actions.inbound import Arrival, Recorded
from core.actions.values import Actor
from core.clock import FixedClock
from core.compliance import Refused
from core.errors import InvariantBroken
from core.money import Money
from core.negotiation import Ask
from core.work import Work, Works
from nlu.engine import Context, Engine, understand
from parley.demo.past.deeds import Deed, Life
from parley.demo.past.said import ANSWERS, WRITTEN

_LONGEST_UNDERSTANDING_S = 10.0
_EVERY = timedelta(days=1)

Event = Callable[[], Awaitable[None]]


class Player:
    """Has lives happen on these works, whose clock it moves. `team` are those who act, by login."""

    def __init__(
        self, works: Works, clock: FixedClock, engine: Engine, options: BotOptions, team: Mapping[str, Actor]
    ) -> None:
        self.works, self.clock, self.engine, self.options, self.team = works, clock, engine, options, team
        self._coming: list[tuple[datetime, int, Event]] = []
        self._numbers = count()
        self._conversations: dict[str, int] = {}
        self._cases: dict[str, int] = {}
        self._paying: set[int] = set()
        self._served: set[str] = set()

    def at(self, moment: datetime, event: Event) -> None:
        """Have something happen at this moment (UTC)."""
        heapq.heappush(self._coming, (moment, next(self._numbers), event))

    def expect(self, lives: Iterable[Life]) -> None:
        """Have these lives begin when they do."""
        for life in lives:
            self._expect_next(life, life.starts, 0)

    async def play(self, until: datetime, stop: asyncio.Event) -> None:
        """Everything that is to happen before `until` (UTC), or until it is told to `stop`."""
        tidied = self.clock.now()
        while self._coming and self._coming[0][0] < until and not stop.is_set():
            moment, _, event = heapq.heappop(self._coming)
            if moment - tidied >= _EVERY:
                await self._tidy()
                tidied = moment
            self.clock.advance(max(moment - self.clock.now(), timedelta(0)))
            await event()
        await self._tidy()

    def _expect_next(self, life: Life, since: datetime, number: int) -> None:
        if number < len(life.deeds):
            deed = life.deeds[number]
            moment = since + deed.after

            async def happen() -> None:
                await self._do(life, deed)
                self._expect_next(life, moment, number + 1)

            self.at(moment, happen)

    async def _tidy(self) -> None:
        """What time alone changes, as the sweeper would see to."""
        changed = 1
        while changed:
            async with self.works.begin() as work:
                changed = await upkeep.run(work)

    async def _do(self, life: Life, deed: Deed) -> None:
        async with self.works.begin() as work:
            if deed.do in ("open", "say"):
                await self._debtor(work, life, deed)
            else:
                await self._team(work, life, deed)
            await self._send(work)

    async def _debtor(self, work: Work, life: Life, deed: Deed) -> None:
        reference = life.debtor.reference
        arrival = Arrival(
            channel=life.channel,
            external_id=f"past-{reference}-{next(self._numbers)}",
            address=f"past-{reference}",
            case_id=await self._case(work, life),
            kind="start" if deed.do == "open" else "text",
            text=deed.words,
            sent_at=work.now,
        )
        recorded = await inbound.record(work, arrival)
        if not isinstance(recorded, Recorded):
            raise InvariantBroken("The past was not recorded.", outcome=type(recorded).__name__)
        self._conversations[reference] = recorded.conversation_id
        readings = {}
        context = await inbound.context_for(work.session, recorded.conversation_id)
        language = language_of(context.language)
        heard = Context(
            now=work.now.astimezone(ZoneInfo(context.time_zone)),
            currency=context.currency,
            expecting=context.expecting,
            default_lang=language,
        )
        if arrival.kind == "text":
            readings[recorded.message_id] = commanded(arrival.text, language) or await understand(
                self.engine, arrival.text, heard, budget_s=_LONGEST_UNDERSTANDING_S
            )
        responded = await inbound.respond(work, recorded.conversation_id, readings, self.options.respond)
        if responded.decision is not None and responded.decision.kind in ("agree", "promise"):
            await self._will_pay(work, life, recorded.conversation_id, self._cases[reference])
        if responded.holder == "queue" and not any(one.do == "take" for one in life.deeds):
            self._serve(life)

    def _serve(self, life: Life) -> None:
        """Somebody looks after a conversation that needed a person although no story says so."""
        who = "ben" if life.debtor.language == "zh" else "ana"
        words = WRITTEN["soft_word"][life.debtor.language][0]
        deeds = (
            Deed(do="take", after=timedelta(minutes=18), who=who),
            Deed(do="write", after=timedelta(minutes=2), who=who, words=words),
            Deed(do="close", after=timedelta(minutes=25), who=who, code="no_agreement"),
        )
        if life.debtor.reference not in self._served:
            self._served.add(life.debtor.reference)
            self.expect((replace(life, starts=self.clock.now(), deeds=deeds),))

    async def _send(self, work: Work) -> None:
        """Everything that is due now arrives."""
        while deliveries := await outbox.claim(work):
            for delivery in deliveries:
                await outbox.mark_sent(work, delivery.outbox_id, f"past-{delivery.message_id}")

    async def _case(self, work: Work, life: Life) -> int:
        reference = life.debtor.reference
        if reference not in self._cases:
            found = await case_of(work.session, reference)
            if found is None:
                raise InvariantBroken("Somebody of the past has no case.", reference=reference)
            self._cases[reference] = found
        return self._cases[reference]

    async def _team(self, work: Work, life: Life, deed: Deed) -> None:  # noqa: PLR0912  one verb each
        where = self._conversations.get(life.debtor.reference)
        if where is None:
            return
        actor = self.team[deed.who]
        words = deed.words.replace("{agent}", actor.name)
        match deed.do:
            case "take":
                await takeover.take_over(work, where, actor)
            case "write":
                await replies.reply_as_agent(work, where, actor, words, f"past-{next(self._numbers)}")
            case "offer":
                await self._offer(work, life, deed, where, actor)
            case "decide":
                waiting = await beyond_limits.waiting_approval(work.session, where)
                if waiting is not None:
                    await beyond_limits.decide_approval(work, waiting, actor, deed.code == "approve", words)
            case "back":
                await takeover.hand_back(work, where, actor, words)
            case "close":
                await takeover.close(work, where, actor, deed.code, words)
            case "note":
                await notes.add(work, where, actor, words)
            case "whisper":
                await whispers.whisper(work, where, actor, words)
            case "acknowledge" | "answer":
                await self._complaint(work, where, deed, actor, life.debtor.language)
            case "end_callback":
                await self._callback(work, where, deed, actor)
            case _:
                raise InvariantBroken("Nobody knows how to do this.", do=deed.do)

    async def _offer(self, work: Work, life: Life, deed: Deed, where: int, actor: Actor) -> None:
        terms, debtor = deed.terms, life.debtor
        if terms is None:
            return
        today = work.now.astimezone(ZoneInfo(debtor.time_zone)).date()
        instalment = None if terms.instalment is None else Money.of(str(terms.instalment), debtor.currency)
        ask = Ask(instalment=instalment, share=terms.share, first_due=today + timedelta(days=terms.first_in_days))
        outcome = await desk.propose(work, where, actor, ask, deed.words)
        if isinstance(outcome, Refused):
            await notes.add(work, where, actor, ", ".join(outcome.rule_ids))

    async def _complaint(self, work: Work, where: int, deed: Deed, actor: Actor, language: str) -> None:
        _, complaints = await of_conversation(work.session, where)
        if not complaints:
            return
        complaint = complaints[0].id
        if deed.do == "acknowledge":
            await followups.acknowledge(work, complaint, actor)
            return
        about, en, zh = ANSWERS[deed.code]
        await followups.categorise(work, complaint, actor, about)
        await followups.answer(work, complaint, actor, deed.code, zh if language == "zh" else en)
        await followups.close_complaint(work, complaint, actor)

    async def _callback(self, work: Work, where: int, deed: Deed, actor: Actor) -> None:
        calls, _ = await of_conversation(work.session, where)
        waiting = next((call.id for call in calls if call.state == "open"), None)
        if waiting is not None:
            await followups.end_callback(work, waiting, actor, deed.code, deed.words)

    async def _will_pay(self, work: Work, life: Life, conversation_id: int, case_id: int) -> None:
        """From an agreement or a promise on, payments come as this life has it."""
        if case_id in self._paying:
            return
        stands = await outcome.end_state(work.session, conversation_id)
        due = stands.plan.payments if stands.plan else (stands.promise,) if stands.promise else ()
        if not due:
            return
        self._paying.add(case_id)
        zone = ZoneInfo(life.debtor.time_zone)
        for number, (day, amount) in enumerate(due):
            late = life.pays[min(number, len(life.pays) - 1)]
            if late is not None:
                moment = datetime.combine(day + timedelta(days=late), time(10 + number % 9, 7 * number % 60), zone)
                self.at(max(moment, work.now + timedelta(hours=1)), self._payment(case_id, amount, number, zone))

    def _payment(self, case_id: int, amount: Money, number: int, zone: ZoneInfo) -> Event:
        async def pay() -> None:
            async with self.works.begin() as work:
                today = work.now.astimezone(zone).date()
                await payments.record(work, case_id, amount, f"PAST-{case_id}-{number}", today)

        return pay
