"""Promises of the addresses that open a quoted place."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.answering.addresses import document_address, place_address
from pipelines.domain.citations import Place
from pipelines.domain.evidence import StoredPassage
from pipelines.domain.knowledge import Passage


def _stored(path: str, kind: str = "folder", location: str = "/srv/docs", address: str | None = None) -> StoredPassage:
    passage = Passage(0, "a" * 32, 0, 0, 5, Place(), (), ())
    return StoredPassage("kb", 1, 1, 1, path, "Title", None, "b" * 64, kind, location, passage, address)


def _address(path: str, place: Place, words: str) -> str:
    found = place_address(_stored(path), place, words)
    assert found is not None
    return found


def test_a_pdf_opens_at_its_page() -> None:
    """The address of a passage on page 7 ends in #page=7."""
    assert _address("a/b.pdf", Place(page=7), "words") == "file:///srv/docs/a/b.pdf#page=7"


def test_markdown_opens_at_its_heading() -> None:
    """The address of a passage below a heading ends in the heading's anchor."""
    address = _address("leave.md", Place(anchor="how-long?"), "words")
    assert address == "file:///srv/docs/leave.md#how-long%3F"


def test_html_opens_at_the_quoted_words() -> None:
    """A short quote stands whole in the text directive, with its dashes and commas encoded."""
    address = _address("faq.html", Place(anchor="returns"), "Thirty-day returns, always.")
    assert address.endswith("#returns:~:text=Thirty%2Dday%20returns%2C%20always.")


def test_a_long_quote_is_named_by_its_ends() -> None:
    """A long quote is found by its first and last words."""
    words = " ".join(f"w{number}" for number in range(30))
    address = _address("faq.html", Place(), words)
    assert address.endswith("#:~:text=w0%20w1%20w2%20w3%20w4,w25%20w26%20w27%20w28%20w29")


def test_other_files_open_as_a_whole() -> None:
    """A text or a table has no place that a browser could open."""
    assert _address("a.csv", Place(rows="3"), "words") == "file:///srv/docs/a.csv"


@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=("Cs",)), min_size=1).filter(str.strip))
def test_any_file_name_survives(name: str) -> None:
    """Whatever a file is called, decoding the address gives its path back."""
    parts = urlsplit(_address(name, Place(), ""))
    expected = str(Path("/srv/docs", name))
    assert unquote(parts.path) == expected
    assert not parts.query
    assert not parts.fragment


@pytest.mark.parametrize(
    ("path", "place", "fragment"),
    [
        ("a.md", Place(anchor="how-long?"), "#how-long%3F"),
        ("a.md", Place(), ""),
        ("a.csv", Place(rows="2-3"), "#L2-L3"),
        ("a.html", Place(anchor="x"), ""),
        ("a.pdf", Place(page=3), ""),
    ],
)
def test_a_file_on_a_host_of_code_opens_at_its_heading_or_its_rows(path: str, place: Place, fragment: str) -> None:
    """Such a host renders Markdown, and shows the source of everything else."""
    address = f"https://github.com/a/b/blob/c0/{path}"
    stored = _stored(path, "git", "https://x.example", address)
    assert place_address(stored, place, "words") == address + fragment


def test_a_page_opens_at_its_own_address() -> None:
    """What its source calls its address, not what its name would make."""
    address = "https://docs.example/guide/install?v=2"
    stored = _stored("a.html", "web", "https://x.example/", address)
    assert place_address(stored, Place(anchor="x"), "some words") == f"{address}#x:~:text=some%20words"


def test_a_row_of_html_opens_at_its_anchor_alone() -> None:
    """What parts its cells in the stored text stands in no web page, so no browser could find the words."""
    assert _address("prices.html", Place(anchor="hotels", rows="2"), "Bergen | 165").endswith("prices.html#hotels")


@pytest.mark.parametrize("place", [Place(), Place(page=3), Place(anchor="x")])
def test_a_file_that_was_handed_in_has_no_address(place: Place) -> None:
    """Nobody could open it there: no made-up one, not even a fragment."""
    assert document_address(_stored("a.html", "upload", "upload:")) is None
    assert place_address(_stored("a.html", "upload", "upload:"), place, "words") is None
