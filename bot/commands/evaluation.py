"""Evaluation sets: found by path or name, run, told. How they are run is `pipelines.evaluation`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import eval_texts as texts
from pipelines.domain.values import Value
from pipelines.evaluation.choices import Engine, Mode
from pipelines.evaluation.material import DOCUMENTS, QUESTIONS
from pipelines.evaluation.running import SETS
from pipelines.evaluation.set_runs import run_sets
from pipelines.evaluation.set_scores import EvalRequest, SetScores
from pipelines.settings import Settings


@dataclass(frozen=True, slots=True)
class EvalReport(Value):
    """The figures of every set, what was skipped and why, and where the results lie."""

    sets: tuple[SetScores, ...]
    skipped: tuple[str, ...]
    out: str

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return {"sets": [one.as_json() for one in self.sets], "skipped": list(self.skipped), "out": self.out}


def evaluate(
    settings: Settings,
    sets: Sequence[str],
    engine: Engine,
    mode: Mode,
    *,
    sample: int | None,
    seed: int,
    out: Path | None,
    tell: Callable[[str], None],
) -> EvalReport:
    """
    Run sets and return their figures.

    Args:
        settings: of this installation; its own data is left alone.
        sets: paths of folders, or names within FOOTNOTE_EVALDATA; all there that ask something when empty.
        engine: what holds the index.
        mode: how far questions are followed.
        sample: ask only so many questions of each set.
        seed: of the sample and of the intervals.
        out: where results are kept; within the data folder when None.
        tell: gets a sentence now and then.

    Raises:
        BadSettings: the packages that score are missing, or the engine's address is.
        BadInput: a folder is no set, or two sets have the same name.

    """
    folder = settings.evaldata or SETS
    found, skipped = _found(sets, folder)
    kept = out or settings.data_dir / "evaluation" / "runs" / f"{engine.value}-{mode.value}"
    request = EvalRequest(found, engine, mode, sample, seed, kept.absolute())
    scores = tuple(run_sets(settings, request, tell)) if found else ()
    return EvalReport(scores, skipped, str(request.out))


def _asks(folder: Path) -> bool:
    """Tell whether a set has any question: one without is read in only where it is named."""
    questions = folder / QUESTIONS
    return questions.is_file() and questions.stat().st_size > 0


def _found(sets: Sequence[str], folder: Path) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Return the folders of sets, and a sentence for each that is not there."""
    if not sets:
        every = sorted(one.parent for one in folder.glob(f"*/{DOCUMENTS}") if _asks(one.parent))
        return tuple(every), () if every else (texts.no_sets(str(folder)),)
    found, skipped = [], []
    for name in sets:
        place = next((one for one in (Path(name).absolute(), folder / name) if one.is_dir()), None)
        if place is None:
            skipped.append(texts.set_not_there(name, str(folder)))
        else:
            found.append(place)
    return tuple(found), tuple(skipped)
