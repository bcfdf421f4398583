"""Which brackets are citations, and which are prose."""

import pytest

from pipelines.answering.writing.marks import MORE, Mark, between_marks, link_target, read_mark


KNOWN = frozenset(range(1, 6))


def mark(text: str, *, before: str = "thirty days ") -> Mark | None:
    """Return what is read at the beginning of a line that is complete."""
    found = read_mark(f"{text}\n", 0, before=before, known=KNOWN)
    assert found is not MORE
    return found


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("[1]", (1,)),
        ("[ 2 ]", (2,)),
        ("[1, 2]", (1, 2)),
        ("[1; 2]", (1, 2)),
        ("[1 and 3]", (1, 3)),
        ("[1-3]", (1, 2, 3)),
        ("[1–3]", (1, 2, 3)),
        ("[1, 3-5]", (1, 3, 4, 5)),
        ("[[2]]", (2,)),
        ("[^1]", (1,)),
        ("\\[1\\]", (1,)),
        ("［5］", (5,)),
        ("[٣]", (3,)),
        ("<sup>[3]</sup>", (3,)),
        ("【1】", (1,)),
        ("【1†source】", (1,)),
        ("[1†L3-L9]", (1,)),
        ("[source 1]", (1,)),
        ("[Source: 1, 2]", (1, 2)),
        ("[Source 1, Source 2]", (1, 2)),
        ("[Quelle 4]", (4,)),
        ("(source 1)", (1,)),
        ("([1], [3])", (1, 3)),
        ("(see [2])", (2,)),
        ("[2](url)", (2,)),
        ("[2](https://evil.example/a?b)", (2,)),
        ("[2](<https://evil.example/a b>)", (2,)),
    ],
)
def test_a_mark_names_its_sources(text: str, numbers: tuple[int, ...]) -> None:
    """Every way in which models write citations is read, and nothing of it stays, a link's target included."""
    assert mark(text) == Mark(numbers, 0, len(text))


@pytest.mark.parametrize(
    "text",
    [
        "[2024]", "[0]", "[0, 1]", "[01]", "[9-3]", "[1-90]", "[a]", "[x]", "[ ]", "[sic]", "[see 3]", "[3 days]",
        "[1.5]", "[-1]", "[]", "[24/7]", "(1)", "(source 9)", "(1, 2)", "【重要】", "[^note]", "[1, 2024]", "<b>1</b>",
    ],
)  # fmt: skip
def test_other_brackets_are_prose(text: str) -> None:
    """Years, check boxes, notes, decimals and figures in round brackets are not taken for citations."""
    assert mark(text) is None


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ("items", "[1]"),
        ("items", "[9]"),
        ("a", "[1] is"),
        ("my_list", "[2]"),
        ("call argsList", "[2]"),
        ("x2", "[1]"),
        ("$rows", "[1]"),
        ("a[0]", "[1]"),
        ("days", "[1].name"),
        ("days", "[1](x, y)"),
        ("days", "[1]="),
        ("x = ", "[1, 2]"),
        ("x ∈ ", "[1]"),
        ("in the interval ", "[1, 2]"),
        ("between ", "[10, 20] of"),
        ("about ", "[10, 20] of them"),
        ("[", "[1]"),
    ],
)
def test_an_index_a_value_and_an_interval_are_prose(before: str, text: str) -> None:
    """What stands before and behind tells code and mathematics from citations."""
    assert mark(text, before=before) is None


@pytest.mark.parametrize(
    "before", ["30 days", "in 2024", "iPhone", "US", "(see below)", "days.", "“days”", "三十天", ""]
)
def test_a_mark_may_stand_without_a_blank(before: str) -> None:
    """Models write `30 days[1].`: behind a word that is no identifier that is a citation."""
    assert mark("[1].", before=before) == Mark((1,), 0, 3)


@pytest.mark.parametrize(
    ("text", "numbers", "unknown"),
    [("[7]", (), 1), ("[1, 7]", (1,), 1), ("[4-7]", (4, 5), 2), ("[12, 13].", (), 2), ("【4:0†source】", (), 1)],
)
def test_an_unknown_number_is_counted(text: str, numbers: tuple[int, ...], unknown: int) -> None:
    """A number that the prompt did not give is taken out and counted, whatever stands beside it."""
    assert mark(text) == Mark(numbers, unknown, len(text.rstrip(".")))


def test_a_large_number_is_a_source_if_the_prompt_gave_it() -> None:
    """What the prompt numbered beyond 99 is cited like any other."""
    assert read_mark("[120]\n", 0, before="", known=frozenset({120})) == Mark((120,), 0, 5)


@pytest.mark.parametrize("text", ["[", "[1", "[1]", "[1, ", "[[2]", "[2](https://x", "(source", "【1†so", "<su", "\\["])
def test_what_may_become_a_mark_waits(text: str) -> None:
    """Nothing is decided that the next characters could change."""
    assert read_mark(text, 0, before="days ", known=KNOWN) is MORE


def test_a_full_stop_behind_a_word_and_a_mark_waits() -> None:
    """`days[1].` is a citation and `rows[1].name` is code: the character behind the full stop decides."""
    assert read_mark("[1].", 0, before="days", known=KNOWN) is MORE


def test_commas_between_marks_go_with_them() -> None:
    """Of `[1], [2]` and `[1] and [2]` no comma and no "and" stays; of `[1], and` both do."""
    assert between_marks(", [2]\n", 0, KNOWN) == 2
    assert between_marks(" and [2]\n", 0, KNOWN) == 5
    assert between_marks(", and more\n", 0, KNOWN) is None
    assert between_marks(", [2024]\n", 0, KNOWN) is None


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("(url)", 5),
        ("(https://a.b/(c))", 17),
        ('(/a "title")', 12),
        ("()", 2),
        ("(1)", None),
        ("(a)", None),
        ("(a b)", None),
    ],
)
def test_a_target_is_told_from_prose(text: str, end: int | None) -> None:
    """Behind a link's text stands its target, but `(1)` and words in brackets are prose."""
    assert link_target(f"{text}\n", 0) == end
