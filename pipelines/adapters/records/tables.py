"""What all tables of the records have in common. Knows none of them."""

from typing import Any

import sqlalchemy as sa


METADATA = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def number() -> sa.Column[int]:
    """Return the primary key of a table whose numbers are never given again."""
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=True)


def only(state: str) -> dict[str, Any]:
    """Return what limits an index to the rows in one state."""
    where = sa.text(f"state = '{state}'")
    return {"sqlite_where": where, "postgresql_where": where}
