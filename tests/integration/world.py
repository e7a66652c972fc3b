"""A small world to act in: a creditor, a debtor, a case, a team; and short ways to say and read things."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy import select

from core.actions import inbound, limits, outbox, users
from core.actions.inbound import Arrival, Responded, RespondOptions
from core.actions.values import Actor
from core.channels import Delivery
from core.dialogue.memory import Memory
from core.dialogue.understanding import Entity, Intent, Understanding
from core.store.tables import Case, Conversation, Creditor, Debtor, Message, Outbox, Table, User
from core.work import Works

OPTIONS = RespondOptions(copy_url="https://pay.example/p/{plan}")
PASSWORD = "a long password"


@dataclass
class World:
    """One debtor, Dana Reyes, who owes Harbour Bank 2,400.00 dollars, and the team that looks after her case."""

    works: Works
    case_id: int
    debtor_id: int
    ana: Actor
    ben: Actor
    sue: Actor
    max: Actor
    numbers: Any = field(default_factory=count)

    async def open(self, *, verified: bool = True, address: str = "dana", **memory: Any) -> int:
        """A conversation that Dana opened, its identity check passed unless told."""
        arrival = Arrival(
            channel="web",
            external_id=f"start-{next(self.numbers)}",
            address=address,
            case_id=self.case_id,
            kind="start",
        )
        async with self.works.begin() as work:
            recorded = await inbound.record(work, arrival)
            assert isinstance(recorded, inbound.Recorded)
            conversation = await work.session.get_one(Conversation, recorded.conversation_id)
            known = {"phase": "talking", "told": ("verified", "balance"), "greeted": True} if verified else {}
            conversation.memory = Memory(language="en").with_(**(known | memory)).to_json()
            (await work.session.get_one(Message, recorded.message_id)).answered_at = work.now
        return recorded.conversation_id

    async def say(self, text: str = "", *, address: str = "dana", press: str | None = None) -> int:
        """Dana's message, recorded; its id."""
        arrival = Arrival(
            channel="web",
            external_id=f"m-{next(self.numbers)}",
            address=address,
            kind="press" if press else "text",
            text=text,
            press=press,
        )
        async with self.works.begin() as work:
            recorded = await inbound.record(work, arrival)
        assert isinstance(recorded, inbound.Recorded)
        return recorded.message_id

    async def answer(self, conversation_id: int, readings: Mapping[int, Understanding]) -> Responded:
        """One round of answers."""
        async with self.works.begin() as work:
            return await inbound.respond(work, conversation_id, readings, OPTIONS)

    async def tell(
        self, conversation_id: int, text: str, *intents: str, entities: tuple[Entity, ...] = ()
    ) -> Responded:
        """Dana says something that is understood so, and it is answered."""
        message_id = await self.say(text)
        return await self.answer(conversation_id, {message_id: reading(*intents, entities=entities)})

    async def press(self, conversation_id: int, value: str) -> Responded:
        """Dana presses a button, and it is answered."""
        await self.say(press=value)
        return await self.answer(conversation_id, {})

    async def conversation(self, conversation_id: int) -> Conversation:
        """The conversation as it is stored."""
        async with self.works.read() as session:
            return await session.get_one(Conversation, conversation_id)

    async def rows(self, table: type[Table], **where: Any) -> list[Any]:
        """The rows of a table, oldest first."""
        async with self.works.read() as session:
            return list((await session.scalars(select(table).filter_by(**where).order_by(table.id))).all())

    async def send_all(self) -> list[Delivery]:
        """The sender's work: claim what is due until nothing is, each taken by the channel."""
        sent: list[Delivery] = []
        while True:
            async with self.works.begin() as work:
                deliveries = await outbox.claim(work)
            if not deliveries:
                return sent
            for delivery in deliveries:
                async with self.works.begin() as work:
                    await outbox.mark_sent(work, delivery.outbox_id, f"x{delivery.outbox_id}")
            sent += deliveries

    async def outbox_states(self, conversation_id: int) -> list[tuple[str, str]]:
        """Author and state of every message on its way, oldest first."""
        return [(row.author, row.state) for row in await self.rows(Outbox, conversation_id=conversation_id)]


def reading(*intents: str, entities: tuple[Entity, ...] = ()) -> Understanding:
    """A message in English that is surely understood so."""
    return Understanding("en", tuple(Intent(name, 0.95) for name in intents), entities, "test", "1")


def dollars(value: str, period: str | None = None) -> Entity:
    """A sum of money that was said."""
    fields: dict[str, Any] = {"value": value, "currency": "USD"}
    return Entity("amount", fields | ({"period": period} if period else {}), 0, 3)


async def make_world(works: Works) -> World:
    """The world, with the shipped limits in force."""
    async with works.begin() as work:
        await limits.ensure_default(work)
        creditor = Creditor(
            name="Harbour Bank",
            phone="+1 555 0100",
            hours="Mon-Fri 09:00-18:00",
            time_zone="America/New_York",
            pay_ways={"en": "by bank transfer to account 0001", "zh": "银行转账至账户0001"},
        )
        debtor = Debtor(
            name="Dana Reyes",
            language="en",
            time_zone="America/New_York",
            facts={"birth_date": "1990-04-12", "phone_last4": "4471", "account_last4": "8820"},
        )
        work.session.add_all([creditor, debtor])
        await work.session.flush()
        case = make_case(creditor.id, debtor.id, "HB-1001")
        work.session.add(case)
        await work.session.flush()
        ana = await users.create(work, "ana", "Ana", "agent", PASSWORD)
        password_hash = (await work.session.get_one(User, ana.id)).password_hash
        others = [
            User(login=login, name=login.title(), role=role, password_hash=password_hash, created_at=work.now)
            for login, role in (("ben", "agent"), ("sue", "supervisor"), ("max", "manager"))
        ]
        work.session.add_all(others)
        await work.session.flush()
        team = [ana, *(users.actor_of(user) for user in others)]
    return World(works, case.id, debtor.id, *team)


def make_case(creditor_id: int, debtor_id: int, reference: str) -> Case:
    """A credit card 75 days past due on 23 November 2026."""
    return Case(
        creditor_id=creditor_id,
        debtor_id=debtor_id,
        reference=reference,
        market="us",
        product="credit_card",
        currency="USD",
        principal=210000,
        interest=22000,
        fees=8000,
        balance_as_of=date(2026, 11, 23),
        due_date=date(2026, 9, 9),
        updated_at=datetime(2026, 11, 23, tzinfo=UTC),
    )
