"""The shapes of what is sent and answered. Sums are strings in major units beside their currency; times are UTC."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Sum = Annotated[
    str,
    StringConstraints(pattern=r"^(0|[1-9][0-9]{0,12})(\.[0-9]{1,3})?$"),
    Field(description="A sum in major units, as text: no sign, no grouping.", examples=["1250.50"]),
]
Currency = Annotated[str, StringConstraints(pattern="^[A-Z]{3}$"), Field(description="ISO 4217.", examples=["USD"])]
Four = Annotated[str, StringConstraints(pattern="^[0-9]{4}$")]
Market = Literal["cn", "us", "uk"]
Direction = Literal["in", "out"]
PlanState = Literal["active", "completed", "broken", "cancelled", "replaced"]


class Sent(BaseModel):
    """What a caller sends: a field that is not known is a mistake."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Facts(Sent):
    """What the identity check may ask for. Never told again."""

    birth_date: date | None = None
    phone_last4: Four | None = None
    account_last4: Four | None = None
    id_last4: Annotated[str, StringConstraints(pattern="^[0-9]{3}[0-9Xx]$")] | None = None
    postcode: Annotated[str, StringConstraints(min_length=3, max_length=10)] | None = None


class ContactSent(Sent):
    """A way to reach the debtor; a telephone number in the international form."""

    kind: Literal["phone", "email"]
    value: Annotated[str, StringConstraints(min_length=5, max_length=200)] = Field(examples=["+12125554471"])


class DebtorSent(Sent):
    """Who owes. At least two facts, a telephone number among the contacts counting as one."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    language: Literal["zh", "en"] | None = None
    time_zone: Annotated[str, StringConstraints(max_length=60)] | None = Field(
        None, description="Needed in the United States.", examples=["America/New_York"]
    )
    facts: Facts = Facts()
    contacts: Annotated[list[ContactSent], Field(max_length=10)] = []


class CaseSent(Sent):
    """A case as the lender knows it. `creditor` and `reference` name it; the rest replaces what was sent before."""

    creditor: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    reference: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    market: Market
    product: Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9_]{0,39}$")] | None = None
    currency: Currency
    principal: Sum
    interest: Sum | None = None
    fees: Sum | None = None
    penalty: Sum | None = Field(None, description="The penalty for paying late.")
    due_date: date
    balance_as_of: date | None = Field(
        None, description="The day of the sums, in the debtor's zone; today if left out."
    )
    opened_on: date | None = None
    contract: dict[
        Annotated[str, StringConstraints(min_length=1, max_length=60)],
        Annotated[str, StringConstraints(max_length=200)],
    ] = Field({}, max_length=50, description="Facts of the contract, such as `annual_rate`.")
    creditor_phone: Annotated[str, StringConstraints(max_length=60)] = ""
    debtor: DebtorSent


class Balance(BaseModel):
    """What is owed."""

    total: Sum
    principal: Sum
    interest: Sum
    fees: Sum
    penalty: Sum


class Contact(BaseModel):
    """A contact point; covered but for its end without the scope `personal_data`."""

    kind: str
    value: str


class Debtor(BaseModel):
    """Who owes."""

    name: str
    language: str
    time_zone: str
    contacts: list[Contact]


class Case(BaseModel):
    """One debt of one debtor."""

    id: int
    creditor: str
    reference: str
    market: Market
    product: str
    currency: Currency
    balance: Balance
    balance_as_of: date
    due_date: date
    opened_on: date | None
    state: str
    flags: list[str] = Field(description="Such as `hardship`, `dispute`, `stop_contact`.")
    debtor: Debtor
    updated_at: datetime


class PaymentSent(Sent):
    """Money that arrived. `reference` is the payment's own, unique for the case."""

    amount: Sum
    currency: Currency
    reference: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    paid_on: date | None = Field(None, description="In the debtor's zone; today if left out.")


class Allocation(BaseModel):
    """Where the money went; `surplus` is more than was owed."""

    fees: Sum
    interest: Sum
    penalty: Sum
    principal: Sum
    surplus: Sum


class Payment(BaseModel):
    """Money that arrived."""

    id: int
    case_id: int
    plan_id: int | None
    reference: str
    amount: Sum
    currency: Currency
    allocation: Allocation
    paid_on: date
    recorded_at: datetime


class Conversation(BaseModel):
    """A conversation about a case. `holder` is `bot`, `queue` or `agent`."""

    id: int
    case_id: int
    channel: str
    language: str
    state: str
    outcome: str | None
    holder: str
    agent: str | None
    reason: str | None = Field(description="Why it was handed to people, if it was.")
    opened_at: datetime
    last_at: datetime


class Message(BaseModel):
    """One entry of a transcript; numbers of telephones, cards and documents are covered without `personal_data`."""

    id: int
    direction: Direction
    author: str
    agent: str | None
    kind: str
    text: str
    at: datetime


class Instalment(BaseModel):
    """One payment of a plan; number 0 is the down payment."""

    number: int
    due: date
    amount: Sum
    paid: Sum
    moved_from: date | None


class Plan(BaseModel):
    """A plan that a debtor agreed to."""

    id: int
    case_id: int
    conversation_id: int
    state: PlanState
    currency: Currency
    total: Sum
    discount: Sum
    down_payment: Sum
    frequency: str
    policy_version: int
    agreed_at: datetime
    instalments: list[Instalment]


class WebhookSent(Sent):
    """Where events go."""

    url: Annotated[str, StringConstraints(min_length=10, max_length=500)] = Field(
        examples=["https://example.com/hooks"]
    )
    events: Annotated[list[str], Field(min_length=1, max_length=20)]
    name: Annotated[str, StringConstraints(max_length=120)] = ""


class Webhook(BaseModel):
    """A webhook that this key added. Paused ones are told nothing."""

    id: int
    url: str
    name: str
    events: list[str]
    active: bool
    failing_since: datetime | None
    created_at: datetime


class NewWebhook(Webhook):
    """A webhook with its secret, told only here and at a rotation."""

    secret: str


class Error(BaseModel):
    """What is wrong, and where: a JSON pointer into the body, or the name of a parameter."""

    pointer: str | None = None
    parameter: str | None = None
    detail: str


class ProblemDetails(BaseModel):
    """RFC 9457. `code` is stable; texts may change."""

    type: str
    title: str
    status: int
    code: str
    detail: str | None = None
    errors: list[Error] | None = None


class Event(BaseModel):
    """What a webhook is sent. `data` names things by their ids."""

    id: str = Field(description="The same each time that this event is sent.")
    type: str
    version: Literal["v1"]
    at: datetime
    data: dict[str, object]
