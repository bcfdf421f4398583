"""Prose: what is seen stays, what nobody sees goes, links stay on their words."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.domain.reading import Link
from pipelines.ingestion.reading.prose import Prose, ProseBuilder, clean, joined, prose_of


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("co\u00adoperate", "cooperate"),
        ("20\u00a0days", "20 days"),
        ("in\u2011network", "in-network"),
        ("e\u0301te\u0301", "été"),
        ("\ufb01nal o\ufb00er", "final offer"),
        ("\ufefftop\u200b", "top"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("bell\x07 null\x00 tab\t", "bell null tab\t"),
        ("family \U0001f468\u200d\U0001f469", "family \U0001f468\u200d\U0001f469"),
    ],
)
def test_only_what_is_seen_stays(written: str, kept: str) -> None:
    """Signs without a shape go, odd spaces and hyphens become plain, letters are composed, emoji stay whole."""
    assert clean(written) == kept


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    """A clean text is clean."""
    assert clean(clean(text)) == clean(text)


def test_a_link_stands_on_its_words() -> None:
    """Offsets of a link count the text after its spaces have collapsed."""
    builder = ProseBuilder()
    builder.add("See   the ")
    builder.open_link("https://example.org/leave")
    builder.add(" leave\n policy ")
    builder.close_link()
    builder.add(" first.")
    prose = builder.finish()
    assert prose.text == "See the leave policy first."
    assert [(prose.text[one.start : one.end], one.address) for one in prose.links] == [
        ("leave policy", "https://example.org/leave")
    ]


def test_a_bare_address_is_a_link_without_the_full_stop() -> None:
    """An address in the text opens; the sentence's own signs do not belong to it."""
    prose = prose_of("Ask (see https://example.org/a_(b)) or https://example.org/c.")
    assert [one.address for one in prose.links] == ["https://example.org/a_(b)", "https://example.org/c"]


def test_an_address_that_carries_a_link_is_linked_once() -> None:
    """A written address inside of a link is that link."""
    builder = ProseBuilder()
    builder.open_link("https://example.org/")
    builder.add("https://example.org/")
    assert builder.finish().links == (Link(0, 20, "https://example.org/"),)


def test_letters_compose_across_the_border_of_a_link() -> None:
    """A sign that combines with the letter before a link moves the link, not the text."""
    builder = ProseBuilder()
    builder.add("cafe")
    builder.open_link("x")
    builder.add("\u0301 bar")
    prose = builder.finish()
    assert prose.text == "café bar"
    assert prose.links == (Link(5, 8, "x"),)


def test_cells_are_joined_by_bars_and_empty_ends_left_out() -> None:
    """A row is its cells joined by " | "; what is empty at its end says nothing."""
    assert joined([Prose("a"), Prose(""), Prose("b", (Link(0, 1, "x"),)), Prose("")]) == Prose(
        "a |  | b", (Link(7, 8, "x"),)
    )


RUNS = st.lists(st.tuples(st.sampled_from(["text", "open", "close", "break"]), st.text(max_size=12)))


@given(RUNS)
def test_whatever_is_added_the_links_lie_inside(runs: list[tuple[str, str]]) -> None:
    """Prose is composed, has no outer white space, no doubled blank, and links with words under them."""
    builder = ProseBuilder()
    for kind, text in runs:
        if kind == "text":
            builder.add(text)
        elif kind == "open":
            builder.open_link(text)
        elif kind == "close":
            builder.close_link()
        else:
            builder.line_break()
    prose = builder.finish()
    assert prose.text == prose.text.strip()
    assert unicodedata.is_normalized("NFC", prose.text)
    assert "  " not in prose.text
    assert all(0 <= one.start < one.end <= len(prose.text) for one in prose.links)
    assert all(prose.text[one.start : one.end].strip() and one.address for one in prose.links)
