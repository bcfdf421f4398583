"""Knowledge bases, their sources and versions, in SQL."""

import unicodedata
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from pipelines.adapters.records import schema as t
from pipelines.adapters.records.censuses import compare_again
from pipelines.adapters.records.columns import is_storable
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.dialects import Turn, wait_for_turn
from pipelines.adapters.records.plans import drop_plans
from pipelines.adapters.records.stamps import stamp, unix
from pipelines.domain.characters import is_unseen
from pipelines.domain.conversation import Principal
from pipelines.domain.knowledge import ALIVE, KnowledgeBase, Source, Version, VersionState
from pipelines.domain.source_options import NO_OPTIONS, SourceOptions
from pipelines.errors import BadInput, NotFound
from pipelines.ports.clock import Clock


MAX_NAME = 64
_MAX_KEY = 200
_MAX_CREATOR = 250
DEFAULT_RULE = "default"


class SqlBases:
    """`ports.records.BaseRecords` over SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def add(
        self,
        name: str,
        source_kind: str,
        location: str,
        principal: Principal,
        options: SourceOptions = NO_OPTIONS,
    ) -> KnowledgeBase:
        """Create a base that its creator and admins may read."""
        shown, key = checked_name(name)
        with self._db.write() as c:
            wait_for_turn(c, Turn.BASES)
            if c.execute(sa.select(t.bases.c.id).where(t.bases.c.name_key == key)).first():
                raise BadInput(f"a knowledge base called {shown!r} exists already: choose another name")
            values = {"created_by": principal.name[:_MAX_CREATOR], "created_at": stamp(self._clock)}
            base = _inserted(c, t.bases, name=shown, name_key=key, **values)
            rule = _inserted(c, t.rules, kb=base, hash=DEFAULT_RULE)
            c.execute(t.bases.update().where(t.bases.c.id == base).values(default_rule=rule))
            creator = [one for one in principal.readers if one.startswith("user:")]
            if creator:
                c.execute(t.rule_readers.insert(), [{"rule": rule, "reader": one} for one in creator])
            stored = options.as_json() or None
            _inserted(c, t.sources, kb=base, kind=source_kind, location=location, options=stored)
        return self.get(shown)

    def find(self, kb: int) -> KnowledgeBase | None:
        """Return a base by its id; None if there is none, or it was removed."""
        with self._db.read() as c:
            row = c.execute(_visible().where(t.bases.c.id == kb)).mappings().first()
        return None if row is None else _base(row)

    def get(self, name: str) -> KnowledgeBase:
        """Return a base by its name, compared without case."""
        row, key = None, name_key(name)
        if is_storable(key):
            with self._db.read() as c:
                row = c.execute(_visible().where(t.bases.c.name_key == key)).mappings().first()
        if row is None:
            raise NotFound(f"there is no knowledge base called {name!r}")
        return _base(row)

    def all(self) -> tuple[KnowledgeBase, ...]:
        """Return every base, by name."""
        with self._db.read() as c:
            return tuple(_base(row) for row in c.execute(_visible().order_by(t.bases.c.name_key)).mappings())

    def source(self, kb: int) -> Source:
        """Return the source of a base."""
        with self._db.read() as c:
            row = c.execute(sa.select(t.sources).where(t.sources.c.kb == kb)).mappings().one()
        return Source(row["id"], row["kind"], row["location"], SourceOptions.of(row["options"] or {}))

    def hide(self, kb: int) -> None:
        """Take a base from everybody at once; its name is free again."""
        with self._db.write() as c:
            values = {"hidden_at": stamp(self._clock), "name_key": None}
            c.execute(t.bases.update().where(t.bases.c.id == kb).values(values))

    def hidden(self) -> tuple[int, ...]:
        """Return the bases that are hidden and not erased."""
        with self._db.read() as c:
            return tuple(c.scalars(sa.select(t.bases.c.id).where(t.bases.c.hidden_at.is_not(None))))

    def own_blobs(self, kb: int) -> tuple[str, ...]:
        """Return the names of the stored files and texts that this base, or what was handed in to it, has alone."""
        dv, up = t.document_versions.c, t.uploads.c
        handed_in = up.source.in_(_sources(kb))
        names = ((dv.content_hash, dv.kb == kb), (dv.text_hash, dv.kb == kb), (up.content_hash, handed_in))
        own = sa.union(*(sa.select(one.label("name")).where(here) for one, here in names)).subquery()
        others = sa.union_all(*(sa.select(one).where(sa.not_(here)) for one, here in names))
        with self._db.read() as c:
            return tuple(c.scalars(sa.select(own.c.name).where(own.c.name.not_in(others))))

    def erase(self, kb: int) -> None:
        """Delete everything of a hidden base."""
        own_rules = sa.select(t.rules.c.id).where(t.rules.c.kb == kb)
        lives = sa.select(t.document_versions.c.id).where(t.document_versions.c.kb == kb)
        runs = sa.select(t.sync_runs.c.id).where(t.sync_runs.c.kb == kb)
        with self._db.write() as c:
            # As every write of a sync begins: one that is under way ends first, or finds its job gone.
            wait_for_turn(c, Turn.QUEUE, kb)
            c.execute(sa.select(t.jobs.c.id).where(t.jobs.c.kb == kb).order_by(t.jobs.c.id).with_for_update()).all()
            drop_plans(c, kb)
            # Whoever hands a file in ends first, or finds the base gone.
            wait_for_turn(c, Turn.UPLOADS)
            c.execute(t.uploads.delete().where(t.uploads.c.source.in_(_sources(kb))))
            c.execute(t.rule_readers.delete().where(t.rule_readers.c.rule.in_(own_rules)))
            c.execute(t.passages.delete().where(t.passages.c.document_version.in_(lives)))
            c.execute(t.sync_errors.delete().where(t.sync_errors.c.run.in_(runs)))
            for table in (t.rules, t.chunks, t.document_versions, t.documents, t.sources):
                c.execute(table.delete().where(table.c.kb == kb))
            for table in (t.versions, t.rejections, t.sync_runs, t.jobs, t.schedules, t.alerts):
                c.execute(table.delete().where(table.c.kb == kb))
            for table in (t.answering_rules, t.model_usage, t.routes):
                c.execute(table.delete().where(table.c.kb == kb))
            c.execute(t.bases.delete().where(t.bases.c.id == kb))

    def versions(self, kb: int) -> tuple[Version, ...]:
        """Return all versions, newest first."""
        wanted = sa.select(t.versions).where(t.versions.c.kb == kb).order_by(t.versions.c.number.desc())
        with self._db.read() as c:
            return tuple(_version(row) for row in c.execute(wanted).mappings())

    def roll_back(self, kb: int, version: int) -> None:
        """Let readers see an older promoted version, and pin the base."""
        with self._db.write() as c:
            _require(c, kb, version, (VersionState.PROMOTED,))
            c.execute(t.bases.update().where(t.bases.c.id == kb).values(active=version, pinned=True))
            compare_again(c, kb, unix(self._clock))

    def promote(self, kb: int, version: int) -> None:
        """Let readers see a version that is ready or was promoted, and lift the pin."""
        with self._db.write() as c:
            _require(c, kb, version, (VersionState.PROMOTED, VersionState.READY))
            make_active(c, kb, version, self._clock)
            c.execute(t.bases.update().where(t.bases.c.id == kb).values(pinned=False))

    def unpin(self, kb: int) -> None:
        """Let the next sync promote again."""
        with self._db.write() as c:
            c.execute(t.bases.update().where(t.bases.c.id == kb).values(pinned=False))


def name_key(name: str) -> str:
    """Return a name as it is compared: NFKC, without case and outer space."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def checked_name(name: str) -> tuple[str, str]:
    """Return a base's name as it is shown and as it is compared, or raise BadInput."""
    shown = unicodedata.normalize("NFC", name).strip()
    if not shown or len(shown) > MAX_NAME:
        raise BadInput(f"a knowledge base's name has 1 to {MAX_NAME} characters; {shown[:MAX_NAME]!r} has {len(shown)}")
    if any(is_unseen(char) and char != "\u200d" for char in shown):
        raise BadInput(f"the name {shown!r} holds control characters: choose one without")
    key = name_key(shown)
    if not key or len(key) > _MAX_KEY:
        raise BadInput(f"the name {shown!r} cannot be compared with others: choose one of common characters")
    return shown, key


