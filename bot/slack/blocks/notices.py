"""The bot's own sentences as messages: what a command did, what goes on, what went wrong."""

from collections.abc import Sequence

from bot.slack.blocks.packing import packed
from bot.slack.blocks.rich_text import batches, to_rich_text
from bot.slack.blocks.shapes import Message, preformatted, rich_text, section
from bot.slack.blocks.still import NAMELESS, still_line, unparsed


_BLOCK_BYTES = 3500
_NOTIFICATION = 150


def notice_messages(lines: Sequence[str], *, columns: bool = False) -> tuple[Message, ...]:
    """
    Return lines as messages, at least one; names and paths in them take no effect.

    Args:
        lines: what is said, a line each.
        columns: the lines are rows whose columns stand below each other.

    """
    text = "\n".join(lines).strip("\n") or NAMELESS
    shape = preformatted if columns else section
    blocks = ((rich_text(shape(leaves)),) for leaves in batches(to_rich_text(text, {}), _BLOCK_BYTES))
    first = still_line(text.partition("\n")[0], _NOTIFICATION)
    return tuple(Message(unparsed(first), shown) for shown in packed(blocks))
