"""What `footnote eval run` does: run the sets, show one table or one JSON document."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from pathlib import Path

from bot import eval_texts as texts
from bot.cli import loading
from bot.cli.exit_codes import DONE
from bot.cli.output import write_json
from bot.cli.screen import screen_of
from bot.commands.evaluation import EvalReport, evaluate
from bot.lines import BLANK, Line
from pipelines.evaluation.choices import Engine, Mode
from pipelines.evaluation.set_scores import SetScores


_RANKING = ("nDCG@10", "MRR", "R@1", "R@5", "R@10")
_ANSWERS = ("CRAG", "false refusals", "refusal F1", "quotes verbatim", "contains a reference", "ROUGE-L")


def run_and_show(
    sets: Sequence[str],
    *,
    engine: Engine,
    mode: Mode,
    sample: int | None,
    seed: int,
    out: Path | None,
    as_json: bool,
) -> int:
    """Run sets and return the exit code; sets that are not there are no fault."""
    screen = screen_of(sys.stderr)
    with redirect_stdout(sys.stderr):
        report = evaluate(
            loading.settings(),
            sets,
            engine,
            mode,
            sample=sample,
            seed=seed,
            out=out,
            tell=lambda sentence: screen.show([Line(sentence)]),
        )
    if as_json:
        write_json(report.as_json())
    else:
        screen_of(sys.stdout).show(shown(report))
    return DONE


def shown(report: EvalReport) -> Iterator[Line]:
    """Yield what a person reads: a table with a line a set, what was skipped, where the rest is."""
    yield from (Line(sentence) for sentence in report.skipped)
    yield from (Line(texts.without_questions(one.name, one.documents)) for one in report.sets if not one.metrics)
    scored = [one for one in report.sets if one.metrics]
    if scored:
        yield from (Line(line) for line in _table(scored))
    if report.sets:
        yield BLANK
        yield Line(texts.results_kept(report.out))


def _table(scored: Sequence[SetScores]) -> list[str]:
    """Return the lines of a table: of each metric that any set has, its figure and its interval."""
    figures = [_figures(one) for one in scored]
    columns = [name for name in (*_ANSWERS, *_RANKING, "by") if any(name in one for one in figures)]
    rows = [["set", "n", *columns]]
    for one, own in zip(scored, figures, strict=True):
        rows.append([one.name, str(one.questions), *(own.get(name, "") for name in columns)])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, ["-" * width for width in widths])
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _figures(one: SetScores) -> dict[str, str]:
    """Return metric -> figure with its interval; rankings by page where the set marks pages."""
    level = "page" if "nDCG@10 by page" in one.metrics else "document"
    names = {name: name for name in _ANSWERS} | {name: f"{name} by {level}" for name in _RANKING}
    found = {
        name: f"{own.value:.3f} ({own.low:.2f}-{own.high:.2f})"
        for name, full in names.items()
        if (own := one.metrics.get(full)) is not None
    }
    return found | ({"by": level} if any(name in found for name in _RANKING) else {})