def make_active(c: Connection, kb: int, version: int, clock: Clock) -> None:
    """
    Let readers see a version, whose row the caller has locked, from this transaction's commit on.

    What workers of versions before it write late would be seen now: the index is compared again soon.
    """
    row = (t.versions.c.kb == kb) & (t.versions.c.number == version)
    c.execute(
        t.versions.update()
        .where(row, t.versions.c.state != VersionState.PROMOTED)
        .values(state=VersionState.PROMOTED, promoted_at=stamp(clock))
    )
    newest = sa.case((t.bases.c.newest < version, version), else_=t.bases.c.newest)
    c.execute(t.bases.update().where(t.bases.c.id == kb).values(active=version, newest=newest))
    compare_again(c, kb, unix(clock))


def _require(c: Connection, kb: int, version: int, states: tuple[VersionState, ...]) -> None:
    """Lock a version in one of these states: a sync may be about to sweep it."""
    wanted = sa.select(t.versions.c.state).where(t.versions.c.kb == kb, t.versions.c.number == version)
    if not 0 < version < ALIVE or c.execute(wanted.with_for_update()).scalar() not in states:
        name = c.execute(sa.select(t.bases.c.name).where(t.bases.c.id == kb)).scalar()
        raise NotFound(f"{name} has no version {version} that could be shown: see the list of versions")


def _inserted(c: Connection, table: sa.Table, **values: Any) -> int:  # noqa: ANN401 - a row's values
    key = c.execute(table.insert().values(values)).inserted_primary_key
    return int(key[0]) if key else 0


def _sources(kb: int) -> sa.Select[Any]:
    return sa.select(t.sources.c.id).where(t.sources.c.kb == kb)


def _visible() -> sa.Select[Any]:
    return sa.select(t.bases).where(t.bases.c.hidden_at.is_(None))


def _base(row: RowMapping) -> KnowledgeBase:
    return KnowledgeBase(row["id"], row["name"], row["active"], row["newest"], bool(row["pinned"]), row["default_rule"])


def _version(row: RowMapping) -> Version:
    return Version(
        row["number"],
        VersionState(row["state"]),
        row["created_at"],
        row["promoted_at"],
        row["documents"],
        row["chunks"],
    )
