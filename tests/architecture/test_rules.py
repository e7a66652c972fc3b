"""The packages keep the rules, and each rule fires on the code that it forbids and on nothing beside it."""

from pathlib import Path, PurePosixPath

import pytest

from tests.architecture import rules

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.name)
def test_the_house_keeps_the_rule(rule):
    assert [str(finding) for finding in rules.check(ROOT, (rule,))] == []


FORBIDDEN = [
    (rules.COMMIT_OUTSIDE_WORK, "console/routes/limits.py", "await self.session.commit()"),
    (rules.COMMIT_OUTSIDE_WORK, "core/actions/agree.py", "open_session().commit()"),
    (rules.FLOAT_IN_MONEY, "core/money.py", "float('1.50')"),
    (rules.FLOAT_IN_MONEY, "core/plans/schedule.py", "share = 0.35"),
    (rules.FLOAT_IN_MONEY, "core/negotiation/offers.py", "float(share)"),
    (rules.CLEARED_OUTSIDE_COMPLIANCE, "core/actions/replies.py", "Cleared(draft)"),
    (rules.CLEARED_OUTSIDE_COMPLIANCE, "bot/sender.py", "compliance.Cleared(draft=draft)"),
    (rules.NAIVE_DATETIME, "core/clock.py", "datetime.now()"),
    (rules.NAIVE_DATETIME, "core/clock.py", "datetime.datetime.now(tz=None)"),
    (rules.NAIVE_DATETIME, "bot/channels/telegram/inbound.py", "datetime.fromtimestamp(message.date)"),
    (rules.NAIVE_DATETIME, "core/actions/pay.py", "datetime.utcnow()"),
    (rules.NAIVE_DATETIME, "console/queries/today.py", "date.today()"),
    (rules.CLOCK_OUTSIDE_CLOCK, "core/actions/pay.py", "datetime.now(UTC)"),
    (rules.CLOCK_OUTSIDE_CLOCK, "bot/front_door.py", "time.time()"),
    (rules.SEND_OUTSIDE_SENDER, "console/routes/inbox.py", "await bot.send_message(chat, text)"),
    (rules.SEND_OUTSIDE_SENDER, "bot/front_door.py", "await message.answer('hello')"),
    (rules.SEND_OUTSIDE_SENDER, "core/actions/inbound.py", "await self.message.reply('hello')"),
]

ALLOWED = [
    (rules.COMMIT_OUTSIDE_WORK, "core/work/unit.py", "await session.commit()"),
    (rules.FLOAT_IN_MONEY, "core/plans/rates.py", "float(rate)"),
    (rules.FLOAT_IN_MONEY, "core/plans/schedule.py", "Fraction(1, 3)"),
    (rules.CLEARED_OUTSIDE_COMPLIANCE, "core/compliance/review.py", "Cleared(draft)"),
    (rules.CLEARED_OUTSIDE_COMPLIANCE, "core/actions/replies.py", "isinstance(outcome, Cleared)"),
    (rules.NAIVE_DATETIME, "core/clock.py", "datetime.now(UTC)"),
    (rules.NAIVE_DATETIME, "core/calendar/dates.py", "datetime.fromtimestamp(seconds, tz=zone)"),
    (rules.CLOCK_OUTSIDE_CLOCK, "core/clock.py", "datetime.now(UTC)"),
    (rules.CLOCK_OUTSIDE_CLOCK, "nlu/engine.py", "time.perf_counter()"),
    (rules.SEND_OUTSIDE_SENDER, "bot/channels/telegram/outbound.py", "await bot.send_message(chat, text)"),
    (rules.SEND_OUTSIDE_SENDER, "bot/front_door.py", "await query.answer()"),
]


@pytest.mark.parametrize(("rule", "path", "source"), FORBIDDEN, ids=lambda value: str(getattr(value, "name", value)))
def test_the_rule_fires_on_forbidden_code(rule, path, source):
    findings = rules.check_source(PurePosixPath(path), f"async def act():\n    {source}\n", (rule,))
    assert [(str(finding.path), finding.line) for finding in findings] == [(path, 2)]


@pytest.mark.parametrize(("rule", "path", "source"), ALLOWED, ids=lambda value: str(getattr(value, "name", value)))
def test_the_rule_leaves_allowed_code_alone(rule, path, source):
    assert rules.check_source(PurePosixPath(path), f"async def act():\n    {source}\n", (rule,)) == []


def test_every_rule_is_proved_both_ways():
    assert {rule for rule, _, _ in FORBIDDEN} == {rule for rule, _, _ in ALLOWED} == set(rules.RULES)
