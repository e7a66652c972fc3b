"""What is said in the words in force: the shipped texts, with those that the house has changed."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from core.actions import house
from core.actions.values import Actor
from core.compliance.parameters import IN_FORCE
from core.compliance.words import banned, hints_at_debt, presses
from core.dialogue.decision import Reply
from core.errors import InvalidInput
from core.store import house_versions
from core.wording import (
    BEFORE_IDENTITY,
    LANGUAGES,
    Rendered,
    TextProblem,
    Texts,
    catalogue,
    render,
    text_problems,
    with_changes,
)
from core.wording.render import Language
from core.work import Work

_KNOWN: dict[str, Texts] = {}
_MOST_KNOWN = 8


async def rendered(session: AsyncSession, reply: Reply, language: Language, market: str) -> Rendered:
    """The reply as a debtor reads it, in the texts in force."""
    return render(reply, language, market, await texts_in_force(session))


async def texts_in_force(session: AsyncSession) -> Texts:
    """Every text; the version in force is read once, and known by its digest from then on."""
    found = await house_versions.digest_in_force(session, "wording")
    if found is None:
        return catalogue()
    _, digest = found
    if digest not in _KNOWN:
        row = await house_versions.in_force(session, "wording")
        if row is None or row.digest != digest:
            return with_changes(row.body or {}) if row else catalogue()
        while len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.pop(next(iter(_KNOWN)))
        _KNOWN[digest] = with_changes(row.body or {})
    return _KNOWN[digest]


def wording_problems(key: str, entry: Mapping[str, str]) -> tuple[TextProblem, ...]:
    """All that keeps a changed text from being said: its form, forbidden words in any market, pressing words, and a
    hint at the debt where it is said to somebody who has not been identified."""
    if key not in catalogue():
        raise InvalidInput("There is no such text.", key=key)
    found = list(text_problems(key, entry))
    for language in LANGUAGES:
        text = entry.get(language, "")
        words = {
            (reason.message_key, str(reason.data.get("words", "")))
            for market in IN_FORCE.markets
            for reason in banned(text, market, language)
        }
        found += [TextProblem(language, code, {"words": said}) for code, said in sorted(words)]
        pressing = None if key.startswith("safety.") else presses(text)
        if pressing:
            found.append(TextProblem(language, "wording.presses", {"words": pressing}))
        if key.partition(".")[0] in BEFORE_IDENTITY and hints_at_debt(text):
            found.append(TextProblem(language, "wording.hints"))
    return tuple(found)


async def change_text(
    work: Work, actor: Actor, key: str, entry: Mapping[str, str] | None
) -> house.Saved | house.Wrong | house.MayNot:
    """Put one text into the actor's draft; None goes back to the shipped text."""
    if entry is None:
        return await house.change(work, actor, "wording", {key: None})
    stored: dict[str, Any] = {language: entry.get(language, "").strip() for language in LANGUAGES}
    return await house.change(work, actor, "wording", {key: stored}, wording_problems(key, stored))
