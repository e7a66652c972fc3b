"""One round of answers: every unanswered message of a conversation, in order, each once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.actions import effects, followups, outbox, pulses, replays, understanding
from core.actions.agent_offers import settle_agent_offer
from core.actions.effects import Step
from core.actions.handoff import without_hand_back
from core.actions.plans import Obstacle
from core.actions.reviewing import reviewed
from core.actions.situations import (
    RespondOptions,
    Scene,
    as_unread,
    decision_json,
    language_of,
    remembered,
    scene,
)
from core.actions.trail import leave, leave_refusal
from core.compliance import Cleared, Refused
from core.dialogue.decide import decide
from core.dialogue.decision import Decision, HandOff, Reply, Say
from core.dialogue.flags import GRAVITY, priority_of
from core.dialogue.memory import Memory
from core.dialogue.rounds import asks_anew, unsaid
from core.dialogue.situation import Situation
from core.dialogue.understanding import Understanding
from core.store import cases, conversations
from core.store.tables import Conversation, Message
from core.wording import Rendered
from core.work import Work


@dataclass(frozen=True, slots=True)
class Responded:
    """What a round did: messages answered, the last decision, all replies, rules that refused one, and the holder."""

    messages: tuple[int, ...]
    decision: Decision | None
    reply_ids: tuple[int, ...]
    refused: tuple[str, ...]
    holder: str


@dataclass(frozen=True, slots=True)
class _Turn:
    work: Work
    conversation: Conversation
    scene: Scene
    message: Message
    options: RespondOptions

    def step(self, memory: Memory) -> Step:
        return Step(self.work, self.conversation, self.scene, memory, self.message.id, self.options)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What was decided about a message. `replies` are cleared but not yet queued, in the order of the decision's."""

    decision: Decision
    replies: tuple[tuple[Rendered, Cleared], ...] = ()
    reply_ids: tuple[int, ...] = ()
    refused: tuple[str, ...] = ()


async def respond(
    work: Work, conversation_id: int, readings: Mapping[int, Understanding], options: RespondOptions
) -> Responded:
    """Answer what has not been answered. A text without a reading waits for the next round, and with it those after."""
    conversation = await conversations.lock(work.session, conversation_id)
    await cases.lock(work.session, conversation.case_id)
    before = remembered(conversation)
    turns: list[_Turn] = []
    answers: list[_Answer] = []
    for message in await conversations.unanswered(work.session, conversation_id):
        reading = _reading(message, readings, conversation)
        if reading is None:
            break
        set_as = await scene(work, conversation, message, options)
        unread = bool(turns) and asks_anew(before, set_as.situation.memory)
        turns.append(_Turn(work, conversation, as_unread(set_as) if unread else set_as, message, options))
        answers.append(await _answer(turns[-1], reading))
    answers = [
        await _said(turn, answer, left_out)
        for turn, answer, left_out in zip(turns, answers, unsaid([answer.decision for answer in answers]), strict=True)
    ]
    if turns:
        await pulses.take(work, conversation)
        work.notify(f"conversation:{conversation_id}")
    return Responded(
        messages=tuple(turn.message.id for turn in turns),
        decision=answers[-1].decision if answers else None,
        reply_ids=tuple(reply for answer in answers for reply in answer.reply_ids),
        refused=tuple(rule for answer in answers for rule in answer.refused),
        holder=conversation.holder,
    )


def _reading(
    message: Message, readings: Mapping[int, Understanding], conversation: Conversation
) -> Understanding | None:
    found = readings.get(message.id)
    if found is None and message.kind != "text":
        return Understanding(language_of(conversation.language))
    return found


async def _answer(turn: _Turn, reading: Understanding) -> _Answer:
    work, conversation, message = turn.work, turn.conversation, turn.message
    understanding.keep(work, message, reading)
    message.answered_at = work.now
    settled = await settle_agent_offer(work, conversation, turn.scene, message, reading)
    if settled is not None:
        answer = _Answer(settled.decision, reply_ids=settled.reply_ids, refused=settled.refused)
    elif conversation.holder != "bot" or conversation.state != "open":
        answer = await _listen(turn, reading)
    else:
        answer = await _carry_out(turn, _decided(turn, reading))
    message.decision = decision_json(answer.decision)
    await work.session.flush()
    await followups.hear(work, conversation, turn.scene.whole, message, reading)
    return answer


def _decided(turn: _Turn, reading: Understanding) -> Decision:
    """The decision, kept with all that it looked at."""
    decision = decide(turn.scene.situation, reading)
    turn.message.inputs = replays.inputs_of(turn.scene.situation, reading, decision)
    return decision


async def _said(turn: _Turn, answer: _Answer, left_out: frozenset[int]) -> _Answer:
    """Queue the answer's replies but those that a later message of the round has overtaken, and leave its trail."""
    queued = [
        await outbox.enqueue(turn.work, turn.conversation, verdict, reply_to=turn.message.id, buttons=text.buttons)
        for place, (text, verdict) in enumerate(answer.replies)
        if place not in left_out
    ]
    answer = replace(answer, reply_ids=(*answer.reply_ids, *queued))
    grant = turn.scene.situation.grant
    await leave(
        turn.work,
        "bot",
        "decided",
        "conversation",
        turn.conversation.id,
        message=turn.message.id,
        decision=turn.message.decision,
        replies=list(answer.reply_ids),
        overtaken=len(left_out),
        refused=list(answer.refused),
        policy_version=grant.version if grant else None,
        inputs=replays.digest(turn.message.inputs) if turn.message.inputs else None,
    )
    return answer


