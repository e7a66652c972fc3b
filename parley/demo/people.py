"""Six debtors to chat as, and a few conversations that already wait for the team."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone to be in the demo. `hint` says who they are, `say` what to try; `opening` was said before it began."""

    reference: str
    hint: str
    name: str
    language: str
    market: str
    creditor: str
    product: str
    currency: str
    principal: str
    interest: str
    fees: str
    days_past_due: int
    birth_date: str
    phone: str
    account_last4: str
    time_zone: str
    say: str = ""
    opening: tuple[str, ...] = ()

    @property
    def facts(self) -> str:
        """The facts that pass the identity check."""
        return f"{self.birth_date}, {self.phone[-4:]}"

    def row(self) -> tuple[str, ...]:
        """The person as a line of a portfolio, under the sample's headers."""
        return (
            self.creditor,
            OFFICIAL_PHONES[self.creditor],
            self.reference,
            self.product,
            self.currency,
            self.principal,
            self.interest,
            self.fees,
            str(self.days_past_due),
            (date(2026, 1, 15) - timedelta(days=400)).isoformat(),
            "0.1825",
            self.name,
            self.phone,
            "",
            self.language,
            self.time_zone,
            self.market,
            self.birth_date,
            self.account_last4,
        )


OFFICIAL_PHONES = {"Harbour Bank": "+1 212 555 0100", "海港银行": "95588 00", "Northgate Bank": "+44 20 7946 0100"}

_US: dict[str, Any] = {
    "market": "us",
    "creditor": "Harbour Bank",
    "currency": "USD",
    "language": "en",
    "time_zone": "America/New_York",
}
_CN: dict[str, Any] = {
    "market": "cn",
    "creditor": "海港银行",
    "currency": "CNY",
    "language": "zh",
    "time_zone": "Asia/Shanghai",
}
_UK: dict[str, Any] = {
    "market": "uk",
    "creditor": "Northgate Bank",
    "currency": "GBP",
    "language": "en",
    "time_zone": "Europe/London",
}

TO_BE = (
    Person(
        reference="DEMO-1", hint="12 days late, English", name="Dana Reyes", product="credit_card",
        principal="1180.00", interest="36.40", fees="29.00", days_past_due=12,
        birth_date="1990-04-12", phone="+12125554471", account_last4="8820", say="200 a month from the 12th", **_US,
    ),
    Person(
        reference="DEMO-2", hint="60 天，中文", name="林晓", product="credit_card",
        principal="15600.00", interest="820.00", fees="180.00", days_past_due=60,
        birth_date="1988-09-01", phone="+8613900006688", account_last4="0932", say="每个月最多还八百，12号开始", **_CN,
    ),
    Person(
        reference="DEMO-3", hint="a hardship", name="Tom Hughes", product="personal_loan",
        principal="3420.00", interest="210.00", fees="24.00", days_past_due=74,
        birth_date="1979-11-30", phone="+447700900118", account_last4="5107",
        say="i lost my job last month, i could maybe do 50 a month", **_UK,
    ),
    Person(
        reference="DEMO-4", hint="争议", name="陈志强", product="consumer_loan",
        principal="8200.00", interest="460.00", fees="0.00", days_past_due=41,
        birth_date="1992-03-08", phone="+8613900002345", account_last4="7716", say="金额不对，我上个月还过一笔", **_CN,
    ),
    Person(
        reference="DEMO-5", hint="will fail the identity check: give wrong facts three times", name="Priya Patel",
        product="credit_card", principal="940.00", interest="18.20", fees="12.00", days_past_due=20,
        birth_date="1985-02-17", phone="+447700900333", account_last4="1290", say="my birthday is 1 May 1991", **_UK,
    ),
    Person(
        reference="DEMO-6", hint="a plan is running", name="Marcus Walker", product="personal_loan",
        principal="2100.00", interest="220.00", fees="80.00", days_past_due=95,
        birth_date="1983-06-21", phone="+12125550199", account_last4="3364",
        say="what's left? can i move the next one to the 20th",
        opening=("21 June 1983", "0199", "200 a month from the 12th", "yes"), **_US,
    ),
)  # fmt: skip
"""The six, each with a chat link of their own."""

WAITING = (
    Person(
        reference="DEMO-7", hint="", name="吴海燕", product="credit_card",
        principal="22300.00", interest="1240.00", fees="300.00", days_past_due=88,
        birth_date="1976-12-05", phone="+8613900004410", account_last4="6201",
        opening=("1976年12月5日，尾号4410", "我上个月被裁员了，每个月最多只能还五百"), **_CN,
    ),
    Person(
        reference="DEMO-8", hint="", name="Olivia Foster", product="store_card",
        principal="610.00", interest="22.00", fees="10.00", days_past_due=33,
        birth_date="1995-07-14", phone="+447700900527", account_last4="9045",
        opening=("14 July 1995", "0527", "this amount is wrong, i never bought that sofa"), **_UK,
    ),
    Person(
        reference="DEMO-9", hint="", name="Kevin Nguyen", product="credit_card",
        principal="4880.00", interest="390.00", fees="60.00", days_past_due=120,
        birth_date="1987-01-09", phone="+12125550763", account_last4="4418",
        opening=("can i talk to a real person please",), **_US,
    ),
    Person(
        reference="DEMO-10", hint="", name="赵建国", product="personal_loan",
        principal="31000.00", interest="2150.00", fees="0.00", days_past_due=66,
        birth_date="1969-08-23", phone="+8613900008812", account_last4="2277",
        opening=("1969年8月23日", "8812", "我真的撑不下去了，每天睡不着"), **_CN,
    ),
)  # fmt: skip
"""They have written already, and wait in the queue."""

TEAM = (
    ("ana", "Ana Torres", "agent", "en"),
    ("ben", "王蓓", "agent", "zh"),
    ("raj", "Raj Mehta", "agent", "en"),
    ("yan", "颜敏", "agent", "zh"),
    ("sue", "Sue Clarke", "supervisor", "en"),
    ("max", "Max Lindner", "manager", "en"),
    ("cora", "Cora Bennett", "compliance", "en"),
    ("ada", "Ada Osei", "admin", "en"),
    ("otto", "Otto Keller", "auditor", "en"),
)
TEAMS = (
    ("Service 服务组", (), ("ana", "ben", "raj", "yan", "sue")),
    ("Care 关怀组", ("self_harm", "vulnerable", "hardship", "complaint"), ("ana", "ben", "sue")),
)
"""Their names, the reasons that they are made for (none: all), and who is in them."""

PASSWORD = "parley-demo"  # noqa: S105 - a demo on this machine, printed when it starts
