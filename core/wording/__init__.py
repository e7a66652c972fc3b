"""Decision to text: the reviewed catalogue of everything that a debtor reads, and how its values are shown."""

from core.wording.render import (
    BEFORE_IDENTITY,
    LANGUAGES,
    Rendered,
    catalogue,
    date_text,
    discloses,
    money_text,
    product_name,
    render,
    say,
)
from core.wording.terms import components_text, steps_text
from core.wording.texts import TextProblem, Texts, outgrown, text_problems, variables, with_changes

__all__ = [
    "BEFORE_IDENTITY",
    "LANGUAGES",
    "Rendered",
    "TextProblem",
    "Texts",
    "catalogue",
    "components_text",
    "date_text",
    "discloses",
    "money_text",
    "outgrown",
    "product_name",
    "render",
    "say",
    "steps_text",
    "text_problems",
    "variables",
    "with_changes",
]
