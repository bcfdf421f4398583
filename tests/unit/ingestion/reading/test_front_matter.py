"""Front matter: facts are a comfort, an audience is a rule that fails closed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.domain.reading import Read, Rejected
from pipelines.ingestion.reading.front_matter import split_front_matter
from tests.unit.ingestion.reading.promises import read_as, reading, reason


def audience(front: str) -> tuple[str, ...] | None:
    """Return the audience of a document with this front matter."""
    return reading("md", f"---\n{front}\n---\nText.\n".encode()).audience


@pytest.mark.parametrize(
    ("front", "readers"),
    [
        ("audience: [group:hr]", ("group:hr",)),
        ("audience:\n  - Group:hr\n  - user:anna", ("group:hr", "user:anna")),
        ("audience: everyone", ("everyone",)),
        ("Audience: [public]", ("public",)),
        ("title: x", None),
    ],
)
def test_a_document_names_its_readers(front: str, readers: tuple[str, ...] | None) -> None:
    """A list or one reader, in their normal form; without the key there is no rule of its own."""
    assert audience(front) == readers


@pytest.mark.parametrize(
    "front",
    [
        "audience: []",
        "audience:",
        "audience: {hr: yes}",
        "audience: [[group:hr]]",
        "audience: [hr]",
        "audience: 'group:'",
    ],
)
def test_a_malformed_audience_rejects_the_document_and_names_the_key(front: str) -> None:
    """A rule that cannot be read must not open the document to those it excludes."""
    assert "the key audience of its front matter" in reason("md", f"---\n{front}\n---\nText.\n".encode())


@pytest.mark.parametrize(
    "text",
    [
        "---\naudience: [group:hr\n---\nText.",
        "---\ntitle: a: b\naudience: [group:hr]\n---\nText.",
        "---\n'audience': [group:hr\n---\nText.",
        "+++\naudience = [group:hr]\n+++\nText.",
        "---\naudience: " + "[" * 3000 + "\n---\nText.",
        "---\naudience: [group:hr]\nx: " + "y" * 70_000 + "\n---\nText.",
    ],
)
def test_front_matter_that_is_broken_and_names_an_audience_is_rejected(text: str) -> None:
    """Broken YAML or TOML is content only as long as it holds no rule."""
    assert "names an audience and cannot be read" in reason("md", text.encode())


@pytest.mark.parametrize(
    "text", ["---\nJust: a: rule\n---\nText.", "---\n- a\n- b\n---\nText.", "---\nWords.\n\n---\nText."]
)
def test_what_is_no_mapping_is_content(text: str) -> None:
    """A rule above the first paragraph is not taken for front matter, nothing of it is lost."""
    assert "Text." in reading("md", text.encode()).text
    assert len(reading("md", text.encode()).blocks) > 1


def test_toml_is_read_too() -> None:
    """The other usual front matter, between plus signs."""
    result = reading("md", b'+++\ntitle = "Leave"\ndate = 2026-11-21\naudience = ["group:hr"]\n+++\nText.')
    assert (result.title, result.date, result.audience, result.text) == ("Leave", "2026-11-21", ("group:hr",), "Text.")


@pytest.mark.parametrize("value", ["2023-13-45", "!!timestamp x", "!!int ''", "!!python/object:os.system x", "~"])
def test_values_of_any_kind_are_text(value: str) -> None:
    """A date that is none, or a tag of another program, is no fault of the document."""
    assert reading("md", f"---\ndate: {value}\ntitle: T\n---\nText.".encode()).title == "T"


def test_windows_line_ends_and_a_mark_before_it_do_not_matter() -> None:
    """The front matter begins the file as its author sees it."""
    assert reading("md", b"\xef\xbb\xbf---\r\ntitle: T\r\n---\r\nText.").title == "T"


LINES = st.lists(
    st.sampled_from(["audience: [group:hr]", "title: x", "- a", "a: [", "---", "", "%", "\t: x", "...", "é"])
)


@given(LINES)
def test_no_front_matter_drops_a_rule(lines: list[str]) -> None:
    """What begins with a rule line that names an audience is restricted, rejected, or shows that line as text."""
    text = "---\naudience: [group:hr]\n" + "\n".join(lines)
    result = read_as("md", text.encode())
    assert isinstance(result, Rejected) or result.audience == ("group:hr",) or "audience:" in result.text


@given(st.text(alphabet="-+.:[]{}&*!|>%@`'\"#ab \n\t", max_size=200))
def test_no_front_matter_is_too_odd(text: str) -> None:
    """Whatever stands between the fences, there is an outcome."""
    result = split_front_matter(f"---\n{text}\n---\nText.")
    assert isinstance(result, Rejected) or result[1].endswith("Text.")
    assert isinstance(read_as("md", f"+++\n{text}\n+++\nText.".encode()), Read | Rejected)
