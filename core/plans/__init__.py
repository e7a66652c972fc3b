"""The plan calculator: terms in, schedule out. Pure values, exact money."""

from core.plans.allocation import Allocation, Debt, allocate, allocate_debts, card_order, contract_order
from core.plans.balance import Balance, Component
from core.plans.breakdown import DetailLine, Summary, detail, summarise
from core.plans.daycount import DayCount, days_between, interest_for
from core.plans.interest import Method, Treatment, plan_rate
from core.plans.ledger import Account, Keep, Payment, account, re_amortise, standing
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
from core.plans.waivers import Waived, discount, settle_for, waive, waive_shares

__all__ = [
    "PERIODS_PER_YEAR",
    "Account",
    "Allocation",
    "Applied",
    "Balance",
    "Component",
    "DayCount",
    "Debt",
    "DetailLine",
    "Instalment",
    "Keep",
    "Line",
    "Method",
    "Payment",
    "Remainder",
    "Schedule",
    "Status",
    "Step",
    "Summary",
    "Terms",
    "Treatment",
    "Waived",
    "account",
    "allocate",
    "allocate_debts",
    "amount_for_count",
    "apply_payment",
    "build_schedule",
    "card_order",
    "contract_order",
    "count_for_amount",
    "days_between",
    "detail",
    "discount",
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
    "re_amortise",
    "settle_for",
    "solve_amount",
    "solve_count",
    "standing",
    "summarise",
    "waive",
    "waive_shares",
]
