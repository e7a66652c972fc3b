"""The routes, one file for each place in the console. None of them knows another."""

from fastapi import APIRouter

from console.routes import approvals, audit, conversations, desk, health, inbox, limits, live, login, users

ROUTERS: tuple[APIRouter, ...] = (
    login.router,
    inbox.router,
    conversations.router,
    desk.router,
    approvals.router,
    limits.router,
    audit.router,
    users.router,
    live.router,
    health.router,
)
