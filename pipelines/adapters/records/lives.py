"""Rows of the ledger to our types and back. Knows no transaction."""

from dataclasses import asdict, fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from pipelines.adapters.records import schema as t
from pipelines.domain.citations import HEADING_SEPARATOR, Place
from pipelines.domain.knowledge import DocumentVersion, Passage
from pipelines.domain.reading import Block, BlockKind


def shown(table: sa.Table, kb: int, version: int) -> sa.ColumnElement[bool]:
    """Return the condition that a row is seen at this version of its base."""
    return (table.c.kb == kb) & (table.c.added_in <= version) & (table.c.removed_in > version)


def select_lives() -> sa.Select[Any]:
    """Return the statement of lives with what their document knows."""
    document = t.documents.c
    return sa.select(t.document_versions, document.key, document.rule.label("rule_today")).join(
        t.documents, document.id == t.document_versions.c.document
    )


def life(row: RowMapping) -> DocumentVersion:
    """Return a row of `select_lives` as a life."""
    return DocumentVersion(**{each.name: row[each.name] for each in fields(DocumentVersion)})


def passage_row(document_version: int, one: Passage) -> dict[str, Any]:
    """Return a passage as a row."""
    return {
        "document_version": document_version,
        "ordinal": one.ordinal,
        "chunk_id": one.chunk_id,
        "unit": one.unit,
        "start": one.start,
        "end": one.end,
        "page": one.place.page,
        "anchor": one.place.anchor,
        "rows": one.place.rows,
        "headings": list(one.heading_path),
        "blocks": [_block_json(block) for block in one.blocks],
    }


def passage(row: RowMapping) -> Passage:
    """Return a row as a passage."""
    path = tuple(row["headings"])
    place = Place(
        page=row["page"], heading=HEADING_SEPARATOR.join(path) or None, anchor=row["anchor"], rows=row["rows"]
    )
    blocks = tuple(_block(one) for one in row["blocks"])
    return Passage(row["ordinal"], row["chunk_id"], row["unit"], row["start"], row["end"], place, path, blocks)


def _block_json(block: Block) -> dict[str, Any]:
    """Return what is not a default, so that rows stay small."""
    return {name: value for name, value in asdict(block).items() if value not in (None, False, 0) or name == "start"}


def _block(data: dict[str, Any]) -> Block:
    lead = data.get("lead")
    return Block(**{**data, "kind": BlockKind(data["kind"]), "lead": (lead[0], lead[1]) if lead else None})
