"""Signing in through the house's identity provider: which account somebody has, whether one is made, which role."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.actions.accounts import is_last_admin
from core.actions.trail import leave
from core.actions.users import actor_of
from core.actions.values import ROLES, Actor
from core.errors import InvariantBroken
from core.store.tables import User
from core.work import Work

_TRIES = 50
"""Each time somebody else took what was wanted, so at least one of them has come in."""
Why = Literal["unknown", "closed", "domain", "no_role", "other_person"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who the provider says that it is. `subject` never changes there; `groups` are what roles are mapped from."""

    issuer: str
    subject: str
    email: str | None = None
    email_verified: bool = False
    name: str = ""
    groups: tuple[str, ...] = ()

    @property
    def proven_email(self) -> str | None:
        """The address, in lower case, where the provider has checked that it is theirs."""
        return self.email.lower() if self.email and self.email_verified else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Whom the house lets in. `roles` maps a group to a role, the first that fits; empty, roles are kept here.

    `domains` are the only ones an address may be of, where any are named. Without `create` an account must be there.
    """

    roles: Mapping[str, str] = field(default_factory=dict)
    domains: tuple[str, ...] = ()
    create: bool = False

    def role_of(self, groups: tuple[str, ...]) -> str | None:
        """The role that the groups give; None where they give none."""
        return next((role for group, role in self.roles.items() if group in groups and role in ROLES), None)

    def allows(self, email: str | None) -> bool:
        """Whether somebody with this proven address may come in."""
        if not self.domains:
            return True
        return email is not None and email.rpartition("@")[2] in {domain.lower().lstrip("@") for domain in self.domains}


@dataclass(frozen=True, slots=True)
class Refused:
    """Nobody is signed in. `why`: no account; a closed one; an address of another domain; no group with a role; or the
    address belongs to an account that is somebody else's at the provider."""

    why: Why


async def sign_in(work: Work, identity: Identity, rules: Rules) -> Actor | Refused:
    """The account of whom the provider vouches for: by its subject, else by its proven address; else a new one.

    Where groups give roles, the role follows them each time, except that the last administrator stays one.
    """
    if not rules.allows(identity.proven_email):
        return Refused("domain")
    role = rules.role_of(identity.groups)
    if rules.roles and role is None:
        return Refused("no_role")
    for _ in range(_TRIES):
        user = await _known(work, identity)
        if user is not None:
            return await _let_in(work, user, identity, role)
        if not rules.create or role is None:
            return Refused("unknown")
        created = await _create(work, identity, role)
        if created is not None:
            return created
    raise InvariantBroken("An account can be neither found nor made.", issuer=identity.issuer)


async def _let_in(work: Work, user: User, identity: Identity, role: str | None) -> Actor | Refused:
    if not user.active:
        return Refused("closed")
    if user.sso_subject is None:
        user.sso_issuer, user.sso_subject = identity.issuer, identity.subject
        await work.session.flush()
        await leave(work, user.login, "linked_sso", "user", user.id, issuer=identity.issuer)
    elif (user.sso_issuer, user.sso_subject) != (identity.issuer, identity.subject):
        return Refused("other_person")
    if role is not None and role != user.role and not await is_last_admin(work, user):
        before, user.role = user.role, role
        await work.session.flush()
        await leave(work, "system", "changed_role", "user", user.id, before=before, role=role, by="sso")
    return actor_of(user)


async def _known(work: Work, identity: Identity) -> User | None:
    """The account, held until the transaction ends."""
    by_subject = select(User).where(User.sso_issuer == identity.issuer, User.sso_subject == identity.subject)
    found = await work.session.scalar(by_subject.with_for_update(key_share=True))
    if found is not None or identity.proven_email is None:
        return found
    by_email = select(User).where(User.email == identity.proven_email)
    return cast(User | None, await work.session.scalar(by_email.with_for_update(key_share=True)))


async def _create(work: Work, identity: Identity, role: str) -> Actor | None:
    """The new account; None where somebody took its subject, address or login at the same moment."""
    email = identity.proven_email
    user = User(
        login=await _free_login(work, email or identity.subject),
        name=(identity.name or email or identity.subject)[:120],
        role=role,
        language="en",
        password_hash="",
        active=True,
        created_at=work.now,
        email=email,
        sso_issuer=identity.issuer,
        sso_subject=identity.subject,
    )
    try:
        async with work.session.begin_nested():
            work.session.add(user)
    except IntegrityError:
        return None
    await leave(work, "system", "created_user", "user", user.id, login=user.login, role=role, by="sso")
    return actor_of(user)


async def _free_login(work: Work, wanted: str) -> str:
    """The address or subject as a login; with a number behind it where it is taken."""
    base = "".join(wanted.lower().split())[:70]
    taken = set(await work.session.scalars(select(User.login).where(User.login.startswith(base, autoescape=True))))
    number, login = 1, base
    while login in taken:
        number += 1
        login = f"{base}-{number}"
    return login
