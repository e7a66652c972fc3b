"""The one review that the bot's and the agents' messages pass alike."""

from collections.abc import Iterator
from dataclasses import InitVar, dataclass
from datetime import datetime

from core.compliance.demands import demands
from core.compliance.draft import ContactHistory, Draft, Reason, Refused
from core.compliance.grants import free_promises
from core.compliance.hours import next_opening, within_hours
from core.compliance.parameters import IN_FORCE, MarketRules, RuleSet
from core.compliance.words import banned
from core.dialogue.flags import Flag
from core.errors import InvariantBroken

_MINT = object()
_NO_DEBT_TALK: tuple[tuple[Flag, str], ...] = (
    ("wrong_party", "SAFE-WRONG-1"),
    ("third_party", "SAFE-WRONG-1"),
    ("deceased", "SAFE-DEAD-1"),
    ("minor", "SAFE-MIN-1"),
    ("self_harm", "SAFE-SELF-3"),
)
_BOT_WAITS: tuple[tuple[Flag, str], ...] = (
    ("self_harm", "SAFE-SELF-3"),
    ("dispute", "SAFE-DISP-1"),
    ("identity_theft", "SAFE-FRD-1"),
    ("complaint", "SAFE-DISP-1"),
    ("vulnerable", "SAFE-VUL-1"),
    ("debt_advice", "UK-HOLD-1"),
    ("time_restricted", "US-TIME-3"),
    ("privacy_request", "SAFE-VUL-2"),
)


@dataclass(frozen=True, slots=True)
class Cleared:
    """A draft that passed these rules of this rule set. Nothing but `review` can make one."""

    draft: Draft
    rules: tuple[str, ...]
    rule_set: str
    mint: InitVar[object]

    def __post_init__(self, mint: object) -> None:
        if mint is not _MINT:
            raise InvariantBroken("Only review clears a draft.")


Verdict = Cleared | Refused


def review(draft: Draft, history: ContactHistory | None, now: datetime, rule_set: RuleSet = IN_FORCE) -> Verdict:
    """Clear the draft, or refuse it with every rule that it breaks. `now` is UTC.

    Without history, or in a market without rules, nothing is cleared.
    """
    rules = rule_set.markets.get(draft.market)
    if history is None:
        return Refused((Reason("NO-HISTORY", "compliance.no_history"),))
    if rules is None:
        return Refused((Reason("MARKET-UNKNOWN", "compliance.market_unknown", {"market": draft.market}),))
    if draft.local_now.tzinfo is None or now.tzinfo is None:
        raise InvariantBroken("Review reads aware times only.")
    reasons = (
        *_form(draft, rule_set),
        *_identity(draft),
        *demands(draft, rules),
        *free_promises(draft),
        *banned(draft.text, draft.market, draft.language),
        *_hours(draft, history, now, rules, rule_set),
        *_asked_to_stop(draft, history, rules),
        *_caps(draft, history, rules),
    )
    if reasons:
        return Refused(reasons)
    passed = ("SAFE-ID-1", "WORDS", rules.time_rule, rules.stop_rule, rules.cap_rule)
    return Cleared(draft, passed, rule_set.name, _MINT)


def _form(draft: Draft, rule_set: RuleSet) -> Iterator[Reason]:
    if not draft.text.strip():
        yield Reason("CHAN-EMPTY", "compliance.empty")
    if len(draft.text) > rule_set.longest:
        yield Reason("CHAN-LENGTH", "compliance.too_long", {"most": str(rule_set.longest)})


def _identity(draft: Draft) -> Iterator[Reason]:
    if not draft.discloses:
        return
    if not draft.verified:
        yield Reason("SAFE-ID-1", "compliance.not_verified")
    for flag, rule in _NO_DEBT_TALK:
        if flag in draft.flags and not (flag == "self_harm" and draft.author == "agent"):
            yield Reason(rule, "compliance.no_debt_talk", {"flag": flag})


def _hours(
    draft: Draft, history: ContactHistory, now: datetime, rules: MarketRules, rule_set: RuleSet
) -> Iterator[Reason]:
    """A fresh answer may come at any hour (CN-TIME-3); all else keeps to the debtor's local hours."""
    asked_at = history.last_inbound_at
    fresh = draft.solicited and asked_at is not None and now - asked_at <= rule_set.answer_within
    if fresh or within_hours(draft.market, draft.local_now, rule_set):
        return
    opening = next_opening(draft.market, draft.local_now, rule_set)
    local = {"local_time": draft.local_now.isoformat(timespec="minutes")}
    opens = {"opens": opening.isoformat(timespec="minutes")} if opening else {}
    yield Reason(rules.time_rule, "compliance.hours", local | opens)


def _asked_to_stop(draft: Draft, history: ContactHistory, rules: MarketRules) -> Iterator[Reason]:
    """After a stop, a lawyer or an insolvency only what the debtor asks for is answered."""
    if draft.solicited:
        return
    if history.stopped or "stop_contact" in draft.flags:
        yield Reason(rules.stop_rule, "compliance.stopped")
    if "represented" in draft.flags:
        yield Reason(rules.attorney_rule, "compliance.represented")
    if {"bankruptcy", "breathing_space"} & draft.flags:
        yield Reason(rules.bankruptcy_rule, "compliance.insolvency")
    for flag, rule in _NO_DEBT_TALK:
        if flag in draft.flags and flag != "self_harm":
            yield Reason(rule, "compliance.no_contact", {"flag": flag})
    if draft.author == "agent":
        return
    if history.preferred_words and "time_restricted" not in draft.flags:
        yield Reason("US-TIME-3", "compliance.preferred_contact", {"words": history.preferred_words})
    for flag, rule in _BOT_WAITS:
        if flag in draft.flags:
            yield Reason(rule, "compliance.person_first", {"flag": flag})


def _caps(draft: Draft, history: ContactHistory, rules: MarketRules) -> Iterator[Reason]:
    if draft.solicited:
        return
    if history.sent_today >= rules.cap_day:
        yield Reason(rules.cap_rule, "compliance.cap_day", {"most": str(rules.cap_day)})
    if history.sent_last_7_days >= rules.cap_week:
        yield Reason(rules.cap_rule, "compliance.cap_week", {"most": str(rules.cap_week)})
