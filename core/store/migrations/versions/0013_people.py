"""Roles that only read, single sign-on."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | Sequence[str] | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BEFORE = "role IN ('agent', 'supervisor', 'manager', 'admin')"
AFTER = "role IN ('agent', 'supervisor', 'manager', 'compliance', 'admin', 'auditor')"
COLUMNS = (("email", 254), ("sso_issuer", 255), ("sso_subject", 255))


def upgrade() -> None:
    _check_roles(BEFORE, AFTER)
    for name, length in COLUMNS:
        op.execute(f"ALTER TABLE users ADD COLUMN {name} VARCHAR({length})")
    op.create_index("uq_users_email", "users", ["email"], unique=True)
    op.create_index("uq_users_sso", "users", ["sso_issuer", "sso_subject"], unique=True)


def downgrade() -> None:
    """Who only read before cannot be anything but an agent then: their accounts are closed, so that nobody gains."""
    op.drop_index("uq_users_sso", "users")
    op.drop_index("uq_users_email", "users")
    for name, _ in reversed(COLUMNS):
        op.execute(f"ALTER TABLE users DROP COLUMN {name}")
    op.execute("DELETE FROM sessions WHERE user_id IN (SELECT id FROM users WHERE role IN ('compliance', 'auditor'))")
    op.execute("UPDATE users SET role = 'agent', active = false WHERE role IN ('compliance', 'auditor')")
    _check_roles(AFTER, BEFORE)


def _check_roles(before: str, after: str) -> None:
    """Put another rule in the place of the one that says which roles there are."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_users_role_known"), "users", type_="check")
        op.create_check_constraint(op.f("ck_users_role_known"), "users", after)
        return
    _rewrite(connection, before, after)


def _rewrite(connection: sa.Connection, before: str, after: str) -> None:
    """Change the words of a check where SQLite keeps them, as its manual tells for a change that touches no row.

    Making the table anew would need foreign keys off, which cannot be switched inside the transaction of a migration.
    See https://www.sqlite.org/lang_altertable.html, section 7.
    """
    version = int(connection.exec_driver_sql("PRAGMA schema_version").scalar_one())
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'users' AND instr(sql, ?)",
        (before, after, before),
    )
    if changed.rowcount != 1:
        raise RuntimeError("The table of accounts is not as the migrations made it.")
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
