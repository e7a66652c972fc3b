"""Conversations and plans, to be read."""

from typing import Annotated

from fastapi import APIRouter, Query

from console.api import models, shown
from console.api.caller import ConversationsReader, PlansReader
from console.api.lists import Listing, Page
from console.i18n import N_
from console.queries import public

router = APIRouter()
CaseId = Annotated[int | None, Query(ge=1)]
State = Annotated[str, Query(max_length=20)]


@router.get("/conversations", summary=N_("List conversations"))
async def list_conversations(
    caller: ConversationsReader, asked: Listing, case_id: CaseId = None, state: State = ""
) -> Page[models.Conversation]:
    """Newest first; of one case or state where they are named."""
    async with caller.console.services.works.read() as session:
        rows = await public.conversations(session, asked.stretch, case_id=case_id, state=state)
    return asked.page(rows, lambda row: row.id, shown.conversation)


@router.get("/conversations/{conversation_id}", summary=N_("Read a conversation"))
async def read_conversation(caller: ConversationsReader, conversation_id: int) -> models.Conversation:
    """Who holds it, and why it was handed to people."""
    async with caller.console.services.works.read() as session:
        return shown.conversation(await public.conversation(session, conversation_id))


@router.get("/conversations/{conversation_id}/messages", summary=N_("Read a transcript"))
async def read_transcript(caller: ConversationsReader, conversation_id: int, asked: Listing) -> Page[models.Message]:
    """Oldest first. The cursor of the last page that was full goes on from there later."""
    async with caller.console.services.works.read() as session:
        await public.conversation(session, conversation_id)
        rows = await public.messages(session, conversation_id, asked.stretch)
    return asked.page(rows, lambda row: row.id, lambda row: shown.message(caller, row))


@router.get("/plans", summary=N_("List plans"))
async def list_plans(
    caller: PlansReader, asked: Listing, case_id: CaseId = None, state: State = ""
) -> Page[models.Plan]:
    """Newest first; of one case or state where they are named."""
    async with caller.console.services.works.read() as session:
        rows = await public.plans(session, asked.stretch, case_id=case_id, state=state)
    return asked.page(rows, lambda row: row.id, shown.plan)


@router.get("/plans/{plan_id}", summary=N_("Read a plan"))
async def read_plan(caller: PlansReader, plan_id: int) -> models.Plan:
    """A plan with each of its payments and what has been paid of it."""
    async with caller.console.services.works.read() as session:
        return shown.plan(await public.plan(session, plan_id))
