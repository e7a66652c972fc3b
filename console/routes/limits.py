"""The limits: read them, change one rule, publish a version, see what changed when."""

from collections.abc import Callable
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Query
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from console.forms import limits_form, read_limits, text_of
from console.i18n import N_
from console.labels import MARKETS
from console.page import LimitsEditor, LimitsReader, Page
from console.queries import limits as query
from core.actions import limits
from core.actions.values import Actor
from core.errors import NotFound, ParleyError
from core.policy import (
    Limits,
    Market,
    PolicyVersion,
    Problem,
    Rule,
    diff,
    legal_ceilings,
    validate_limits,
    version_to_json,
)
from core.work import Work

router = APIRouter(prefix="/limits")

PUBLISHED = N_("Version %(number)s is in force. The next offer obeys it; offers already made keep theirs.")
MOVED_ON = N_("Someone published version %(number)s meanwhile. Look at it, then make your change again.")
NOTHING = N_("Nothing differs from the version in force.")
NOTE = N_("Say in a few words what you change and why.")
UNKNOWN = N_("Choose a product that has no rule of its own yet.")


class Overtaken(ParleyError):
    """Another version was published meanwhile; ours is taken back."""

    code = "overtaken"


@router.get("")
async def show(page: LimitsReader, published: Annotated[int | None, Query()] = None) -> Response:
    """The version in force, a table for each market."""
    async with page.console.services.works.read() as session:
        found = await query.in_force(session)
    notice = page.say(PUBLISHED, number=published) if published and found and found.number == published else ""
    return page.render("limits/page.html", found=found, by_market=_by_market(found), notice=notice)


@router.get("/history")
async def history(page: LimitsReader, before: Annotated[int | None, Query()] = None) -> Response:
    """The versions, newest first, with who published them and what changed."""
    async with page.console.services.works.read() as session:
        versions, older = await query.history(session, before)
    return page.render("limits/history.html", versions=versions, older=older)


@router.get("/edit")
async def edit(
    page: LimitsEditor, market: Annotated[str, Query()], product: Annotated[str, Query(max_length=40)] = ""
) -> Response:
    """One rule's fields; a product without a rule of its own starts from the market's."""
    async with page.console.services.works.read() as session:
        version = await _version(session)
    rule, is_new = _rule(version, market, product)
    return _form(page, version, rule, is_new=is_new, typed=limits_form(rule.limits))


@router.post("/check")
async def check(page: LimitsEditor) -> Response:
    """What is wrong with the fields, and what would change, as they are typed."""
    form = await page.form()
    async with page.console.services.works.read() as session:
        version = await _version(session)
    rule, is_new = _rule(version, text_of(form, "market"), text_of(form, "product", 40))
    wanted, problems, typed = read_limits(form, rule.limits)
    found = problems if wanted is None else validate_limits(wanted, rule.market)
    changes = diff(version, _with(version, rule, wanted)) if wanted is not None else ()
    return page.render(
        "limits/_fields.html",
        **_values(rule, typed, found),
        changes=[change for change in changes if not is_new],
        is_new=is_new,
    )


@router.post("/publish")
async def publish(page: LimitsEditor) -> Response:
    """A new version with this rule changed, in force at once."""
    form = await page.form()
    async with page.console.services.works.read() as session:
        version = await _version(session)
    rule, is_new = _rule(version, text_of(form, "market"), text_of(form, "product", 40))
    wanted, problems, typed = read_limits(form, rule.limits)
    note, base = text_of(form, "note", 500), text_of(form, "base", 10)
    shown: dict[str, Any] = {"is_new": is_new, "typed": typed, "note": note}
    if base != str(version.number):
        problem = page.say(MOVED_ON, number=version.number)
        return _form(page, version, rule, 409, **shown, problem=problem)
    found = problems if wanted is None else validate_limits(wanted, rule.market)
    if wanted is None or found:
        return _form(page, version, rule, 422, **shown, problems=found)
    changed = _with(version, rule, wanted)
    if not diff(version, changed):
        return _form(page, version, rule, 422, **shown, problem=page.say(NOTHING))
    if not note:
        return _form(page, version, rule, 422, **shown, problem=page.say(NOTE))

    def refused(status: int, problem: str) -> Response:
        return _form(page, version, rule, status, **shown, problem=problem)

    return await _publish(page, version, changed, note, refused)


