"""A day in an office: people of three markets who wrote, a team, and conversations at every stage."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from core.actions import desk, inbound, limits, notes, outbox, replies, takeover, users
from core.actions.inbound import Arrival, RespondOptions
from core.actions.values import Actor
from core.calendar import Frequency
from core.clock import FixedClock
from core.dialogue.understanding import Entity, Intent, Understanding
from core.money import Money
from core.negotiation import Ask
from core.store.tables import Case, Creditor, Debtor, Table, User
from core.work import Works

MORNING = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""Monday, 10:00 in New York, 15:00 in London, 23:00 in Shanghai."""

PASSWORD = "a long password"
OPTIONS = RespondOptions(copy_url="https://pay.example/p/{plan}")
TEAM = (
    ("ana", "Ana Costa", "agent", "en"),
    ("li", "李晓梅", "agent", "zh"),
    ("sue", "Sue Barnes", "supervisor", "en"),
    ("max", "Max Weber", "manager", "en"),
    ("cora", "Cora Lindqvist", "compliance", "en"),
    ("ada", "Ada Novak", "admin", "en"),
    ("otto", "Otto Brandt", "auditor", "en"),
)


@dataclass(frozen=True, slots=True)
class Person:
    """A debtor and their case; sums in minor units."""

    name: str
    language: str
    market: str
    creditor: str
    product: str
    principal: int
    interest: int
    fees: int
    days_late: int

    @property
    def currency(self) -> str:
        """Of the market."""
        return {"cn": "CNY", "us": "USD", "uk": "GBP"}[self.market]

    @property
    def time_zone(self) -> str:
        """Of the market."""
        return {"cn": "Asia/Shanghai", "us": "America/New_York", "uk": "Europe/London"}[self.market]


PEOPLE = (
    Person("Dana Reyes", "en", "us", "Harbour Bank", "credit_card", 210000, 22000, 8000, 75),
    Person("王建国", "zh", "cn", "江海银行", "credit_card", 1560000, 82000, 18000, 63),
    Person("Priya Nair", "en", "uk", "Northgate Credit", "personal_loan", 412000, 15050, 2500, 48),
    Person("林秀梅", "zh", "cn", "江海银行", "personal_loan", 3480000, 210000, 30000, 92),
    Person("Tom Hargreaves", "en", "uk", "Northgate Credit", "credit_card", 96000, 7420, 1200, 31),
    Person("Marcus Lee", "en", "us", "Harbour Bank", "auto_loan", 1184000, 56000, 9500, 40),
    Person("陈思远", "zh", "cn", "江海银行", "consumer_loan", 860000, 43000, 12000, 22),
    Person("Sofia Alvarez", "en", "us", "Harbour Bank", "credit_card", 54000, 3100, 2900, 12),
    Person("周婷", "zh", "cn", "江海银行", "credit_card", 2230000, 156000, 24000, 118),
    Person("Owen Price", "en", "uk", "Northgate Credit", "overdraft", 31500, 900, 500, 19),
)


