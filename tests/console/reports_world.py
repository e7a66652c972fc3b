"""A random world for reports: every kind of row that counts, and the same figures counted one row after another."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from core.actions.trail import leave
from core.store.tables import (
    Case,
    CaseFlag,
    Conversation,
    Creditor,
    Debtor,
    HandoffRow,
    InstalmentRow,
    Message,
    OfferRow,
    Payment,
    Plan,
    Policy,
    PromiseRow,
    Team,
    User,
)
from core.work import Work

START = datetime(2026, 9, 1, tzinfo=UTC)
END = datetime(2026, 11, 20, tzinfo=UTC)
MARKETS = {
    "cn": ("CNY", "zh", "Asia/Shanghai"),
    "us": ("USD", "en", "America/New_York"),
    "uk": ("GBP", "en", "Europe/London"),
}
REASONS = ("hardship", "dispute", "person_requested", "limits", "complaint")
RULES = ("UK-HOURS-1", "US-CAP-7", "WORDS-THREAT")


async def fill(work: Work, seed: int, cases: int) -> None:
    """So many cases with conversations and what came of them, drawn with this seed."""
    await _Filler(work, random.Random(seed)).fill(cases)


class _Filler:
    def __init__(self, work: Work, dice: random.Random) -> None:
        self.work, self.session, self.dice = work, work.session, dice

    async def fill(self, cases: int) -> None:
        people = [
            User(login=f"a{n}", name=f"Agent {n}", role="agent", password_hash="x", created_at=START) for n in range(3)
        ]
        teams = [Team(name=f"Team {n}", created_at=START) for n in range(2)]
        creditors = [Creditor(name=f"Bank {n}") for n in range(3)]
        self.session.add_all([*people, *teams, *creditors])
        self.session.add_all(
            Policy(
                number=n + 1, state="superseded", body={}, created_at=START, published_at=START + timedelta(days=25 * n)
            )
            for n in range(3)
        )
        await self.session.flush()
        self.users, self.teams, self.creditors = people, teams, creditors
        for number in range(cases):
            await self.case(number)

    def moment(self, since: datetime = START, until: datetime = END) -> datetime:
        return since + timedelta(seconds=self.dice.randrange(max(1, int((until - since).total_seconds()))))

    async def case(self, number: int) -> None:
        market = self.dice.choice(list(MARKETS))
        currency, language, zone = MARKETS[market]
        debtor = Debtor(name=f"Person {number}", language=language, time_zone=zone)
        self.session.add(debtor)
        await self.session.flush()
        case = Case(
            creditor_id=self.dice.choice(self.creditors).id,
            debtor_id=debtor.id,
            reference=f"R-{number}",
            market=market,
            product="credit_card",
            currency=currency,
            principal=100000,
            interest=0,
            fees=0,
            balance_as_of=date(2026, 9, 1),
            due_date=date(2026, 9, 1) - timedelta(days=self.dice.randrange(-10, 200)),
            updated_at=START,
        )
        self.session.add(case)
        await self.session.flush()
        for flag in ("vulnerable", "hardship", "wrong_party"):
            if self.dice.random() < 0.15:
                self.session.add(CaseFlag(case_id=case.id, flag=flag, at=START))
        openings = sorted(self.moment() for _ in range(self.dice.choice((0, 1, 1, 1, 2))))
        for place, opened in enumerate(openings):
            await self.conversation(case, opened, place)
        for place in range(self.dice.choice((0, 0, 1, 3))):
            paid_on = self.moment().date()
            plan_id = await self.session.scalar(select(Plan.id).where(Plan.case_id == case.id))
            self.session.add(
                Payment(
                    case_id=case.id,
                    plan_id=plan_id if self.dice.random() < 0.5 else None,
                    reference=f"P{place}",
                    currency=currency,
                    amount=self.dice.randrange(100, 50000),
                    allocation={},
                    paid_on=paid_on,
                    at=END,
                )
            )
        if self.dice.random() < 0.1:
            await self.trace(self.moment(), "flagged", "case", case.id, flags=["complaint"], message=None)
        await self.session.flush()

    async def trace(self, at: datetime, action: str, subject: str, subject_id: int, **data: Any) -> None:
        self.work.now = at
        await leave(self.work, "bot", action, subject, subject_id, **data)

    async def conversation(self, case: Case, opened: datetime, place: int) -> None:
        dice = self.dice
        verified = dice.random() < 0.6
        talk = Conversation(
            case_id=case.id,
            channel=dice.choice(("web", "telegram")),
            address=f"c{case.id}-{place}",
            language=dice.choice(("en", "zh")),
            memory={"phase": "talking" if verified else "verifying", "told": []},
            opened_at=opened,
            last_at=opened,
            team_id=dice.choice((None, *(team.id for team in self.teams))),
        )
        self.session.add(talk)
        await self.session.flush()
        self.message(talk, opened, "in", "start")
        if dice.random() < 0.8:
            self.message(talk, opened + timedelta(minutes=1), "in", "text")
        if dice.random() < 0.4:
            await self.handoff(talk)
        if dice.random() < 0.1:
            await self.takeover(talk)
        if dice.random() < 0.5:
            await self.offers(case, talk)
        if dice.random() < 0.3:
            made = self.moment(opened)
            self.session.add(
                PromiseRow(
                    case_id=case.id,
                    conversation_id=talk.id,
                    due=(made + timedelta(days=dice.randrange(20))).date(),
                    currency=case.currency,
                    amount=dice.randrange(100, 9000),
                    policy_version=dice.randrange(1, 4),
                    state=dice.choice(("open", "kept", "broken", "replaced")),
                    made_at=made,
                )
            )
        for _ in range(dice.choice((0, 0, 0, 1, 2))):
            rules = dice.sample(RULES, dice.choice((1, 2)))
            if dice.random() < 0.5:
                reasons = [{"rule": rule, "key": "x"} for rule in rules]
                await self.trace(self.moment(opened), "refused", "conversation", talk.id, reasons=reasons)
            else:
                await self.trace(self.moment(opened), "withheld", "conversation", talk.id, rules=[*rules, "HOLDER"])

    def message(self, talk: Conversation, at: datetime, direction: str, kind: str) -> None:
        author = "debtor" if direction == "in" else "agent"
        self.session.add(
            Message(
                conversation_id=talk.id,
                direction=direction,
                author=author,
                channel=talk.channel,
                kind=kind,
                text="x",
                at=at,
            )
        )

    async def handoff(self, talk: Conversation) -> None:
        dice, at = self.dice, self.moment(talk.opened_at)
        taken = at + timedelta(seconds=dice.randrange(7200)) if dice.random() < 0.8 else None
        ended = taken + timedelta(seconds=dice.randrange(7200)) if taken and dice.random() < 0.7 else None
        self.session.add(
            HandoffRow(
                conversation_id=talk.id,
                reason=dice.choice(REASONS),
                priority="normal",
                trigger="x",
                pack={},
                at=at,
                taken_by=dice.choice(self.users).id if taken else None,
                taken_at=taken,
                ended_at=ended,
            )
        )
        if taken and dice.random() < 0.8:
            self.message(talk, taken + timedelta(seconds=dice.randrange(600)), "out", "text")

    async def takeover(self, talk: Conversation) -> None:
        at = self.moment(talk.opened_at)
        team = self.dice.choice((None, *(team.id for team in self.teams)))
        await self.trace(at, "took_over", "conversation", talk.id, previous="bot", withheld=[], team=team)
        if self.dice.random() < 0.7:
            await self.trace(at + timedelta(minutes=self.dice.randrange(90)), "handed_back", "conversation", talk.id)

    async def offers(self, case: Case, talk: Conversation) -> None:
        dice = self.dice
        for place in range(dice.randrange(1, 4)):
            self.session.add(
                OfferRow(
                    conversation_id=talk.id,
                    case_id=case.id,
                    ref=f"O{place}",
                    body={"kind": dice.choice(("full", "settlement", "instalments"))},
                    policy_version=dice.randrange(1, 4),
                    rule="x",
                    made_by="bot",
                    state=dice.choice(("open", "refused", "accepted", "expired")),
                    at=self.moment(talk.opened_at),
                    expires_at=END,
                )
            )
        if dice.random() < 0.5:
            return
        standing = await self.session.scalar(select(Plan.id).where(Plan.case_id == case.id, Plan.state == "active"))
        states = (
            ("completed", "broken", "replaced", "cancelled")
            if standing
            else ("active", "active", "completed", "broken")
        )
        plan = Plan(
            case_id=case.id,
            conversation_id=talk.id,
            public_id=f"p{talk.id}",
            body={},
            currency=case.currency,
            total=50000,
            discount=0,
            down_payment=0,
            frequency="month",
            policy_version=dice.randrange(1, 4),
            rule="x",
            state=dice.choice(states),
            language="en",
            agreed_at=self.moment(talk.opened_at),
        )
        self.session.add(plan)
        await self.session.flush()
        for number in range(1, 4):
            paid = dice.choice((0, 1000, 1000))
            missed = date(2026, 10, 1) if not paid and dice.random() < 0.5 else None
            self.session.add(
                InstalmentRow(
                    plan_id=plan.id, number=number, due=date(2026, 10, 1), amount=1000, paid=paid, missed_on=missed
                )
            )
        await self.session.flush()
