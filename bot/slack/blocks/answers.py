"""A Page -> the messages that show it; nothing of it is left out, however long it is."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot import slack_file_texts, slack_texts
from bot.rendering import Page
from bot.slack.blocks.addresses import addresses_of_cards
from bot.slack.blocks.body import body
from bot.slack.blocks.controls import choice_blocks, control_blocks
from bot.slack.blocks.packing import ROOM, packed
from bot.slack.blocks.shapes import Json, Message, context, leaf, rich_text, section
from bot.slack.blocks.showing import Showing
from bot.slack.blocks.sources import closest_blocks, evidence_blocks, source_blocks
from bot.slack.blocks.still import NAMELESS, still_line, unparsed
from pipelines.domain.conversation import Outcome
from pipelines.domain.values import Value


_NOTIFICATION = 150
_PERSON = 100


@dataclass(frozen=True, slots=True)
class Ending(Value):
    """
    What follows a text that was streamed already.

    Attributes:
        blocks: for the end of the stream; empty where it has no room left.
        more: further messages.

    """

    blocks: tuple[Json, ...]
    more: tuple[Message, ...]


def answer_messages(page: Page, showing: Showing) -> tuple[Message, ...]:
    """
    Return the messages that show a page, at least one; each is valid, and has less than 9,000 bytes.

    What is said comes first, then notes, choices, sources, quotes and the nearest documents; what
    can be pressed stands at the end of the last one.
    """
    parts = packed(_groups(page, showing))
    return tuple(
        _message(page, showing, blocks or (_nothing(),), number, len(parts))
        for number, blocks in enumerate(parts, start=1)
    )


def ending(page: Page, showing: Showing, *, room: int = ROOM) -> Ending:
    """
    Return what is shown below a text that was streamed: all of the page but its paragraphs.

    Args:
        page: the answer.
        showing: where it is shown.
        room: bytes that the message of the stream has left for blocks, at most 7,900.

    """
    first, *rest = packed(_after_body(page, showing), first_room=room)
    more = (_message(page, showing, blocks, number, len(rest) + 1) for number, blocks in enumerate(rest, start=2))
    return Ending(first, tuple(more))


def _groups(page: Page, showing: Showing) -> Iterator[tuple[Json, ...]]:
    for block in body(page.paragraphs, addresses_of_cards(page.sources), showing.language):
        yield (block,)
    yield from _after_body(page, showing)


def _after_body(page: Page, showing: Showing) -> Iterator[tuple[Json, ...]]:
    for block in _small_print(page, showing):
        yield (block,)
    for block in choice_blocks(page, showing):
        yield (block,)
    for kind in (source_blocks, evidence_blocks, closest_blocks):
        for block in kind(page, showing):
            yield (block,)
    if showing.person and page.outcome is Outcome.REFUSAL and not showing.of_files:
        told = slack_texts.person_to_ask(showing.language, still_line(showing.person, _PERSON))
        yield (rich_text(section([leaf(told)])),)
    controls = control_blocks(page, showing)
    if controls:
        yield controls


def _small_print(page: Page, showing: Showing) -> Iterator[Json]:
    """Yield what was not read, how the answer was made and who sees it."""
    seen = slack_texts.who_sees_it(showing.language, private=showing.private)
    for one in page.unread:
        yield context(slack_file_texts.not_read(showing.language, one.name, one.reason))
    lines = [*page.notes, *([seen] if page.outcome is Outcome.ANSWER and not showing.of_files else [])]
    lines += [slack_file_texts.from_files(showing.language)] if showing.of_files else []
    for line in lines:
        yield context(line)


def _nothing() -> Json:
    """Return the block of a message that says nothing: Slack would refuse one without."""
    return rich_text(section([leaf(NAMELESS)]))


def _message(page: Page, showing: Showing, blocks: tuple[Json, ...], part: int, parts: int) -> Message:
    """Return one message; of several each says which it is."""
    if parts > 1:
        blocks = (*blocks, context(slack_texts.part_of(showing.language, part, parts)))
    first = " ".join(line for paragraph in page.paragraphs[:1] for line in paragraph)
    text = first if part == 1 else slack_texts.part_of(showing.language, part, parts)
    return Message(unparsed(still_line(text, _NOTIFICATION)), blocks, showing.metadata(part, parts))
