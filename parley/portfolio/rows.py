"""One line of a file becomes one case, or the reasons why it cannot."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from core.actions.portfolio import PortfolioCase
from core.money import Money
from parley.portfolio import cells
from parley.portfolio.cells import Unfit
from parley.portfolio.columns import PERSONAL, Mapped

_ZONES = {"cn": "Asia/Shanghai", "uk": "Europe/London"}
_REGIONS = {"cn": "CN", "us": "US", "uk": "GB"}
_FACTS = ("birth_date", "phone", "phone_last4", "account_last4", "id_last4", "postcode")
FEWEST_FACTS = 2
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line was left out: its line number in the file, the column's header, the reason in English and Chinese.

    `value` is empty where it would tell something personal.
    """

    line: int
    column: str
    reason: str
    reason_zh: str
    value: str = ""


class RowReader:
    """Reads the lines of one file by its column mapping. A balance without a date of its own is of the debtor's local
    date at `now`; fewer than `fewest_facts` verification facts would leave nobody able to pass the identity check."""

    def __init__(self, mapped: Mapped, now: datetime, fewest_facts: int = FEWEST_FACTS) -> None:
        self.mapped = mapped
        self.now = now
        self.fewest_facts = fewest_facts
        self._today: dict[str | None, date] = {None: now.date()}

    def read(self, line: int, values: Sequence[object]) -> PortfolioCase | list[Problem]:
        """The case on this line, or every problem found in it."""
        row = _Row(self.mapped, line, values)
        if not row.fits():
            return row.problems
        case = self._case(row)
        return case if case is not None and not row.problems else row.problems

    def _case(self, row: "_Row") -> PortfolioCase | None:
        market = row.take("market", cells.choice(cells.MARKETS, "market", "市场"))
        creditor, reference = row.take("creditor", cells.words(200)), row.take("reference", cells.words(80))
        name = row.take("debtor_name", cells.words(200))
        code, principal, interest, fees, penalty = self._sums(row)
        zone = self._zone(row, market)
        today = self._local_date(zone)
        as_of = row.take("balance_as_of", cells.past_day(today), optional=True) or today
        due = self._due(row, as_of)
        facts, contacts = self._facts(row, market, today)
        product = row.take("product", cells.product, optional=True)
        opened = row.take("opened_on", cells.past_day(today), optional=True)
        language = row.take("language", cells.choice(cells.LANGUAGES, "language", "语言"), optional=True)
        official_phone = row.take("creditor_phone", cells.words(60), optional=True)
        contract = dict(row.contract())
        if not (market and creditor and reference and name and code and principal is not None and due and zone):
            return None
        return PortfolioCase(
            creditor=creditor,
            creditor_phone=official_phone or "",
            reference=reference,
            market=market,
            product=product,
            currency=code,
            principal=principal,
            interest=interest,
            fees=fees,
            penalty=penalty,
            due_date=due,
            balance_as_of=as_of,
            opened_on=opened,
            contract=contract,
            debtor_name=name,
            language=language,
            time_zone=zone,
            facts=facts,
            contacts=contacts,
        )

    def _sums(self, row: "_Row") -> tuple[str | None, Money | None, Money | None, Money | None, Money | None]:
        """The currency and what is owed; None for interest, fees or penalty that the file says nothing of."""
        code = row.take("currency", cells.currency)
        if code is None:
            return None, None, None, None, None
        read = cells.money(code)
        zero = Money.zero(code)
        interest, fees, penalty = (
            row.take(field, read, optional=True) or zero if field in self.mapped.fields else None
            for field in ("interest", "fees", "penalty")
        )
        return code, row.take("principal", read), interest, fees, penalty

    def _local_date(self, zone: str | None) -> date:
        if zone not in self._today:
            self._today[zone] = self.now.astimezone(ZoneInfo(zone)).date() if zone else self.now.date()
        return self._today[zone]

    def _due(self, row: "_Row", as_of: date) -> date | None:
        due = row.take("due_date", cells.day, optional=True)
        late = row.take("days_past_due", cells.days, optional=True)
        if row.problem_in("due_date", "days_past_due"):
            return None
        if due is None and late is None:
            row.problem("due_date", "give a due date or the days past due", "请填写应还日期或逾期天数")
            return None
        due = due or as_of - timedelta(days=late or 0)
        if not timedelta(days=-3660) < as_of - due < timedelta(days=36600):
            row.problem("due_date", "too far from the date of the balance to be true", "与余额日期相差过大")
            return None
        return due

    def _zone(self, row: "_Row", market: str | None) -> str | None:
        zone = row.take("time_zone", cells.time_zone, optional=True)
        if zone is None and market is not None and not row.problem_in("time_zone"):
            zone = _ZONES.get(market)
            if zone is None:
                row.problem(
                    "time_zone",
                    "this market has several time zones: give one, such as America/Chicago",
                    "该市场有多个时区，请填写，例如 America/Chicago",
                )
        return zone

    def _facts(
        self, row: "_Row", market: str | None, today: date
    ) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
        facts: dict[str, str] = {}
        contacts: list[tuple[str, str]] = []
        birth = row.take("birth_date", cells.birth_date(today), optional=True)
        if birth is not None:
            facts["birth_date"] = birth.isoformat()
        phone = row.take("phone", cells.phone(_REGIONS.get(market or "", "US")), optional=True)
        if phone:
            contacts.append(("phone", phone))
            facts["phone_last4"] = phone[-4:]
        email = row.take("email", cells.email, optional=True)
        if email:
            contacts.append(("email", email))
        readers: Mapping[str, Callable[[str], str]] = {
            "phone_last4": cells.four_digits,
            "account_last4": cells.four_digits,
            "id_last4": cells.four_characters,
            "postcode": cells.postcode(market),
        }
        for fact, read in readers.items():
            value = row.take(fact, read, optional=True)
            if value:
                facts[fact] = value
        if len(facts) < self.fewest_facts and not row.problem_in(*_FACTS):
            row.problem(
                "birth_date",
                f"the identity check needs at least {self.fewest_facts} facts "
                "(birth date, phone, account last 4, ID last 4, postcode)",
                f"身份核对至少需要{self.fewest_facts}项信息（出生日期、手机号、账户后四位、证件后四位、邮编）",
            )
        return facts, tuple(contacts)


