"""
Two runs of the same sets beside each other: `python -m pipelines.evaluation.engine_comparison ONE OTHER`.

ONE and OTHER are results of `footnote eval run` (`--out`), over two engines. They agree
where nDCG@10 differs by at most .01 over 1,000 questions and more, by at most two
standard errors of the paired differences over fewer, and the first ten found are the
same to 85 % on average.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from statistics import fmean, stdev

from pipelines.domain.values import Value
from pipelines.evaluation.lines import AnswerLine, read_lines
from pipelines.evaluation.material import Asked, read_material
from pipelines.evaluation.running import SETS
from pipelines.evaluation.scoring import DEPTH, ranking
from pipelines.evaluation.set_runs import ANSWERS
from pipelines.settings import Settings


MANY = 1000
"""Questions from which on a difference is judged by itself, not by its standard error."""

CLOSE = 0.01
ALIKE = 0.85
_ROUNDING = 1e-9
_HEADER = (
    "| set | n | nDCG@10 | other | difference | may be | same of ten | verdict |\n|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True, slots=True)
class Comparison(Value):
    """
    One set, by two engines.

    Attributes:
        name: of the set.
        n: questions that both were asked and that have an answer.
        one: mean nDCG@10 of the first engine, 0 to 1.
        other: that of the second.
        error: standard error of the mean of the paired differences.
        overlap: mean share of the first ten found that both found, of all questions, 0 to 1.

    """

    name: str
    n: int
    one: float
    other: float
    error: float
    overlap: float

    @property
    def may_be(self) -> float:
        """The largest difference with which the engines still agree."""
        return CLOSE if self.n >= MANY else 2 * self.error

    @property
    def agrees(self) -> bool:
        """Whether both found about the same."""
        return abs(self.one - self.other) <= self.may_be + _ROUNDING and self.overlap >= ALIKE - _ROUNDING

    def row(self) -> str:
        """Return it as a row of a Markdown table."""
        figures = f"{self.one:.3f} | {self.other:.3f} | {self.other - self.one:+.3f} | {self.may_be:.3f}"
        return f"| {self.name} | {self.n} | {figures} | {self.overlap:.3f} | {'agree' if self.agrees else 'differ'} |"


def compare(
    name: str, questions: Sequence[Asked], one: dict[str, AnswerLine], other: dict[str, AnswerLine]
) -> Comparison | None:
    """Return how two engines did with the questions that both were asked; None if none of them is marked."""
    both = [asked for asked in questions if asked.id in one and asked.id in other]
    if not any(asked.grades for asked in both):
        return None
    level = "page" if any(asked.paged for asked in both) else "document"
    first, second = (_ndcg([(asked, lines[asked.id]) for asked in both], level) for lines in (one, other))
    differences = [b - a for a, b in zip(first, second, strict=True)]
    error = stdev(differences) / sqrt(len(differences)) if len(differences) > 1 else 0.0
    overlap = fmean(_overlap(one[asked.id], other[asked.id]) for asked in both)
    return Comparison(name, len(first), fmean(first), fmean(second), error, overlap)


def _ndcg(pairs: Sequence[tuple[Asked, AnswerLine]], level: str) -> list[float]:
    """Return nDCG@10 of each question that is marked."""
    found = ranking(pairs)[f"nDCG@{DEPTH} by {level}"]
    return [gain for gain, weight in zip(found.gains, found.weights, strict=True) if weight]


def _overlap(one: AnswerLine, other: AnswerLine) -> float:
    """Return the share of the first ten that both found; 1 where neither found anything."""
    first, second = ({(unit.doc_id, unit.page) for unit in line.retrieved[:DEPTH]} for line in (one, other))
    return len(first & second) / max(len(first), len(second)) if first or second else 1.0


def main(arguments: Sequence[str]) -> int:
    """Print the table; return 1 if the engines differ on any set."""
    parser = ArgumentParser(description="Compare the results of two runs of evaluation sets.")
    parser.add_argument("one", type=Path, help="folder of results (--out of `footnote eval run`)")
    parser.add_argument("other", type=Path, help="folder of results over another engine")
    options = parser.parse_args(arguments)
    sets = Settings.load().evaldata or SETS
    names = sorted(file.parent.name for file in options.one.glob(f"*/{ANSWERS}"))
    print(_HEADER)
    agreed = True
    for name in names:
        questions = read_material(sets / name).questions
        lines = [read_lines(folder / name / ANSWERS) for folder in (options.one, options.other)]
        found = compare(name, questions, *lines)
        if found is not None:
            agreed &= found.agrees
            print(found.row())
    return int(not agreed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
