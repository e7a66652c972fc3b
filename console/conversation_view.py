"""One conversation as its page shows it: the whole page, or the parts that changed, made by the same templates."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from console.desk_form import DeskForm, suggested_terms, waivable
from console.page import Forbidden, Page
from console.queries import conversation as query
from console.queries.conversation_rows import Head
from console.show import zone
from core.actions.policies import asker_of, grant_now, segments_of
from core.compliance import Reason
from core.dialogue.memory import Memory
from core.dialogue.orders import orders_of
from core.negotiation import Offer
from core.policy import Asker, Breach, RuleFacts


@dataclass(frozen=True, slots=True)
class Composer:
    """What is in the composer: the text kept, why it was refused, the key under which it is sent only once, and `due`,
    the moment typed for sending it later, in the debtor's time."""

    text: str = ""
    refused: tuple[Reason, ...] = ()
    client_key: str = ""
    due: str = ""

    @classmethod
    def empty(cls) -> "Composer":
        """A new one, with a key of its own."""
        return cls(client_key=uuid4().hex)


@dataclass(frozen=True, slots=True)
class Preview:
    """What the desk's numbers come to. `by_role` says who may allow what is outside: a role, or None for nobody;
    `by_names` are some who have it."""

    offer: Offer | None = None
    breaches: tuple[Breach, ...] = ()
    by_role: str | None = None
    problem: str = ""
    by_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """The plan desk: what is typed, what is wrong with it, what it comes to."""

    form: DeskForm
    problems: Mapping[str, str]
    preview: Preview | None = None
    refused: tuple[Reason, ...] = ()
    done: str = ""


def signature(head: Head) -> str:
    """Changes when the composer and the desk have to: with the state and the holder."""
    return f"{head.state}-{head.holder}-{head.agent_id or 0}"


def holds(page: Page, head: Head) -> bool:
    """Whether the viewer holds the conversation."""
    return head.state == "open" and head.holder == "agent" and head.agent_id == page.user.id


def check_visible(page: Page, head: Head) -> None:
    """Agents see what is theirs, what waits, and what people were called to; who oversees sees all."""
    if page.may("conversations.all") or holds(page, head) or head.holder == "queue" or head.handoff is not None:
        return
    raise Forbidden("Your role does not see this conversation.", conversation_id=head.id)


async def whole(
    page: Page,
    conversation_id: int,
    *,
    status: int = 200,
    composer: Composer | None = None,
    desk: Desk | None = None,
    notice: str = "",
    before: int | None = None,
    hard: bool = False,
) -> Response:
    """The page, or that of the conversation that this one goes on in. `hard` offers a pause after what was hard to
    read."""
    values = await _values(page, conversation_id, before)
    if values["head"].merged_into is not None:
        return page.go(f"/conversations/{values['head'].merged_into}")
    return page.render(
        "conversation/page.html",
        status,
        **values,
        composer=composer or Composer.empty(),
        desk=desk or suggested(page, values["head"]),
        notice=notice,
        hard=hard,
    )


async def changes(
    page: Page,
    conversation_id: int,
    *,
    seen: str = "",
    status: int = 200,
    composer: Composer | None = None,
    desk: Desk | None = None,
    notice: str = "",
    hard: bool = False,
) -> Response:
    """The parts of the page, each to be put in its place. What is being typed in stays unless it has to change.

    What answers a form is put there whatever stands there by now; a change that was only heard of replaces what it
    was asked for as, so that an answer which comes late does not take what was typed meanwhile.
    """
    values = await _values(page, conversation_id, None)
    if values["head"].merged_into is not None:
        return page.go(f"/conversations/{values['head'].merged_into}")
    moved = signature(values["head"]) != seen
    answers_form = composer is not None or desk is not None
    return page.render(
        "conversation/changes.html",
        status,
        **values,
        composer=composer or (Composer.empty() if moved else None),
        desk=desk or (suggested(page, values["head"]) if moved else None),
        replaces="" if answers_form else f'[data-seen="{seen}"]',
        notice=notice,
        hard=hard,
    )


HARD = frozenset(("self_harm", "vulnerable", "abusive", "minor"))


def was_hard(head: Head) -> bool:
    """Whether this was a conversation after which anybody may need a moment."""
    return bool(HARD & set(head.flags)) or head.reason in HARD


async def visible(page: Page, session: AsyncSession, conversation_id: int) -> Head:
    """The conversation's head, where the viewer may see it."""
    head = await query.head(session, conversation_id)
    check_visible(page, head)
    return head


def suggested(page: Page, head: Head) -> Desk:
    """A desk with the numbers that were talked about last, else with a date to start from."""
    today = page.console.now.astimezone(zone(head.time_zone)).date()
    form = DeskForm(first_due=(today + timedelta(days=14)).isoformat())
    draft = head.handoff.pack.get("draft") if head.handoff else None
    lines = draft.get("instalments") if draft else None
    if draft and lines:
        form = replace(form, frequency=draft["frequency"], **suggested_terms(draft, lines, head.currency))
        if lines[0]["due"] >= today.isoformat():
            form = replace(form, first_due=lines[0]["due"])
    return Desk(form, {})


def _facts(head: Head, today: date, asker: Asker) -> RuleFacts:
    """What the limits of the case are chosen by, as far as its head tells."""
    return RuleFacts(
        market=head.market,
        product=head.product,
        creditor=head.creditor,
        days_past_due=(today - head.due_date).days,
        balance=head.balance.total.decimal,
        segments=segments_of(head.flags),
        role=asker,
    )


async def _values(page: Page, conversation_id: int, before: int | None) -> dict[str, Any]:
    async with page.console.services.works.read() as session:
        head = await query.head(session, conversation_id)
        if head.merged_into is not None:
            return {"head": head}
        check_visible(page, head)
        asker = asker_of(page.actor.role) if holds(page, head) else "bot"
        today = page.console.now.astimezone(zone(head.time_zone)).date()
        messages, earlier = await query.transcript(session, head.members, before)
        grant = await grant_now(session, head.case_id, _facts(head, today, asker))
        values = {
            "head": head,
            "messages": messages,
            "earlier": earlier,
            "before": before,
            "offers": await query.offers(session, conversation_id),
            "plan": await query.plan(session, head.case_id),
            "notes": await query.notes(session, head.members),
            "asked": await query.asked(session, conversation_id),
            "grant": grant,
            "asker": asker,
        }
    memory = Memory.from_json(head.memory)
    return values | {
        "memory": memory,
        "held": holds(page, head),
        "orders": orders_of(memory),
        "signature": signature(head),
        "today": today,
        "waivers": waivable(head.balance, grant),
        "days_past_due": max(0, (today - head.due_date).days),
    }
