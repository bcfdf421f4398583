"""Files that come with a question are read in its time, under names that harm nobody."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.sources.upload import _require_name
from pipelines.domain.handed_files import HandedFile
from pipelines.domain.reading import Block, BlockKind, Read, Rejected
from pipelines.ingestion.handed import MOST_CHARS, READ_S, Handed, ReadBefore, read_handed
from pipelines.ports.model import CallCancelled
from tests.fakes.manual_clock import ManualClock


class Parser:
    """Reads every file as its bytes say, in the time that a test says."""

    def __init__(self, clock: ManualClock, seconds: float = 0.0) -> None:
        self.clock = clock
        self.seconds = seconds
        self.parsed: list[str] = []

    def parse(self, name: str, data: bytes) -> Read | Rejected:
        """Read a file; an empty one is rejected."""
        self.parsed.append(name)
        self.clock.advance(self.seconds)
        text = data.decode()
        return Read(text, (Block(BlockKind.PARAGRAPH, 0, len(text)),)) if text else Rejected("it is empty")

    def close(self) -> None:
        """Close nothing."""


def wanted() -> None:
    """Still want the answer."""


def read(*files: HandedFile, seconds: float = 0.0, check: Callable[[], None] = wanted) -> Handed:
    """Return what becomes of files."""
    clock = ManualClock()
    return read_handed(files, Parser(clock, seconds), clock, check)


def names(*given_names: str) -> list[str]:
    """Return under which names files are kept."""
    return [one.name for one in read(*(HandedFile(name, b"text") for name in given_names)).files]


@pytest.mark.parametrize(
    ("came", "kept"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd.txt", "etc passwd.txt"),
        (".footnote.yaml", "footnote.yaml"),
        ("a\nb\u202egpj.md", "a b gpj.md"),
        ("C:\\plans\\x.docx", "C: plans x.docx"),
        ("", "file"),
        ("...", "file"),
        ("x" * 400 + ".md", "x" * 120 + ".md"),
        ("no ending but a. very long one indeed", "no ending but a. very long one indeed"),
    ],
)
def test_a_name_is_one_line_without_folders(came: str, kept: str) -> None:
    """It is shown to people and is a path among the files; its ending, which tells the format, stays."""
    assert names(came) == [kept]


def test_two_files_of_one_name_are_two_files() -> None:
    """Capitals do not part them; the ending stays at the end."""
    assert names("a.md", "A.md", "a.md", "a (2).md") == ["a.md", "A (2).md", "a (3).md", "a (2) (2).md"]


@given(st.lists(st.text(max_size=300), max_size=6))
def test_any_names_can_be_kept(given_names: list[str]) -> None:
    """Whatever people call their files, each is kept under a name of its own."""
    kept = names(*given_names)
    assert len({name.casefold() for name in kept}) == len(given_names)
    for name in kept:
        _require_name(name)
        assert "/" not in name
        assert name.isprintable()


def test_what_cannot_be_read_is_told_by_name_and_reason() -> None:
    """The others are read."""
    handed = read(HandedFile("a.md", b"text"), HandedFile("b.md", b""))
    assert [one.name for one in handed.files] == ["a.md"]
    assert [(one.name, one.reason) for one in handed.unread] == [("b.md", "it is empty")]
    assert handed.characters == 4


def test_files_are_read_in_the_time_of_a_question() -> None:
    """Once it is over no other one is begun, and that is said."""
    handed = read(*(HandedFile(f"{number}.md", b"text") for number in range(4)), seconds=READ_S / 2)
    assert [one.name for one in handed.files] == ["0.md", "1.md"]
    assert [one.name for one in handed.unread] == ["2.md", "3.md"]
    assert "took 15 s, the limit" in handed.unread[0].reason


def test_texts_have_a_limit_together() -> None:
    """The file that goes beyond it is not taken; one that fits after it is."""
    half = b"x" * (MOST_CHARS * 2 // 3)
    handed = read(HandedFile("a.txt", half), HandedFile("b.txt", half), HandedFile("c.txt", b"text"))
    assert [one.name for one in handed.files] == ["a.txt", "c.txt"]
    assert "2,000,000 characters" in handed.unread[0].reason
    assert "add it as a knowledge base" in handed.unread[0].reason


def test_nothing_is_read_for_nobody() -> None:
    """Between two files it is asked whether the answer is still wanted."""
    asked: list[None] = []

    def check() -> None:
        asked.append(None)
        if len(asked) > 1:
            raise CallCancelled("nobody")

    clock = ManualClock()
    parser = Parser(clock)
    with pytest.raises(CallCancelled):
        read_handed((HandedFile("a.md", b"a"), HandedFile("b.md", b"b")), parser, clock, check)
    assert parser.parsed == ["a.md"]


def test_what_was_read_is_not_read_again() -> None:
    """A sync gets it by its name, and nothing else."""
    handed = read(HandedFile("a.md", b"text"))
    parser = ReadBefore(handed.reads)
    assert parser.parse("a.md", b"") == handed.reads["a.md"]
    assert isinstance(parser.parse("b.md", b"text"), Rejected)
    parser.close()


def test_the_bytes_of_a_file_are_not_shown() -> None:
    """In a log or a traceback there is its name alone."""
    assert "secret" not in repr(HandedFile("a.md", b"secret"))
