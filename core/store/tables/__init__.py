"""The tables, a module for each noun. Money is integer minor units beside a currency, times are UTC."""

from core.store.tables.agreements import Approval, InstalmentRow, OfferRow, Payment, Plan, PromiseRow
from core.store.tables.attachments import Attachment
from core.store.tables.audit import Audit
from core.store.tables.base import Table, UtcDateTime
from core.store.tables.cases import Case, CaseFlag, ChatLink, ContactPoint, Creditor, Debtor
from core.store.tables.conversations import Conversation, HandoffRow, Message, Note, Outbox
from core.store.tables.house import HouseVersion
from core.store.tables.integrations import ApiKey, ApiRequest, Webhook, WebhookDelivery
from core.store.tables.people import Session, User
from core.store.tables.policies import Policy, WhatIf
from core.store.tables.reports import Mark, ReportFact, ReportState
from core.store.tables.supervision import (
    Callback,
    Complaint,
    QualityCriterion,
    QualityMark,
    QualityReview,
    QualitySample,
    Whisper,
)
from core.store.tables.teams import Team, TeamHoliday, TeamMember
from core.store.tables.tools import AgentNotice, CannedReply, OutcomeCode, ScheduledMessage
from core.store.tables.understanding import ModelRow, Reading
from core.store.tables.views import DefaultView, SavedView

__all__ = [
    "AgentNotice",
    "ApiKey",
    "ApiRequest",
    "Approval",
    "Attachment",
    "Audit",
    "Callback",
    "CannedReply",
    "Case",
    "CaseFlag",
    "ChatLink",
    "Complaint",
    "ContactPoint",
    "Conversation",
    "Creditor",
    "Debtor",
    "DefaultView",
    "HandoffRow",
    "HouseVersion",
    "InstalmentRow",
    "Mark",
    "Message",
    "ModelRow",
    "Note",
    "OfferRow",
    "Outbox",
    "OutcomeCode",
    "Payment",
    "Plan",
    "Policy",
    "PromiseRow",
    "QualityCriterion",
    "QualityMark",
    "QualityReview",
    "QualitySample",
    "Reading",
    "ReportFact",
    "ReportState",
    "SavedView",
    "ScheduledMessage",
    "Session",
    "Table",
    "Team",
    "TeamHoliday",
    "TeamMember",
    "User",
    "UtcDateTime",
    "Webhook",
    "WebhookDelivery",
    "WhatIf",
    "Whisper",
]
