"""The stage of a script: the team, the limits in force, the one case."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from core.actions import limits, users
from core.actions.portfolio import PortfolioCase
from core.actions.values import Actor
from core.errors import InvalidInput
from core.money import Money
from core.policy import DEFAULT_VERSION, PolicyVersion, merge, version_to_json
from core.policy.limits import Limits, Rule
from core.work import Works
from parley.script.document import Script, day_of

TEAM = {"ana": ("Ana", "agent"), "ben": ("Ben", "agent"), "sue": ("Sue", "supervisor"), "max": ("Max", "manager")}
"""The people that a script may name, with their roles."""


async def team(works: Works) -> dict[str, Actor]:
    """Makes the people that a script may name."""
    made = {}
    for login, (name, role) in TEAM.items():
        async with works.begin() as work:
            made[login] = await users.create(work, login, name, role, f"{login}-plays-here")
    return made


async def publish_limits(works: Works, script: Script, manager: Actor) -> None:
    """Publishes the script's limits over the shipped ones, for its market and product; none, and these stay."""
    if not script.limits:
        return
    rules = tuple(_with(rule, script) for rule in DEFAULT_VERSION.rules)
    own = (script.market, str(script.case.get("product", "personal_loan")))
    if own not in {(rule.market, rule.product) for rule in rules}:
        general = next((rule for rule in rules if rule.market == script.market and rule.product is None), None)
        if general is None:
            raise InvalidInput("No limits are known for this market.", market=script.market)
        rules = (*rules, Rule(general.market, own[1], general.limits))
    body = version_to_json(PolicyVersion(DEFAULT_VERSION.number + 1, rules))
    async with works.begin() as work:
        outcome = await limits.publish_unreviewed(work, manager, body, "for the script")
    if not isinstance(outcome, limits.Published):
        raise InvalidInput("These limits cannot be published.", outcome=str(outcome))


def _with(rule: Rule, script: Script) -> Rule:
    if rule.market != script.market:
        return rule
    changed: Limits = merge(rule.limits, dict(script.limits))
    return Rule(rule.market, rule.product, changed)


def case_of(script: Script) -> PortfolioCase:
    """The script's case, as an import would bring it."""
    case = script.case
    currency = str(case.get("currency", "CNY"))
    balance: Mapping[str, Any] = case.get("balance") or {}
    debtor: Mapping[str, Any] = case.get("debtor") or {}
    today = script.now.date()
    facts = {
        name: day_of(value).isoformat() if name == "birth_date" else str(value)
        for name, value in debtor.items()
        if name in ("birth_date", "phone_last4", "account_last4", "id_last4", "postcode") and value not in (None, "")
    }
    return PortfolioCase(
        creditor=script.creditor,
        creditor_phone=str(case.get("creditor_phone", "")),
        reference=str(case.get("reference", "SCRIPT-1")),
        market=script.market,
        product=str(case.get("product", "personal_loan")),
        currency=currency,
        principal=_sum(balance, "principal", currency),
        interest=_sum(balance, "interest", currency),
        fees=_sum(balance, "fees", currency),
        penalty=_sum(balance, "penalty", currency),
        due_date=today - timedelta(days=int(case.get("days_past_due", 0))),
        balance_as_of=today,
        opened_on=day_of(case["opened_on"]) if case.get("opened_on") else None,
        contract=case.get("contract") or {},
        debtor_name=str(debtor.get("name", "")),
        language=script.language,
        time_zone=script.time_zone,
        facts=facts,
    )


def _sum(balance: Mapping[str, Any], part: str, currency: str) -> Money:
    return Money.of(str(balance.get(part) or "0"), currency)


async def only_case(works: Works) -> int:
    """The id of the script's one case."""
    async with works.read() as session:
        return int((await session.execute(text("SELECT id FROM cases"))).scalar_one())