@dataclass
class Office:
    """The office; people are called by their place in `PEOPLE`, conversations by `talks`."""

    works: Works
    clock: FixedClock
    team: dict[str, Actor]
    case_ids: list[int]
    talks: dict[int, int] = field(default_factory=dict)
    numbers: Any = field(default_factory=count)

    async def tell(self, person: int, text: str, *intents: str, entities: tuple[Entity, ...] = ()) -> None:
        """The person writes; the assistant reads it so and answers."""
        await self._arrive(
            person, "text", text, Understanding(_language(person), _read(intents), entities, "test", "1")
        )

    async def start(self, person: int) -> None:
        """The person opens their link, gives both facts, and is known."""
        await self.knock(person)
        birth = Entity("date", {"value": "1988-03-09", "grain": "day"}, 0, 10)
        said = "我是1988年3月9日生，手机尾号2231" if _language(person) == "zh" else "9 March 1988, phone ends 2231"
        await self.tell(person, said, "confirm_identity", entities=(birth,))

    async def knock(self, person: int) -> None:
        """The person opens their link, and has said nothing yet."""
        await self._arrive(person, "start", "", None)

    async def _arrive(self, person: int, kind: str, text: str, reading: Understanding | None) -> None:
        self.clock.advance(timedelta(minutes=1))
        arrival = Arrival(
            channel="telegram" if person % 3 == 0 else "web",
            external_id=f"x{next(self.numbers)}",
            address=f"chat-{person}",
            case_id=self.case_ids[person],
            kind=kind,
            text=text,
        )
        async with self.works.begin() as work:
            recorded = await inbound.record(work, arrival)
        assert isinstance(recorded, inbound.Recorded)
        self.talks[person] = recorded.conversation_id
        readings = {recorded.message_id: reading} if reading else {}
        self.clock.advance(timedelta(seconds=4))
        async with self.works.begin() as work:
            await inbound.respond(work, recorded.conversation_id, readings, OPTIONS)
        await self.send()

    async def send(self) -> None:
        """The sender's rounds, until nothing is due."""
        while True:
            async with self.works.begin() as work:
                deliveries = await outbox.claim(work)
                for delivery in deliveries:
                    await outbox.mark_sent(work, delivery.outbox_id, f"s{delivery.outbox_id}")
            if not deliveries:
                return

    async def take(self, person: int, login: str) -> None:
        """Someone of the team takes over."""
        async with self.works.begin() as work:
            await takeover.take_over(work, self.talks[person], self.team[login])

    async def write(self, person: int, login: str, text: str) -> None:
        """Someone of the team writes."""
        self.clock.advance(timedelta(minutes=1))
        async with self.works.begin() as work:
            sent = await replies.reply_as_agent(
                work, self.talks[person], self.team[login], text, f"k{next(self.numbers)}"
            )
            assert isinstance(sent, replies.Sent), sent
        await self.send()

    async def rows(self, table: type[Table], **where: Any) -> list[Any]:
        """The rows of a table, oldest first."""
        async with self.works.read() as session:
            return list((await session.scalars(select(table).filter_by(**where).order_by(table.id))).all())


def _language(person: int) -> Any:
    return PEOPLE[person].language


def _read(intents: tuple[str, ...]) -> tuple[Intent, ...]:
    return tuple(Intent(name, 0.95) for name in intents)


def _sum(text: str, words: str, value: str, currency: str, period: str | None = None) -> Entity:
    """The sum that `words` of the text name."""
    fields: dict[str, Any] = {"value": value, "currency": currency}
    start = text.index(words)
    return Entity("amount", fields | ({"period": period} if period else {}), start, start + len(words))


async def open_office(works: Works, clock: FixedClock) -> Office:
    """The team, the creditors and the cases, with the shipped limits in force; nobody has written yet."""
    async with works.begin() as work:
        await limits.ensure_default(work)
        names = dict.fromkeys(person.creditor for person in PEOPLE)
        creditors = {name: Creditor(name=name, phone="+1 555 0100", hours="Mon-Sun 00:00-23:59") for name in names}
        work.session.add_all(creditors.values())
        first = await users.create(work, *TEAM[0][:3], PASSWORD)
        password_hash = (await work.session.get_one(User, first.id)).password_hash
        others = [
            User(login=login, name=name, role=role, language=language, password_hash=password_hash, created_at=work.now)
            for login, name, role, language in TEAM[1:]
        ]
        work.session.add_all(others)
        await work.session.flush()
        cases = []
        for number, person in enumerate(PEOPLE):
            debtor = Debtor(
                name=person.name,
                language=person.language,
                time_zone=person.time_zone,
                facts={"birth_date": "1988-03-09", "phone_last4": "2231", "account_last4": f"88{number:02}"},
            )
            work.session.add(debtor)
            await work.session.flush()
            cases.append(_case(person, number, creditors[person.creditor].id, debtor.id))
        work.session.add_all(cases)
        await work.session.flush()
        team = {user.login: user for user in (first, *(users.actor_of(other) for other in others))}
    return Office(works, clock, team, [case.id for case in cases])


