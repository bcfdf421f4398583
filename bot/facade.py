"""
What Footnote can do, as the chat platforms see it.

`pipelines.wiring.Footnote` is the real one. Code of `bot` asks for this much and no
more, so that a test needs no database.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pipelines.domain.alerts import Alert
from pipelines.domain.conversation import Answer, Principal, Question
from pipelines.domain.index_places import Engine, IndexPlace, MoveProgress
from pipelines.domain.jobs import Job, SyncProgress
from pipelines.domain.knowledge import KnowledgeBase, SyncResult
from pipelines.domain.model_probe import ModelProbe
from pipelines.domain.source_options import SourceOptions
from pipelines.ports.comforts import Comforts
from pipelines.ports.records import Records


if TYPE_CHECKING:
    from pipelines.answering.replaying import Replay
    from pipelines.answering.telling import Watcher
    from pipelines.domain.handed_files import HandedFile
    from pipelines.domain.index_generations import Generation
    from pipelines.generation_wiring import GenerationState
    from pipelines.index_wiring import IndexState
    from pipelines.operation.job_process import JobProcess
    from pipelines.operation.moving import Moved
    from pipelines.ports.blobs import Blobs
    from pipelines.ports.chunk_index import ChunkIndex
    from pipelines.ports.embedder import Embedder
    from pipelines.settings import Settings


class Jobs(Protocol):
    """The jobs of an installation."""

    def submit_sync(self, name: str, *, accept_loss: bool = False) -> Job:
        """
        Leave a sync to the workers, or to the job process.

        Raises:
            NotFound: there is no such base.

        """

    def alert(self, kb: int) -> Alert | None:
        """Return why the syncs of a base need a person; None if they do not."""

    def process(self, wait: Callable[[float], None], stopping: Callable[[], bool]) -> "JobProcess":
        """Return the work of the job process; `wait` waits so many seconds, or until `stopping` says to end."""


class Indexes(Protocol):
    """Which engine holds the index, and how it is moved."""

    def place(self) -> IndexPlace:
        """Return where the index is."""

    def state(self) -> "IndexState":
        """Return where the index is, and how many rows the engines hold."""

    def move(self, engine: Engine, *, rebuild: bool = False, progress: Callable[[MoveProgress], None] = ...) -> "Moved":
        """
        Move the index to an engine; return when it is in use. What the other one holds stays.

        Raises:
            BadInput: it is there already.
            BadSettings: an engine's address is not set, or it was made with another embedder.
            Busy: another process moves it.

        """

    def confirm(self) -> bool:
        """
        Delete what the engine that is not in use holds; False where it can only be forgotten.

        Raises:
            BadInput: it holds nothing of ours.
            StorageDamaged: the index in use lacks what readers see.

        """


class Generations(Protocol):
    """What the index is made with, and how that is changed."""

    def state(self) -> "GenerationState":
        """Return what the index is made with, and what is wanted."""

    def embedder(self) -> "Embedder | None":
        """Return the embedder of the index in use; None for words only. One that is gone says so when it is asked."""

    def rebuild(self, *, back: bool = False, progress: Callable[[MoveProgress], None] = ...) -> "Moved":
        """
        Make the index anew as it is wanted; return when it is in use. What it was is kept.

        Raises:
            BadInput: it is as it is wanted, nothing is kept to go back to, or something else is kept.
            BadSettings: the embedder cannot be opened.
            Busy: another process moves or rebuilds the index.

        """

    def confirm(self) -> "Generation":
        """
        Delete the generation that is not in use; return it.

        Raises:
            BadInput: there is none.
            StorageDamaged: the index in use lacks what readers see.

        """


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
    def indexes(self) -> Indexes:
        """Which engine holds the index, and how it is moved."""

    @property
    def generations(self) -> Generations:
        """What the index is made with, and how that is changed."""

    @property
    def blobs(self) -> "Blobs":
        """Original files and stored texts."""

    @property
    def comforts(self) -> Comforts:
        """Remembered answers, rate budgets and announcements; all of it may be lost at any second."""

    @property
    def embedder(self) -> "Embedder | None":
        """The embedding model that the settings want; None for words only. That of the index may be another."""

    @property
    def worker(self) -> str:
        """The name under which this process holds what it works on."""

    def warm_up(self) -> None:
        """
        Open what the first question needs, so that it does not wait for that; afterwards several threads may ask.

        Raises:
            FootnoteError: nothing can be searched now.

        """

    def ask(self, question: Question, watcher: "Watcher | None" = None) -> Answer:
        """
        Return the one outcome of a question, recorded; `watcher` hears it while it is written.

        Raises:
            BadInput: the question is empty or too long.
            CallCancelled: the watcher wants it no longer.

        """

    def ask_about(self, question: Question, files: "Sequence[HandedFile]", watcher: "Watcher | None" = None) -> Answer:
        """
        Return the one outcome of a question from files that came with it; neither it nor they are kept.

        Raises:
            BadInput: the question is empty or too long.
            NoFileRead: of the files none could be read.
            CallCancelled: the watcher wants it no longer.

        """

    def drop_left_files(self) -> int:
        """Delete what questions about files left whose process was killed; return how many those were."""

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

    def sync(
        self,
        name: str,
        *,
        dry_run: bool = False,
        accept_loss: bool = False,
        progress: Callable[[SyncProgress], None] = ...,
    ) -> SyncResult:
        """
        Bring a base up to date with its source: here, or by watching the process that does it.

        Args:
            name: the base's.
            dry_run: change nothing, and say what would change.
            accept_loss: go on although the source lost much, or all.
            progress: told how far it is.

        Raises:
            NotFound: there is no such base.
            SourceUnreadable: the source as a whole cannot be listed, or lost much.

        """

    @property
    def jobs(self) -> "Jobs":
        """What is left to workers, and what they do."""

    def remove_base(self, name: str, principal: Principal) -> None:
        """
        Take a base from everybody and erase it.

        Raises:
            NotFound: there is no such base.

        """

    def check_stored_files(self) -> None:
        """
        Look whether all files that are kept are this installation's; nothing is written.

        Raises:
            BadSettings: they are another installation's.
            TransientError: their place cannot be read.

        """

    def replay(self, number: int | None, who: Principal) -> "Replay":
        """
        Ask a recorded question again, with the rights that were recorded; the newest without a number.

        Raises:
            NotFound: there is no such answer.

        """

    def probe_model(self, name: str, *, tuned: bool = False) -> ModelProbe:
        """
        Call a language model that is set, or that a route names, once.

        Args:
            name: as its server knows it.
            tuned: it is a route's, and asked for where those are.

        Raises:
            BadSettings: its server refuses the name or the key, or none is set.
            FootnoteError: any other reason why no whole reply came.

        """

    def check_cache_server(self) -> str | None:
        """
        Look at the Redis that `REDIS_URL` names; return a warning, or None if all is well.

        Raises:
            BadSettings: it refuses what it is asked, or there is no such database.
            TransientError: it does not answer.

        """

    def check_index(self) -> None:
        """
        Look whether questions can be asked of the index now, over the connection that they use; nothing is made.

        Raises:
            FootnoteError: they cannot.

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
