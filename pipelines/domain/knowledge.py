"""Knowledge bases and what they are made of."""

from dataclasses import dataclass
from enum import StrEnum

from pipelines.domain.citations import Place
from pipelines.domain.reading import Block, Span
from pipelines.domain.source_options import NO_OPTIONS, SourceOptions
from pipelines.domain.values import Value


ALIVE = 2**31 - 1
"""`removed_in` of a row that no version has removed."""

PATHS_TOLD = 20
"""Documents of each kind of change that a sync's result names, at most."""


@dataclass(frozen=True, slots=True)
class KnowledgeBase(Value):
    """
    A knowledge base and the version that readers see.

    Attributes:
        id: number that is never given again.
        name: unique, compared without case.
        active: the version that is searched; 0 before the first promotion.
        newest: the newest promoted version, against which a sync is diffed.
        pinned: an admin rolled back; no sync is promoted until it is lifted.
        default_rule: the audience rule of documents that name no audience.

    """

    id: int
    name: str
    active: int
    newest: int
    pinned: bool
    default_rule: int


class VersionState(StrEnum):
    """
    The life of one version of a knowledge base.

    A staged version is being written; a ready one is whole and waits for an admin, since
    the base is pinned. Both are swept when the next sync starts.
    """

    STAGED = "staged"
    READY = "ready"
    PROMOTED = "promoted"
    SWEPT = "swept"


@dataclass(frozen=True, slots=True)
class Version(Value):
    """One version of a knowledge base. `number` is never given again."""

    number: int
    state: VersionState
    created_at: str
    promoted_at: str | None
    documents: int
    chunks: int


@dataclass(frozen=True, slots=True)
class Chunk(Value):
    """
    A stretch of one document that is searched as a unit.

    It lies inside one section and one page, and begins and ends with blocks or, in a
    long paragraph, with sentences. Chunks of a document do not overlap.

    Attributes:
        start: first character in the document's text.
        end: one past its last character.
        text: exactly `document_text[start:end]`.
        heading_path: the headings above it, outermost first.
        place: page, heading, anchor and rows.
        blocks: the blocks it is made of, clipped to the span, without headings
            above it.
        lead: a table's header or a list's lead-in that stands outside the span and
            is searched with it.

    """

    start: int
    end: int
    text: str
    heading_path: tuple[str, ...]
    place: Place
    blocks: tuple[Block, ...]
    lead: Span | None = None


@dataclass(frozen=True, slots=True)
class Source(Value):
    """
    Where a base's documents come from.

    Attributes:
        id: number that is never given again.
        kind: `folder`, `git`, `web` or `upload`.
        location: for a folder its absolute path; for git and the web an address.
        options: what else an admin said of it; no secret, but perhaps the name of one.

    """

    id: int
    kind: str
    location: str
    options: SourceOptions = NO_OPTIONS


@dataclass(frozen=True, slots=True)
class DocumentVersion(Value):
    """
    One life of one document: what its source said of it between two versions.

    Attributes:
        id: number of this life, never given again.
        document: id of the document, the same after a rename.
        key: the document's part in its chunks' ids.
        path: its name within the source.
        title: the title that is searched and shown.
        author: None when the document names none.
        date: the document's own date, ISO 8601; None when it names none.
        content_hash: SHA-256 of the original bytes, the name of their blob.
        text_hash: SHA-256 of the stored text, the name of its blob.
        rule: audience rule of this life.
        rule_today: audience rule that the newest sync saw; both must be satisfied.
        reading: generation of reader, chunker and analyser that made it.
        address: where the source shows it, without fragment; None for a file of this machine.

    """

    id: int
    document: int
    key: str
    path: str
    title: str
    author: str | None
    date: str | None
    content_hash: str
    text_hash: str
    rule: int
    rule_today: int
    reading: str
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Passage(Value):
    """
    A chunk in one version of a document, with its place.

    Attributes:
        ordinal: position among the document's passages, from 0.
        chunk_id: stable id (docs/architecture.md).
        unit: number of the page, or of the section, that ranking folds it to.
        start: first character in the stored text.
        end: one past its last character.
        place: page, heading, anchor, rows.
        heading_path: the headings above it, outermost first.
        blocks: the blocks it is made of.

    """

    ordinal: int
    chunk_id: str
    unit: int
    start: int
    end: int
    place: Place
    heading_path: tuple[str, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class ChunkLife(Value):
    """
    What the ledger knows of one index row.

    Attributes:
        chunk_id: stable id.
        added_in: first version that shows it.
        rule: audience rule of the row.
        search_hash: hash of everything that is searched; another one needs another row.

    """

    chunk_id: str
    added_in: int
    rule: int
    search_hash: str


@dataclass(frozen=True, slots=True)
class Rejection(Value):
    """A file that the newest sync could not take, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class SyncResult(Value):
    """
    What a sync did, or would do.

    Attributes:
        version: the version that it promoted, staged, or found unchanged.
        added: documents that are new.
        changed: documents whose bytes, title, date or audience changed.
        renamed: documents that only moved.
        removed: documents that are gone.
        unchanged: documents that are as they were.
        rejected: files that were not taken.
        chunks_added: index rows written.
        chunks_removed: index rows that end with this version.
        chunks_embedded: texts that went through the embedder.
        duration_ms: wall time.
        promoted: readers see it now; False when pinned or for a dry run.
        added_paths: the first documents that are new, by path; `PATHS_TOLD` at most, as below.
        changed_paths: the first documents that changed, by path.
        renamed_paths: (path before, path now) of the first that moved, by the path now.
        removed_paths: the first documents that are gone, by path.

    """

    version: int
    added: int = 0
    changed: int = 0
    renamed: int = 0
    removed: int = 0
    unchanged: int = 0
    rejected: tuple[Rejection, ...] = ()
    chunks_added: int = 0
    chunks_removed: int = 0
    chunks_embedded: int = 0
    duration_ms: int = 0
    promoted: bool = False
    added_paths: tuple[str, ...] = ()
    changed_paths: tuple[str, ...] = ()
    renamed_paths: tuple[tuple[str, str], ...] = ()
    removed_paths: tuple[str, ...] = ()
