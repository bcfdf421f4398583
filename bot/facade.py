"""
What Footnote can do, as the chat platforms see it.

`pipelines.wiring.Footnote` is the real one. Code of `bot` asks for this much and no
more, so that a test needs no database.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pipelines.domain.conversation import Answer, Principal, Question
from pipelines.domain.jobs import SyncProgress
from pipelines.domain.knowledge import KnowledgeBase, SyncResult
from pipelines.domain.source_options import SourceOptions
from pipelines.ports.records import Records


if TYPE_CHECKING:
    from pipelines.ports.blobs import Blobs
    from pipelines.ports.chunk_index import ChunkIndex
    from pipelines.ports.embedder import Embedder
    from pipelines.settings import Settings


class Footnote(Protocol):
    """An installation. Each part is opened when it is first asked for; errors are `pipelines.errors`."""

    @property
    def settings(self) -> "Settings":
        """The settings that it was opened with."""

    @property
    def records(self) -> Records:
        """Bases, rights, syncs, jobs, answers."""

    @property
    def index(self) -> "ChunkIndex":
        """The index."""

    @property
    def blobs(self) -> "Blobs":
        """Original files and stored texts."""

    @property
    def embedder(self) -> "Embedder | None":
        """The embedding model; None where words only are searched."""

    def ask(self, question: Question) -> Answer:
        """Return the one outcome of a question."""

    def add_base(
        self, name: str, source: Path | str, principal: Principal, options: SourceOptions = ...
    ) -> KnowledgeBase:
        """
        Create a base over a source that its creator and admins may read.

        Raises:
            BadInput: the name, the source or an option cannot be used.
            SourceUnreadable: the source is not there, or cannot be reached.

        """

    def upload(self, name: str, files: Sequence[Path], principal: Principal) -> tuple[str, ...]:
        """
        Hand files in to a base that was added for that; return the paths under which they are kept.

        Raises:
            BadInput: the base has another source, or a file cannot be taken.
            NotFound: there is no such base or file.

        """

    def sync(self, name: str, *, dry_run: bool = False, progress: Callable[[SyncProgress], None] = ...) -> SyncResult:
        """
        Bring a base up to date with its source.

        Raises:
            NotFound: there is no such base.
            Busy: another process syncs it now.
            SourceUnreadable: the source as a whole cannot be listed.

        """

    def remove_base(self, name: str, principal: Principal) -> None:
        """
        Take a base from everybody and erase it.

        Raises:
            NotFound: there is no such base.

        """

    def check_cache_server(self) -> str | None:
        """
        Look at the Redis that `REDIS_URL` names; return a warning, or None if all is well.

        Raises:
            BadSettings: it refuses what it is asked, or there is no such database.
            TransientError: it does not answer.

        """

    def check_broker_server(self) -> None:
        """
        Look at the Redis of the workers' queues.

        Raises:
            BadSettings: it may drop jobs, is another installation's, refuses what it is
                asked, or there is no such database.
            TransientError: it does not answer.

        """

    def close(self) -> None:
        """Release files, connections and processes."""
