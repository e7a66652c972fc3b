"""Who may do what: permissions, the roles that hold them, and the declaration that every route carries."""

from collections.abc import Mapping
from typing import Any, Literal

from fastapi import Depends
from fastapi.routing import APIRoute

Permission = Literal[
    "public",
    "own",
    "conversations",
    "conversations.all",
    "approvals",
    "limits.read",
    "limits.edit",
    "audit",
    "understanding",
    "understanding.train",
    "users",
]
"""`public` needs no one signed in; `own` is what everyone signed in may do with their own things."""

_AGENT: tuple[Permission, ...] = ("own", "conversations")
_SUPERVISOR: tuple[Permission, ...] = (*_AGENT, "conversations.all", "approvals", "limits.read", "understanding")
_MANAGER: tuple[Permission, ...] = (*_SUPERVISOR, "limits.edit", "audit", "understanding.train")
_ADMIN: tuple[Permission, ...] = (*_MANAGER, "users")

ROLES: Mapping[str, frozenset[Permission]] = {
    "agent": frozenset(_AGENT),
    "supervisor": frozenset(_SUPERVISOR),
    "manager": frozenset(_MANAGER),
    "admin": frozenset(_ADMIN),
}


def may(role: str, permission: Permission) -> bool:
    """Whether the role holds the permission; a role that is not known holds none."""
    return permission == "public" or permission in ROLES.get(role, frozenset())


PERMISSION = "permission"


def declared_permission(route: APIRoute) -> Permission | None:
    """The permission that the route demands, or None where it declares none: such a route must not exist."""
    waiting = list(route.dependant.dependencies)
    while waiting:
        dependant = waiting.pop()
        found: Permission | None = getattr(dependant.call, PERMISSION, None)
        if found is not None:
            return found
        waiting += dependant.dependencies
    return None


def demand(permission: Permission, check: Any) -> Any:
    """`check` as a FastAPI dependency that is marked with its permission."""
    setattr(check, PERMISSION, permission)
    return Depends(check)
