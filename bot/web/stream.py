"""The stream of a chat: new messages and how things stand, without holding a database connection while idle."""

import json
from collections.abc import AsyncIterator
from typing import Any

from bot.services import BotServices
from bot.waiting import rung
from bot.web.access import Access, Door
from core.actions.debtor_view import ChatState, Shown, conversation_at, shown, state

LOOK_EVERY_S = 10.0
"""Also the heartbeat: a notice that was lost delays a message by this much at most."""
_RECONNECT_MS = 1000


async def snapshot(services: BotServices, access: Access, after: int) -> dict[str, Any]:
    """Messages after this id, and how things stand."""
    async with services.works.read() as session:
        conversation_id = await conversation_at(session, "web", access.address, access.case_id)
        if conversation_id is None:
            return {"messages": [], "state": None}
        at = services.works.clock.now()
        messages = await shown(session, conversation_id, after, now=at)
        now = await state(session, conversation_id, at)
    return {"messages": [_message(message, access) for message in messages], "state": _state(now)}


async def events(services: BotServices, door: Door, access: Access, after: int) -> AsyncIterator[str]:
    """Server-sent events: `clock` once, `message` with its id, `state` when it changed, `gone` when the link expired.

    It ends when the link expires or the process closes; the page comes back with the last id that it has seen.
    """
    now = json.dumps({"now": services.clock.now().isoformat()})
    yield f"retry: {_RECONNECT_MS}\nevent: clock\ndata: {now}\n\n"
    conversation_id = await door.conversation(access)
    if conversation_id is None:
        return
    last_state: dict[str, Any] | None = None
    told: set[int] = set()
    typing = f"typing:{conversation_id}:agent"
    async with services.notices.subscribe(f"conversation:{conversation_id}", typing) as rings:
        while not services.closing.is_set():
            if not await door.is_open(access):
                yield "event: gone\ndata: {}\n\n"
                return
            seen = await snapshot(services, access, after)
            for message in seen["messages"]:
                if message["id"] in told:
                    continue
                told.add(message["id"])
                after = max(after, message["id"])
                yield f"id: {after}\nevent: message\ndata: {json.dumps(message, ensure_ascii=False)}\n\n"
            if seen["state"] != last_state:
                last_state = seen["state"]
                yield f"event: state\ndata: {json.dumps(last_state, ensure_ascii=False)}\n\n"
            topic = await rung(rings, services.closing, LOOK_EVERY_S)
            while topic == typing:
                yield "event: typing\ndata: {}\n\n"
                topic = await rung(rings, services.closing, LOOK_EVERY_S)
            if topic is None:
                yield ": still here\n\n"


def _message(message: Shown, access: Access) -> dict[str, Any]:
    own = message.author == "debtor"
    key = (message.external_id or "").removeprefix(access.prefix) if own else None
    return {
        "id": message.id,
        "from": message.author,
        "name": message.name,
        "kind": message.kind,
        "text": message.text,
        "buttons": [{"value": value, "label": label} for value, label in message.buttons],
        "at": message.at.isoformat(),
        "key": key,
        "file": {"id": message.file[0], "name": message.file[1]} if message.file else None,
    }


def _state(now: ChatState) -> dict[str, Any]:
    return {
        "holder": now.holder,
        "agent": now.agent,
        "language": now.language,
        "closed": now.closed,
        "answering": now.answering,
    }
