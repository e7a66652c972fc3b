"""Words for files and how they stand."""

from collections.abc import Mapping

from console.i18n import N_

DESK_LIMITS = (
    "max_instalments",
    "max_term_days",
    "min_instalment",
    "max_days_to_first_payment",
    "min_settlement_share",
    "min_settlement_share_instalments",
    "frequencies",
)
"""The limits that an agent at the plan desk asks about first, in the order in which they are asked about."""

FILE_STATES: Mapping[str, str] = {
    "awaited": N_("The channel still has it; it is being fetched."),
    "waiting": N_("The scanner is looking at it."),
    "infected": N_("The scanner says that it is harmful. It stays closed."),
    "refused": N_("It is too large, or neither a picture nor a PDF."),
}
