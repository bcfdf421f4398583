"""What each generation of the index was made with, in SQL."""

import sqlalchemy as sa

from pipelines.adapters.records import schema as t
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.dialects import insert_new
from pipelines.domain.index_generations import Generation


class SqlGenerations:
    """`ports.index_generations.GenerationRecords` over SQLAlchemy."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, number: int) -> Generation | None:
        """Return a generation; None where nothing was written of it."""
        with self._db.look() as c:
            row = c.execute(_row(number)).mappings().first()
        return None if row is None else Generation(**row)

    def put(self, generation: Generation) -> Generation:
        """Write a generation unless one of its number was written before; return what holds."""
        maker = None if generation.maker is None else dict(generation.maker)
        values = {
            "number": generation.number,
            "embedder": generation.embedder,
            "dimensions": generation.dimensions,
            "analyser": generation.analyser,
            "maker": maker,
        }
        with self._db.write() as c:
            c.execute(insert_new(c, t.index_generations).values(values))
            return Generation(**c.execute(_row(generation.number)).mappings().one())

    def next(self) -> int:
        """Return a number that no generation has, at least 1."""
        with self._db.look() as c:
            newest = c.execute(sa.select(sa.func.max(t.index_generations.c.number))).scalar()
        return int(newest or 0) + 1


def _row(number: int) -> "sa.Select[tuple[object, ...]]":
    return sa.select(t.index_generations).where(t.index_generations.c.number == number)
