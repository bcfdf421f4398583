"""Titles, authors and dates: what documents say about themselves, and what programs only put there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingestion.reading.facts import author_from, date_from, title_from


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-11-21", "2026-11-21"),
        ("2026-11-21T08:15:00Z", "2026-11-21"),
        ("2026/3/5", "2026-03-05"),
        ("D:20230307125242-08'00'", "2023-03-07"),
        ("20230307", "2023-03-07"),
        ("21 November 2026", "2026-11-21"),
        ("1st Sept. 2026", "2026-09-01"),
        ("Nov 21, 2026", "2026-11-21"),
        ("Updated: March 5, 2026", "2026-03-05"),
        ("21.11.2026", "2026-11-21"),
        ("21/11/2026", "2026-11-21"),
        ("11/21/2026", "2026-11-21"),
        ("03/05/2026", None),
        ("2026-13-40", None),
        ("202611", None),
        ("sometime", None),
        ("", None),
    ],
)
def test_a_day_is_read_in_its_usual_forms_only_where_it_is_certain(written: str, day: str | None) -> None:
    """ISO 8601, PDF, words and numbers; which of two small numbers is the month nobody knows."""
    assert date_from(written) == day


def test_the_first_date_that_is_one_wins() -> None:
    """A modification that cannot be read does not hide the creation."""
    assert date_from(None, "n/a", "2026-01-02", "2025-01-01") == "2026-01-02"


@given(st.text())
def test_no_text_is_more_than_no_date(text: str) -> None:
    """Whatever stands there, the result is a day or nothing."""
    assert date_from(text) is None or len(date_from(text) or "") == 10


@pytest.mark.parametrize(
    "written",
    [
        "Microsoft Word - policy_final2.doc",
        "PowerPoint Presentation",
        "untitled",
        "Untitled document",
        "Document1",
        "handbook.indd",
        "scan_0042.pdf",
        "(anonymous)",
        "---",
        " ",
        "x" * 301,
    ],
)
def test_what_programs_write_for_want_of_a_title_is_none(written: str) -> None:
    """The next candidate is taken in its place."""
    assert title_from(written, "Travel  policy\n2026") == "Travel policy 2026"


@pytest.mark.parametrize("written", ["Document retention", "Title IX policy", "Page numbers", "No. 5", "Untitled art"])
def test_titles_that_only_begin_like_junk_stay(written: str) -> None:
    """A real title may hold the words that junk is made of."""
    assert title_from(written) == written


def test_authors_are_joined_and_placeholders_left_out() -> None:
    """Each author once; what a library writes as its own name is none."""
    assert author_from(["People team", None, "python-docx", "People team", " Legal "]) == "People team, Legal"
    assert author_from(["python-docx", ""]) is None
