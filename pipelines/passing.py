"""
Questions about files that come with them: an installation for the length of one question.

The part of the wiring that knows it. What is handed in is read, answered from, and deleted, whatever
happens; of the host's own records none changes but the number of the person's answers.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from pipelines.adapters.parser_processes import ProcessParser
from pipelines.adapters.passing_folders import PassingFolders
from pipelines.answering.personal_usage import PersonalUsage
from pipelines.answering.refusing import NOT_FOUND, NOT_IN_FILES, NOT_SAID
from pipelines.answering.telling import Nobody, Telling, Watcher
from pipelines.domain.access import OPERATOR
from pipelines.domain.citations import Citation
from pipelines.domain.conversation import Answer, ClosestDocument, Principal, Question
from pipelines.domain.handed_files import HandedFile, NoFileRead, UnreadFile
from pipelines.errors import PermanentError, TransientError
from pipelines.ingestion.handed import READ_S, Handed, ReadBefore, read_handed
from pipelines.ports.clock import Clock
from pipelines.setting_groups import CacheSettings
from pipelines.settings import Settings
from pipelines.source_wiring import UPLOAD
from pipelines.wiring import Footnote


if TYPE_CHECKING:
    from pipelines.ports.embedder import Embedder


EMBEDDED_CHARS = 30_000
"""
Characters of all files up to which their passages are embedded; beyond, they are found by words alone.

They are 40 passages, which take 1.5 s of a core by the own model.
"""

_BASE = "files"
_FOLDER = "passing"

_log = logging.getLogger(__name__)


class FileQuestions:
    """Answers questions about files, for one installation. Safe between threads."""

    def __init__(self, host: Footnote, clock: Clock) -> None:
        """
        Take the installation that is asked.

        Args:
            host: whose settings, models and folder are used.
            clock: the time.

        """
        self._host = host
        self._clock = clock
        self._folders = PassingFolders(host.settings.data_dir / _FOLDER)
        self._empty = _EmptyRecords()

    def ask(self, question: Question, files: Sequence[HandedFile], watcher: Watcher | None = None) -> Answer:
        """
        Return the one outcome of a question, from files alone. It is not recorded.

        Args:
            question: it; of who asks the name counts alone, since who hands a file in may read it.
            files: at least one.
            watcher: shows what a model writes while it does.

        Raises:
            BadInput: the question is empty or too long.
            NoFileRead: of the files none could be read.
            CallCancelled: the watcher wants it no longer.

        """
        self._host.answering.check(question)
        telling = Telling(self._clock.monotonic(), watcher)
        limits = self._host.settings.parse_limits
        # Processes of its own: what one person's file may do to them reaches nobody else's.
        with closing(ProcessParser(replace(limits, parse_seconds=min(limits.parse_seconds, READ_S)))) as parser:
            handed = read_handed(files, parser, self._clock, telling.check_wanted)
        if not handed.files:
            raise NoFileRead(handed.unread)
        with ExitStack() as stack:
            installation, unread = self._filled(stack, handed, telling)
            answer = installation.ask(_of_files(question), _FilesRead(watcher or Nobody()))
        return _shown(answer, (*handed.unread, *unread))

    def sweep(self) -> int:
        """Delete what questions left whose process was killed; return how many those were."""
        return self._folders.sweep()

    def _filled(self, stack: ExitStack, handed: Handed, telling: Telling) -> tuple[Footnote, tuple[UnreadFile, ...]]:
        """Return an installation that holds the files, and those that it did not take."""
        embedder = self._host.generations.embedder() if handed.characters <= EMBEDDED_CHARS else None
        if embedder is not None:
            try:
                return self._filled_by(stack, handed, embedder, telling)
            except (TransientError, PermanentError) as fault:
                if isinstance(fault, NoFileRead):
                    raise
                _log.warning("files are searched by words only: %s", fault)
        return self._filled_by(stack, handed, None, telling)

    def _filled_by(
        self, stack: ExitStack, handed: Handed, embedder: "Embedder | None", telling: Telling
    ) -> tuple[Footnote, tuple[UnreadFile, ...]]:
        installation = stack.enter_context(self._opened(handed, embedder))
        base = installation.add_base(_BASE, UPLOAD, OPERATOR)
        place = installation.sources.uploads(installation.records.bases.source(base.id))
        for file in handed.files:
            place.put(file.name, file.data)
        result = installation.sync(_BASE, progress=lambda _: telling.check_wanted())
        unread = tuple(UnreadFile(one.path, one.reason) for one in result.rejected)
        if len(unread) >= len(handed.files):
            raise NoFileRead((*handed.unread, *unread))
        return installation, unread

    @contextmanager
    def _opened(self, handed: Handed, embedder: "Embedder | None") -> Iterator[Footnote]:
        with self._folders.one() as folder:
            settings = _settings(self._host.settings, folder / "data", by_words=embedder is None)
            self._empty.put(settings, self._clock)
            with Footnote(settings, self._clock) as installation:
                # What costs much to open, and what counts persons' answers, is the host's.
                installation.embedder = embedder
                installation.parser = ReadBefore(handed.reads)
                installation.chat_models = self._host.chat_models
                installation.model_usage = PersonalUsage(self._host.records.model_usage)
                yield installation


class _FilesRead:
    """Watches for somebody else: of what is found, it tells no base and no document of an installation that passes."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self.said = watcher.said
        self.started_over = watcher.started_over
        self.stopped = watcher.stopped

    def found(self, passages: int, _documents: Sequence[ClosestDocument]) -> None:
        """Show how much is read."""
        self._watcher.found(passages, ())


class _EmptyRecords:
    """
    A database without anything in it: made once in a process, since making its tables takes longer than the rest.

    Nor may two threads of a process make tables at the same time.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._bytes = b""

    def put(self, settings: Settings, clock: Clock) -> None:
        """Write one into the data folder, which is made."""
        with self._lock:
            self._bytes = self._bytes or _made(settings, clock)
        settings.data_dir.mkdir(mode=0o700, exist_ok=True)
        (settings.data_dir / "records.db").write_bytes(self._bytes)


def _made(settings: Settings, clock: Clock) -> bytes:
    with Footnote(settings, clock) as footnote:
        # Opened is made; closed is one file.
        footnote.records.described()
    return (settings.data_dir / "records.db").read_bytes()


def _settings(host: Settings, folder: Path, *, by_words: bool) -> Settings:
    """Return the host's settings for a folder of its own: nothing is written anywhere else."""
    nowhere = dict.fromkeys(("database", "redis_url", "broker", "weaviate_url", "weaviate_api_key", "blobs"))
    own = {"data_dir": folder, "durability": "normal", "cache": CacheSettings(enabled=False)}
    return host.model_copy(update={**nowhere, **own, **({"embedder": "none"} if by_words else {})})


def _of_files(question: Question) -> Question:
    """Return a question as it is asked of files: by one who reads all there is, since it is theirs."""
    asker = Principal(question.principal.name, frozenset(), admin=True)
    return Question(question.text, asker, limit=question.limit)


def _shown(answer: Answer, unread: tuple[UnreadFile, ...]) -> Answer:
    """Return an answer without what means something in the installation alone that it was made in."""
    return replace(
        answer,
        id=0,
        text=NOT_IN_FILES if answer.text in (NOT_FOUND, NOT_SAID) else answer.text,
        citations=tuple(_by_name(one) for one in answer.citations),
        closest=(),
        unread=unread,
    )


def _by_name(citation: Citation) -> Citation:
    """Return a citation with the file's name for a title, and without a base: any that is called alike is another."""
    return replace(citation, kb="", title=citation.document)
