"""Who may do what: permissions, the roles that hold them, and the declaration that every route carries."""

from collections.abc import Mapping
from typing import Any, Literal

from fastapi import Depends
from fastapi.routing import APIRoute

Permission = Literal[
    "public",
    "own",
    "conversations.read",
    "conversations",
    "conversations.all",
    "supervise",
    "approvals",
    "complaints.read",
    "complaints",
    "reports",
    "reports.export",
    "limits.read",
    "limits.edit",
    "wording.read",
    "wording.edit",
    "settings",
    "audit",
    "understanding",
    "understanding.train",
    "personal_data",
    "users",
    "integrations",
]
"""`public` needs no one signed in; `own` is what everyone signed in may do with their own things; who may only read
conversations never holds, writes or notes; `personal_data` shows phone, card and document numbers whole."""

_AGENT: tuple[Permission, ...] = ("own", "conversations.read", "conversations")
_SUPERVISOR: tuple[Permission, ...] = (
    *_AGENT,
    "conversations.all",
    "supervise",
    "approvals",
    "complaints.read",
    "complaints",
    "reports",
    "limits.read",
    "wording.read",
    "understanding",
)
_MANAGER: tuple[Permission, ...] = (
    *_SUPERVISOR,
    "reports.export",
    "limits.edit",
    "wording.edit",
    "settings",
    "audit",
    "understanding.train",
)
_AUDITOR: tuple[Permission, ...] = (
    "own",
    "conversations.read",
    "conversations.all",
    "complaints.read",
    "reports",
    "limits.read",
    "wording.read",
    "audit",
)
_COMPLIANCE: tuple[Permission, ...] = (*_AUDITOR, "complaints", "reports.export", "wording.edit", "personal_data")
_ADMIN: tuple[Permission, ...] = (*_MANAGER, "personal_data", "users", "integrations")

ROLES: Mapping[str, frozenset[Permission]] = {
    "agent": frozenset(_AGENT),
    "supervisor": frozenset(_SUPERVISOR),
    "manager": frozenset(_MANAGER),
    "compliance": frozenset(_COMPLIANCE),
    "admin": frozenset(_ADMIN),
    "auditor": frozenset(_AUDITOR),
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
