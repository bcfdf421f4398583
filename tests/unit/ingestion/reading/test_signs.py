"""Slugs, numerals and the markers of list items: signs that must be as others write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingestion.reading.markers import marker_of
from pipelines.ingestion.reading.numerals import letters, roman
from pipelines.ingestion.reading.slugs import Slugs


@pytest.mark.parametrize(
    ("heading", "slug"),
    [
        ("Annual leave", "annual-leave"),
        ("Submitting paid time off (PTO)", "submitting-paid-time-off-pto"),
        ("Deel - step-by-step", "deel---step-by-step"),
        ("What's new? 2.0 & more", "whats-new-20--more"),
        ("snake_case stays", "snake_case-stays"),
        ("Über Größe", "über-größe"),
        ("छुट्टी", "छुट्टी"),
        ("🎉", ""),
    ],
)
def test_slugs_are_github_s(heading: str, slug: str) -> None:
    """Letters, marks, digits, hyphens and underscores stay, blanks become hyphens."""
    assert Slugs().slug(heading) == slug


def test_repeated_slugs_are_numbered_past_those_that_exist() -> None:
    """-1, -2 and so on; a heading that itself ends in a number keeps its own."""
    slugs = Slugs()
    assert [slugs.slug(one) for one in ["Tips", "Tips 1", "Tips", "Tips"]] == ["tips", "tips-1", "tips-2", "tips-3"]


@given(st.lists(st.text(max_size=4)))
def test_no_two_headings_share_a_slug(headings: list[str]) -> None:
    """A link opens one place."""
    slugs = Slugs()
    made = [slugs.slug(one) for one in headings]
    assert len(set(made)) == len(made)


@pytest.mark.parametrize(
    ("number", "written"), [(1, "i"), (4, "iv"), (9, "ix"), (49, "xlix"), (2026, "mmxxvi"), (0, "0")]
)
def test_roman_numerals(number: int, written: str) -> None:
    """Subtractive, in small letters; what has none is written in digits."""
    assert roman(number) == written


@pytest.mark.parametrize(("number", "written"), [(1, "a"), (26, "z"), (27, "aa"), (28, "bb"), (0, "0")])
def test_letters_double_as_in_word_processors(number: int, written: str) -> None:
    """After z comes aa, then bb."""
    assert letters(number) == written


@pytest.mark.parametrize(
    ("line", "length", "number"),
    [
        ("• Gym", 2, None),
        ("\uf0b7 Gym", 2, None),
        ("- Gym", 2, None),
        ("-Your name", 1, None),
        ("3. Open", 3, "3."),
        ("(a) Open", 4, "(a)"),
        ("iv) Open", 4, "iv)"),
    ],
)
def test_markers_of_items(line: str, length: int, number: str | None) -> None:
    """Bullets and numbers with a blank behind them begin an item."""
    marker = marker_of(line)
    assert marker is not None
    assert (marker.length, marker.number) == (length, number)


@pytest.mark.parametrize("line", ["2023. A year", "J. Doe", "-5 degrees", "10+ years", "3.5 days", "a word", "•", ""])
def test_what_only_looks_like_a_marker(line: str) -> None:
    """Years, initials, negative and broken numbers begin no item."""
    assert marker_of(line) is None
