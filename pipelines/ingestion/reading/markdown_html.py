"""HTML blocks inside Markdown: their text, lists, tables and headings, without a tag. Whole pages: html_page."""

from html.parser import HTMLParser

from pipelines.ingestion.reading.flow import Flow
from pipelines.ingestion.reading.html_tags import INLINE, Tag, tag_from
from pipelines.ingestion.reading.prose import Prose, ProseBuilder
from pipelines.ingestion.reading.slugs import Slugs


_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_UNSEEN = frozenset({"script", "style", "template", "iframe", "object", "video", "audio", "svg", "noscript"})


class HtmlInMarkdown(HTMLParser):
    """
    Writes HTML blocks, which Markdown cuts at blank lines, as they come.

    Lists stay open from one block to the next; text that is left is written by
    `flush`, before anything of Markdown follows.
    """

    def __init__(self, flow: Flow, slugs: Slugs) -> None:
        super().__init__()
        self._flow = flow
        self._slugs = slugs
        self._builder = ProseBuilder()
        self._heading: int | None = None
        self._unseen: str | None = None
        self._code: list[str] | None = None
        self._rows: list[list[Prose]] | None = None
        self._header_rows = 0
        self._in_cell = False

    def flush(self) -> None:
        """Write the text that was collected, as a heading or a paragraph."""
        prose, self._builder = self._builder.finish(), ProseBuilder()
        heading, self._heading = self._heading, None
        if not prose.text:
            return
        if heading is None:
            self._flow.paragraph(prose)
            return
        slug = self._slugs.slug(prose.text)
        self._flow.heading(prose, heading, self._flow.take_anchor() or slug or None)

    def handle_data(self, data: str) -> None:
        """Collect text that is seen."""
        if self._code is not None:
            self._code.append(data)
        elif self._unseen is None:
            self._builder.add(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin what the tag begins."""
        opened = tag_from(tag, attrs)
        if self._unseen or self._code is not None:
            return
        if tag in _UNSEEN:
            self._unseen = tag
        elif tag == "br":
            self._builder.line_break()
        elif INLINE.fullmatch(tag):
            self._inline(opened)
        elif self._rows is not None:
            self._in_table(tag)
        else:
            self._block(opened)

    def handle_endtag(self, tag: str) -> None:
        """End what the tag ends."""
        if self._unseen:
            self._unseen = None if tag == self._unseen else self._unseen
        elif self._code is not None:
            self._end_code(tag)
        elif tag == "a":
            self._builder.close_link()
        elif INLINE.fullmatch(tag) or tag == "br":
            return
        elif self._rows is not None:
            self._end_in_table(tag)
        else:
            self._end_block(tag)

    def _inline(self, opened: Tag) -> None:
        if opened.address is not None:
            self._builder.open_link(opened.address)
        if self._rows is None:
            self._flow.anchor(opened.anchor)

    def _block(self, opened: Tag) -> None:
        self.flush()
        self._flow.anchor(opened.anchor)
        if opened.name in _HEADINGS:
            self._heading = int(opened.name[1])
        elif opened.name in ("ul", "ol"):
            self._flow.open_list(1 if opened.name == "ol" else None)
        elif opened.name == "li":
            self._flow.open_item()
        elif opened.name == "pre":
            self._code = []
        elif opened.name == "table":
            self._rows, self._header_rows = [], 0

    def _end_block(self, tag: str) -> None:
        self.flush()
        if tag in ("ul", "ol"):
            self._flow.close_list()
        elif tag == "li":
            self._flow.close_item()

    def _end_code(self, tag: str) -> None:
        if tag == "pre" and self._code is not None:
            self._flow.code("".join(self._code))
            self._code = None

    def _in_table(self, tag: str) -> None:
        rows = self._rows or []
        if tag == "tr":
            self._rows = [*rows, []]
        elif tag in ("td", "th"):
            self._end_cell()
            self._rows = rows or [[]]
            self._in_cell = True
            if tag == "th" and len(self._rows) == 1:
                self._header_rows = 1
        elif self._in_cell:
            self._builder.add(" ")
        else:
            self.flush()

    def _end_in_table(self, tag: str) -> None:
        if tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "table":
            self._end_cell()
            rows, self._rows = self._rows or [], None
            self._flow.table([row for row in rows if row], self._header_rows)
        elif self._in_cell:
            self._builder.add(" ")

    def _end_cell(self) -> None:
        if self._in_cell and self._rows:
            self._rows[-1].append(self._builder.finish())
            self._builder = ProseBuilder()
        self._in_cell = False
