"""Which table of words a language has; one that has none is answered in English."""

from collections.abc import Mapping
from typing import TypeVar


_Table = TypeVar("_Table")


def table_of(tables: Mapping[str, _Table], language: str) -> _Table:
    """
    Return the words of a language, those of English for one without.

    Args:
        tables: code such as `de` -> its words; `en` is among them.
        language: a code such as `de`, `de-AT` or `de_AT`; may be empty.

    """
    return tables.get(language.replace("_", "-").partition("-")[0].lower(), tables["en"])
