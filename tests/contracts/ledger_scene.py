"""A base whose versions a test writes by hand, without files, readers or an index."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace

from pipelines.domain.access import OPERATOR
from pipelines.domain.citations import Place
from pipelines.domain.conversation import Principal
from pipelines.domain.jobs import Lease
from pipelines.domain.knowledge import ChunkLife, DocumentVersion, KnowledgeBase, Passage, SyncResult
from pipelines.domain.reading import Block, BlockKind
from pipelines.ports.records import Records, StagedDocument


ELSEWHERE = "another-host:1:1"
"""A worker whose process cannot be looked at: it lives as long as its lease."""

ADDRESS = "https://host.example/docs"
AUTHOR = "People team"
"""Where the source of every document shows it."""

Draft = Callable[[int], StagedDocument]


class Scene:
    """One base and its ledger."""

    def __init__(self, records: Records, name: str = "handbook", creator: Principal = OPERATOR) -> None:
        self.records = records
        self.name = name
        self.kb = records.bases.add(name, "folder", f"/documents/{name}", creator).id

    @property
    def base(self) -> KnowledgeBase:
        """The base as it is now."""
        return self.records.bases.get(self.name)

    def chunk(self, path: str, text: str) -> str:
        """Return the id of a chunk of this text in the document at this path."""
        return hashlib.sha256(f"{self.name}:{path}:{text}".encode()).hexdigest()[:32]

    def lease(self) -> Lease:
        """Return the right to sync the base."""
        job = self.records.jobs.submit("sync", self.kb, {})
        return self.records.jobs.lease(job.id, ELSEWHERE, 60)

    def draft(self, path: str, *texts: str, rule: int | None = None, continues: str | None = None) -> Draft:
        """
        Return a document to be staged.

        Args:
            path: its path.
            texts: one chunk each.
            rule: its audience rule; None for the base's default.
            continues: path of the living document that it continues; None for a new one.

        """
        governed = self.base.default_rule if rule is None else rule

        def staged(version: int) -> StagedDocument:
            life = DocumentVersion(
                0, 0, f"key of {path}"[:32], path, path, AUTHOR, None, "c", "t", governed, governed, "1", ADDRESS
            )
            passages = tuple(passage(self.chunk(path, text), ordinal, text) for ordinal, text in enumerate(texts))
            before = self.life(continues) if continues else None
            living = self.records.ledger.living_chunks(before.document, version - 1) if before else ()
            kept = {one.chunk_id for one in living if one.rule == governed}
            ids = [one.chunk_id for one in passages]
            new = tuple(ChunkLife(one, version, governed, "s") for one in ids if one not in kept)
            ended = tuple(one.chunk_id for one in living if one.chunk_id not in ids or one.rule != governed)
            document, previous = (before.document, before.id) if before else (None, None)
            return StagedDocument(document, previous, life, passages, new, ended)

        return staged

    def write(self, lease: Lease, *drafts: Draft, removed: Sequence[str] = ()) -> int:
        """Stage a version and return its number."""
        lives = [self.life(path).id for path in removed]
        version = self.records.ledger.begin(lease)
        if lives:
            self.records.ledger.stage_removal(lease, version, lives)
        self.records.ledger.stage(lease, version, [draft(version) for draft in drafts])
        return version

    def publish(self, *drafts: Draft, removed: Sequence[str] = ()) -> int:
        """Stage a version, finish it, and return its number."""
        lease = self.lease()
        version = self.write(lease, *drafts, removed=removed)
        self.records.ledger.finish(lease, version, SyncResult(version), promote=True)
        self.records.jobs.finish(lease)
        return version

    def life(self, path: str, version: int | None = None) -> DocumentVersion:
        """Return the life at this path in a version, the newest promoted one if none is named."""
        wanted = self.base.newest if version is None else version
        return next(one for one in self.records.ledger.documents(self.kb, wanted) if one.path == path)

    def paths(self, version: int) -> list[str]:
        """Return the paths that a version shows."""
        return [one.path for one in self.records.ledger.documents(self.kb, version)]


def passage(chunk_id: str, ordinal: int, text: str) -> Passage:
    """Return a passage with something in every field."""
    start = 100 * ordinal
    end = start + len(text)
    blocks = (
        Block(BlockKind.PARAGRAPH, start, end, page=2, anchor="top", continues=True),
        Block(BlockKind.TABLE_ROW, end + 1, end + 2, row=3, lead=(0, 5)),
        Block(BlockKind.LIST_ITEM, end + 3, end + 4, level=2),
    )
    headings = ("Leave", "Parental › leave")
    plain = Passage(ordinal, chunk_id, 7, start, end, Place(), headings, blocks)
    return replace(plain, place=Place(page=2, heading=" › ".join(headings), anchor="top", rows="3-4"))
