"""Patterns of an audience file: what they match, and that no pattern is slow."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingestion.audience import folder_readers, pattern_matches


MATCHES = (
    ("hr/**", "hr/salary.md"),
    ("hr/**", "hr/2026/bands/a.pdf"),
    ("hr/", "hr/2026/a.pdf"),
    ("hr", "hr/a.md"),
    ("hr/pay", "hr/pay/2026/a.md"),
    ("a.md", "a.md"),
    ("*.md", "a.md"),
    ("**/*.md", "a.md"),
    ("**/*.md", "x/y/a.md"),
    ("**/secret/**", "secret/a"),
    ("**/secret/**", "x/y/secret/z/a"),
    ("a?c", "abc"),
    ("a/**/b", "a/b"),
    ("a/**/b", "a/x/y/b"),
    ("**", "any/thing at all"),
    ("r&d/[x] (1).md", "r&d/[x] (1).md"),
    ("名前/*", "名前/ファイル.txt"),
    ("a*\nb", "a1\nb"),
)
MISMATCHES = (
    ("hr/**", "hr"),
    ("hr/**", "hrx/a"),
    ("hr/**", "x/hr/a"),
    ("hr/*", "hr/2026/a.md"),
    ("hr", "hrx/a.md"),
    ("hr", "x/hr/a.md"),
    ("h?", "hr/a.md"),
    ("/hr/*", "hr/a.md"),
    ("HR/**", "hr/a.md"),
    ("*.md", "x/a.md"),
    ("a?c", "a/c"),
    ("a?c", "ac"),
    ("a/**/b", "a/xb"),
    ("**/secret/**", "notsecret/a"),
    ("r&d/[x].md", "r&d/x.md"),
    ("a.c", "abc"),
    ("", "a"),
)
_PATTERN_PARTS = st.sampled_from(["a", "b", "/", "*", "**", "**/", "?", ".", "+"])
_PATHS = st.lists(st.text("ab.+", min_size=1, max_size=4), min_size=1, max_size=4).map("/".join)


@pytest.mark.parametrize(("pattern", "path"), MATCHES)
def test_a_pattern_matches(pattern: str, path: str) -> None:
    """The documented forms govern the documents that an admin means by them."""
    assert pattern_matches(pattern, path)


@pytest.mark.parametrize(("pattern", "path"), MISMATCHES)
def test_a_pattern_does_not_match(pattern: str, path: str) -> None:
    """A pattern governs whole paths only, case matters, and only `*` and `?` are special."""
    assert not pattern_matches(pattern, path)


@given(pattern=st.lists(_PATTERN_PARTS, max_size=8).map("".join), path=_PATHS)
def test_matching_is_what_the_documented_expression_says(pattern: str, path: str) -> None:
    """Any pattern means the regular expression that its documentation spells out."""
    assert pattern_matches(pattern, path) is bool(re.fullmatch(_expression(pattern), path, re.DOTALL))


@given(path=st.text(st.characters(exclude_characters="*?"), min_size=1).filter(lambda path: path[0] not in "./"))
def test_a_path_without_wildcards_is_its_own_pattern(path: str) -> None:
    """A literal pattern matches that path, whatever characters it has."""
    plain = path.rstrip("/") or "x"
    assert pattern_matches(plain, plain)


@pytest.mark.parametrize("pattern", ["*a" * 1000 + "b", "**a" * 1000 + "b", "**/" * 1000 + "b", "**/a" * 1000 + "/b"])
def test_no_pattern_takes_exponential_time(pattern: str) -> None:
    """A pattern of a thousand wildcards is decided; a backtracking matcher would not end in this lifetime."""
    assert not pattern_matches(pattern, "a/a" * 60)


def test_the_first_match_wins() -> None:
    """An earlier pattern decides, even where a later one matches more closely."""
    rules = (("hr/open/**", ("everyone",)), ("hr/**", ("group:hr",)), ("**", ("group:staff",)))
    assert folder_readers("hr/open/a.md", rules) == ("everyone",)
    assert folder_readers("hr/a.md", rules) == ("group:hr",)
    assert folder_readers("a.md", rules) == ("group:staff",)


def test_a_document_that_no_pattern_matches_has_no_folder_readers() -> None:
    """Without a match the base's default rule alone decides."""
    assert folder_readers("a.md", (("hr/**", ("group:hr",)),)) is None
    assert folder_readers("a.md", ()) is None


def _expression(pattern: str) -> str:
    """Return the documentation of patterns as a regular expression."""
    plain = pattern + ("**" if pattern.endswith("/") else "")
    below = "(?:/.*)?" if not set(plain) & set("*?") else ""
    meanings = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return (
        "".join(meanings.get(part, re.escape(part)) for part in re.findall(r"\*\*/|\*\*|\*|\?|.", plain, re.DOTALL))
        + below
    )
