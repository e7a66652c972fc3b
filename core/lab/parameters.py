"""What the simulated people are like. Every figure, its unit and its source are explained in docs/explanation/lab.md.

They were written down before any strategy was measured. A figure without a public source is a judgement and says so.
"""

from dataclasses import dataclass

Weights = tuple[tuple[int, float], ...]
"""Values and how often each occurs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Economy:
    """One market: currency, and medians in major units. `income` is a month's take-home pay, `balance` what is owed.

    Both are log-normal; `…_spread` is the standard deviation of the logarithm. `weekly_paid` is the share of people
    who are paid by the week, `chinese` the share who write Chinese.
    """

    currency: str
    income: int
    income_spread: float
    balance: int
    balance_spread: float
    weekly_paid: float
    chinese: float


ECONOMIES = {
    "cn": Economy(
        currency="CNY",
        income=5500,
        income_spread=0.45,
        balance=16000,
        balance_spread=0.8,
        weekly_paid=0.0,
        chinese=0.9,
    ),
    "us": Economy(
        currency="USD",
        income=3200,
        income_spread=0.45,
        balance=2400,
        balance_spread=0.8,
        weekly_paid=0.3,
        chinese=0.1,
    ),
    "uk": Economy(
        currency="GBP",
        income=1700,
        income_spread=0.45,
        balance=2200,
        balance_spread=0.8,
        weekly_paid=0.2,
        chinese=0.1,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """The people and their years. Shares and chances are 0 to 1; chances of events are a month's unless told."""

    interest_share: float = 0.06
    fees_share: float = 0.02
    days_past_due: tuple[int, int] = (31, 180)

    surplus_mean: float = 0.08
    surplus_spread: float = 0.17
    surplus_least: float = -0.30
    surplus_most: float = 0.60
    dependants: Weights = ((0, 0.45), (1, 0.25), (2, 0.20), (3, 0.10))
    other_debts: Weights = ((0, 0.28), (1, 0.27), (2, 0.20), (3, 0.15), (4, 0.10))
    essential_share: float = 0.80
    essential_each_dependant: float = 0.05
    essential_most: float = 0.95
    savings_months: tuple[tuple[float, float, float], ...] = (
        (0.40, 0.0, 0.0),
        (0.25, 0.05, 0.15),
        (0.15, 0.15, 0.30),
        (0.20, 0.30, 1.50),
    )

    ages: tuple[tuple[str, float, float], ...] = (
        ("18-29", 0.25, 0.85),
        ("30-44", 0.40, 1.05),
        ("45-59", 0.25, 1.05),
        ("60+", 0.10, 0.80),
    )

    willingness: tuple[float, float] = (3.0, 2.0)
    organisation: tuple[float, float] = (5.0, 2.0)
    patience: Weights = ((1, 0.20), (2, 0.30), (3, 0.25), (4, 0.15), (5, 0.10))
    haggles: float = 0.30
    haggled_share: tuple[float, float] = (0.5, 0.9)
    tells: float = 0.30
    tells_with_willingness: float = 0.50
    misjudges: float = 0.20
    hopes: float = 0.03
    gives_up: float = 0.20

    swing: float = 0.07
    swing_size: tuple[float, float] = (0.25, 0.50)
    job_loss: float = 0.01
    job_loss_months: int = 4
    job_loss_income: float = 0.40
    expense: float = 0.05
    expense_size: tuple[float, float] = (0.10, 0.50)

    forgets: float = 0.20
    commitment: float = 0.85
    off_payday: float = 0.97
    worn_by_stress: float = 0.05
    squeezes: float = 0.40
    catches_up: float = 0.60
    saves: float = 0.30
    missed_to_break: int = 2
    pays_unasked: float = 0.10
    unasked_fades: float = 0.89
    unasked_share: float = 0.50
    kept_after: float = 0.97

    team_handles: float = 0.20


DEFAULTS = Parameters()
