"""
The address that opens a quoted place. The only maker of links: none comes from a document.

It is built from our record of the source, never from what a document or a model wrote.
"""

from pathlib import PurePath
from urllib.parse import quote

from pipelines.domain.citations import Place
from pipelines.domain.evidence import StoredPassage


_TEXT_FRAGMENT_WORDS = 5
_WITH_TEXT_FRAGMENTS = {".html", ".htm", ".xhtml"}
_WITH_ANCHORS = _WITH_TEXT_FRAGMENTS | {".md", ".markdown"}


def document_address(location: str, path: str) -> str:
    """Return the address of a document of a folder, `file:///…`, percent-encoded."""
    return PurePath(location, path).as_uri()


def place_address(stored: StoredPassage, place: Place, words: str = "") -> str:
    """
    Return the address that opens a place of a document.

    A PDF opens at its page, Markdown at its heading, HTML at its anchor and at the quoted
    words (`#:~:text=`, as browsers read it); any other file opens as a whole.

    Args:
        stored: a passage of the document.
        place: where to open it.
        words: the quote, for formats that can be opened at a text.

    """
    address = document_address(stored.source_location, stored.path)
    return address + _fragment(PurePath(stored.path).suffix.lower(), place, words)


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
