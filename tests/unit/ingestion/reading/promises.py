"""What every reading promises, whatever the file: checked by the tests of all readers."""

import re
import unicodedata
from importlib import import_module
from itertools import pairwise

from pipelines.domain.reading import Block, BlockKind, ParseLimits, Read, Rejected
from pipelines.ingestion.reading.formats import READERS


LIMITS = ParseLimits()
_NEVER = re.compile("[\x00-\x08\x0b-\x1f\x7f\u00a0\u00ad\u200b\ufeff\ud800-\udfff\ufffe\uffff]")


def read_as(form: str, data: bytes, limits: ParseLimits = LIMITS) -> Read | Rejected:
    """Return what the reader of a format makes of some bytes."""
    result: Read | Rejected = import_module(READERS[form]).read(data, limits=limits)
    return result


def reading(form: str, data: bytes, limits: ParseLimits = LIMITS) -> Read:
    """Return the reading of bytes that can be read, after a check of every promise."""
    result = read_as(form, data, limits)
    assert isinstance(result, Read), result
    check(result)
    return result


def reason(form: str, data: bytes, limits: ParseLimits = LIMITS) -> str:
    """Return why bytes are rejected."""
    result = read_as(form, data, limits)
    assert isinstance(result, Rejected), result
    return result.reason


def check(result: Read | Rejected) -> None:
    """Assert the promises of `Read`; a rejection promises one clause."""
    if isinstance(result, Rejected):
        assert result.reason
        assert "\n" not in result.reason
        return
    assert result.blocks
    assert not _NEVER.search(result.text)
    assert unicodedata.is_normalized("NFC", result.text)
    uncovered = 0
    for block in result.blocks:
        assert not result.text[uncovered : block.start].strip(), "text outside of every block"
        assert uncovered <= block.start < block.end <= len(result.text)
        text = text_of(result, block)
        assert text == text.strip()
        check_lead(result, block)
        uncovered = block.end
    assert not result.text[uncovered:].strip(), "text outside of every block"
    for link in result.links:
        assert link.address
        assert result.text[link.start : link.end].strip()
    assert all(left.start <= right.start for left, right in pairwise(result.links))
    assert result.date is None or re.fullmatch(r"\d{4}-\d{2}-\d{2}", result.date)


def check_lead(result: Read, block: Block) -> None:
    """Assert that a lead-in is an earlier stretch of the text."""
    if block.lead is not None:
        start, end = block.lead
        assert 0 <= start < end <= block.start
        assert result.text[start:end].strip()
        assert block.kind in (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW)


def text_of(result: Read, block: Block) -> str:
    """Return the text of a block."""
    return result.text[block.start : block.end]


def shown(result: Read) -> list[tuple[str, str]]:
    """Return kind and text of every block."""
    return [(block.kind.value, text_of(result, block)) for block in result.blocks]


def texts(result: Read, kind: BlockKind) -> list[str]:
    """Return the texts of the blocks of one kind."""
    return [text_of(result, block) for block in result.blocks if block.kind is kind]


def leads(result: Read) -> list[tuple[str, str | None]]:
    """Return the text and the lead-in of every list item and row."""
    found = [one for one in result.blocks if one.kind in (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW)]
    return [(text_of(result, one), result.text[slice(*one.lead)] if one.lead else None) for one in found]


def linked(result: Read) -> list[tuple[str, str]]:
    """Return the text and the address of every link."""
    return [(result.text[link.start : link.end], link.address) for link in result.links]
