"""What goes through the pipes between parent and child: frames of bytes, and answers as JSON. Never pickle."""

import json
import re
import struct
from itertools import pairwise
from typing import IO, Any

from pipelines.domain.access import normalise_readers
from pipelines.domain.reading import Block, BlockKind, Link, ParseLimits, Read, Rejected, Span
from pipelines.errors import BadInput


_LENGTH = struct.Struct(">Q")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_BYTES_PER_MEBIBYTE = 8 * 1024 * 1024


class BrokenWire(Exception):
    """The other side is gone, or what it sent is no answer."""


def largest_answer(limits: ParseLimits) -> int:
    """Return how many bytes an answer may have: the longest text with room for its blocks."""
    return (limits.max_file_mb + 1) * _BYTES_PER_MEBIBYTE


def write_frame(pipe: IO[bytes], content: bytes) -> None:
    """Write one frame: its length in eight bytes, then the content."""
    pipe.write(_LENGTH.pack(len(content)))
    pipe.write(content)
    pipe.flush()


def read_frame(pipe: IO[bytes], *, most: int) -> bytes | None:
    """
    Read one frame; None when the other side closed the pipe before it.

    Raises:
        BrokenWire: the frame is cut off, or longer than `most` bytes.

    """
    head = pipe.read(_LENGTH.size)
    if not head:
        return None
    if len(head) < _LENGTH.size:
        raise BrokenWire("a frame was cut off")
    (length,) = _LENGTH.unpack(head)
    if length > most:
        raise BrokenWire(f"a frame of {length} bytes")
    content = pipe.read(length)
    if len(content) < length:
        raise BrokenWire("a frame was cut off")
    return content


def encode_answer(result: Read | Rejected, *, spent: bool) -> bytes:
    """Return a result as JSON; `spent` asks the parent to replace this child."""
    if isinstance(result, Rejected):
        return _json({"rejected": result.reason, "spent": spent})
    blocks = [
        [one.kind.value, one.start, one.end, one.level, one.anchor, one.page, one.row, one.lead, one.continues]
        for one in result.blocks
    ]
    return _json(
        {
            "text": result.text,
            "blocks": blocks,
            "links": [[one.start, one.end, one.address] for one in result.links],
            "title": result.title,
            "author": result.author,
            "date": result.date,
            "audience": result.audience,
            "spent": spent,
        }
    )


def _json(fields: dict[str, object]) -> bytes:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def decode_answer(content: bytes) -> tuple[Read | Rejected, bool]:
    """
    Return the result and whether the child is spent, after a check of every promise of `Read`.

    Raises:
        BrokenWire: it is no answer, or breaks a promise.

    """
    try:
        fields = json.loads(content)
        spent = fields["spent"] is True
        if "rejected" in fields:
            return Rejected(_line(fields["rejected"])), spent
        return _read(fields), spent
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, BadInput) as error:
        raise BrokenWire("the answer cannot be understood") from error


def _read(fields: dict[str, Any]) -> Read:
    text = fields["text"]
    _check(isinstance(text, str) and bool(text))
    text.encode()
    blocks = tuple(_block(one, text) for one in fields["blocks"])
    _check(bool(blocks) and all(left.end <= right.start for left, right in pairwise(blocks)))
    audience = fields["audience"]
    _check(audience is None or bool(audience))
    date = _optional_line(fields["date"])
    _check(date is None or bool(_DAY.fullmatch(date)))
    return Read(
        text=text,
        blocks=blocks,
        title=_optional_line(fields["title"]),
        author=_optional_line(fields["author"]),
        date=date,
        links=tuple(_link(one, len(text)) for one in fields["links"]),
        audience=None if audience is None else normalise_readers(_line(one) for one in audience),
    )


def _block(parts: list[Any], text: str) -> Block:
    kind, start, end, level, anchor, page, row, lead, continues = parts
    _span([start, end], len(text))
    _check(not text[start].isspace() and not text[end - 1].isspace())
    return Block(
        kind=BlockKind(kind),
        start=start,
        end=end,
        level=_whole(level) or 0,
        anchor=_optional_line(anchor),
        page=_whole(page),
        row=_whole(row),
        lead=None if lead is None else _span(lead, len(text)),
        continues=continues is True,
    )


def _link(parts: list[Any], length: int) -> Link:
    start, end, address = parts
    return Link(*_span([start, end], length), _line(address))


def _span(parts: list[Any], length: int) -> Span:
    start, end = parts
    _check(type(start) is int and type(end) is int and 0 <= start < end <= length)
    return start, end


def _whole(number: object) -> int | None:
    _check(number is None or (type(number) is int and number >= 0))
    return number if isinstance(number, int) else None


def _optional_line(text: object) -> str | None:
    return None if text is None else _line(text)


def _line(text: object) -> str:
    """Return a text on one line; TypeError where it is none."""
    if not isinstance(text, str):
        raise TypeError(text)
    text.encode()
    return " ".join(text.split())


def _check(kept: bool) -> None:  # noqa: FBT001 - an assertion that is never switched off
    if not kept:
        raise ValueError("a promise of Read is broken")
