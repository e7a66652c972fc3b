"""Who is given a conversation: the rules, and what holds of them whatever the team and the queue."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.staffing import (
    LANGUAGES,
    SKILLS,
    Agent,
    Patience,
    Place,
    Rota,
    Routing,
    Serves,
    TeamNow,
    Waiting,
    choose,
    demanded,
    is_gone,
    is_here,
    late,
    next_turn,
    place_of,
    serving,
)

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ENGLISH = frozenset(("en",))
ALL = frozenset(SKILLS)


def agent(number: int, **said: object) -> Agent:
    known: dict[str, object] = {"skills": ENGLISH, "load": 0, "capacity": 3, "ready": True}
    return Agent(id=number, **(known | said))  # type: ignore[arg-type]


def team(*agents: Agent, routing: Routing = "least_loaded", **said: object) -> TeamNow:
    known: dict[str, object] = {"id": 1, "open": True}
    return TeamNow(routing=routing, agents=agents, **(known | said))  # type: ignore[arg-type]


def chosen(waiting: Waiting, *teams: TeamNow) -> int | None:
    return choose(waiting, teams).agent_id


HELLO = Waiting(skills=ENGLISH)

agents = st.builds(
    Agent,
    id=st.integers(1, 9),
    skills=st.frozensets(st.sampled_from(SKILLS)),
    load=st.integers(0, 5),
    capacity=st.integers(1, 5),
    ready=st.booleans(),
    turn=st.integers(0, 20),
)
teams = st.builds(
    TeamNow,
    id=st.integers(1, 4),
    routing=st.sampled_from(("manual", "round_robin", "least_loaded")),
    open=st.booleans(),
    agents=st.lists(agents, max_size=6, unique_by=lambda one: one.id).map(tuple),
    capacity=st.none() | st.integers(1, 12),
)
waitings = st.builds(
    Waiting,
    skills=st.frozensets(st.sampled_from(SKILLS), min_size=1, max_size=3),
    passed=st.frozensets(st.integers(1, 9), max_size=3),
)


@given(waitings, st.lists(teams, max_size=3, unique_by=lambda one: one.id))
def test_nobody_is_given_one_beyond_their_capacity_without_the_skills_or_while_not_there(
    waiting: Waiting, found: list[TeamNow]
) -> None:
    choice = choose(waiting, found)
    assert choice.because
    if choice.agent_id is None:
        return
    through = next(one for one in found if one.id == choice.team_id)
    given_to = next(one for one in through.agents if one.id == choice.agent_id)
    assert through.open
    assert through.has_room
    assert through.routing != "manual"
    assert given_to.ready
    assert given_to.load < given_to.capacity
    assert waiting.skills <= given_to.skills
    assert given_to.id not in waiting.passed


@given(waitings, st.lists(teams, max_size=3, unique_by=lambda one: one.id))
def test_whoever_could_be_given_one_is_not_left_out(waiting: Waiting, found: list[TeamNow]) -> None:
    def could(through: TeamNow, one: Agent) -> bool:
        able = one.ready and one.load < one.capacity and waiting.skills <= one.skills
        return able and one.id not in waiting.passed and through.open and through.has_room

    somebody = any(could(each, one) for each in found if each.routing != "manual" for one in each.agents)
    assert (choose(waiting, found).agent_id is not None) == somebody


@given(st.integers(1, 7), st.integers(0, 60))
def test_in_turn_each_is_given_the_same_within_one(people: int, conversations: int) -> None:
    turns = dict.fromkeys(range(people), 0)
    counts = dict.fromkeys(range(people), 0)
    for _ in range(conversations):
        now = team(*(agent(n, turn=turn, capacity=99) for n, turn in turns.items()), routing="round_robin")
        got = chosen(HELLO, now)
        assert got is not None
        turns[got], counts[got] = next_turn(now), counts[got] + 1
    assert max(counts.values()) - min(counts.values()) <= 1


@given(st.lists(st.integers(0, 5), min_size=1, max_size=7))
def test_by_load_nobody_is_given_one_while_another_holds_fewer(loads: list[int]) -> None:
    got = chosen(HELLO, team(*(agent(n, load=load, capacity=9) for n, load in enumerate(loads))))
    assert got is not None
    assert loads[got] == min(loads)


def test_among_equals_the_one_whose_turn_is_longest_ago_comes_first() -> None:
    assert chosen(HELLO, team(agent(1, turn=4), agent(2, turn=2), agent(3, turn=3))) == 2


def test_a_team_that_gives_nothing_out_itself_leaves_it_in_the_queue() -> None:
    choice = choose(HELLO, [team(agent(1), routing="manual")])
    assert (choice.agent_id, choice.because) == (None, ("team:1", "manual"))


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (team(agent(1), open=False), "closed"),
        (team(agent(1, ready=False)), "nobody_here"),
        (team(agent(1, skills=frozenset(("zh",)))), "nobody_skilled:en"),
        (team(agent(1, load=3)), "full"),
        (team(agent(1, load=1), agent(2), capacity=1), "team_full"),
    ],
)
def test_what_a_conversation_waits_for_is_said(now: TeamNow, why: str) -> None:
    choice = choose(HELLO, [now])
    assert (choice.agent_id, choice.because[-1]) == (None, why)


def test_who_let_it_go_is_not_asked_again() -> None:
    assert chosen(Waiting(skills=ENGLISH, passed=frozenset((1,))), team(agent(1), agent(2, load=2))) == 2
    assert choose(Waiting(skills=ENGLISH, passed=frozenset((1,))), [team(agent(1))]).because[-1] == "let_go"


def test_the_next_team_is_asked_where_the_first_has_nobody() -> None:
    assert chosen(HELLO, team(agent(1, load=3)), team(agent(2), id=2)) == 2


DANGER = Waiting(skills=frozenset(("en", "vulnerable")), emergency=True)
CALM = frozenset(("en", "vulnerable"))


def test_an_emergency_ignores_capacity_and_hours_but_not_the_skill() -> None:
    busy = team(agent(1, load=9, skills=CALM), agent(2), open=False, capacity=1)
    assert chosen(DANGER, busy) == 1


def test_an_emergency_goes_to_people_of_other_teams_then_to_any_supervisor_who_is_there() -> None:
    other = team(agent(5, skills=CALM), id=2, routing="manual")
    assert choose(DANGER, [team(agent(1))], others=[other]).agent_id == 5
    sue = agent(8, skills=frozenset(), load=12)
    choice = choose(DANGER, [team(agent(1))], supervisors=[agent(7, ready=False), sue])
    assert (choice.agent_id, choice.team_id, choice.because[-1]) == (8, None, "supervisor")
    assert choose(DANGER, [], supervisors=[]).agent_id is None


@given(st.lists(teams, max_size=3, unique_by=lambda one: one.id), st.lists(agents, max_size=3))
def test_in_an_emergency_somebody_is_found_as_long_as_anybody_could_help(
    found: list[TeamNow], supervisors: list[Agent]
) -> None:
    choice = choose(DANGER, found, supervisors=supervisors)
    able = any(one.ready and one.skills >= CALM for each in found for one in each.agents)
    assert (choice.agent_id is not None) == (able or any(one.ready for one in supervisors))


def test_language_reason_and_flags_say_what_is_demanded() -> None:
    assert demanded("zh-CN", None, frozenset()) == {"zh"}
    assert demanded("en", "hardship", frozenset()) == {"en", "hardship"}
    assert demanded("fr", "legal", frozenset(("self_harm",))) == {"en", "legal", "vulnerable"}
    assert demanded("en", "complaint", frozenset(("abusive", "represented"))) == {"en", "dispute", "legal"}


@given(st.text(max_size=5), st.text(max_size=12), st.frozensets(st.text(max_size=12)))
def test_exactly_one_language_is_always_demanded(language: str, reason: str, flags: frozenset[str]) -> None:
    found = demanded(language, reason, flags)
    assert len(found & set(LANGUAGES)) == 1
    assert found <= ALL


GENERAL = Serves(team_id=1)
CHINA = Serves(team_id=2, markets=frozenset(("cn",)))
CHINA_HARDSHIP = Serves(team_id=3, markets=frozenset(("cn",)), reasons=frozenset(("hardship",)))
ENGLISH_BANK = Serves(team_id=4, creditors=frozenset((7,)), languages=frozenset(("en",)))
EVERY = (GENERAL, CHINA, CHINA_HARDSHIP, ENGLISH_BANK)


@pytest.mark.parametrize(
    ("market", "creditor", "reason", "language", "found"),
    [
        ("us", 1, "dispute", "en", (1,)),
        ("cn", 1, "dispute", "zh", (2, 1)),
        ("cn", 1, "hardship", "zh", (3, 2, 1)),
        ("cn", 1, None, "zh", (3, 2, 1)),
        ("uk", 7, "dispute", "en", (4, 1)),
        ("uk", 7, "dispute", "zh", (1,)),
    ],
)
def test_the_team_made_for_the_fewest_comes_first(
    market: str, creditor: int, reason: str | None, language: str, found: tuple[int, ...]
) -> None:
    assert serving(EVERY, market=market, creditor_id=creditor, reason=reason, language=language) == found


def test_a_conversation_sent_to_a_team_waits_for_that_one_while_it_exists() -> None:
    asked = {"market": "us", "creditor_id": 1, "reason": None, "language": "en"}
    assert serving(EVERY, only=2, **asked) == (2,)  # type: ignore[arg-type]
    assert serving(EVERY, only=99, **asked) == (1,)  # type: ignore[arg-type]


OFFICE = Rota(hours="Mon-Fri 09:00-12:00; Mon-Fri 13:00-18:00", time_zone="Europe/London", market="uk")


def london(*at: int) -> datetime:
    from zoneinfo import ZoneInfo  # noqa: PLC0415

    return datetime(*at, tzinfo=ZoneInfo("Europe/London"))  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("now", "since", "opens"),
    [
        (london(2026, 11, 23, 9), london(2026, 11, 23, 9), london(2026, 11, 23, 13)),
        (london(2026, 11, 23, 14), london(2026, 11, 23, 13), london(2026, 11, 24, 9)),
        (london(2026, 11, 23, 12), None, london(2026, 11, 23, 13)),
        (london(2026, 11, 27, 18), None, london(2026, 11, 30, 9)),
        (london(2026, 12, 24, 19), None, london(2026, 12, 29, 9)),
    ],
)
def test_a_team_is_there_at_its_hours_and_not_on_public_holidays(
    now: datetime, since: datetime | None, opens: datetime
) -> None:
    assert OFFICE.opened_at(now) == since
    assert OFFICE.opens_at(now) == opens


def test_its_own_days_off_are_its_own() -> None:
    party = Rota(hours="Mon-Fri 09:00-18:00", closed=frozenset((date(2026, 11, 23),)))
    assert party.opened_at(NOON) is None
    assert party.opens_at(NOON) == datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_a_weekend_day_that_china_works_has_the_hours_of_a_monday() -> None:
    rota = Rota(hours="Mon-Fri 09:00-18:00", time_zone="Asia/Shanghai", market="cn")
    made_up = datetime(2026, 2, 14, 3, tzinfo=UTC)
    assert rota.opened_at(made_up) == datetime(2026, 2, 14, 1, tzinfo=UTC)
    assert rota.opened_at(made_up + timedelta(days=7)) is None


def test_without_hours_a_team_is_always_there_but_on_days_off() -> None:
    assert Rota().opened_at(NOON) is not None
    closed = Rota(closed=frozenset((NOON.date(),)))
    assert closed.opened_at(NOON) is None
    assert closed.opens_at(NOON) == datetime(2026, 11, 24, tzinfo=UTC)


def test_hours_are_kept_through_the_change_to_summer_time() -> None:
    rota = Rota(hours="Mon-Sun 09:00-18:00", time_zone="Europe/London")
    assert rota.opens_at(london(2026, 3, 28, 20)) == datetime(2026, 3, 29, 8, tzinfo=UTC)


TEN_THIRTY = Patience(reply=timedelta(minutes=10), supervisor=timedelta(minutes=30))


def ago(minutes: float) -> datetime:
    return NOON - timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("owed", "held", "opened", "found"),
    [
        (9.9, 9.9, 500, set()),
        (10, 10, 500, {"reply"}),
        (25, 9, 500, set()),
        (30, 9, 500, {"supervisor"}),
        (30, None, 500, {"supervisor"}),
        (25, None, 500, set()),
        (600, 600, 5, set()),
        (600, 600, 10, {"reply"}),
        (600, 600, 30, {"reply", "supervisor"}),
    ],
)
def test_patience_ends_after_the_minutes_that_the_team_was_there(
    owed: float, held: float | None, opened: float, found: set[str]
) -> None:
    held_since = ago(held) if held is not None else None
    assert late(TEN_THIRTY, owed_since=ago(owed), held_since=held_since, opened_at=ago(opened), now=NOON) == found


def test_outside_the_hours_only_an_emergency_runs_out_of_patience() -> None:
    asked = {"owed_since": ago(40), "held_since": ago(40), "opened_at": None, "now": NOON}
    assert late(TEN_THIRTY, **asked) == frozenset()  # type: ignore[arg-type]
    assert late(TEN_THIRTY, emergency=True, **asked) == {"reply", "supervisor"}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("active", "status", "seen", "gone", "here"),
    [
        (True, "available", 0, False, True),
        (True, "available", 1.5, False, True),
        (True, "available", 1.6, True, False),
        (True, "available", None, False, False),
        (True, "pause", 0, False, False),
        (True, "break", 0, False, False),
        (True, "away", 0, True, False),
        (False, "available", 0, True, False),
    ],
)
def test_a_sign_of_life_is_trusted_only_while_it_is_fresh(
    active: bool, status: str, seen: float | None, gone: bool, here: bool
) -> None:
    seen_at = ago(seen) if seen is not None else None
    assert is_gone(active=active, status=status, seen_at=seen_at, now=NOON) == gone
    assert is_here(active=active, status=status, seen_at=seen_at, now=NOON) == here


def minutes(*waited: float) -> list[timedelta]:
    return [timedelta(minutes=each) for each in waited]


@pytest.mark.parametrize(
    ("before", "lately", "told"),
    [
        (0, minutes(1, 2, 3), Place(0, 5)),
        (3, minutes(4, 8, 12, 50), Place(3, 15)),
        (3, minutes(4, 8), Place(3, None)),
        (5, minutes(70, 80, 90), Place(5, None)),
        (6, minutes(1, 1, 1), Place(None, None)),
    ],
)
def test_only_a_short_queue_and_a_measured_wait_are_told(before: int, lately: list[timedelta], told: Place) -> None:
    assert place_of(before, lately) == told
