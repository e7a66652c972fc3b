"""First single sign-ons at the same moment: each person gets one account, and everybody gets in."""

import asyncio
from collections.abc import Sequence

from core.actions import sso
from core.actions.sso import Identity, Refused, Rules
from core.actions.values import Actor
from core.store.tables import Audit, User
from tests.integration.world import World

RULES = Rules(roles={"desk": "agent"}, create=True)


def someone(subject: str, email: str | None = None) -> Identity:
    return Identity(
        issuer="https://id.example", subject=subject, email=email, email_verified=True, name="Noa", groups=("desk",)
    )


async def at_once(world: World, identities: Sequence[Identity]) -> list[Actor | Refused]:
    """Everybody comes back from the provider, and nobody has an account yet when the first begins to look."""
    starting = asyncio.Barrier(len(identities))

    async def come(identity: Identity) -> Actor | Refused:
        await starting.wait()
        async with world.works.begin() as work:
            return await sso.sign_in(work, identity, RULES)

    return await asyncio.gather(*(come(identity) for identity in identities))


async def test_one_person_in_many_tabs_gets_one_account_and_every_tab_is_signed_in(world: World) -> None:
    came = await at_once(world, [someone("u-1", "noa@bank.example")] * 6)
    [noa] = set(came)
    assert isinstance(noa, Actor)
    assert [row.id for row in await world.rows(User, login="noa@bank.example")] == [noa.id]
    made = await world.rows(Audit, action="created_user", subject_id=noa.id)
    assert [row.data["by"] for row in made] == ["sso"]


async def test_two_people_whose_logins_would_be_the_same_get_one_each(world: World) -> None:
    came = await at_once(world, [someone("noa levi"), someone("noalevi"), someone("NOALEVI")])
    assert all(isinstance(actor, Actor) for actor in came)
    assert {actor.login for actor in came if isinstance(actor, Actor)} == {"noalevi", "noalevi-2", "noalevi-3"}


async def test_who_had_an_account_by_their_address_is_linked_to_it_once(world: World) -> None:
    async with world.works.begin() as work:
        (await work.session.get_one(User, world.ana.id)).email = "ana@bank.example"
    came = await at_once(world, [someone("u-2", "ana@bank.example")] * 6)
    assert {actor.id for actor in came if isinstance(actor, Actor)} == {world.ana.id}
    assert len(await world.rows(Audit, action="linked_sso")) == 1


async def test_of_two_people_with_one_address_the_second_is_told_that_it_is_somebody_else_s(world: World) -> None:
    came = await at_once(world, [someone("u-3", "noa@bank.example"), someone("u-4", "noa@bank.example")])
    assert sorted(type(outcome).__name__ for outcome in came) == ["Actor", "Refused"]
    assert Refused("other_person") in came
