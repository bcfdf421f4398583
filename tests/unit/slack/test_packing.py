"""Blocks are put into as few messages as hold them, in order, and no message is more than Slack takes."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.rendering import page
from bot.slack import limits
from bot.slack.blocks.answers import answer_messages
from bot.slack.blocks.packing import ROOM, packed
from bot.slack.blocks.shapes import size_of
from bot.slack.blocks.showing import Showing
from bot.slack.checks import check_message
from tests.fakes.answers import answer
from tests.unit.slack.reading_blocks import blocks_of


def block(kind: str, size: int) -> dict[str, Any]:
    """Return a stand-in for a block of a type and a size."""
    return {"type": kind, "text": "x" * size}


BLOCKS = st.builds(block, st.sampled_from(["rich_text", "table"]), st.integers(0, 3500))
GROUPS = st.lists(st.tuples(BLOCKS) | st.tuples(st.builds(block, st.just("actions"), st.integers(0, 3500)), BLOCKS))


@given(GROUPS, st.integers(0, ROOM))
def test_no_message_holds_more_than_it_may(groups: list[tuple[dict[str, Any], ...]], first_room: int) -> None:
    """Order and groups are kept, and bytes, blocks and tables of each message stay below their limits."""
    messages = packed(groups, first_room=first_room)
    assert [one for message in messages for one in message] == [one for group in groups for one in group]
    for number, message in enumerate(messages):
        assert size_of(message) <= (ROOM if number else first_room) + 2
        assert len(message) < limits.BLOCKS_IN_MESSAGE
        assert sum(one["type"] == "table" for one in message) <= limits.TABLES_IN_MESSAGE
    places = {id(one): number for number, message in enumerate(messages) for one in message}
    assert all(len({places[id(one)] for one in group}) == 1 for group in groups)


def test_many_short_blocks_go_on_in_the_next_message() -> None:
    """A message holds 50 blocks, of which one numbers the messages."""
    assert [len(one) for one in packed([(block("rich_text", 1),)] * 100)] == [49, 49, 2]


def test_a_hundred_paragraphs_and_two_tables_arrive_in_valid_messages() -> None:
    """Paragraphs and tables that would break a limit by their number are spread over messages."""
    table = "A: 1 · B: 2\nA: 3 · B: 4"
    text = "\n\n".join([*(f"Paragraph {number}." for number in range(100)), table, table])
    messages = answer_messages(page(answer(text)), Showing())
    for one in messages:
        check_message(one)
    assert sum(one["type"] == "table" for one in blocks_of(messages)) == 2
