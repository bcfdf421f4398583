"""
Files that came with a question: read before anything is written, within the time of a question.

Their names come from strangers: here they become names of one line, without folders, each once.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from pipelines.domain.handed_files import HandedFile, UnreadFile
from pipelines.domain.reading import Read, Rejected
from pipelines.domain.values import Value
from pipelines.ports.clock import Clock
from pipelines.ports.document_parser import DocumentParser


READ_S = 15.0
"""After which no other file is begun, seconds; it is also the most that one may take."""

MOST_CHARS = 2_000_000
"""Characters of all texts together: what is indexed in two seconds, or 1,000 pages of a book."""

_LONGEST = 120
"""Characters of a name without its ending; its bytes must fit into a path."""
_ENDING = 12
_UNNAMED = "file"
_ODD = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Handed(Value):
    """
    What became of the files.

    Attributes:
        files: those that were read, under the names by which they are kept.
        reads: name -> what was read.
        unread: the others.

    """

    files: tuple[HandedFile, ...]
    reads: Mapping[str, Read]
    unread: tuple[UnreadFile, ...]

    @property
    def characters(self) -> int:
        """How many characters all texts have together."""
        return sum(len(one.text) for one in self.reads.values())


def read_handed(
    files: Iterable[HandedFile], parser: DocumentParser, clock: Clock, check_wanted: Callable[[], None]
) -> Handed:
    """
    Read files, one after another.

    Args:
        files: as they came.
        parser: reads them.
        clock: tells when time is over.
        check_wanted: raises, between files, once nobody waits for the answer.

    """
    ends = clock.monotonic() + READ_S
    kept: list[HandedFile] = []
    reads: dict[str, Read] = {}
    unread: list[UnreadFile] = []
    left = MOST_CHARS
    for file in _named(files):
        check_wanted()
        found = _read(file, parser, left) if clock.monotonic() < ends else _too_late()
        if isinstance(found, Rejected):
            unread.append(UnreadFile(file.name, found.reason))
            continue
        left -= len(found.text)
        kept.append(file)
        reads[file.name] = found
    return Handed(tuple(kept), reads, tuple(unread))


class ReadBefore:
    """`ports.document_parser.DocumentParser` of files that were read: of any other it knows nothing."""

    def __init__(self, reads: Mapping[str, Read]) -> None:
        """Take what was read, by name."""
        self._reads = reads

    def parse(self, name: str, data: bytes) -> Read | Rejected:  # noqa: ARG002 - a name means its bytes
        """Return what was read."""
        return self._reads.get(name) or Rejected("it was not handed in")

    def close(self) -> None:
        """Close nothing."""


def _read(file: HandedFile, parser: DocumentParser, left: int) -> Read | Rejected:
    found = parser.parse(file.name, file.data)
    if isinstance(found, Read) and len(found.text) > left:
        told = f"with it the texts have more than {MOST_CHARS:,} characters, the limit for files that come with a"
        return Rejected(f"{told} question: an admin can add it as a knowledge base")
    return found


def _too_late() -> Rejected:
    return Rejected(f"reading the files before it took {READ_S:g} s, the limit for files that come with a question")


def _named(files: Iterable[HandedFile]) -> Iterator[HandedFile]:
    """Yield the files under names that each can be kept by."""
    taken: set[str] = set()
    for file in files:
        stem, ending = _parts(file.name)
        name, number = stem + ending, 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem} ({number}){ending}"
        taken.add(name.casefold())
        yield HandedFile(name, file.data)


def _parts(name: str) -> tuple[str, str]:
    """Return a name of one line in two parts, without folders and leading dots; the second is its ending, or empty."""
    line = "".join(
        " " if char in "/\\" or unicodedata.category(char) in _ODD else char
        for char in unicodedata.normalize("NFC", name)
    )
    path = PurePosixPath(" ".join(line.split()).lstrip(". ") or _UNNAMED)
    if len(path.suffix) > _ENDING:
        return path.name[:_LONGEST], ""
    return path.stem[:_LONGEST].rstrip(), path.suffix
