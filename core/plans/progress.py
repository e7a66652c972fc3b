"""After agreement: what is paid, due and left; a payment applied; an instalment moved; a payoff; a re-age."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from core.calendar import Frequency
from core.errors import InvalidInput
from core.money import Money, sum_money
from core.plans.schedule import build_schedule
from core.plans.terms import Instalment, Schedule, Terms


class Status(StrEnum):
    """Where an instalment stands on a day."""

    PAID = "paid"
    PART_PAID = "part_paid"
    UPCOMING = "upcoming"
    DUE = "due"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Line:
    """An instalment with what has been paid on it."""

    instalment: Instalment
    paid: Money

    @property
    def left(self) -> Money:
        """What is still to pay on it."""
        return self.instalment.amount - self.paid

    def status(self, on: date) -> Status:
        """Where it stands on the debtor's local date; late or due counts for more than part paid."""
        if not self.left:
            return Status.PAID
        if self.instalment.due < on:
            return Status.OVERDUE
        if self.instalment.due == on:
            return Status.DUE
        return Status.PART_PAID if self.paid else Status.UPCOMING


@dataclass(frozen=True, slots=True)
class Applied:
    """The lines after a payment, and what the payment left over."""

    lines: tuple[Line, ...]
    surplus: Money


def progress(schedule: Schedule, paid: Money) -> tuple[Line, ...]:
    """Each payment of the schedule with its part of all that has been paid so far, oldest first.

    A reversal is the same question with less paid; money beyond the whole plan is not on any line.
    """
    nothing = Money.zero(schedule.currency)
    return apply_payment(tuple(Line(instalment, nothing) for instalment in schedule.lines), paid).lines


def apply_payment(lines: tuple[Line, ...], payment: Money) -> Applied:
    """Put a payment on the lines, oldest first, never more on one than it still needs."""
    rest = payment
    if rest < Money.zero(rest.currency):
        raise InvalidInput("A payment is not negative; take one back by its reversal.", payment=str(payment))
    after = []
    for line in lines:
        part = min(rest, line.left)
        rest -= part
        after.append(replace(line, paid=line.paid + part) if part else line)
    return Applied(tuple(after), rest)


def left(schedule: Schedule, paid: Money) -> Money:
    """What is still to pay on the plan; nothing when more than all has been paid."""
    return max(schedule.total - paid, Money.zero(schedule.currency))


def overdue(schedule: Schedule, paid: Money, on: date) -> Money:
    """What should have been paid before the local date `on` and has not been."""
    late = (line.left for line in progress(schedule, paid) if line.status(on) is Status.OVERDUE)
    return sum_money(late, schedule.currency)


def next_unpaid(schedule: Schedule, paid: Money) -> Line | None:
    """The oldest payment not yet paid in full, or None when the plan is paid."""
    return next((line for line in progress(schedule, paid) if line.left), None)


def payoff(schedule: Schedule, paid: Money, on: date) -> Money:
    """What settles the plan on `on`: what is left, less the unpaid instalments' interest not accrued by then.

    The interest of a period accrues evenly over its days.
    """
    rebate = Money.zero(schedule.currency)
    start = schedule.starts
    for line in progress(schedule, paid):
        due, interest = line.instalment.due, line.instalment.interest
        if start is not None and interest is not None and due > on:
            unaccrued = interest.share(Fraction((due - max(on, start)).days, (due - start).days))
            rebate += min(unaccrued, line.left)
        start = due
    return left(schedule, paid) - rebate


def move_instalment(schedule: Schedule, number: int, new_due: date) -> Schedule:
    """The schedule with one payment (0 is the down payment) due on another date; amounts stay as agreed.

    InvalidInput when there is no such payment, or the date would not lie between its neighbours'.
    """
    lines = list(schedule.lines)
    index = next((index for index, line in enumerate(lines) if line.number == number), None)
    if index is None:
        raise InvalidInput("The plan has no instalment of this number.", number=number)
    after_previous = index == 0 or lines[index - 1].due < new_due
    before_next = index == len(lines) - 1 or new_due < lines[index + 1].due
    if not (after_previous and before_next):
        raise InvalidInput("Keep the instalment between those before and after it.", new_due=new_due.isoformat())
    lines[index] = replace(lines[index], due=new_due)
    if schedule.down_payment is None:
        return replace(schedule, instalments=tuple(lines))
    return replace(schedule, down_payment=lines[0], instalments=tuple(lines[1:]))


def re_age(
    balance: Money, count: int, frequency: Frequency, first_due: date, anchor_day: int | None = None
) -> Schedule:
    """What is left, spread anew over `count` instalments without interest."""
    return build_schedule(Terms(balance, Money.zero(balance.currency), None, frequency, count, first_due, anchor_day))
