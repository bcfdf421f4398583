"""Reads a Word document: body text, lists, tables, text boxes and notes. Headers and footers are no content."""

from lxml import etree

from pipelines.domain.reading import ParseLimits, Read, Rejected
from pipelines.ingestion.reading.assembling import Assembler, Facts
from pipelines.ingestion.reading.bounds import too_large
from pipelines.ingestion.reading.docx_body import Body
from pipelines.ingestion.reading.docx_package import DAMAGED, Package, open_package
from pipelines.ingestion.reading.facts import author_from, date_from, title_from
from pipelines.ingestion.reading.flow import Flow


_PLACEHOLDER_DATE = "2013-12-23T23:15:00Z"
"""The creation that python-docx's own template carries; written by programs, it says nothing."""
_CORE_NAMESPACES = {"dc": "http://purl.org/dc/elements/1.1/", "dcterms": "http://purl.org/dc/terms/"}


def read(data: bytes, *, limits: ParseLimits) -> Read | Rejected:
    """
    Read a Word document (.docx, transitional or strict).

    Headings are paragraphs with a heading style or an outline level; where a document
    has none, short bold paragraphs. Numbers that Word shows are written out. Deleted
    and hidden text, tables of contents and comments are left out; notes come last.
    """
    if beyond := too_large(len(data), limits):
        return beyond
    package = open_package(data, limits)
    if isinstance(package, Rejected):
        return package
    out = Assembler()
    try:
        Body(package, Flow(out)).write()
        facts = _facts(package)
    except DAMAGED as error:
        return Rejected(f"the file is damaged ({type(error).__name__})")
    title = facts.title or title_from(out.first_heading())
    return out.finish(Facts(title, facts.author, facts.date), size=len(data), limits=limits)


def _facts(package: Package) -> Facts:
    """Return the core properties; a modification wins over the creation."""
    core = package.core
    if core is None:
        return Facts()
    dates = (_text(core, "dcterms:modified"), _text(core, "dcterms:created"))
    return Facts(
        title=title_from(_text(core, "dc:title")),
        author=author_from([_text(core, "dc:creator")]),
        date=date_from(*(one for one in dates if one != _PLACEHOLDER_DATE)),
    )


def _text(core: etree._Element, path: str) -> str | None:
    return core.findtext(path, namespaces=_CORE_NAMESPACES)
