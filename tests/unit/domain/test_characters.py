"""Characters that cannot be seen, and halves of characters."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.domain.characters import has_surrogates, is_unseen


@pytest.mark.parametrize("char", ["\n", "\x00", "\u200b", "\u202e", "\u2028", "\u2029", "\ud800"])
def test_what_cannot_be_seen_is_told(char: str) -> None:
    """Controls, writing directions, line ends and halves of characters are unseen."""
    assert is_unseen(char)


@pytest.mark.parametrize("char", ["a", " ", "é", "\u0301", "好", "🙂", "-"])
def test_what_can_be_seen_is_not(char: str) -> None:
    """Letters, marks, blanks and pictures are seen."""
    assert not is_unseen(char)


@given(st.binary(max_size=40))
def test_bytes_that_are_no_text_are_told(raw: bytes) -> None:
    """A file name has surrogates exactly where its bytes are not UTF-8."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        is_text = False
    else:
        is_text = True
    assert has_surrogates(os.fsdecode(raw)) is not is_text
