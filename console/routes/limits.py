"""The limits: read them, and change one rule in a draft of one's own. Nothing here changes what holds."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from starlette.datastructures import FormData

from console.forms import limits_form, text_of
from console.i18n import N_
from console.labels import MARKETS
from console.limits_table import read_choice
from console.limits_table import table as limit_table
from console.page import LimitsEditor, LimitsReader, Page
from console.queries import limits as query
from console.queries import policy_versions as versions
from console.queries.policy_versions import Bench
from console.rule_form import (
    ChosenRule,
    chosen_rule,
    finer_rules,
    inherited_by,
    may_be_removed,
    may_leave_out,
    plain_rules,
    read_rule,
    rule_form,
    selectors_of,
    typed_selectors,
)
from core.actions import limit_drafts
from core.errors import NotFound
from core.policy import (
    FIELDS,
    PolicyVersion,
    Problem,
    Rule,
    diff,
    legal_ceilings,
    version_to_json,
    with_rule,
    without_rule,
)

router = APIRouter(prefix="/limits")

MOVED_ON = N_("What you started from has changed meanwhile. Look at it, then make your change again.")
NOTHING = N_("Nothing differs from what is there already.")
NOTE = N_("Say in a few words what you change and why.")
UNKNOWN = N_("Choose a product that has no rule of its own yet.")


@router.get("")
async def show(page: LimitsReader) -> Response:
    """The version in force, a table for each market; and what is on its way."""
    async with page.console.services.works.read() as session:
        found = await query.in_force(session)
        board = await versions.board(session)
    template = "limits/_page.html" if page.is_partial else "limits/page.html"
    return page.render(template, found=found, by_market=_by_market(found), board=board)


@router.get("/table")
async def table(page: LimitsReader, of: Annotated[Literal["", "draft"], Query()] = "") -> Response:
    """One limit for each balance and each bucket of days past due: in force, or as one's own draft would have it.

    The address names the `market`, the `limit`, and where wanted a `product`, a `segment` and a `role`.
    """
    chosen = read_choice(page.request.query_params)
    async with page.console.services.works.read() as session:
        found = await query.in_force(session)
        bench = await versions.bench(session, page.user.id) if found and page.may("limits.edit") else None
    version = bench.version if bench and of == "draft" else found.version if found else None
    return page.render(
        "limits/table.html",
        chosen=chosen,
        rows=limit_table(version, chosen) if version else [],
        number=found.number if found else None,
        has_draft=bench is not None and bench.draft is not None,
        of=of,
    )


@router.get("/moved")
async def moved(page: LimitsEditor, base: Annotated[str, Query(max_length=30)]) -> Response:
    """Whether what a form was made from has changed meanwhile."""
    async with page.console.services.works.read() as session:
        bench = await versions.bench(session, page.user.id)
    return page.render("limits/_moved.html", base=base, moved=bench.token != base)


@router.get("/edit")
async def edit(page: LimitsEditor) -> Response:
    """One rule's fields, as one's draft has them. The address names the rule's cases; a new rule for a whole product
    starts from the market's, a finer one gives nothing yet."""
    async with page.console.services.works.read() as session:
        bench = await versions.bench(session, page.user.id)
        creditors = await query.creditors(session)
    chosen = chosen_rule(bench.version, typed_selectors(page.request.query_params))
    if chosen.rule is None or chosen.problems:
        return _finer(page, chosen, creditors, 422)
    return _form(page, bench, chosen.rule, is_new=chosen.is_new, typed=rule_form(chosen.rule), note=bench.note)


@router.get("/finer")
async def finer(page: LimitsEditor) -> Response:
    """Which cases a finer rule is for."""
    async with page.console.services.works.read() as session:
        bench = await versions.bench(session, page.user.id)
        creditors = await query.creditors(session)
    return _finer(page, chosen_rule(bench.version, typed_selectors(page.request.query_params)), creditors)


@router.post("/check")
async def check(page: LimitsEditor) -> Response:
    """What is wrong with the fields, and what would change, as they are typed."""
    form = await page.form()
    async with page.console.services.works.read() as session:
        version = (await versions.bench(session, page.user.id)).version
    rule, is_new = _rule(version, form)
    wanted, problems, typed = read_rule(form, version, rule)
    changes = diff(version, with_rule(version, wanted)) if wanted is not None else ()
    return page.render(
        "limits/_fields.html",
        **_values(version, rule, typed, problems),
        changes=[change for change in changes if not is_new],
        is_new=is_new,
    )


