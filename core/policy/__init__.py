"""The managers' limits as values: which rule applies, what is outside and by how much, who may grant more. Pure."""

from core.policy.authority import SUPERVISOR_STRETCH, Stretch, beyond_law, may_approve
from core.policy.ceilings import CEILINGS, Ceiling, legal_ceilings, under_ceilings
from core.policy.check import (
    Payment,
    Proposal,
    breach,
    check,
    check_promise,
    least_instalment,
    least_total,
    most_waived,
)
from core.policy.choose import market_of, select
from core.policy.codec import (
    FIELDS,
    Change,
    diff,
    limits_from_json,
    limits_to_json,
    merge,
    version_from_json,
    version_to_json,
)
from core.policy.defaults import DEFAULT_VERSION
from core.policy.limits import Breach, Grant, Limits, Market, PolicyVersion, Rule
from core.policy.validate import Problem, validate_limits

__all__ = [
    "CEILINGS",
    "DEFAULT_VERSION",
    "FIELDS",
    "SUPERVISOR_STRETCH",
    "Breach",
    "Ceiling",
    "Change",
    "Grant",
    "Limits",
    "Market",
    "Payment",
    "PolicyVersion",
    "Problem",
    "Proposal",
    "Rule",
    "Stretch",
    "beyond_law",
    "breach",
    "check",
    "check_promise",
    "diff",
    "least_instalment",
    "least_total",
    "legal_ceilings",
    "limits_from_json",
    "limits_to_json",
    "market_of",
    "may_approve",
    "merge",
    "most_waived",
    "select",
    "under_ceilings",
    "validate_limits",
    "version_from_json",
    "version_to_json",
]
