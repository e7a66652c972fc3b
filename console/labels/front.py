"""Words for files and how they stand."""

from collections.abc import Mapping

from console.i18n import N_

FILE_STATES: Mapping[str, str] = {
    "awaited": N_("The channel still has it; it is being fetched."),
    "waiting": N_("The scanner is looking at it."),
    "infected": N_("The scanner says that it is harmful. It stays closed."),
    "refused": N_("It is too large, or neither a picture nor a PDF."),
}
