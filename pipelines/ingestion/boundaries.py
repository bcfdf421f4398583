"""
Where a stretch of blocks may be cut, and where it is cut: by content, never by counting from the start.

A cut depends on the words that follow it and on the stretch around it, so an edited
paragraph moves the cuts beside it and no others.
"""

import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

import regex

from pipelines.domain.reading import Block, BlockKind
from pipelines.domain.values import Value
from pipelines.retrieval.sentences import split_sentences


class Seam(IntEnum):
    """What is cut apart; a cut at a lower one is better."""

    SECTION = 0
    PARAGRAPH = 1
    ITEM = 2
    CLOSE = 3
    SENTENCE = 4
    WORD = 5
    CHARACTER = 6


@dataclass(frozen=True, slots=True)
class Boundary(Value):
    """
    A place where a cut is possible.

    Attributes:
        at: position of the first character behind the cut.
        seam: what would be cut apart.

    """

    at: int
    seam: Seam


@dataclass(frozen=True, slots=True)
class ChunkSize(Value):
    """
    How long a chunk is, in characters.

    Attributes:
        limit: a stretch up to this length is not cut.
        least: a cut leaves that much on both sides, if it can.
        hard: from `limit` to here, no sentence is cut from its paragraph.

    """

    limit: int
    least: int
    hard: int


_WORDS = 10
_FOLLOWING = 100
"""Words and characters behind a boundary that decide its rank among its like: an edit further on moves no cut."""

_GIANT = 20_000
"""Characters from which a sentence is no prose: cuts are possible in it at strides alone."""

_STRIDE = 64
"""Characters, as a reader sees them inside a word, from one possible cut in something giant to the next."""

_WORD_STARTS = regex.compile(r"(?<=\s)\S")
_CLUSTERS = regex.compile(rf"\X{{1,{_STRIDE}}}+")
_LINE_ENDS = regex.compile(r"\n\s*+(?=\S)")


def boundaries(text: str, blocks: Sequence[Block], size: ChunkSize) -> tuple[Boundary, ...]:
    """
    Return where these neighbouring blocks may be cut, in order.

    Never behind a heading or a table's header. Inside a block only if it is longer than
    half the limit: between sentences, then words, then characters as a reader sees
    them; code between lines, and only if it does not fit whole. Linear in the length;
    words and sentences that no writer writes are cut at few places, counted from their start.
    """
    found: list[Boundary] = []
    for before, block in zip((None, *blocks), blocks, strict=False):
        if before is not None and before.kind not in (BlockKind.HEADING, BlockKind.TABLE_HEADER):
            found.append(Boundary(block.start, _seam(text, before, block)))
        found.extend(_inside(text, block, size))
    return tuple(found)


def cut(text: str, start: int, end: int, places: Sequence[Boundary], size: ChunkSize) -> tuple[Boundary, ...]:
    """
    Return the boundaries that cut `text[start:end]` into chunks, in order.

    What is longer than the limit is cut at the boundary with the best seam, among equals
    at the one whose following words have the lowest checksum, among these nearest the
    middle; then both sides in the same way.
    """
    at = [place.at for place in places]
    ranks = [(place.seam << 32) | _checksum(text, place.at) for place in places]
    cuts: list[Boundary] = []
    stretches = [(start, end)]
    while stretches:
        first, last = stretches.pop()
        chosen = _choose(at, ranks, first, last, size)
        if chosen is not None:
            cuts.append(places[chosen])
            stretches += [(first, at[chosen]), (at[chosen], last)]
    return tuple(sorted(cuts, key=lambda place: place.at))


def _choose(at: list[int], ranks: list[int], first: int, last: int, size: ChunkSize) -> int | None:
    """Return the number of the boundary that cuts a stretch; None where it stays whole."""
    if last - first <= size.limit:
        return None
    low, high = bisect_left(at, first + size.least), bisect_right(at, last - size.least)
    fits = last - first <= size.hard
    if low >= high:
        low, high = bisect_right(at, first), bisect_left(at, last)
        return None if fits or low >= high else _nearest(at, low, high, first + last)
    eligible = ranks[low:high]
    best = min(eligible)
    if fits and best >= Seam.SENTENCE << 32:
        return None
    if eligible.count(best) == 1:
        return low + eligible.index(best)
    equals = (number for number, rank in enumerate(eligible, low) if rank == best)
    return min(equals, key=lambda number: abs(2 * at[number] - first - last))


def _nearest(at: list[int], low: int, high: int, twice_middle: int) -> int:
    """Return the boundary among `low` to `high` that is nearest to the middle."""
    right = min(max(bisect_left(at, twice_middle / 2), low), high - 1)
    left = max(right - 1, low)
    return left if twice_middle - 2 * at[left] <= abs(2 * at[right] - twice_middle) else right


def _checksum(text: str, at: int) -> int:
    """Return the lowest checksum of two neighbouring words behind a boundary: an edited word seldom changes it."""
    words = text[at : at + _FOLLOWING].split()[:_WORDS]
    return min(zlib.crc32(f"{one} {two}".encode("utf-8", "surrogatepass")) for one, two in pairwise([*words, ""]))


def _seam(text: str, before: Block, block: Block) -> Seam:
    """Return what a cut between two neighbouring blocks would take apart."""
    if block.kind is BlockKind.HEADING:
        return Seam.SECTION
    if text[before.end - 1] == ":" or (block.lead is not None and block.lead[1] == before.end):
        return Seam.CLOSE
    if block.kind in (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW) and block.kind is before.kind:
        return Seam.CLOSE if block.level else Seam.ITEM
    return Seam.PARAGRAPH


def _inside(text: str, block: Block, size: ChunkSize) -> Iterator[Boundary]:
    """Yield the boundaries inside a long block."""
    length = block.end - block.start
    if block.kind is BlockKind.CODE:
        if length > size.limit:
            yield from _between_lines(text, block)
    elif length > size.limit // 2:
        spans = split_sentences(text, block.start, block.end)
        for start, end in spans:
            if start > block.start:
                yield Boundary(start, Seam.SENTENCE)
            if end - start > size.limit // 2:
                yield from _inside_sentence(text, start, end, size)


def _inside_sentence(text: str, start: int, end: int, size: ChunkSize) -> Iterator[Boundary]:
    """Yield the boundaries inside a long sentence; inside a word only if no cut beside it would do."""
    if end - start > _GIANT:
        yield from _strides(text, start, end)
        return
    starts = [match.start() for match in _WORD_STARTS.finditer(text, start, end) if match.start() > start]
    for word, following in zip((start, *starts), (*starts, end), strict=True):
        if word > start:
            yield Boundary(word, Seam.WORD)
        if following - word > size.hard - 2 * size.least:
            yield from _strides(text, word, following)


def _strides(text: str, start: int, end: int) -> Iterator[Boundary]:
    """Yield a boundary per stride: before a word, or inside one that goes on for a stride more."""
    at = start
    while at < end:
        word = _WORD_STARTS.search(text, min(at + _STRIDE, end), min(at + 2 * _STRIDE, end))
        clusters = None if word else _CLUSTERS.match(text, at, end)
        at = word.start() if word else clusters.end() if clusters else end
        if at < end and not text[at].isspace():
            yield Boundary(at, Seam.WORD if word else Seam.CHARACTER)


def _between_lines(text: str, block: Block) -> Iterator[Boundary]:
    """Yield the starts of a code block's lines; better ones behind an empty line."""
    for match in _LINE_ENDS.finditer(text, block.start, block.end):
        empty_line = match[0].count("\n") > 1
        yield Boundary(match.end(), Seam.CLOSE if empty_line else Seam.SENTENCE)
