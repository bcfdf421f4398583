"""
Which engine holds the index, both engines opened, the index moved: the part of the wiring that knows engines.

The records name the engine in use; settings say how it is reached, and which one a new
installation begins with.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from pipelines.domain.index_identity import IndexIdentity
from pipelines.domain.index_places import Engine, IndexAt, IndexPlace, MoveProgress
from pipelines.domain.knowledge import VersionState
from pipelines.domain.values import Value
from pipelines.errors import BadInput, BadSettings, FootnoteError, StorageDamaged
from pipelines.folder_wiring import index_folder
from pipelines.ports.clock import Clock


if TYPE_CHECKING:
    from pipelines.adapters.sqlite_index import SqliteIndex
    from pipelines.adapters.weaviate_index import WeaviateIndex
    from pipelines.domain.index_generations import Generation
    from pipelines.domain.knowledge import KnowledgeBase
    from pipelines.operation.moving import Moved
    from pipelines.part_wiring import FootnoteParts
    from pipelines.ports.chunk_index import ChunkIndex

SHOWN = (VersionState.PROMOTED, VersionState.READY)
"""Versions that readers see, or may be let see."""


@dataclass(frozen=True, slots=True)
class IndexState(Value):
    """
    How the index is.

    Attributes:
        place: where it is.
        rows: of all bases and versions, in the engine in use.
        copy_rows: the same of what is kept or made beside it; None for nothing, or where it cannot be asked.

    """

    place: IndexPlace
    rows: int
    copy_rows: int | None


class Indexes:
    """The engines of an installation. Nothing is opened before it is asked for."""

    def __init__(self, footnote: "FootnoteParts", clock: Clock) -> None:
        self._footnote = footnote
        self._clock = clock
        self._folder = index_folder(footnote.settings, lambda: footnote.records, self._may_be_first)

    def place(self) -> IndexPlace:
        """Return where the index is; said by the settings as long as nothing was synced."""
        records = self._footnote.records
        found = records.places.get()
        if found is not None:
            return found
        engine = self._first()
        if any(base.newest for base in records.bases.all()):
            return records.places.settle(engine)
        return IndexPlace(engine, None, "")

    def in_use(self) -> IndexAt:
        """
        Return which engine and which generation are used now.

        Raises:
            BadSettings: it is a file in the data folder of another machine, also where one in this folder
                was opened before any was named.

        """
        place = self.place()
        if place.engine is Engine.SQLITE and self._folder is not None:
            self._look_at_folder(self._folder.compare)
        made = self._generation(place.generation)
        return IndexAt(place.engine, place.generation, made.embedder, made.analyser)

    def check_folder(self) -> None:
        """
        Look whether the index, if it is a file, may be in this data folder; nothing is written or made.

        Raises:
            BadSettings: it is in the data folder of another machine, or this one lacks it.
            StorageDamaged: the file here is another installation's.

        """
        if self.place().engine is Engine.SQLITE and self._folder is not None:
            self._look_at_folder(self._folder.check)

    def settle(self) -> None:
        """
        Write down where the index is, before anything is written into it.

        Raises:
            BadSettings: it is a file in the data folder of another machine, or this one lacks it.

        """
        places = self._footnote.records.places
        if (places.get() or places.settle(self._first())).engine is Engine.SQLITE and self._folder is not None:
            self._look_at_folder(self._folder.claim)
        self._footnote.generations.settle()

    def open(self, engine: Engine, generation: int | None = None) -> "ChunkIndex":
        """
        Open the index of an engine, of the generation in use unless another is named; the caller closes it.

        Raises:
            BadSettings: its address is not set, it is in another data folder, or it was made with
                another embedder.
            StorageDamaged: it is damaged, or another installation's.
            PermanentError: it cannot be opened.

        """
        settings = self._footnote.settings
        number = self.place().generation if generation is None else generation
        if engine is Engine.WEAVIATE:
            if settings.weaviate_url is None:
                raise BadSettings(
                    "the index of this installation is in Weaviate: set WEAVIATE_URL; if that server is lost for good,"
                    " `footnote move index --to sqlite --rebuild` makes the index anew from the stored files"
                )
            return self._weaviate(settings.weaviate_url.get_secret_value(), number)
        if self._folder is not None:
            self._look_at_folder(self._folder.check)
        return self._sqlite(number)

    def state(self) -> IndexState:
        """Return how the index is."""
        place, kbs = self.place(), [base.id for base in self._footnote.records.bases.all()]
        rows, copied = sum(self._footnote.index.count(kb) for kb in kbs), None
        if place.copy is not None:
            with suppress(FootnoteError), ExitStack() as open_now:
                index = self._opened(open_now, *beside(place))
                copied = sum(index.count(kb) for kb in kbs)
        return IndexState(place, rows, copied)

    def move(
        self,
        engine: Engine,
        *,
        rebuild: bool = False,
        progress: Callable[[MoveProgress], None] = lambda _: None,
        checkpoint: Callable[[str], None] = lambda _: None,
    ) -> "Moved":
        """
        Move the index to an engine; return when it is in use. What the other one holds stays.

        Args:
            engine: the target.
            rebuild: make all rows anew from the stored files; the index as it is need not be readable.
            progress: told how far it is.
            checkpoint: told after each step, by name.

        Raises:
            BadInput: it is there already.
            BadSettings: an engine's address is not set, or it was made with another embedder.
            Busy: another process moves it.
            FootnoteError: what an engine could not do; the index stays where it was.

        """
        from pipelines.operation.moving import IndexMove, Moving

        if self.place().engine is engine:
            raise BadInput(f"the index is in {engine} already")
        if engine is Engine.WEAVIATE or not rebuild:
            self._require_address()
        self.settle()
        parts = Moving(
            self._footnote.records,
            self._footnote.worker,
            self._clock,
            wait=time.sleep,
            repair=partial(self._repair, thorough=rebuild),
            progress=progress,
            checkpoint=checkpoint,
        )
        if engine is Engine.SQLITE and self._folder is not None:
            # A move that is refused here leaves no trace in the records.
            self._folder.compare()
        with ExitStack() as open_now:
            source = None if rebuild else self._opened(open_now, engine.other)
            return IndexMove(parts, engine, source, lambda: self._target(open_now, engine)).run()

    def confirm(self) -> bool:
        """
        Delete what the engine that is not in use holds.

        Returns:
            whether it was deleted; False where its address is not set, and it is only forgotten.

        Raises:
            BadInput: it holds nothing of ours.
            StorageDamaged: the index in use lacks what readers see.
            Busy: another process moves the index.

        """
        from pipelines.operation.moving import LEASE_S

        place, places = self.place(), self._footnote.records.places
        other = place.engine.other
        if place.moved is None:
            raise BadInput(f"the index is in {place.engine}, and nothing of it is in {other}")
        if other is Engine.SQLITE and self._folder is not None:
            self._folder.compare()
        self.require_whole()
        reachable = other is Engine.SQLITE or self._footnote.settings.weaviate_url is not None
        lease = places.begin(other, self._footnote.worker, LEASE_S)
        try:
            if reachable:
                self.destroy(other, place.generation, alone=True)
            if other is Engine.SQLITE and self._folder is not None:
                # Whoever took over meanwhile may have named a folder.
                places.renew(lease, LEASE_S)
                self._folder.forget()
            places.forget_copy(lease)
        except FootnoteError:
            with suppress(FootnoteError):
                places.leave(lease)
            raise
        return reachable

    def drop(self, kb: int) -> None:
        """Delete every row of a removed base; those of a copy too, as far as it can be reached."""
        self._footnote.index.drop(kb)
        place = self.place()
        if place.copy is not None:
            # What is left there is shown to nobody; it goes with the copy, or with the next move.
            with suppress(FootnoteError), ExitStack() as open_now:
                self._opened(open_now, *beside(place)).drop(kb)

    def _target(self, open_now: ExitStack, engine: Engine) -> "ChunkIndex":
        """Open what a move writes into, whose lease is held: of several moves at once one names its folder."""
        if engine is Engine.SQLITE and self._folder is not None:
            self._folder.name()
        return self._opened(open_now, engine)

    def destroy(self, engine: Engine, generation: int, *, alone: bool) -> None:
        """Delete what an engine holds of a generation; `alone` says that it holds no other one of ours."""
        if engine is Engine.SQLITE:
            from pipelines.adapters.sqlite_index import delete_index

            # Unopened, since it may be damaged.
            delete_index(self.file(generation))
            return
        with ExitStack() as open_now:
            index = cast("WeaviateIndex", self._opened(open_now, engine, generation))
            if alone:
                index.destroy()
            else:
                index.destroy_generation()

    def file(self, generation: int) -> Path:
        """Return the file of a generation in SQLite."""
        return self._footnote.settings.data_dir / (f"index-{generation}.db" if generation else "index.db")

    def _first(self) -> Engine:
        """Return where the index is of an installation that never said so: in its file, if it has one."""
        settings = self._footnote.settings
        if settings.weaviate_url is None or self.file(0).exists():
            return Engine.SQLITE
        return Engine.WEAVIATE

    def _generation(self, number: int) -> "Generation":
        return self._footnote.generations.get(number)

    def _opened(self, open_now: ExitStack, engine: Engine, generation: int | None = None) -> "ChunkIndex":
        index = self.open(engine, generation)
        open_now.callback(index.close)
        return index

    def _require_address(self) -> None:
        if self._footnote.settings.weaviate_url is None:
            raise BadSettings("the index is moved from or to Weaviate: set WEAVIATE_URL")

    def require_whole(self) -> None:
        """Refuse to delete the other copy while the index in use lacks what readers see."""
        records, index = self._footnote.records, self._footnote.index
        for base in records.bases.all():
            if not base.active:
                continue
            known = {(one.chunk_id, one.added_in) for one in records.ledger.chunks(base.id, base.active)}
            lacking = len(known - {(one.chunk_id, one.added_in) for one in index.visible(base.id, base.active)})
            if lacking:
                raise StorageDamaged(
                    f"{base.name}: the index lacks {lacking} of {len(known)} rows that readers should find, so nothing"
                    f" is deleted: sync {base.name}, which repairs it"
                )

    def _repair(self, base: "KnowledgeBase", index: "ChunkIndex", beat: Callable[[], None], *, thorough: bool) -> None:
        """
        Let an index hold what the records say of a base: in the versions of today, or of all that may be shown.

        An index that lost rows of today's versions is looked through for those of the others too.
        """
        from pipelines.ingestion.lives import LifeReader
        from pipelines.ingestion.repairing import Repair

        parts, ledger = self._footnote.sync_parts, self._footnote.records.ledger
        shown = [one.number for one in self._footnote.records.bases.versions(base.id) if one.state in SHOWN]
        lives = LifeReader(
            parts.records, parts.parser, parts.blobs, _not_fetched, kb=base.id, generation=parts.generation
        )
        repair = Repair(
            index,
            ledger,
            lives,
            parts.embedding(),
            analyser=parts.analysing(),
            kb=base.id,
            kept=shown,
            renew=beat,
            checkpoint=lambda _: None,
        )
        fault = repair.attempt(shown if thorough else {base.active, base.newest} - {0})
        if fault is not None:
            raise fault

    def _look_at_folder(self, look: Callable[[], object]) -> None:
        """Compare the data folder with the records; where its file is another installation's, say that instead."""
        try:
            look()
        except BadSettings:
            self._holds_rows()
            raise

    def _may_be_first(self) -> bool:
        """Say whether a data folder that was never named has rows of the index, or the records know of none."""
        return self._holds_rows() or not self._rows_are_known()

    def _holds_rows(self) -> bool:
        """Say whether the file here has rows; refuse another installation's."""
        from pipelines.adapters.sqlite_index import holds_rows

        place = self._footnote.records.places.get()
        file = self.file(place.generation if place else 0)
        return holds_rows(file, self._footnote.records.installation)

    def _rows_are_known(self) -> bool:
        """Say whether a version of any base that readers see, or the newest one, has rows."""
        records = self._footnote.records
        versions = ((base.id, version) for base in records.bases.all() for version in {base.active, base.newest} - {0})
        return any(next(iter(records.ledger.chunks(*one)), None) is not None for one in versions)

    def _sqlite(self, generation: int) -> "SqliteIndex":
        """Return the index in its file."""
        from pipelines.adapters.sqlite_index import SqliteIndex

        settings = self._footnote.settings
        full = settings.durability == "full"
        return SqliteIndex(self.file(generation), self._identity(generation), full_durability=full)

    def _weaviate(self, url: str, generation: int) -> "WeaviateIndex":
        """Return the index in Weaviate; nothing is connected yet."""
        from pipelines.adapters.weaviate_index import WeaviateIndex, WeaviateServer

        key, chosen = self._footnote.settings.weaviate_api_key, self._footnote.settings.weaviate
        server = WeaviateServer(
            url,
            key.get_secret_value() if key else None,
            grpc_host=chosen.grpc_host,
            grpc_port=chosen.grpc_port,
            grpc_secure=chosen.grpc_secure,
            ca_file=chosen.ca_file,
            query_s=chosen.query_seconds,
            write_s=chosen.write_seconds,
            replicas=chosen.replicas,
            consistency=chosen.consistency,
            quantisation=chosen.quantisation,
        )
        return WeaviateIndex(server, self._identity(generation))

    def _identity(self, number: int) -> IndexIdentity:
        """Return what all rows of a generation have in common."""
        made = self._generation(number)
        return IndexIdentity(self._footnote.records.installation, made.analyser, made.embedder, made.dimensions)


def beside(place: IndexPlace) -> tuple[Engine, int]:
    """Return the engine and the generation of what is kept or made beside the index."""
    engine = place.engine if place.rebuilt else place.engine.other
    return engine, place.copy_generation


def _not_fetched(path: str) -> bytes:
    """Refuse to read a source: what was read is in the stored files."""
    raise StorageDamaged(f"{path} is not among the stored files")
