"""
An installation as one object: everything that can be asked of it.

What it is made of stands in `part_wiring`; what takes more than a few lines, in a module of its own.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Answer, Principal, Question
from pipelines.domain.index_places import Engine
from pipelines.domain.jobs import SyncProgress
from pipelines.domain.knowledge import KnowledgeBase, SyncResult
from pipelines.domain.source_options import NO_OPTIONS, SourceOptions
from pipelines.errors import NotAllowed, StorageDamaged
from pipelines.part_wiring import FootnoteParts
from pipelines.retrieval.lost_rows import require_rows
from pipelines.settings import Settings


if TYPE_CHECKING:
    from pipelines.adapters.weaviate_index import WeaviateIndex
    from pipelines.answering.replaying import Replay
    from pipelines.answering.telling import Watcher
    from pipelines.domain.handed_files import HandedFile
    from pipelines.domain.model_probe import ModelProbe
    from pipelines.job_wiring import Jobs
    from pipelines.passing import FileQuestions


class Footnote(FootnoteParts):
    """Footnote as one installation's settings describe it. Close it, or use it with `with`."""

    def ask(self, question: Question, watcher: "Watcher | None" = None) -> Answer:
        """
        Return the one outcome of a question, and record it; `watcher` hears it while it is written.

        Raises:
            BadInput: the question is empty or too long.
            NotFound: a base was named that this person cannot read, or that does not exist.
            CallCancelled: the watcher wants it no longer.

        """
        return self.answering.ask(question, watcher)

    def ask_about(self, question: Question, files: "Sequence[HandedFile]", watcher: "Watcher | None" = None) -> Answer:
        """
        Return the one outcome of a question from files that came with it; neither it nor they are kept.

        Raises:
            BadInput: the question is empty or too long.
            NoFileRead: of the files none could be read.
            CallCancelled: the watcher wants it no longer.

        """
        return self._file_questions.ask(question, files, watcher)

    def drop_left_files(self) -> int:
        """Delete what questions about files left whose process was killed; return how many those were."""
        return self._file_questions.sweep()

    @cached_property
    def _file_questions(self) -> "FileQuestions":
        from pipelines.passing import FileQuestions

        return FileQuestions(self, self._clock)

    def warm_up(self) -> None:
        """
        Open what the first question needs by searching for something; afterwards several threads may ask.

        Raises:
            FootnoteError: nothing can be searched now.

        """
        self.answering.retrieve(Question("warm up", OPERATOR))

    def add_base(
        self, name: str, source: Path | str, principal: Principal, options: SourceOptions = NO_OPTIONS
    ) -> KnowledgeBase:
        """
        Create a base over a folder, a repository, a web site or files to be handed in, after a look at it.

        Raises:
            BadInput: the name, the source or an option cannot be used.
            SourceUnreadable: the source is not there, or cannot be reached; nothing is added.

        """
        _require_admin(principal)
        self.erase_removed()
        found = self.sources.recognise(source, options)
        self.sources.check(found)
        base = self.records.bases.add(name, found.kind, found.location, principal, found.options)
        details = {found.kind: found.location, **found.options.as_json()}
        self.records.answers.audit(principal, "kb add", base.name, details)
        return base

    def upload(self, name: str, files: Sequence[Path], principal: Principal) -> tuple[str, ...]:
        """
        Hand files in to a base that was added for that; the next sync reads them.

        Returns:
            The paths under which they are kept: their names, in the order given.

        Raises:
            BadInput: the base has another source, or a file cannot be taken; those before it are.
            NotFound: there is no such base or file.

        """
        _require_admin(principal)
        base = self.records.bases.get(name)
        place = self.sources.uploads(self.records.bases.source(base.id))
        names = tuple(place.take(file) for file in files)
        self.records.answers.audit(principal, "kb upload", base.name, {"files": list(names)})
        return names

    def remove_base(self, name: str, principal: Principal) -> None:
        """
        Take a base from everybody and erase it.

        Raises:
            NotFound: there is none of this name.

        """
        _require_admin(principal)
        base = self.records.bases.get(name)
        self.records.bases.hide(base.id)
        self.records.answers.audit(principal, "kb remove", base.name, {})
        self.erase_removed()

    def erase_removed(self) -> None:
        """Erase bases that were removed, also those that a killed process left behind."""
        for kb in self.records.bases.hidden():
            self.indexes.drop(kb)
            # Files first: killed in between, the records still say what is left. Where another base's
            # sync stores the same bytes just now, its next one stores them again.
            for name in self.records.bases.own_blobs(kb):
                self.records.uploads.delete_unused(name, self.blobs.delete)
            self.sources.forget(self.records.bases.source(kb))
            self.records.bases.erase(kb)

    def sync(
        self,
        name: str,
        *,
        dry_run: bool = False,
        accept_loss: bool = False,
        progress: Callable[[SyncProgress], None] = lambda _: None,
    ) -> SyncResult:
        """
        Bring a base up to its source, or say what that would do.

        Done here unless another process does it; then that one's progress is told until it ends.

        Raises:
            SourceUnreadable: the source cannot be listed, or lost much; what readers see stays.

        """
        base = self.records.bases.get(name)
        if dry_run:
            return self.jobs.preview(base, progress)
        return self.jobs.sync(base, progress, accept_loss=accept_loss)

    @cached_property
    def jobs(self) -> "Jobs":
        """What is left to workers, and what they do."""
        from pipelines.job_wiring import Jobs

        return Jobs(self, self._clock)

    def replay(self, number: int | None, who: Principal) -> "Replay":
        """
        Ask a recorded question again, with the rights that were recorded.

        Raises:
            NotFound: there is no such answer.

        """
        from pipelines.answering.replaying import replay

        recorded = self.records.answers.get(number)
        return replay(recorded, who, records=self.records, blobs=self.blobs, answering=self.answering)

    def probe_model(self, name: str, *, tuned: bool = False) -> "ModelProbe":
        """
        Call a language model that is set, or that a route names, once.

        Args:
            name: as its server knows it.
            tuned: it is a route's, and asked for where those are.

        Raises:
            BadSettings: its server refuses the name or the key, or none is set.
            FootnoteError: any other reason why no whole reply came.

        """
        from pipelines.model_wiring import probe_model

        return probe_model(self.settings, name, self._clock, tuned=tuned)

    def check_cache_server(self) -> str | None:
        """
        Look at the Redis that `REDIS_URL` names; return a warning, or None if all is well.

        Raises:
            BadSettings: it refuses what it is asked, or there is no such database.
            TransientError: it does not answer.

        """
        from pipelines.adapters.redis_check import check_cache

        url, broker = self.settings.redis_url, self.settings.broker_url
        return check_cache(url.get_secret_value(), broker) if url and broker else None

    def check_broker_server(self, *, claim: bool = False) -> None:
        """
        Look at the Redis of the workers' queues; `claim` marks it as this installation's.

        Raises:
            BadSettings: it may drop jobs, is another installation's, refuses what it is
                asked, or there is no such database.
            TransientError: it does not answer.

        """
        from pipelines.adapters.redis_check import check_broker

        if self.settings.broker_url:
            check_broker(self.settings.broker_url, self.records.installation, claim=claim)

    def check_index(self) -> None:
        """
        Look whether questions can be asked of the index now, over the connection that they use; nothing is made.

        Raises:
            StorageDamaged: the index, or its file, lost what the records know.
            FootnoteError: they cannot.

        """
        place, scope = self.indexes.place(), self.records.access.scope(OPERATOR)
        file = self.indexes.file(place.generation)
        if place.engine is Engine.SQLITE and not file.exists():
            # To open it would make it. Until a first sync has ended there may be none, and no question needs it.
            if scope.versions:
                self.indexes.check_folder()
                raise StorageDamaged(
                    f"{file} is gone: start this process again and sync each knowledge base, which writes it anew"
                )
        elif not self.index.has_rows():
            require_rows(self.records, scope, lambda _: 0)

    def check_index_server(self) -> None:
        """
        Look at the Weaviate that holds the index, if one does; nothing is made, and this process may fork afterwards.

        Raises:
            BadSettings: its address is not set, it refuses the key, or what answers there is no Weaviate.
            StorageDamaged: its collection is another program's, release's or installation's, or was changed.
            TransientError: it does not answer.

        """
        if self.indexes.place().engine is not Engine.WEAVIATE:
            return
        with closing(cast("WeaviateIndex", self.indexes.open(Engine.WEAVIATE))) as index:
            index.look()

    def check_stored_files(self) -> None:
        """
        Look whether all files that are kept are this installation's; nothing is written.

        Raises:
            BadSettings: they are another installation's, or in another folder.
            TransientError: their place cannot be read.

        """
        self._own_blobs[1].check()

    def check_before_work(self) -> tuple[str, ...]:
        """
        Look whether this process may take jobs; return what is away for now (`pipelines.fitness`).

        Raises:
            FootnoteError: it may not, or the records do not answer.

        """
        from pipelines.fitness import check_before_work

        return check_before_work(self)


def open_footnote(settings: Settings) -> Footnote:
    """Return Footnote as the settings describe it; nothing is opened yet."""
    return Footnote(settings)


def _require_admin(principal: Principal) -> None:
    if not principal.admin:
        raise NotAllowed("only an admin manages knowledge bases")
