"""The embedded index: one SQLite file, words by FTS5 and vectors by NumPy. No other package knows its tables."""

from pipelines.adapters.sqlite_index.identity import IndexIdentity
from pipelines.adapters.sqlite_index.index import SqliteIndex


__all__ = ["IndexIdentity", "SqliteIndex"]