@router.post("/remove")
async def remove(page: LimitsEditor) -> Response:
    """A new version without this product's rule: the market's own rule applies to it from now on."""
    form = await page.form()
    async with page.console.services.works.read() as session:
        version = await _version(session)
    rule, is_new = _rule(version, text_of(form, "market"), text_of(form, "product", 40))
    if rule.product is None or is_new or text_of(form, "base", 10) != str(version.number):
        return page.go("/limits")
    rules = tuple(each for each in version.rules if each.id != rule.id)
    left = PolicyVersion(version.number, rules)
    note = text_of(form, "note", 500) or page.say(N_("Removed the rule %(rule)s."), rule=rule.id)
    return await _publish(page, version, left, note, lambda _status, _problem: page.go("/limits"))


async def _publish(
    page: Page, base: PolicyVersion, wanted: PolicyVersion, note: str, refused: Callable[[int, str], Response]
) -> Response:
    try:
        async with page.console.services.works.begin() as work:
            outcome = await _publish_after(work, page.actor, base, wanted, note)
    except Overtaken:
        return refused(409, page.say(MOVED_ON, number=base.number + 1))
    match outcome:
        case limits.Published(number):
            return page.go(f"/limits?published={number}")
        case _:
            return refused(422, page.say(NOTHING))


async def _publish_after(
    work: Work, actor: Actor, base: PolicyVersion, wanted: PolicyVersion, note: str
) -> limits.Published | limits.Invalid | limits.MayNotPublish:
    """Publish, and take it back when it does not follow the version that was looked at."""
    outcome = await limits.publish(work, actor, version_to_json(wanted), note)
    if isinstance(outcome, limits.Published) and outcome.number != base.number + 1:
        raise Overtaken("Another version was published meanwhile.", number=outcome.number)
    return outcome


async def _version(session: AsyncSession) -> PolicyVersion:
    found = await query.in_force(session)
    if found is None:
        raise NotFound("No limits have been published.")
    return found.version


def _rule(version: PolicyVersion, market: str, product: str) -> tuple[Rule, bool]:
    """The rule, or what a new one for the product would start from; NotFound for a market that is not known."""
    if market not in get_args(Market):
        raise NotFound("There is no such market.", market=market)
    own = next((rule for rule in version.rules if rule.market == market and (rule.product or "") == product), None)
    if own is not None:
        return own, False
    start = next((rule for rule in version.rules if rule.market == market and rule.product is None), None)
    if start is None or not product.isidentifier():
        raise NotFound("There is no such rule.", market=market, product=product)
    return Rule(start.market, product, start.limits), True


def _with(version: PolicyVersion, rule: Rule, wanted: Limits) -> PolicyVersion:
    changed = Rule(rule.market, rule.product, wanted)
    if any(each.id == rule.id for each in version.rules):
        rules = tuple(changed if each.id == rule.id else each for each in version.rules)
    else:
        rules = (*version.rules, changed)
    return PolicyVersion(version.number, rules)


def _by_market(found: query.VersionView | None) -> list[tuple[str, list[Rule]]]:
    if found is None:
        return []
    sorted_rules = sorted(found.version.rules, key=lambda rule: rule.product or "")
    return [(market, [rule for rule in sorted_rules if rule.market == market]) for market in MARKETS]


def _values(rule: Rule, typed: dict[str, Any], problems: tuple[Problem, ...]) -> dict[str, Any]:
    return {
        "rule": rule,
        "typed": typed,
        "problems": {problem.field: problem for problem in problems},
        "ceilings": legal_ceilings(rule.market),
        "base_form": limits_form(rule.limits),
    }


def _form(
    page: Page,
    version: PolicyVersion,
    rule: Rule,
    status: int = 200,
    *,
    is_new: bool,
    typed: dict[str, Any],
    problems: tuple[Problem, ...] = (),
    problem: str = "",
    note: str = "",
) -> Response:
    return page.render(
        "limits/edit.html",
        status,
        **_values(rule, typed, problems),
        version=version,
        is_new=is_new,
        problem=problem,
        note=note,
        changes=[],
    )
