"""The dated figures of the rules, one set a market. Figures change here, never in a rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta


@dataclass(frozen=True, slots=True)
class Window:
    """Local hours in which contact is allowed: from `opens`, up to and without `closes`."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketRules:
    """`window` of Monday to Saturday, `sunday` of Sundays. Caps count unsolicited messages to one debtor.

    `source` marks what no source gives: then the figure is a product default.
    """

    time_rule: str
    window: Window
    sunday: Window
    cap_rule: str
    cap_day: int
    cap_week: int
    stop_rule: str
    attorney_rule: str
    bankruptcy_rule: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """`answer_within`: how long after the debtor's message an answer may come outside the hours.
    `longest` is in characters."""

    name: str
    since: date
    answer_within: timedelta
    longest: int
    markets: Mapping[str, MarketRules]


_EIGHT_TO_NINE = Window(time(8), time(21))
_EIGHT_TO_TEN = Window(time(8), time(22))

IN_FORCE = RuleSet(
    name="2026-11-22",
    since=date(2026, 11, 22),
    answer_within=timedelta(hours=2),
    longest=4096,
    markets={
        "cn": MarketRules(
            time_rule="CN-TIME-1",
            window=_EIGHT_TO_TEN,
            sunday=_EIGHT_TO_TEN,
            cap_rule="CN-FREQ-4",
            cap_day=3,
            cap_week=7,
            stop_rule="CN-CHAN-2",
            attorney_rule="CN-CHAN-2",
            bankruptcy_rule="CN-BANK-1",
            source="GB/T 45251-2025 (quiet 22:00-08:00); chat caps: product default",
        ),
        "us": MarketRules(
            time_rule="US-TIME-1",
            window=_EIGHT_TO_NINE,
            sunday=_EIGHT_TO_NINE,
            cap_rule="US-FREQ-4",
            cap_day=1,
            cap_week=3,
            stop_rule="US-CEASE-1",
            attorney_rule="US-ATTY-1",
            bankruptcy_rule="US-BK-1",
            source="12 CFR 1006.6(b)(1)(i) (before 8:00, after 21:00); chat caps: product default",
        ),
        "uk": MarketRules(
            time_rule="UK-TIME-1",
            window=_EIGHT_TO_NINE,
            sunday=Window(time(9), time(19)),
            cap_rule="UK-FREQ-1",
            cap_day=1,
            cap_week=3,
            stop_rule="UK-TIME-1",
            attorney_rule="UK-HOLD-1",
            bankruptcy_rule="UK-BS-1",
            source="CONC 7.9.4R sets no figure; hours and caps: product default",
        ),
    },
)
