"""The command line `footnote eval …`: names, options and help. What it does is `bot.cli.evaluating`."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Option, Typer

from bot.cli.loading import evaluate
from bot.cli.options import Json
from pipelines.evaluation.choices import Engine, Mode


eval_app = Typer(help="Measure how good answers are.", rich_markup_mode=None)


@eval_app.callback()
def evaluation() -> None:
    """Measure how good answers are."""


@eval_app.command()
def run(
    sets: Annotated[
        list[str] | None,
        Argument(
            metavar="SETDIR",
            help="Folder of a set, or its name in FOOTNOTE_EVALDATA; else all there that ask something.",
        ),
    ] = None,
    *,
    engine: Annotated[Engine, Option("--engine", help="What holds the index.")] = Engine.SQLITE,
    mode: Annotated[Mode, Option("--mode", help="Follow questions to what is found, or to answers.")] = Mode.ANSWERS,
    sample: Annotated[
        int | None, Option("--sample", metavar="N", min=1, help="Ask only N questions of each set.")
    ] = None,
    seed: Annotated[int, Option("--seed", metavar="S", min=0, help="Of the sample and of the intervals.")] = 0,
    out: Annotated[
        Path | None, Option("--out", metavar="DIR", help="Keep results here, a folder a set; else in the data folder.")
    ] = None,
    as_json: Json = False,
) -> int:
    """Read evaluation sets in as knowledge bases of their own, ask their questions, score; goes on where it stopped."""
    chosen = {"engine": engine, "mode": mode, "sample": sample, "seed": seed, "out": out}
    return evaluate()(sets or [], **chosen, as_json=as_json)
