"""Hits that were confirmed against today's rights, and the passages behind them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines.domain.access import AccessFilter
from pipelines.domain.knowledge import Passage
from pipelines.domain.values import Value


@dataclass(frozen=True, slots=True)
class Scope(Value):
    """
    What one reader may search at this moment.

    Attributes:
        access: the rules satisfied, by base.
        versions: base id -> active version, of the readable bases only.
        names: base id -> name.
        rights: base id -> a number that grows whenever the same version may be read, or
            answer, otherwise than before: its readers were set, or a sync of it ended.

    """

    access: AccessFilter
    versions: Mapping[int, int]
    names: Mapping[int, str]
    rights: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlacedHit(Value):
    """
    A hit that is alive in the searched version and readable now.

    Attributes:
        chunk_id: stable id.
        kb: id of the base.
        document: id of the document.
        document_version: id of the life of the document that it was placed in.
        ordinal: position of the passage in that document.
        unit: page or section that ranking folds it to.
        paged: units are pages, so that the neighbours of a unit belong to it.

    """

    chunk_id: str
    kb: int
    document: int
    document_version: int
    ordinal: int
    unit: int
    paged: bool


@dataclass(frozen=True, slots=True)
class StoredPassage(Value):
    """
    A passage with what is needed to show and cite it.

    Attributes:
        kb: name of the base.
        kb_version: version of the base that was searched.
        document_version: id of the life of the document.
        document: id of the document.
        path: the document's path in its source.
        title: its title.
        date: its own date, ISO 8601, or None.
        text_hash: blob of the stored text.
        source_kind: kind of the source.
        source_location: where the source is.
        passage: the passage itself.
        address: where the source shows the document, without fragment; None for a file
            of this machine, and for one that was handed in.
        author: who wrote it, as it says, or None.

    """

    kb: str
    kb_version: int
    document_version: int
    document: int
    path: str
    title: str
    date: str | None
    text_hash: str
    source_kind: str
    source_location: str
    passage: Passage
    address: str | None = None
    author: str | None = None
