"""What could be said instead of refused words may itself be said, whatever the case carries."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from core.compliance import HOLDS, Cleared, ContactHistory, Draft, Reason, review, speaks_of_debt
from core.compliance.alternatives import ALTERNATIVES, instead_of
from core.compliance.demands import asks_for_payment
from core.compliance.lexicon import LEXICON

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
EVERY = [(key, language) for key in ALTERNATIVES for language in ("en", "zh")]


@pytest.mark.parametrize("market", ["cn", "us", "uk"])
@pytest.mark.parametrize(("key", "language"), EVERY)
def test_an_alternative_passes_the_review_of_an_agent_with_every_hold_on_the_case(
    key: str, language: str, market: str
) -> None:
    text = instead_of(Reason("RULE", key), language)
    draft = Draft(
        text=text,
        language=language,
        market=market,
        author="agent",
        solicited=True,
        discloses=speaks_of_debt(text),
        verified=False,
        flags=frozenset(HOLDS),
        local_now=NOON,
        known_sums=frozenset[Decimal](),
    )
    history = ContactHistory(sent_today=0, sent_last_7_days=0, stopped=False, last_inbound_at=NOON)
    assert isinstance(review(draft, history, NOON), Cleared)
    assert asks_for_payment(text) is None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_forbidden_wording_has_something_to_say_instead(language: str) -> None:
    for ban in LEXICON:
        data = {"instead": ban.instead[language]} if ban.instead else {}
        assert instead_of(Reason("RULE", f"compliance.{ban.name}", data), language), ban.name


def test_when_nothing_may_be_written_nothing_is_proposed() -> None:
    for key in ("compliance.hours", "compliance.stopped", "compliance.cap_day", "compliance.represented"):
        assert not instead_of(Reason("RULE", key), "en")
