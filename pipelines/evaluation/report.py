"""Figures beside their bars, as lines of a table. It measures nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipelines.domain.values import Value


SLACK = 0.01
"""How far a figure may lie on the wrong side of its bar before a run fails."""

_ROUNDING = 1e-9


class Verdict(StrEnum):
    """How a figure stands to its bar."""

    MET = "met"
    CLOSE = "within .01"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Figure(Value):
    """
    One line of the table.

    Attributes:
        subject: the set, or what of it.
        metric: name of the metric.
        value: what was measured.
        bar: figure to reach.
        at_most: the bar is a ceiling, not a floor.
        beside: other figures to print with it, by name.
        counted: a number of things, not a share: printed so, and without any slack.

    """

    subject: str
    metric: str
    value: float
    bar: float
    at_most: bool = False
    beside: tuple[tuple[str, float], ...] = ()
    counted: bool = False

    @property
    def verdict(self) -> Verdict:
        """Met, within .01 of the bar, or missed."""
        short = self.value - self.bar if self.at_most else self.bar - self.value
        if short <= _ROUNDING:
            return Verdict.MET
        return Verdict.CLOSE if short <= SLACK + _ROUNDING and not self.counted else Verdict.MISSED


def table(figures: Sequence[Figure]) -> str:
    """Return the lines of a Markdown table; empty without figures."""
    if not figures:
        return ""
    names = list(dict.fromkeys(name for figure in figures for name, _ in figure.beside))
    rows = [["set", "metric", *names, "figure", "bar", "verdict"], *(_cells(figure, names) for figure in figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, ["-" * width for width in widths])
    return "\n".join(_line(row, widths) for row in rows)


def exit_code(figures: Sequence[Figure]) -> int:
    """Return 1 if any bar is missed, else 0."""
    return int(any(figure.verdict is Verdict.MISSED for figure in figures))


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |"


def _cells(figure: Figure, names: Sequence[str]) -> list[str]:
    beside = dict(figure.beside)
    others = [_number(figure, beside[name]) if name in beside else "" for name in names]
    bar = f"{'<=' if figure.at_most else '>='} {_number(figure, figure.bar)}"
    return [figure.subject, figure.metric, *others, _number(figure, figure.value), bar, figure.verdict.value]


def _number(figure: Figure, value: float) -> str:
    return f"{value:g}" if figure.counted else f"{value:.3f}"
