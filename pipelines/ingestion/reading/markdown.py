"""Reads Markdown as GitHub does: CommonMark with tables, strikethrough, footnotes and front matter."""

from functools import lru_cache
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from pipelines.domain.reading import ParseLimits, Read, Rejected
from pipelines.ingestion.reading.assembling import Assembler, Facts
from pipelines.ingestion.reading.bounds import too_deep, too_large
from pipelines.ingestion.reading.decoding import decode
from pipelines.ingestion.reading.facts import title_from
from pipelines.ingestion.reading.flow import Flow, prefixed
from pipelines.ingestion.reading.front_matter import split_front_matter
from pipelines.ingestion.reading.markdown_html import HtmlInMarkdown
from pipelines.ingestion.reading.markdown_inline import Inline, inline_of, templated_link
from pipelines.ingestion.reading.slugs import Slugs


if TYPE_CHECKING:
    from pipelines.ingestion.reading.prose import Prose


def read(data: bytes, *, limits: ParseLimits) -> Read | Rejected:
    """
    Read Markdown; the text has no markup left.

    Headings get GitHub's slug, or the id that the author set (`{#id}`, `<a id>`). The
    title is that of the front matter, or else the first heading of level 1. Images and
    comments are left out; the text of HTML stays, without its tags.
    """
    if beyond := too_large(len(data), limits):
        return beyond
    text = decode(data)
    if text is None:
        return Rejected("it is no text: it holds control characters like a program's file")
    split = split_front_matter(text)
    if isinstance(split, Rejected):
        return split
    facts, body = split
    tokens = _parser(limits.nesting_depth).parse(body)
    if beyond := too_deep(max((token.level for token in tokens if token.type != "inline"), default=0), limits):
        return beyond
    out = Assembler()
    _Writer(Flow(out)).write(tokens)
    title = facts.title or title_from(out.first_heading())
    return out.finish(Facts(title, facts.author, facts.date, facts.audience), size=len(data), limits=limits)


@lru_cache(maxsize=4)
def _parser(depth: int) -> MarkdownIt:
    # One level more than allowed is parsed, so that a deeper file is told from one that just fits.
    parser = MarkdownIt("commonmark", {"maxNesting": depth + 2}).enable(["table", "strikethrough"])
    footnote_plugin(parser, inline=False, move_to_end=False)
    parser.inline.ruler.before("link", "templated_link", templated_link)
    return parser


class _Writer:
    """Walks the tokens of one document and writes its blocks."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._slugs = Slugs()
        self._html = HtmlInMarkdown(flow, self._slugs)
        self._rows: list[list[Prose]] = []
        self._note: str | None = None

    def write(self, tokens: list[Token]) -> None:
        """Write every block of the document."""
        for number, token in enumerate(tokens):
            if token.type == "inline":
                self._write_inline(inline_of(token), tokens[number - 1])
            elif token.type in ("fence", "code_block"):
                self._html.flush()
                self._flow.code(token.content)
            elif token.type == "html_block":
                self._html.feed(token.content)
            else:
                self._open_or_close(token)
        self._html.flush()

    def _write_inline(self, inline: Inline, opened: Token) -> None:
        """Write the content of the heading, cell or paragraph that `opened` began."""
        if opened.type in ("th_open", "td_open"):
            self._rows[-1].append(inline.prose)
            return
        self._html.flush()
        self._flow.anchor(inline.anchor)
        if opened.type == "heading_open":
            slug = self._slugs.slug(inline.raw)
            explicit = inline.heading_id or self._flow.take_anchor()
            self._flow.heading(inline.prose, int(opened.tag[1]), explicit or slug or None)
            return
        note, self._note = self._note, None
        self._flow.paragraph(prefixed(f"[{note}] ", inline.prose) if note and inline.prose.text else inline.prose)

    def _open_or_close(self, token: Token) -> None:
        self._html.flush()
        if token.type == "bullet_list_open":
            self._flow.open_list()
        elif token.type == "ordered_list_open":
            self._flow.open_list(int(token.attrs.get("start", 1)))
        elif token.type == "list_item_open":
            self._flow.open_item(mark=f"{token.info}{token.markup}" if token.info else None)
        elif token.type == "list_item_close":
            self._flow.close_item()
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self._flow.close_list()
        elif token.type == "footnote_reference_open":
            self._note = str(token.meta["label"])
        elif token.type == "tr_open":
            self._rows.append([])
        elif token.type == "table_close":
            self._flow.table(self._rows, header_rows=1)
            self._rows = []
