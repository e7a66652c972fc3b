"""What is asked of the database while something is done."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from core.work import Works


@contextmanager
def statements(works: Works) -> Iterator[list[str]]:
    """The SQL that is executed meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    event.listen(works.engine.sync_engine, "before_cursor_execute", note)
    yield seen
    event.remove(works.engine.sync_engine, "before_cursor_execute", note)
