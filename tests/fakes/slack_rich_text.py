"""Rich text: the shape of its blocks, and what Slack makes of the text that a person types."""

import re
from collections.abc import Iterator
from typing import Any

from tests.fakes.slack_shapes import boolean, listing, number, of_type, one_of, record, string, typed, url


_STYLES = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink")
_STYLE = {"style": record({}, dict.fromkeys(_STYLES, boolean))}
_TEXT = of_type("text", {"text": string(1)}, _STYLE)
_LINK = of_type("link", {"url": url()}, {**_STYLE, "text": string(), "unsafe": boolean})
_INLINE = typed(
    {
        "text": _TEXT,
        "link": _LINK,
        "user": of_type("user", {"user_id": string(1)}, _STYLE),
        "channel": of_type("channel", {"channel_id": string(1)}, _STYLE),
        "usergroup": of_type("usergroup", {"usergroup_id": string(1)}, _STYLE),
        "team": of_type("team", {"team_id": string(1)}, _STYLE),
        "emoji": of_type("emoji", {"name": string(1)}, {**_STYLE, "unicode": string(), "url": url()}),
        "broadcast": of_type("broadcast", {"range": one_of("here", "channel", "everyone")}, _STYLE),
        "color": of_type("color", {"value": string(1)}, _STYLE),
        "date": of_type(
            "date", {"timestamp": number(), "format": string(1)}, {**_STYLE, "url": url(), "fallback": string()}
        ),
    }
)
_SECTION = of_type("rich_text_section", {"elements": listing(_INLINE)})
_BORDER = {"border": number(0, 1)}
RICH_TEXT = of_type(
    "rich_text",
    {
        "elements": listing(
            typed(
                {
                    "rich_text_section": _SECTION,
                    "rich_text_list": of_type(
                        "rich_text_list",
                        {"elements": listing(_SECTION, 1), "style": one_of("bullet", "ordered")},
                        {**_BORDER, "indent": number(0, 8), "offset": number(0)},
                    ),
                    "rich_text_quote": of_type("rich_text_quote", {"elements": listing(_INLINE)}, _BORDER),
                    "rich_text_preformatted": of_type(
                        "rich_text_preformatted",
                        {"elements": listing(typed({"text": _TEXT, "link": _LINK}))},
                        {**_BORDER, "language": string()},
                    ),
                }
            ),
            1,
        )
    },
    {"block_id": string(1, 255)},
)

_TOKEN = re.compile(
    r"<(?:@(?P<user>[UW][A-Z0-9]+)|#(?P<channel>[CG][A-Z0-9]+)(?:\|[^<>]*)?|!subteam\^(?P<usergroup>S[A-Z0-9]+)"
    r"(?:\|[^<>]*)?|!(?P<broadcast>here|channel|everyone))>|(?P<link>https?://[^\s<>|]+)"
)
_KEYS = {"user": "user_id", "channel": "channel_id", "usergroup": "usergroup_id", "broadcast": "range", "link": "url"}


def escape(text: str) -> str:
    """Return a text with the three signs escaped that Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Return the text that was escaped."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _pieces(typed_text: str) -> Iterator[tuple[str, str, str]]:
    """Yield kind, value and wire form of each piece of what a person typed."""
    place = 0
    for found in _TOKEN.finditer(typed_text):
        if found.start() > place:
            text = typed_text[place : found.start()]
            yield "text", text, escape(text)
        kind = str(found.lastgroup)
        wire = f"<{escape(found['link'])}>" if kind == "link" else found[0]
        yield kind, found[kind], wire
        place = found.end()
    if place < len(typed_text):
        yield "text", typed_text[place:], escape(typed_text[place:])


def wire_text(typed_text: str) -> str:
    """Return `text` of an event: mentions and addresses in angle brackets, everything else escaped."""
    return "".join(wire for _, _, wire in _pieces(typed_text))


def rich_text(typed_text: str, block_id: str) -> list[dict[str, Any]]:
    """Return `blocks` of an event: one rich_text block; none where nothing was typed."""
    elements = [{"type": kind, _KEYS.get(kind, "text"): value} for kind, value, _ in _pieces(typed_text)]
    if not elements:
        return []
    section = {"type": "rich_text_section", "elements": elements}
    return [{"type": "rich_text", "block_id": block_id, "elements": [section]}]
