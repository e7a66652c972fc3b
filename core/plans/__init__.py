"""The plan calculator: terms in, schedule out. Pure values, exact money."""

from core.plans.allocation import Allocation, Component, Debt, allocate, allocate_debts, card_order
from core.plans.balance import Balance
from core.plans.daycount import DayCount, days_between, interest_for
from core.plans.interest import Method, Treatment, plan_rate
from core.plans.progress import (
    Applied,
    Line,
    Status,
    apply_payment,
    left,
    move_instalment,
    next_unpaid,
    overdue,
    payoff,
    progress,
    re_age,
)
from core.plans.schedule import (
    PERIODS_PER_YEAR,
    amount_for_count,
    build_schedule,
    count_for_amount,
    level_split,
    solve_amount,
    solve_count,
)
from core.plans.terms import Instalment, Remainder, Schedule, Step, Terms

__all__ = [
    "PERIODS_PER_YEAR",
    "Allocation",
    "Applied",
    "Balance",
    "Component",
    "DayCount",
    "Debt",
    "Instalment",
    "Line",
    "Method",
    "Remainder",
    "Schedule",
    "Status",
    "Step",
    "Terms",
    "Treatment",
    "allocate",
    "allocate_debts",
    "amount_for_count",
    "apply_payment",
    "build_schedule",
    "card_order",
    "count_for_amount",
    "days_between",
    "interest_for",
    "left",
    "level_split",
    "move_instalment",
    "next_unpaid",
    "overdue",
    "payoff",
    "plan_rate",
    "progress",
    "re_age",
    "solve_amount",
    "solve_count",
]