class _Row:
    def __init__(self, mapped: Mapped, line: int, values: Sequence[object]) -> None:
        self.mapped, self.line, self.values = mapped, line, values
        self.problems: list[Problem] = []
        self._unfit: set[str] = set()

    def fits(self) -> bool:
        """Whether there is a cell for each header: with one more or fewer, a sum might be read as another."""
        wanted = len(self.mapped.headers)
        if len(self.values) < wanted:
            self._whole_line(
                f"{len(self.values)} cells where there are {wanted} columns: the line is cut off, "
                "or a quotation mark is missing",
                f"只有{len(self.values)}格，而表头有{wanted}列：该行不完整或缺少引号",
            )
        elif any(value not in ("", None) for value in self.values[wanted:]):
            self._whole_line(
                f"more cells than the {wanted} columns: put a value that holds a comma in quotation marks",
                f"单元格多于{wanted}列：含逗号的内容请加引号",
            )
        return not self.problems

    def _whole_line(self, reason: str, reason_zh: str) -> None:
        self.problems.append(Problem(self.line, "", reason, reason_zh))

    def take(self, field: str, read: Callable[[str], T], *, optional: bool = False) -> T | None:
        """The field's value, or None with a problem noted when it is missing or unfit."""
        index = self.mapped.fields.get(field)
        if index is None:
            if not optional:
                self.problem(field, "this field is empty", "此项为空")
            return None
        text = ""
        try:
            text = cells.text_of(self.values[index])
            if text:
                return read(text)
        except Unfit as error:
            self.problem(field, error.reason, error.reason_zh, "" if field in PERSONAL else text)
            return None
        if not optional:
            self.problem(field, "this field is empty", "此项为空")
        return None

    def problem(self, field: str, reason: str, reason_zh: str, value: str = "") -> None:
        """Note what is wrong with a field, under the header that it has in this file."""
        index = self.mapped.fields.get(field)
        column = self.mapped.headers[index] if index is not None else field
        self._unfit.add(field)
        self.problems.append(Problem(self.line, column, reason, reason_zh, value))

    def problem_in(self, *fields: str) -> bool:
        """Whether something is wrong with one of these."""
        return any(field in self._unfit for field in fields)

    def contract(self) -> Iterator[tuple[str, str]]:
        """The contract's facts that this line tells."""
        for name, index in self.mapped.contract.items():
            try:
                text = cells.words(500)(cells.text_of(self.values[index]))
            except Unfit as error:
                header = self.mapped.headers[index]
                self.problems.append(Problem(self.line, header, error.reason, error.reason_zh))
                continue
            if text:
                yield name, text