@router.post("/save")
async def save(page: LimitsEditor) -> Response:
    """This rule changed in one's own draft."""
    form = await page.form()
    async with page.console.services.works.read() as session:
        bench = await versions.bench(session, page.user.id)
    rule, is_new = _rule(bench.version, form)
    wanted, problems, typed = read_rule(form, bench.version, rule)
    note = text_of(form, "note", 500)
    shown: dict[str, Any] = {"is_new": is_new, "typed": typed, "note": note}
    if text_of(form, "base", 40) != bench.token:
        return _form(page, bench, rule, 409, **shown, problem=page.say(MOVED_ON))
    if wanted is None or problems:
        return _form(page, bench, rule, 422, **shown, problems=problems)
    changed = with_rule(bench.version, wanted)
    if not diff(bench.version, changed):
        return _form(page, bench, rule, 422, **shown, problem=page.say(NOTHING))
    if not note:
        return _form(page, bench, rule, 422, **shown, problem=page.say(NOTE))
    saved = await _save(page, bench, changed, note)
    if saved is None:
        return _form(page, bench, rule, 409, **shown, problem=page.say(MOVED_ON))
    return page.go(f"/limits/versions/{saved}")


@router.post("/remove")
async def remove(page: LimitsEditor) -> Response:
    """One's own draft without this rule: wider rules would apply to its cases."""
    form = await page.form()
    async with page.console.services.works.read() as session:
        bench = await versions.bench(session, page.user.id)
    rule, is_new = _rule(bench.version, form)
    if not may_be_removed(rule) or is_new or text_of(form, "base", 40) != bench.token:
        return page.go("/limits")
    note = text_of(form, "note", 500) or page.say(N_("Removed the rule %(rule)s."), rule=rule.id)
    saved = await _save(page, bench, without_rule(bench.version, rule.id), note)
    return page.go("/limits" if saved is None else f"/limits/versions/{saved}")


async def _save(page: Page, bench: Bench, wanted: PolicyVersion, note: str) -> int | None:
    """The draft's id, or None where what it was made from has moved on."""
    based_on = None if bench.draft else bench.version.number
    async with page.console.services.works.begin() as work:
        outcome = await limit_drafts.save_draft(
            work, page.actor, version_to_json(wanted), note, based_on=based_on, draft=bench.draft
        )
    return outcome.draft_id if isinstance(outcome, limit_drafts.Saved) else None


def _rule(version: PolicyVersion, form: FormData) -> tuple[Rule, bool]:
    """The rule that the form is about, and whether it would be new."""
    chosen = chosen_rule(version, typed_selectors(form))
    if chosen.rule is None:
        raise NotFound("There is no such rule.", **chosen.typed)
    return chosen.rule, chosen.is_new


def _by_market(found: query.VersionView | None) -> list[tuple[str, list[Rule], list[tuple[Rule, str]]]]:
    """For each market the rules that give every limit, and the finer ones with where they are edited."""
    if found is None:
        return []
    version = found.version
    return [(market, plain_rules(version, market), finer_rules(version, market)) for market in MARKETS]


def _values(version: PolicyVersion, rule: Rule, typed: dict[str, Any], problems: tuple[Problem, ...]) -> dict[str, Any]:
    return {
        "rule": rule,
        "typed": typed,
        "problems": {problem.field: problem for problem in problems},
        "misplaced": [problem for problem in problems if problem.field not in FIELDS],
        "ceilings": legal_ceilings(rule.market),
        "base_form": limits_form(rule.limits),
        "may_leave_out": may_leave_out(rule),
        "inherited": inherited_by(version, rule),
    }


def _finer(page: Page, chosen: ChosenRule, creditors: list[str], status: int = 200) -> Response:
    return page.render("limits/finer.html", status, chosen=chosen, creditors=creditors)


def _form(
    page: Page,
    bench: Bench,
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
        **_values(bench.version, rule, typed, problems),
        selectors=selectors_of(rule),
        may_be_removed=may_be_removed(rule),
        bench=bench,
        base=bench.token,
        moved=False,
        is_new=is_new,
        problem=problem,
        note=note,
        changes=[],
    )
