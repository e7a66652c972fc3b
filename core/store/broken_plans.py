"""Whether a plan of a case was broken, as a part of larger queries."""

from sqlalchemy import ColumnElement, SQLColumnExpression, exists, select

from core.store.tables import InstalmentRow, Plan


def has_broken_plan(case_id: int | SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Whether a plan of the case was broken, or has a payment that was missed and is still owed."""
    missed = InstalmentRow.missed_on.is_not(None) & (InstalmentRow.paid < InstalmentRow.amount)
    return exists(
        select(Plan.id)
        .outerjoin(InstalmentRow, InstalmentRow.plan_id == Plan.id)
        .where(Plan.case_id == case_id, (Plan.state == "broken") | missed)
    )
