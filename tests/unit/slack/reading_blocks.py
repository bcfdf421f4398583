"""Reads back what blocks show, as a client would: texts in order, links, and everything that has a type."""

from collections.abc import Iterable, Iterator
from typing import Any

from bot.slack.blocks.shapes import Message
from pipelines.answering.writing.inert import JOINER


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Yield all objects in a value, outer ones first."""
    if isinstance(value, dict):
        yield value
        for one in value.values():
            yield from nodes(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from nodes(one)


def shown(value: Any) -> str:
    """Return all text that is shown, joined as it stands, without joiners."""
    texts = (one["text"] for one in nodes(value) if isinstance(one.get("text"), str))
    return "".join(texts).replace(JOINER, "")


def links(value: Any) -> list[tuple[str, str]]:
    """Return all links as text and address."""
    return [(one["text"], one["url"]) for one in nodes(value) if one.get("type") == "link"]


def blocks_of(messages: Iterable[Message]) -> list[dict[str, Any]]:
    """Return the blocks of all messages in order."""
    return [block for message in messages for block in message.blocks]


def squeezed(text: str) -> str:
    """Return a text without blanks and joiners, to compare what is said and not how it is parted."""
    return "".join(text.replace(JOINER, "").split())
