"""
The address that opens a quoted place. The only maker of links: none comes from a document.

It is built from our record of the source, never from what a document or a model wrote.
"""

from pathlib import PurePath
from urllib.parse import quote

from pipelines.domain.citations import Place
from pipelines.domain.code_hosts import heading_fragment, line_fragment
from pipelines.domain.evidence import StoredPassage


_TEXT_FRAGMENT_WORDS = 5
_WITH_TEXT_FRAGMENTS = {".html", ".htm", ".xhtml"}
_MARKDOWN = {".md", ".markdown"}
_WITH_ANCHORS = _WITH_TEXT_FRAGMENTS | _MARKDOWN
_LINES_ARE_ROWS = {".csv", ".tsv"}


def document_address(stored: StoredPassage) -> str | None:
    """
    Return the address of a passage's document: as its source gives it, or of a folder's file `file:///…`.

    A file that was handed in has none: its bytes are kept under a name that no program opens.
    """
    if stored.address is None and stored.source_kind == "upload":
        return None
    return stored.address or PurePath(stored.source_location, stored.path).as_uri()


def place_address(stored: StoredPassage, place: Place, words: str = "") -> str | None:
    """
    Return the address that opens a place of a document; None if the document has none.

    A PDF opens at its page, Markdown at its heading, HTML at its anchor and at the quoted
    words (`#:~:text=`, as browsers read it). On a host of code, which shows the source of a
    file, Markdown opens at its heading and a table at its rows. Any other file opens as a whole.

    Args:
        stored: a passage of the document.
        place: where to open it.
        words: the quote, for formats that can be opened at a text.

    """
    address = document_address(stored)
    if address is None:
        return None
    suffix = PurePath(stored.path).suffix.lower()
    if stored.source_kind == "git":
        return address + _fragment_on_host(address, suffix, place)
    return address + _fragment(suffix, place, words)


def _fragment_on_host(address: str, suffix: str, place: Place) -> str:
    if suffix in _MARKDOWN:
        return heading_fragment(address, place.anchor) if place.anchor else ""
    return line_fragment(address, place.rows) if place.rows and suffix in _LINES_ARE_ROWS else ""


def _fragment(suffix: str, place: Place, words: str) -> str:
    if place.page is not None:
        return f"#page={place.page}"
    anchor = quote(place.anchor, safe="") if place.anchor and suffix in _WITH_ANCHORS else ""
    # What parts the cells of a row stands in the stored text only.
    findable = words and place.rows is None and suffix in _WITH_TEXT_FRAGMENTS
    directive = _text_directive(words) if findable else ""
    return f"#{anchor}{directive}" if anchor or directive else ""


def _text_directive(words: str) -> str:
    """Return `:~:text=start,end` for a long quote, `:~:text=all` for a short one."""
    parts = words.split()
    if len(parts) <= 2 * _TEXT_FRAGMENT_WORDS:
        return f":~:text={_encoded(parts)}"
    return f":~:text={_encoded(parts[:_TEXT_FRAGMENT_WORDS])},{_encoded(parts[-_TEXT_FRAGMENT_WORDS:])}"


def _encoded(words: list[str]) -> str:
    """Return words percent-encoded; `-` and `,` and `&` mean something in a text directive."""
    return quote(" ".join(words), safe="").replace("-", "%2D")
