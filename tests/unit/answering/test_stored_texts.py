"""Promises of the stored texts in memory: the right text, within the bound."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.answering.stored_texts import StoredTexts
from pipelines.errors import NotFound, StorageDamaged


class CountingBlobs:
    """`ports.blobs.Blobs` in a dictionary; it keeps what it was asked for."""

    def __init__(self, texts: list[str]) -> None:
        """Hold these texts."""
        self._blobs = {name_of(text): text.encode() for text in texts}
        self.asked: list[str] = []

    def put(self, data: bytes) -> str:
        """Store bytes."""
        name = hashlib.sha256(data).hexdigest()
        self._blobs[name] = data
        return name

    def get(self, name: str) -> bytes:
        """Return bytes and remember the name."""
        self.asked.append(name)
        if name not in self._blobs:
            raise NotFound(f"there is no blob {name}")
        return self._blobs[name]

    def has(self, name: str) -> bool:
        """Say whether there is one."""
        return name in self._blobs

    def delete(self, name: str) -> None:
        """Remove one."""
        self._blobs.pop(name, None)


def name_of(text: str) -> str:
    """Return the name of a text's blob."""
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_text_is_read_once() -> None:
    """A second question finds the text in memory, characters beyond ASCII whole."""
    blobs = CountingBlobs(["Übergröße"])
    texts = StoredTexts(blobs)
    assert [texts.get(name_of("Übergröße")) for _ in range(2)] == ["Übergröße"] * 2
    assert len(blobs.asked) == 1


def test_the_last_used_are_kept() -> None:
    """Beyond the bound the text that was longest unused is read anew."""
    blobs = CountingBlobs(["one", "two", "six"])
    texts = StoredTexts(blobs, max_characters=6)
    for text in ("one", "two", "one", "six", "one", "two"):
        assert texts.get(name_of(text)) == text
    assert blobs.asked == [name_of(text) for text in ("one", "two", "six", "two")]


def test_a_text_beyond_the_bound_is_still_returned() -> None:
    """The newest text stays until the next one comes, however long it is."""
    blobs = CountingBlobs(["x" * 100, "y"])
    texts = StoredTexts(blobs, max_characters=10)
    assert texts.get(name_of("x" * 100)) == "x" * 100
    texts.get(name_of("y"))
    texts.get(name_of("y"))
    assert len(blobs.asked) == 2


def test_a_text_that_is_missing_is_a_damage() -> None:
    """What the blobs do not have is no answer "not found", and is asked for again."""
    texts = StoredTexts(CountingBlobs([]))
    for _ in range(2):
        with pytest.raises(StorageDamaged):
            texts.get("0" * 64)


@given(st.lists(st.integers(0, 5), max_size=30), st.integers(0, 12))
def test_memory_changes_no_text(wanted: list[int], bound: int) -> None:
    """However little is kept, each text is right, and what is kept never grows beyond the bound and one text."""
    known = [chr(97 + number) * number for number in range(6)]
    texts = StoredTexts(CountingBlobs(known), max_characters=bound)
    for number in wanted:
        assert texts.get(name_of(known[number])) == known[number]
        kept = sum(map(len, texts._kept.values()))
        assert kept == texts._characters
        assert kept <= bound or len(texts._kept) == 1
