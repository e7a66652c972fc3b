"""Reports on the busy morning of the office: each figure by hand, and the number, the rows and the file the same."""

import csv
import re
from html import unescape
from io import BytesIO, StringIO
from urllib.parse import urlencode

import pytest
from python_calamine import CalamineWorkbook

from console.queries.reports.measures import MEASURES
from tests.console.conftest import SignIn, words
from tests.console.office import Office
from tests.console.test_inbox import statements
from tests.console.test_reports_counting import count_all

DAYS = {"since": "2026-11-20", "until": "2026-11-24", "zone": "UTC"}


def address(tab: str, **fields: str) -> str:
    """A page of reports on those days."""
    return f"/reports?{urlencode({'tab': tab, **DAYS, **fields})}"


@pytest.mark.parametrize("tab", ["agreements", "money", "service", "care"])
async def test_no_report_needs_more_than_eight_statements(tab: str, sign_in: SignIn, office: Office) -> None:
    await count_all(office.works)
    browser = await sign_in("max")
    with statements(office.works) as seen:
        answer = await browser.get(address(tab))
    assert answer.status_code == 200
    asked = [statement for statement in seen if not statement.startswith(("BEGIN", "PRAGMA"))]
    assert len(asked) <= 8, asked
