"""The records in SQL through SQLAlchemy. The only home of SQLAlchemy and Alembic."""

from pipelines.adapters.records.sql_records import SqlRecords


__all__ = ["SqlRecords"]
