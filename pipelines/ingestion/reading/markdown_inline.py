"""The inside of a Markdown block: text, links, code and inline HTML, without any markup."""

import re
from dataclasses import dataclass

from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from pipelines.domain.values import Value
from pipelines.ingestion.reading.html_tags import Tag, tag_of
from pipelines.ingestion.reading.prose import Prose, ProseBuilder


_HEADING_ID = re.compile(r"\s*\{:?\s*#([^\s{}]+)[^{}]*\}\s*$")
_TEMPLATED = re.compile(r"\(\s*<?(\{%.{1,500}?%\}|\{\{.{1,500}?\}\})([^\s()<>]*)>?\s*\)", re.DOTALL)
_TEMPLATE_TAG = re.compile(
    r"\{%-?\s*(?:end\w+|raw|verbatim|comment|alert|include\w*|render|if|elsif|else|unless|for|case|when|assign|set"
    r"|capture|block|extends|import|macro|image\w*)\b.*?-?%\}"
)
"""Tags of site generators (Liquid, Jinja, Nunjucks) that a reader of the site never sees."""
_NAMING_TAG = re.compile(r"\{%-?\s*\w+\s+[\"“]([^\"“”%]+)[\"”][^%]*%\}")
"""Any other tag with a quoted argument, of which the argument is what most likely is seen."""


@dataclass(frozen=True, slots=True)
class Inline(Value):
    """
    The content of one block.

    Attributes:
        prose: what a reader sees.
        raw: the same as written, spaces uncollapsed, for a slug.
        anchor: the id of an HTML anchor inside it.
        heading_id: the id that `{#id}` at its end sets.

    """

    prose: Prose
    raw: str
    anchor: str | None
    heading_id: str | None


def inline_of(token: Token) -> Inline:
    """Return the content of an `inline` token."""
    children = token.children or []
    heading_id = _take_heading_id(children)
    builder = ProseBuilder()
    raw: list[str] = []
    anchor: str | None = None
    for child in children:
        if child.type == "html_inline":
            tag = tag_of(child.content)
            _apply(tag, builder)
            anchor = anchor or tag.anchor
        else:
            raw.append(_add(child, builder))
    return Inline(builder.finish(), "".join(raw), anchor, heading_id)


def _add(child: Token, builder: ProseBuilder) -> str:
    """Add a token's text to the builder and return it as written."""
    if child.type == "text":
        text = child.content
        if "{%" in text:
            text = _NAMING_TAG.sub(r"\1", _TEMPLATE_TAG.sub("", text))
        builder.add(text)
        return text
    if child.type == "code_inline":
        builder.add(child.content)
        return child.content
    if child.type == "softbreak":
        builder.add(" ")
    elif child.type == "hardbreak":
        builder.line_break()
    elif child.type == "link_open":
        builder.open_link(str(child.attrs.get("href", "")))
    elif child.type == "link_close":
        builder.close_link()
    elif child.type == "footnote_ref":
        builder.add(f"[{child.meta['label']}]")
    return ""


def _apply(tag: Tag, builder: ProseBuilder) -> None:
    """Apply an inline HTML tag: breaks and links; any other leaves no trace."""
    if tag.name == "br":
        builder.line_break()
    elif tag.name == "a" and tag.closing:
        builder.close_link()
    elif tag.name == "a" and tag.address is not None:
        builder.open_link(tag.address)


def _take_heading_id(children: list[Token]) -> str | None:
    """Remove `{#id}` from the end of the last text and return the id."""
    last = children[-1] if children else None
    if last is None or last.type != "text":
        return None
    found = _HEADING_ID.search(last.content)
    if not found:
        return None
    last.content = last.content[: found.start()]
    return found[1]


def templated_link(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the signature of a markdown-it rule
    """
    Parse a link whose address is a site generator's tag: `[text]({% page "x/" %})`.

    CommonMark forbids the spaces in it, so the markup would be shown as text.
    """
    if state.src[state.pos] != "[" or "{" not in state.src:
        return False
    label_end = state.md.helpers.parseLinkLabel(state, state.pos, True)  # noqa: FBT003 - markdown-it's signature
    found = _TEMPLATED.match(state.src, label_end + 1) if label_end >= 0 else None
    if not found:
        return False
    if not silent:
        after, most = found.end(), state.posMax
        state.pos, state.posMax = state.pos + 1, label_end
        state.push("link_open", "a", 1).attrs = {"href": found[1] + found[2]}
        state.md.inline.tokenize(state)
        state.push("link_close", "a", -1)
        state.pos, state.posMax = after, most
    else:
        state.pos = found.end()
    return True
