"""A message of Slack, and the smallest shapes of Block Kit. Each is made here and nowhere else."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from bot.slack import limits
from bot.slack.actions import Action
from bot.slack.blocks.still import NAMELESS, still_line
from pipelines.domain.values import Value


Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message(Value):
    """
    One message, fit to be posted, updated or put at the end of a stream.

    Attributes:
        text: what is shown where blocks are not: in notifications, or all of it where there are none.
        blocks: what is shown; empty for the plain form.
        metadata: what we recognise our own message by.

    """

    text: str
    blocks: tuple[Json, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def post_arguments(self) -> Json:
        """Return the arguments of `chat.postMessage` but for the place: nothing in it is parsed or unfurled."""
        plain = {} if self.blocks else {"mrkdwn": False}
        return {
            **self.update_arguments(),
            **plain,
            "parse": "none",
            "link_names": False,
            "unfurl_links": False,
            "unfurl_media": False,
        }

    def update_arguments(self) -> Json:
        """Return the arguments of `chat.update` but for the place; without blocks, those of before are taken away."""
        metadata = {"metadata": dict(self.metadata)} if self.metadata else {}
        return {"text": self.text, "blocks": list(self.blocks), **metadata}

    def size(self) -> int:
        """Return the bytes of the message as JSON in UTF-8."""
        return size_of({"text": self.text, "blocks": self.blocks, "metadata": dict(self.metadata)})


def size_of(value: object) -> int:
    """Return the bytes of a value as JSON in UTF-8."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def plain(text: str, most: int) -> Json:
    """Return a text that is not parsed, on one line, of at most so many characters."""
    return {"type": "plain_text", "text": still_line(text, most), "emoji": False}


def leaf(text: str, *, bold: bool = False) -> Json:
    """Return a stretch of rich text; its text is still and not empty."""
    style = {"style": {"bold": True}} if bold else {}
    return {"type": "text", "text": text or NAMELESS, **style}


def link(url: str, text: str) -> Json:
    """Return a link; the address comes from `linkable`."""
    return {"type": "link", "url": url, "text": text}


def mention(user: str) -> Json:
    """Return the name of a person, who is rung if they read there; the id comes from a verified request."""
    return {"type": "user", "user_id": user}


def section(leaves: Sequence[Json]) -> Json:
    """Return a paragraph of rich text."""
    return {"type": "rich_text_section", "elements": list(leaves)}


def quote(leaves: Sequence[Json]) -> Json:
    """Return a quote of rich text."""
    return {"type": "rich_text_quote", "elements": list(leaves)}


def preformatted(leaves: Sequence[Json]) -> Json:
    """Return rich text whose blanks and columns are kept."""
    return {"type": "rich_text_preformatted", "elements": list(leaves)}


def rich_text(*elements: Json) -> Json:
    """Return a block of rich text."""
    return {"type": "rich_text", "elements": list(elements)}


def context(*texts: str) -> Json:
    """Return small print, a text per element, at most ten."""
    return {"type": "context", "elements": [plain(one, limits.CONTEXT_TEXT) for one in texts]}


def header(text: str) -> Json:
    """Return a headline."""
    return {"type": "header", "text": plain(text, limits.HEADER)}


def actions(*elements: Json) -> Json:
    """Return a row of buttons, at most 25."""
    return {"type": "actions", "elements": list(elements)}


def button(action: Action, text: str, value: str, *, which: str = "", style: str = "") -> Json:
    """Return a button; `which` tells it from others of the same action."""
    more = {"style": style} if style else {}
    return {
        "type": "button",
        "action_id": f"{action}:{which}" if which else str(action),
        "text": plain(text, limits.BUTTON_TEXT),
        "value": value,
        **more,
    }
