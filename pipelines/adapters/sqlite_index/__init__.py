"""The embedded index: one SQLite file, words by FTS5 and vectors by NumPy. No other package knows its tables."""

from pipelines.adapters.sqlite_index.index import SqliteIndex, delete_index
from pipelines.adapters.sqlite_index.looking import holds_rows, written_identity
from pipelines.domain.index_identity import IndexIdentity


__all__ = ["IndexIdentity", "SqliteIndex", "delete_index", "holds_rows", "written_identity"]
