"""Blocks into as few messages as hold them, in order. It knows sizes and nothing of what is said."""

from collections.abc import Iterable

from bot.slack import limits
from bot.slack.blocks.shapes import Json, size_of


ROOM = 7900
"""Bytes of a message's blocks; text and metadata have the rest of `limits.MESSAGE_BYTES`."""

_MOST_BLOCKS = limits.BLOCKS_IN_MESSAGE - 1
"""One is left for the line that numbers the messages."""


def packed(groups: Iterable[tuple[Json, ...]], *, first_room: int = ROOM) -> tuple[tuple[Json, ...], ...]:
    """
    Return the blocks of each message, at least one. Groups stay in order, and the blocks of a group together.

    Args:
        groups: each of at most 7,900 bytes and with one table at most.
        first_room: bytes that the first message has left; where the first group needs more, it gets no block.

    """
    messages: list[list[Json]] = [[]]
    room, blocks_left, tables_left = first_room, _MOST_BLOCKS, limits.TABLES_IN_MESSAGE
    for group in groups:
        size = sum(size_of(block) + 1 for block in group)
        tables = sum(block["type"] == "table" for block in group)
        if size > room or len(group) > blocks_left or tables > tables_left:
            messages.append([])
            room, blocks_left, tables_left = ROOM, _MOST_BLOCKS, limits.TABLES_IN_MESSAGE
        messages[-1].extend(group)
        room -= size
        blocks_left -= len(group)
        tables_left -= tables
    return tuple(tuple(blocks) for blocks in messages)
