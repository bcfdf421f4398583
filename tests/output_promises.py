"""What is promised of everything that the stream parser gives out, one check for each promise."""

import re

from pipelines.answering.writing.inert import JOINER, addresses_in, inert
from pipelines.answering.writing.sentence import Role, WrittenSentence, whole_text
from tests.model_outputs import SOURCES, Output, read, shown


# Written apart from the parser's own patterns, after what open linkifiers look for.
LINKS = re.compile(
    r"[a-z][a-z0-9+.-]*://|//\w|(?:mailto|javascript|data|tel|sms):\S|\bwww\.|[\w.+%-]+@\w|(?<!\w)@\w"
    r"|[\w-]\.(?:com|example|org|net|uk|co|io|[^\W\d_]{2,})|<[@!#a-z]|\]\(",
    re.IGNORECASE,
)
MARK = re.compile(r"(?<![\w$\])\[])\[ ?[1-5] ?\](?![\w(=\[])|【\d{1,2}")


def check_cuts(text: str, cuts: list[int]) -> None:
    """Fail unless a text reads the same whole, cut at some places, and character by character."""
    whole = read(text)
    assert read(text, cuts) == whole
    assert read(text, list(range(len(text)))) == whole


def check_prose(output: Output) -> None:
    """Fail unless all letters and digits that are prose are shown, in order, and nothing else."""
    assert shown(whole_text(read(output.text))) == output.prose


def check_numbers(sentences: tuple[WrittenSentence, ...]) -> None:
    """Fail unless every number is known and given once, and none is left in the text."""
    for one in sentences:
        assert SOURCES.issuperset(one.sources)
        assert len(set(one.sources)) == len(one.sources)


def check_no_mark_left(sentences: tuple[WrittenSentence, ...]) -> None:
    """Fail if a text outside code shows what reads as a mark."""
    for one in sentences:
        assert one.role is Role.CODE or not MARK.search(one.text), one.text


def check_addresses(sentences: tuple[WrittenSentence, ...]) -> None:
    """Fail if anything in what is shown could become a link, or if making it inert loses a character."""
    text = whole_text(sentences)
    assert not LINKS.search(inert(text)), inert(text)
    assert inert(text).replace(JOINER, "") == text
    for one in sentences:
        assert one.addresses == addresses_in(one.text)
