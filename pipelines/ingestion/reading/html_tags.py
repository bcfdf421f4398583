"""One HTML tag or a fragment of HTML inside Markdown, read with the standard library. Whole pages: html_page."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from pipelines.domain.values import Value


INLINE = re.compile(
    r"a|abbr|acronym|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|img"
    r"|ins|kbd|label|mark|math|nobr|output|picture|q|rp|rt|ruby|s|samp|small"
    r"|span|strike|strong|sub|sup|time|tt|u|var|wbr"
)
"""Names of elements that stand inside a line; all others begin a block."""


@dataclass(frozen=True, slots=True)
class Tag(Value):
    """
    A tag.

    Attributes:
        name: its name in lower case; "" for a comment or a declaration.
        closing: whether it is an end tag.
        address: the `href` of a start tag.
        anchor: the `id`, or else the `name` of an `a`.

    """

    name: str
    closing: bool = False
    address: str | None = None
    anchor: str | None = None


def tag_from(name: str, attributes: list[tuple[str, str | None]]) -> Tag:
    """Return a start tag with the attributes that matter here."""
    known = dict(attributes)
    named = known.get("name") if name == "a" else None
    return Tag(name, address=known.get("href"), anchor=known.get("id") or named)


def tag_of(markup: str) -> Tag:
    """Return the first tag of a piece of markup; a nameless one when there is none."""
    parser = _FirstTag()
    parser.feed(markup)
    return parser.tag or Tag("")


class _FirstTag(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tag: Tag | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tag = self.tag or tag_from(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.tag = self.tag or Tag(tag, closing=True)