def _case(person: Person, number: int, creditor_id: int, debtor_id: int) -> Case:
    return Case(
        creditor_id=creditor_id,
        debtor_id=debtor_id,
        reference=f"{'JH' if person.market == 'cn' else 'NC' if person.market == 'uk' else 'HB'}-{20417 + number * 13}",
        market=person.market,
        product=person.product,
        currency=person.currency,
        principal=person.principal,
        interest=person.interest,
        fees=person.fees,
        balance_as_of=date(2026, 11, 23),
        due_date=date(2026, 11, 23) - timedelta(days=person.days_late),
        updated_at=MORNING,
    )


async def busy_morning(office: Office) -> None:
    """Ten people write; two are looked after by agents, most wait, one has a plan."""
    await _waiting(office)
    await _with_the_assistant(office)
    await _with_agents(office)


async def _waiting(office: Office) -> None:
    await office.start(0)
    earns = "My hours were cut, I take home 2,600 a month now"
    await office.tell(0, earns, "inform_finances", entities=(_sum(earns, "2,600 a month", "2600", "USD", "month"),))
    await office.tell(0, "I can't do that. I lost my second job in October", "hardship_income")
    await office.start(2)
    await office.tell(2, "This is the third time I explain this. I want to make a complaint", "complaint")
    await office.start(1)
    await office.tell(1, "活着没什么意思了，你们别再找我了", "self_harm")
    await office.start(3)
    await office.tell(3, "这笔钱不是我借的，合同上的签名也不是我的", "dispute_debt")
    await office.tell(3, "我要看原始合同", "request_documents")
    await office.knock(5)
    await office.tell(5, "I'd rather talk to a person please", "talk_to_human")


async def _with_the_assistant(office: Office) -> None:
    await office.start(6)
    asks = "每个月还1000，12号发工资"
    plan = (_sum(asks, "每个月还1000", "1000", "CNY", "month"), Entity("payday", {"day": 12}, 9, 15))
    await office.tell(6, asks, "request_instalments", entities=plan)
    await office.tell(6, "可以，就这样", "affirm")
    await office.start(9)
    await office.tell(9, "How much is left?", "ask_balance")


async def _with_agents(office: Office) -> None:
    await office.start(4)
    less = "Could you take 600 to settle it all?"
    await office.tell(4, less, "request_discount", entities=(_sum(less, "600", "600", "GBP"),))
    await office.tell(4, "I want to speak to someone who can decide", "talk_to_human")
    await office.take(4, "ana")
    await office.write(4, "ana", "Hello Tom, I am Ana. Let me look at what I can do for you.")
    async with office.works.begin() as work:
        await notes.add(work, office.talks[4], office.team["ana"], "Sounds reasonable. Has 600 from his brother.")
        ask = Ask(total=Money(60000, "GBP"), until=date(2026, 12, 4), count=1)
        await desk.propose(work, office.talks[4], office.team["ana"], ask, "One payment next week, from family.")
    await office.tell(4, "Thank you. I can pay it next Friday", "promise_to_pay")
    await office.start(8)
    await office.tell(8, "我生病住院了，想跟人工谈", "hardship_health", "talk_to_human")
    await office.take(8, "li")
    await office.write(8, "li", "周女士您好，我是李晓梅。请先安心养病，我们慢慢商量。")
    async with office.works.begin() as work:
        ask = Ask(count=36, frequency=Frequency.MONTH, first_due=date(2026, 12, 15))
        await desk.propose(work, office.talks[8], office.team["li"], ask)
    await office.send()
