"""What an answer says, as blocks: a paragraph a block, a table a table."""

from collections.abc import Iterator, Mapping

from bot import slack_texts
from bot.slack.blocks.rich_text import batches, to_rich_text
from bot.slack.blocks.shapes import Json, preformatted, rich_text, section
from bot.slack.blocks.tables import Lines, Table, segments, table_blocks


PARAGRAPH_BYTES = 3500
"""Bytes of a block of text, at most: several fit into a message, so that little of one stays empty."""


def body(paragraphs: tuple[tuple[str, ...], ...], addresses: Mapping[int, str], language: str) -> Iterator[Json]:
    """Yield the blocks of an answer's text in order, nothing left out; none has more than 6,500 bytes."""
    for paragraph in paragraphs:
        for segment in segments(paragraph):
            yield from _segment(segment, addresses, language)


def _segment(segment: Table | Lines, addresses: Mapping[int, str], language: str) -> Iterator[Json]:
    if isinstance(segment, Lines):
        yield from _lines(segment, addresses)
        return
    blocks = table_blocks(segment, addresses, slack_texts.sources_headline(language))
    yield from blocks or _lines(Lines(segment.lines, preformatted=True), addresses)


def _lines(segment: Lines, addresses: Mapping[int, str]) -> Iterator[Json]:
    shape = preformatted if segment.preformatted else section
    for leaves in batches(to_rich_text("\n".join(segment.lines), addresses), PARAGRAPH_BYTES):
        yield rich_text(shape(leaves))
