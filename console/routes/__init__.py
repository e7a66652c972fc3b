"""The routes, one file for each place in the console. None of them knows another."""

from collections.abc import Iterator

from fastapi import APIRouter
from fastapi.routing import APIRoute

from console.routes import (
    approvals,
    attachments,
    audit,
    composing,
    contact_rules,
    conversations,
    desk,
    followups,
    health,
    house_versions,
    inbox,
    integrations,
    kept_replies,
    limits,
    live,
    login,
    mentions,
    models,
    outcome_codes,
    passing_on,
    policy_versions,
    preferences,
    presence,
    quality,
    reports,
    search,
    teams,
    understanding,
    users,
    wall,
    what_ifs,
    whispers,
    wording,
)

ROUTERS: tuple[APIRouter, ...] = (
    login.router,
    inbox.router,
    search.router,
    conversations.router,
    composing.router,
    passing_on.router,
    kept_replies.router,
    outcome_codes.router,
    mentions.router,
    desk.router,
    attachments.router,
    approvals.router,
    wall.router,
    whispers.router,
    quality.router,
    followups.router,
    reports.router,
    limits.router,
    policy_versions.router,
    what_ifs.router,
    understanding.router,
    models.router,
    audit.router,
    users.router,
    integrations.router,
    teams.router,
    presence.router,
    preferences.router,
    wording.router,
    contact_rules.router,
    house_versions.router,
    live.router,
    health.router,
)


def every_route() -> Iterator[APIRoute]:
    """Each route of the console."""
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute):
                yield route
