"""What every measuring run needs: options, the folder of the sets, an embedder that keeps its vectors."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import FootnoteError
from pipelines.evaluation.vectors import KeptVectors
from pipelines.ports.document_parser import DocumentParser
from pipelines.ports.embedder import Embedder
from pipelines.settings import Settings
from pipelines.wiring import open_footnote


SETS = Path(__file__).parents[2] / ".." / "shared" / "evaldata"
"""Where the sets lie unless FOOTNOTE_EVALDATA says otherwise: beside the checkout."""

NOTHING_TO_MEASURE = "no evaluation sets in {folder}: set FOOTNOTE_EVALDATA to their folder; nothing was measured"

_FAILED = 3


@dataclass(frozen=True, slots=True)
class Bench:
    """
    What a run works with.

    Attributes:
        sets: folder of the evaluation sets; it exists.
        embedder: the settings' own; None for words only.
        parser: the product's parser processes.

    """

    sets: Path
    embedder: Embedder | None
    parser: DocumentParser


def run(description: str, names: Sequence[str], measure: Callable[[Bench, Sequence[str]], int]) -> int:
    """
    Run a measurement from the command line and return its exit code.

    Args:
        description: first line of its help.
        names: sets that may be chosen.
        measure: gets the bench and the chosen sets, returns the exit code.

    """
    options = _options(description, names)
    try:
        settings = Settings.load()
        sets = settings.evaldata or SETS
        chosen = [name for name in options.set or names if (sets / name).is_dir()]
        for name in options.set or ():
            if name not in chosen:
                print(f"{name}: not in {sets}; left out")
        if not chosen:
            print(NOTHING_TO_MEASURE.format(folder=sets))
            return 0
        with _bench(settings, sets, options.vectors or settings.data_dir / "evaluation") as bench:
            return measure(bench, chosen)
    except FootnoteError as error:
        print(error, file=sys.stderr)
        return _FAILED


@contextmanager
def _bench(settings: Settings, sets: Path, vectors: Path) -> Iterator[Bench]:
    """Open what a run works with."""
    with open_footnote(settings) as footnote:
        if footnote.embedder is None:
            yield Bench(sets, None, footnote.parser)
            return
        kept = KeptVectors(footnote.embedder, vectors, progress=_tell)
        try:
            yield Bench(sets, kept, footnote.parser)
        finally:
            kept.close()


def _options(description: str, names: Sequence[str]) -> Namespace:
    parser = ArgumentParser(description=description)
    parser.add_argument("--set", nargs="+", choices=names, metavar="NAME", help=f"only these of {', '.join(names)}")
    parser.add_argument("--vectors", type=Path, metavar="FOLDER", help="keep vectors here; else in the data folder")
    return parser.parse_args()


def _tell(done: int, of: int) -> None:
    """Say how far a long embedding is, on the terminal only."""
    if of > 1000 and (done == of or done % 1024 == 0):  # noqa: PLR2004 - half a minute and more
        print(f"  embedded {done} of {of} texts that were not kept", file=sys.stderr, flush=True)
