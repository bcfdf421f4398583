"""The wire between parent and child: what is written arrives, what breaks a promise is not taken for a reading."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.parser_processes.wire import (
    BrokenWire,
    decode_answer,
    encode_answer,
    largest_answer,
    read_frame,
    write_frame,
)
from pipelines.domain.reading import Block, BlockKind, Link, ParseLimits, Read, Rejected


READ = Read(
    text="Leave\n\nDays | 30",
    blocks=(
        Block(BlockKind.HEADING, 0, 5, level=1, anchor="leave", page=1),
        Block(BlockKind.TABLE_ROW, 7, 16, page=2, row=2, lead=(0, 5), continues=True),
    ),
    title="T",
    author="A",
    date="2026-11-21",
    links=(Link(0, 5, "x.md"),),
    audience=("group:hr",),
)
LINE = st.text(st.characters(exclude_categories=("Cs",)), min_size=1).map(lambda one: f"[{one}]")
WORDS = st.lists(LINE, min_size=1)
FIELDS = st.sampled_from(["text", "blocks", "links", "title", "author", "date", "audience", "spent"])


def changed(path: tuple[str | int, ...], value: Any) -> bytes:
    """Return the answer of a reading with one value replaced."""
    fields = json.loads(encode_answer(READ, spent=False))
    inside = fields
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = value
    return json.dumps(fields).encode()


@given(st.lists(st.binary(max_size=50)))
def test_frames_arrive_one_by_one(contents: list[bytes]) -> None:
    """Empty ones too; after the last there is none."""
    pipe = io.BytesIO()
    for one in contents:
        write_frame(pipe, one)
    pipe.seek(0)
    assert [read_frame(pipe, most=50) for _ in contents] == contents
    assert read_frame(pipe, most=50) is None


@given(st.binary(min_size=1, max_size=20), st.integers(1, 27))
def test_a_frame_cut_off_is_broken(content: bytes, cut: int) -> None:
    """Wherever it breaks off, it is not taken for a shorter one."""
    pipe = io.BytesIO()
    write_frame(pipe, content)
    part = pipe.getvalue()[: min(cut, len(pipe.getvalue()) - 1)]
    with pytest.raises(BrokenWire):
        read_frame(io.BytesIO(part), most=50)


def test_a_frame_beyond_the_limit_is_not_read() -> None:
    """A child that announces a gigabyte does not make the parent take it."""
    pipe = io.BytesIO((10**9).to_bytes(8, "big") + b"x")
    with pytest.raises(BrokenWire, match="1000000000"):
        read_frame(pipe, most=10**6)


@pytest.mark.parametrize("spent", [False, True])
@pytest.mark.parametrize("result", [READ, Read("a", (Block(BlockKind.CODE, 0, 1),)), Rejected("it holds no text")])
def test_an_answer_arrives_as_it_was(result: Read | Rejected, *, spent: bool) -> None:
    """Every field of a reading, and the wish to be replaced."""
    assert decode_answer(encode_answer(result, spent=spent)) == (result, spent)


@given(WORDS)
def test_any_text_arrives_as_it_was(paragraphs: list[str]) -> None:
    """Offsets count the same characters on both sides, whatever the script."""
    blocks, at = [], 0
    for one in paragraphs:
        blocks.append(Block(BlockKind.PARAGRAPH, at, at + len(one)))
        at += len(one) + 2
    result = Read("\n\n".join(paragraphs), tuple(blocks))
    assert decode_answer(encode_answer(result, spent=False)) == (result, False)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("text",), ""),
        (("text",), None),
        (("text",), "Leave\ud800 Days | 30"),
        (("text",), "short"),
        (("blocks",), []),
        (("blocks",), None),
        (("blocks", 0, 0), "picture"),
        (("blocks", 0, 1), -1),
        (("blocks", 0, 1), 5),
        (("blocks", 0, 1), 0.5),
        (("blocks", 0, 1), True),
        (("blocks", 0, 2), 6),
        (("blocks", 0, 2), 9),
        (("blocks", 1, 2), 17),
        (("blocks", 1, 3), -1),
        (("blocks", 1, 5), "2"),
        (("blocks", 1, 7), [5, 0]),
        (("blocks", 1, 7), [0, 99]),
        (("blocks", 0), ["heading", 0, 5]),
        (("links", 0), [0, 99, "x"]),
        (("links", 0), [0, 5, None]),
        (("date",), "yesterday"),
        (("title",), 7),
        (("audience",), ["everybody!"]),
        (("audience",), []),
        (("audience",), "group:hr"),
    ],
)
def test_an_answer_that_breaks_a_promise_is_none(path: tuple[str | int, ...], value: Any) -> None:
    """A child that was taken over by a file cannot hand on places that are not there or rights that are none."""
    with pytest.raises(BrokenWire):
        decode_answer(changed(path, value))


JSON = st.recursive(
    st.none() | st.text() | st.integers(), lambda inside: st.lists(inside) | st.dictionaries(FIELDS, inside)
)


@given(st.one_of(st.binary(max_size=60), JSON.map(lambda one: json.dumps(one).encode())))
def test_nonsense_is_broken_wire(content: bytes) -> None:
    """Whatever comes instead of an answer, that is what is raised."""
    with pytest.raises(BrokenWire):
        decode_answer(content)


@pytest.mark.parametrize("deep", [b"[" * 200_000, b'{"spent":' * 100_000])
def test_a_deep_answer_is_broken_wire(deep: bytes) -> None:
    """Nesting does not exhaust the parent's stack."""
    with pytest.raises(BrokenWire):
        decode_answer(deep)


def test_the_largest_text_has_room() -> None:
    """A text at the limit, each letter of four bytes, fits into an answer."""
    limits = ParseLimits(max_file_mb=1)
    text = "\U0001f600" * (1024 * 1024)
    encoded = encode_answer(Read(text, (Block(BlockKind.PARAGRAPH, 0, len(text)),)), spent=False)
    assert len(encoded) <= largest_answer(limits)


def test_a_title_of_several_lines_becomes_one() -> None:
    """What is shown on one line is one line, whoever answered."""
    result, _ = decode_answer(changed(("title",), "two\n lines"))
    assert isinstance(result, Read)
    assert result.title == "two lines"
