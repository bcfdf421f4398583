"""
Types of columns, the same in every database and in the migrations: never changed, since old revisions speak of them.

Text is compared and ordered by its characters' numbers: on PostgreSQL by the collation
"C", as SQLite does; an index then also outlives an update of the system's collations.
"""

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from pipelines.domain.characters import has_surrogates


_REPLACED = "\ufffd"
_NOT_STORED = re.compile("[\x00\ud800-\udfff]")


def words(length: int) -> sa.String:
    """Return the type of a short text that is compared: a key, a hash, a name."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def text() -> sa.Text:
    """Return the type of a text of any length."""
    return sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def is_storable(value: str) -> bool:
    """Say whether every database stores this text as it is: PostgreSQL takes no NUL, none takes half a character."""
    return "\x00" not in value and not has_surrogates(value)


class FreeText(TypeDecorator[str]):
    """
    Text that people wrote, or that came out of a file or an error, and that nothing is found by.

    Characters that not every database stores become U+FFFD.
    """

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:  # noqa: ANN401 - the library's signature
        """Return the type in one database."""
        return dialect.type_descriptor(text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - as above
        """Return the text as it is stored."""
        if value is None or is_storable(value):
            return value
        return _NOT_STORED.sub(_REPLACED, value)