async def _listen(turn: _Turn, reading: Understanding) -> _Answer:
    """People hold the conversation: the bot is silent, but rights said now still count, and danger still rings.

    While nobody has come yet, someone in danger is given the crisis line once.
    """
    conversation, situation = turn.conversation, turn.scene.situation
    heard = _decided(turn, reading)
    conversation.unread += 1
    conversation.owed_since = conversation.owed_since or turn.message.at
    turn.work.notify("queue")
    if reading.says("self_harm") and conversation.holder == "queue" and "self_harm" not in situation.flags:
        return await _carry_out(turn, heard)
    await effects.apply_rights(turn.step(situation.memory), heard.effects)
    reason = next((effect.reason for effect in heard.effects if isinstance(effect, HandOff)), None)
    if reason is not None and (conversation.gravity is None or GRAVITY.index(reason) < conversation.gravity):
        conversation.reason, conversation.priority = reason, priority_of(reason)
        conversation.gravity = GRAVITY.index(reason)
    return _Answer(Decision("silent", situation.memory, (f"held:{conversation.holder}", *heard.because)))


async def _carry_out(turn: _Turn, decision: Decision) -> _Answer:
    """Say and write what was decided: both or neither, but that rights always count."""
    work, conversation = turn.work, turn.conversation
    obstacle = await effects.obstacle_to(work, turn.scene, decision)
    if obstacle is not None:
        decision = _to_people(turn.scene, decision, obstacle)
    step = turn.step(decision.memory)
    await effects.apply_rights(step, decision.effects)
    drafts = [
        await reviewed(work, conversation, turn.scene.whole, reply, decision.memory, offers=bool(decision.offers))
        for reply in decision.replies
    ]
    refusals = [verdict for _, verdict in drafts if isinstance(verdict, Refused)]
    if refusals:
        return await _refused(turn, decision, refusals)
    await effects.apply(step, [effect for effect in decision.effects if not isinstance(effect, effects.RIGHTS)])
    _remember(conversation, decision)
    replies = tuple((text, verdict) for text, verdict in drafts if isinstance(verdict, Cleared))
    return _Answer(decision, replies)


def _remember(conversation: Conversation, decision: Decision) -> None:
    memory = decision.memory
    if any(isinstance(effect, HandOff) for effect in decision.effects):
        memory = without_hand_back(memory)
    conversation.memory = memory.to_json()
    conversation.language = memory.language
    if any(said.key == "person.opens" for reply in decision.replies for said in reply.says):
        conversation.queue_told = "opens"


def _to_people(set_as: Scene, decision: Decision, obstacle: Obstacle) -> Decision:
    """Nothing outside the limits is said or done; a person looks at it instead (law 6)."""
    situation = set_as.situation
    memory = situation.memory.with_(language=decision.memory.language, draft=None, offers=(), expecting=None)
    there = _person(situation)
    kept = tuple(effect for effect in decision.effects if isinstance(effect, effects.RIGHTS))
    trigger = situation.inbound.text or situation.inbound.press or ""
    return Decision(
        "escalate",
        memory,
        (*decision.because, f"obstacle:{obstacle.code}", *(f"{key}:{value}" for key, value in obstacle.data.items())),
        (Reply((Say("escalate.limits"), there)),),
        (*kept, HandOff("limits", priority_of("limits"), trigger)),
    )


def _person(situation: Situation) -> Say:
    """When a person will look at it."""
    if situation.people_available:
        return Say("person.soon")
    if situation.people_from is not None:
        return Say("person.opens", {"opens": situation.people_from})
    return Say("person.later")


async def _refused(turn: _Turn, decision: Decision, refusals: Sequence[Refused]) -> _Answer:
    """Nothing of the answer leaves and nothing is agreed; people take over, for the reason already given if any."""
    message, situation = turn.message, turn.scene.situation
    rules = tuple(dict.fromkeys(rule for refusal in refusals for rule in refusal.rule_ids))
    given = next((effect for effect in decision.effects if isinstance(effect, HandOff)), None)
    trigger = f"{message.text or message.press or ''} [{', '.join(rules)}]".strip()
    silent = replace(
        decision,
        kind="escalate",
        memory=situation.memory.with_(language=decision.memory.language, expecting=None),
        replies=(),
        effects=(given or HandOff("not_understood", priority_of("not_understood"), trigger),),
        because=(*decision.because, *(f"refused:{rule}" for rule in rules)),
    )
    await effects.apply(turn.step(silent.memory), silent.effects)
    _remember(turn.conversation, silent)
    whole = Refused(tuple(reason for refusal in refusals for reason in refusal.reasons))
    await leave_refusal(turn.work, "bot", turn.conversation.id, whole, message=message.id)
    return _Answer(silent, refused=rules)
