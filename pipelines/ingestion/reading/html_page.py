"""Reads an HTML page: its main content, without navigation, scripts and what is hidden."""

import re

from lxml import etree

from pipelines.domain.reading import ParseLimits, Read, Rejected
from pipelines.ingestion.reading.assembling import Assembler, Facts
from pipelines.ingestion.reading.bounds import too_deep, too_large
from pipelines.ingestion.reading.decoding import decode
from pipelines.ingestion.reading.facts import title_from
from pipelines.ingestion.reading.flow import Flow
from pipelines.ingestion.reading.html_facts import facts_of
from pipelines.ingestion.reading.html_visible import content_of
from pipelines.ingestion.reading.html_walk import Walker


_DECLARED = re.compile(
    rb"(?i)<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,40})|^\s*<\?xml[^>]*encoding=[\"']([\w-]+)"
)
_PROLOGUE = 4096


def read(data: bytes, *, limits: ParseLimits) -> Read | Rejected:
    """
    Read a page; the text has no markup left.

    The content is that of `<main>` or of the only `<article>` where the page has one.
    A heading's anchor is its own id, or else that of an anchor in it or just before
    it, or of the section that begins with it.
    """
    if beyond := too_large(len(data), limits):
        return beyond
    declared = _DECLARED.search(data[:_PROLOGUE])
    text = decode(data, (declared[1] or declared[2]).decode("ascii") if declared else None)
    if text is None:
        return Rejected("it is no text: it holds control characters like a program's file")
    root = _tree(text)
    if root is None:
        return Rejected("it holds no text")
    if beyond := too_deep(_depth(root), limits):
        return beyond
    out = Assembler()
    Walker(Flow(out)).write(content_of(root))
    facts = facts_of(root)
    title = facts.title or title_from(out.first_heading())
    return out.finish(Facts(title, facts.author, facts.date), size=len(data), limits=limits)


def _tree(text: str) -> etree._Element | None:
    """
    Return the root element; None when there is none.

    Raises:
        MemoryError: libxml2 ran out of memory, after which it would return a part.

    """
    # huge_tree: without it libxml2 cuts what is nested deeper than 256 and says nothing.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root: etree._Element | None = etree.fromstring(text.replace("\0", "").encode(errors="replace"), parser)
    except etree.LxmlError:
        root = None
    if any(one.type == etree.ErrorTypes.ERR_NO_MEMORY for one in parser.error_log):
        raise MemoryError
    return root


def _depth(root: etree._Element) -> int:
    """Return how deep elements are nested, the root being 1."""
    depth = deepest = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest
