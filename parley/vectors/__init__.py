"""`parley vectors FILE`: recompute worked examples with the house's own calculator, one answer a row.

A row is computed from its inputs alone, by the general rule its type, method or rule names; what the file expects is
read only for its shape. The answer has that shape, with all digits.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from core.errors import InvalidInput, ParleyError
from parley.vectors import offers, plans, rates

Row = dict[str, Any]
Compute = Callable[[Row, dict[str, Row]], Any]

_SECTIONS: dict[str, Compute] = {
    "us_actuarial": rates.us_actuarial_row,
    "eu_uk_aprc": rates.aprc_row,
    "xirr": rates.xirr_row,
    "irr": rates.xirr_row,
    "instalments": plans.instalment_row,
    "payment_allocation": plans.allocation_row,
    "due_dates": plans.due_dates_row,
    "day_count": plans.day_count_row,
    "npv_offers": offers.npv_row,
}


def run_vectors(path: Path) -> Iterator[dict[str, Any]]:
    """One {"section", "id", "computed"} for each row of the file, in its order, ready for JSON.

    A row that cannot be computed has computed None and says why in "error". InvalidInput when the file is no such file.
    """
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(data, dict):
        raise InvalidInput("Give a YAML file of sections, each a list of rows.", path=str(path))
    for section, rows in data.items():
        if not isinstance(rows, list):
            continue
        by_id = {str(row.get("id")): row for row in rows if isinstance(row, dict)}
        for row in rows:
            yield _answer(section, row, by_id)


def _answer(section: str, row: Any, siblings: dict[str, Row]) -> dict[str, Any]:
    answer: dict[str, Any] = {"section": section, "id": row.get("id") if isinstance(row, dict) else None}
    try:
        if section not in _SECTIONS:
            raise InvalidInput("No rule computes rows of this section.", section=section)
        answer["computed"] = _SECTIONS[section](row, siblings)
    except ParleyError as error:
        answer |= {"computed": None, "error": f"{error} {error.data or ''}".strip()}
    except (ArithmeticError, AttributeError, KeyError, LookupError, TypeError, ValueError) as error:
        answer |= {"computed": None, "error": f"The row cannot be read: {type(error).__name__}: {error}"}
    return answer
