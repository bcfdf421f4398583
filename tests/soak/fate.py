"""When a process of the sync machine dies or is held up: before a commit of the records, or after a named step."""

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipelines.adapters.records import SqlRecords
from tests.small_base import Died


class Fate:
    """
    Counts commits and checkpoints of the process that is watched.

    At the `at`th of them `die` ends it; what must not happen within a transaction, `do`,
    happens at the first checkpoint from there on.
    """

    def __init__(self, records: SqlRecords) -> None:
        """Watch the commits of these records."""
        self._left: int | None = None
        self._step = ""
        self._then: Callable[[], None] | None = None
        sa.event.listen(records._db._engine, "commit", self._commit)

    def die(self, at: int) -> None:
        """End the process that begins now at its `at`th step."""
        self._left, self._then = at, None

    def die_after(self, step: str) -> None:
        """End the process that begins now after the first step of this name, if it comes to one."""
        self._step = step

    def do(self, at: int, then: Callable[[], None]) -> None:
        """Do something once, at the `at`th step of the process that begins now, or at the checkpoint after it."""
        self._left, self._then = at, then

    def spare(self) -> None:
        """Let the next process live."""
        self._left = self._then = None
        self._step = ""

    def checkpoint(self, name: str) -> None:
        """Pass a step."""
        self._pass(name)
        if self._then is not None and self._left is not None and self._left <= 0:
            then = self._then
            self.spare()
            then()

    def _commit(self, _connection: Connection) -> None:
        self._pass("commit")

    def _pass(self, name: str) -> None:
        if name == self._step:
            self.spare()
            raise Died(name)
        if self._left is None:
            return
        self._left -= 1
        if self._left < 0 and self._then is None:
            self.spare()
            raise Died(name)
