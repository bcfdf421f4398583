"""Reads a PDF: paragraphs, headings, lists and tables with their pages. Scanned pages without text are no text."""

import re
from collections.abc import Sequence

from pypdfium2 import PdfiumError

from pipelines.domain.reading import ParseLimits, Read, Rejected
from pipelines.ingestion.reading.assembling import Assembler, Facts
from pipelines.ingestion.reading.bounds import too_expanded, too_large, too_many_pages
from pipelines.ingestion.reading.facts import author_from, date_from, title_from
from pipelines.ingestion.reading.pdf_blocks import write_blocks
from pipelines.ingestion.reading.pdf_columns import aligned_table
from pipelines.ingestion.reading.pdf_content import PageContent
from pipelines.ingestion.reading.pdf_file import PASSWORD_NEEDED, PdfFile
from pipelines.ingestion.reading.pdf_lines import Line, line_of, mirrored, segments_of
from pipelines.ingestion.reading.pdf_margins import Margins
from pipelines.ingestion.reading.pdf_tables import Table, ruled_tables


_XMP = {
    "title": re.compile(rb"<dc:title>\s*<rdf:Alt>\s*<rdf:li[^>]*>([^<]{1,600})</rdf:li>"),
    "modified": re.compile(rb"xmp:ModifyDate(?:>|=[\"'])([^<\"']{4,40})"),
    "created": re.compile(rb"xmp:CreateDate(?:>|=[\"'])([^<\"']{4,40})"),
}
_LARGEST_UNREADABLE_SHARE = 0.3


def read(data: bytes, *, limits: ParseLimits) -> Read | Rejected:
    """
    Read a PDF page by page, in the order of the file.

    Wrapped lines are joined and words cut by hyphens made whole. Headers, footers and
    page numbers are left out. A block stands on one page; one that goes on with the
    sentence of the page before says so.
    """
    if beyond := too_large(len(data), limits):
        return beyond
    try:
        file = PdfFile(data)
    except PdfiumError as error:
        return _unopened(error)
    try:
        return _read_open(file, data, limits)
    except PdfiumError as error:
        return Rejected(f"the file is damaged ({error})")
    finally:
        file.close()


def _unopened(error: PdfiumError) -> Rejected:
    if getattr(error, "err_code", None) == PASSWORD_NEEDED or "password" in str(error).lower():
        return Rejected("it is encrypted: a password is needed")
    return Rejected("it is no PDF, or it is damaged or cut off")


def _read_open(file: PdfFile, data: bytes, limits: ParseLimits) -> Read | Rejected:
    if beyond := too_many_pages(len(file), limits):
        return beyond
    pages: list[tuple[float, list[Line | Table]]] = []
    characters = 0
    for index in range(len(file)):
        content = file.page(index)
        characters += sum(len(word.text) + 1 for word in content.words)
        if beyond := too_expanded(characters, len(data), limits):
            return beyond
        pages.append((content.height, items_of(mirrored(content), index + 1)))
    if not any(items for _, items in pages):
        return Rejected("no text layer: scanned pages")
    if _is_unreadable(pages):
        return Rejected("its text layer cannot be read: the fonts do not say which characters they show")
    margins = Margins([(height, [one for one in items if isinstance(one, Line)]) for height, items in pages])
    kept = [[one for one in items if isinstance(one, Table) or not margins.holds(one)] for _, items in pages]
    out = Assembler()
    write_blocks(kept, out)
    return out.finish(_facts(file, data), size=len(data), limits=limits)


def items_of(content: PageContent, page: int) -> list[Line | Table]:
    """Return the lines and tables of one page in order."""
    inside: dict[int, Table] = {}
    for table, indices in ruled_tables(content.words, content.rules, content.links, page):
        inside.update(dict.fromkeys(indices, table))
    items: list[Line | Table] = []
    written: set[int] = set()
    run: list[int] = []
    for index in range(len(content.words)):
        table_here = inside.get(index)
        if table_here is None:
            run.append(index)
        elif id(table_here) not in written:
            items += _lines_of(content, run, page)
            run = []
            items.append(table_here)
            written.add(id(table_here))
    return items + _lines_of(content, run, page)


def _lines_of(content: PageContent, indices: list[int], page: int) -> list[Line | Table]:
    """Return words outside of ruled tables as lines, and as tables where their columns line up."""
    lines = segments_of([content.words[index] for index in indices])
    items: list[Line | Table] = []
    at = 0
    while at < len(lines):
        above = lines[at - 1] if at and items and isinstance(items[-1], Line) else None
        found = aligned_table(lines[at:], content.links, page, above) if len(lines[at]) > 1 else None
        table, taken, with_header = found or (None, 1, False)
        if table:
            items[-1 if with_header else len(items) :] = [table]
        else:
            items += [line_of(line, content.links, page) for line in lines[at : at + taken]]
        at += taken
    return items


def _is_unreadable(pages: Sequence[tuple[float, Sequence[Line | Table]]]) -> bool:
    """Whether much of the text is characters that name nothing: private ones and replacements."""
    text = "".join(one.text for _, items in pages for one in items if isinstance(one, Line))
    nameless = sum(char == "\ufffd" or "\ue000" <= char <= "\uf8ff" or char < " " for char in text)
    return nameless > _LARGEST_UNREADABLE_SHARE * max(len(text), 1)


def _facts(file: PdfFile, data: bytes) -> Facts:
    """Return title, author and date of the Info dictionary, else those of the XMP packet; a modification wins."""
    info = file.metadata()
    found = {name: pattern.search(data) for name, pattern in _XMP.items()}
    xmp = {name: match[1].decode("utf-8", errors="replace") for name, match in found.items() if match}
    return Facts(
        title=title_from(info.get("Title"), xmp.get("title")),
        author=author_from([info.get("Author")]),
        date=date_from(info.get("ModDate"), xmp.get("modified"), info.get("CreationDate"), xmp.get("created")),
    )
