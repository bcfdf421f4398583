"""
Is what we are about to send valid? Asked of every message, view and piece of a stream before it leaves.

Three judges: our own shapes, the rules that concern a message as a whole, and the models of
slack_sdk. It changes nothing; who is refused sends the plain form instead.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.slack import limits
from bot.slack.blocks.shapes import Json, Message, size_of
from bot.slack.check_rules import many, text, typed
from bot.slack.check_shapes import CHUNK, HOME, MESSAGE_BLOCKS, MODAL, PROMPTS
from pipelines.errors import PermanentError


_FAULTS_TOLD = 3
_ONCE = ("block_id", "action_id")
_BLOCKS = many(typed(MESSAGE_BLOCKS), limits.BLOCKS_IN_MESSAGE, 0)
_TEXT = text(limits.FALLBACK_TEXT)
_BARE_TEXT = text(limits.MESSAGE_BYTES)


class InvalidMessage(PermanentError):
    """What was about to be sent is not what Slack takes; the message names the first faults."""


def check_message(message: Message, mentions: Collection[str] = ()) -> None:
    """
    Return if the message may be sent.

    Args:
        message: it.
        mentions: ids of the people whom it may name; it rings nobody else.

    Raises:
        InvalidMessage: it has a fault.

    """
    blocks = list(message.blocks)
    faults = [*(_TEXT if blocks else _BARE_TEXT)(message.text, "text"), *_tokens(message), *_blocks(blocks, mentions)]
    if message.size() >= limits.MESSAGE_BYTES:
        faults.append(f"the message has {message.size()} bytes, it must stay below {limits.MESSAGE_BYTES}")
    _refuse(faults or _sdk_blocks(blocks))


def check_blocks(blocks: Sequence[Json]) -> None:
    """
    Return if these blocks may be put at the end of a stream.

    Raises:
        InvalidMessage: they have a fault.

    """
    _refuse(list(_blocks(list(blocks))) or _sdk_blocks(blocks))


def check_view(view: Json) -> None:
    """
    Return if a dialogue or a Home tab may be shown.

    Raises:
        InvalidMessage: it has a fault.

    """
    faults = list(typed({"modal": MODAL, "home": HOME})(view, "view"))
    if not faults:
        faults = [*_repeated(view["blocks"]), *_rung(view["blocks"]), *_dialogue(view)]
    _refuse(faults or _sdk_view(view))


def check_chunks(chunks: Sequence[Json]) -> None:
    """
    Return if these pieces may be added to a stream with one call.

    Raises:
        InvalidMessage: they have a fault.

    """
    faults = list(many(CHUNK, 100)(list(chunks), "chunks"))
    if not faults:
        faults = [*_markdown(chunks, "markdown_text"), *_inner(chunks)]
    if size_of(list(chunks)) >= limits.MESSAGE_BYTES:
        faults.append(f"the pieces have {size_of(list(chunks))} bytes, they must stay below {limits.MESSAGE_BYTES}")
    _refuse(faults)


def check_prompts(prompts: Sequence[Json]) -> None:
    """
    Return if these prompts may be suggested.

    Raises:
        InvalidMessage: they have a fault.

    """
    _refuse(list(PROMPTS(list(prompts), "prompts")))


def _refuse(faults: Sequence[str]) -> None:
    if faults:
        more = f" and {len(faults) - _FAULTS_TOLD} more" if len(faults) > _FAULTS_TOLD else ""
        raise InvalidMessage(f"Slack would refuse this: {'; '.join(faults[:_FAULTS_TOLD])}{more}.")


def _tokens(message: Message) -> Iterator[str]:
    """Yield that a text would ring: Slack reads what stands in angle brackets, even in a notification."""
    for token in message.text.split("<")[1:]:
        if not token.startswith(("http://", "https://")):
            yield f"text holds the token <{token[:20]}"


def _blocks(blocks: Sequence[Any], mentions: Collection[str] = ()) -> Iterator[str]:
    faults = list(_BLOCKS(blocks, "blocks"))
    yield from faults
    if not faults:
        yield from _repeated(blocks)
        yield from _rung(blocks, mentions)
        yield from _markdown(blocks, "markdown")
        tables = sum(one["type"] == "table" for one in _nodes(blocks))
        if tables > limits.TABLES_IN_MESSAGE:
            yield f"blocks hold {tables} tables, allowed is {limits.TABLES_IN_MESSAGE}"


def _repeated(blocks: Sequence[Json]) -> Iterator[str]:
    """Yield each id that stands there twice: an event would not tell which of the two was meant."""
    for key in _ONCE:
        counted = Counter(one[key] for one in _nodes(blocks) if key in one)
        yield from (f"{key} {value!r} stands there {times} times" for value, times in counted.items() if times > 1)


def _rung(blocks: Sequence[Json], mentions: Collection[str] = ()) -> Iterator[str]:
    """Yield each person who is named and was not meant to be."""
    named = (one["user_id"] for one in _nodes(blocks) if one["type"] == "user")
    yield from (f"blocks name the person {user}" for user in named if user not in mentions)


def _markdown(shown: Iterable[Json], kind: str) -> Iterator[str]:
    length = sum(limits.length(one["text"]) for one in shown if one["type"] == kind)
    if length > limits.MARKDOWN:
        yield f"the Markdown has {length} characters in all, allowed are {limits.MARKDOWN}"


def _dialogue(view: Json) -> Iterator[str]:
    has_input = any(one["type"] == "input" for one in view["blocks"])
    if has_input and view["type"] != "modal":
        yield "a Home tab has a field"
    elif has_input and "submit" not in view:
        yield "a dialogue has a field and no button that sends it"
    elif "submit" in view and not has_input:
        yield "a dialogue has a button that sends, and no field"


def _inner(chunks: Iterable[Json]) -> Iterator[str]:
    for one in chunks:
        if one["type"] == "blocks":
            yield from _blocks(one["blocks"])


def _nodes(value: object) -> Iterator[Json]:
    """Yield all objects with a type, the inner ones too."""
    if isinstance(value, dict):
        if "type" in value:
            yield value
        for one in value.values():
            yield from _nodes(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _nodes(one)


def _sdk_blocks(blocks: Sequence[Json]) -> list[str]:
    """Return what the models of slack_sdk object to."""
    try:
        for block in Block.parse_all(list(blocks)):
            block.to_dict()
    except SlackObjectFormationError as error:
        return [str(error)]
    return []


def _sdk_view(view: Json) -> list[str]:
    try:
        View(**view).to_dict()
    except SlackObjectFormationError as error:
        return [str(error)]
    return []
