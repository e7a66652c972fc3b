"""What debtors wrote anew: a channel hands on an edited message as one more, under the old one's name and the time."""

from collections.abc import Mapping, Sequence
from typing import Literal

from core.store.tables import Message

Edition = Literal["new", "old"]


def of(messages: Sequence[Message]) -> Mapping[int, Edition]:
    """By message: `new` where it took the place of an earlier one, `old` where a later one took its own."""
    lines: dict[tuple[int, str], list[Message]] = {}
    for message in messages:
        chat, _, rest = (message.external_id or "").partition(":")
        name = rest.partition(":")[0]
        if message.channel == "telegram" and message.direction == "in" and name.isdecimal():
            lines.setdefault((message.conversation_id, f"{chat}:{name}"), []).append(message)
    found: dict[int, Edition] = {}
    for line in lines.values():
        *earlier, last = sorted(line, key=lambda message: message.id)
        found |= {message.id: "old" for message in earlier}
        if earlier or (last.external_id or "").count(":") == 2:
            found[last.id] = "new"
    return found
