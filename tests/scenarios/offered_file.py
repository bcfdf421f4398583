"""A file that people ask about, and what is kept of it."""

from pathlib import Path

from tests.scenarios.chat_office import File


HOTEL = "What is the hotel allowance?"
OFFER = b"# Zanzibar offer\n\nThe hotel allowance is 275 euros a night.\n"
FILE: File = ("offer.md", OFFER)
WORDS = b"275 euros"
"""Of the file, and of no question: whatever is kept of it would hold them."""


def holds(folder: Path, words: bytes) -> list[str]:
    """Return the files of a folder that hold some words."""
    return [str(one) for one in folder.rglob("*") if one.is_file() and words in one.read_bytes()]
