"""What tests of folders that belong to one machine share: machines over one PostgreSQL, and the sentences."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Outcome, Question
from pipelines.errors import BadSettings
from pipelines.ports.folders import Holds
from pipelines.wiring import Footnote
from tests.engines.moving_scene import installation


LEAVE = Question("How long is parental leave?", OPERATOR)
INDEX = r"^the index .*index.db of another data folder .*WEAVIATE_URL.*write [0-9a-f]{16} into"
FILES = r"^the stored files .*another folder .*FOOTNOTE_BLOBS.*write [0-9a-f]{16} into"
NO_INDEX = r"^the records know of rows .*index.db of \S+ holds none.*write a word of your own into \S+/place$"
NO_FILES = r"^the records know of stored files, and \S+ holds none.*write a word of your own into \S+/place$"


def write_documents(folder: Path, count: int = 1) -> Path:
    """Write documents, and return their folder."""
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:03}.md").write_text(f"# Leave\n\nParental leave {number} is twelve weeks long.\n")
    return folder


def install(data: Path, shared: Mapping[str, str], documents: Path) -> None:
    """Sync a base on one machine."""
    with installation(data, shared) as first:
        first.add_base("handbook", documents, OPERATOR)
        first.sync("handbook")


def answers(data: Path, shared: Mapping[str, str]) -> bool:
    """Say whether a machine finds what was synced."""
    with installation(data, shared) as opened:
        return opened.ask(LEAVE).outcome is Outcome.ANSWER


def name_none(data: Path, shared: Mapping[str, str]) -> None:
    """Leave the records as an earlier version did: no folder was ever named."""
    with installation(data, shared) as opened:
        for what in Holds:
            opened.records.folders.replace(what, None)
    for mark in data.parent.rglob("place"):
        mark.unlink()


def obey(data: Path, shared: Mapping[str, str], use: Callable[[Footnote], object]) -> list[str]:
    """Use a machine; whenever it is refused write what the sentence says. Return all sentences."""
    told: list[str] = []
    while len(told) < 5:
        try:
            with installation(data, shared) as opened:
                use(opened)
                return told
        except BadSettings as refusal:
            told.append(str(refusal))
            found = re.search(r"write (\w+|a word of your own) into (\S+)$", told[-1])
            assert found, told
            Path(found[2]).parent.mkdir(parents=True, exist_ok=True)
            Path(found[2]).write_text(found[1].replace("a word of your own", "mine"))
    raise AssertionError(told)


def files_below(folder: Path) -> set[Path]:
    """Return all that is in a folder."""
    return set(folder.rglob("*"))
