"""What is evaluated, and the figures of one set as scores.json has them. Measures nothing."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.domain.values import Value
from pipelines.evaluation.choices import Engine, Mode
from pipelines.evaluation.intervals import Measured


@dataclass(frozen=True, slots=True)
class EvalRequest(Value):
    """
    What is to be evaluated.

    Attributes:
        sets: folders of sets.
        engine: of the index.
        mode: how far questions are followed.
        sample: ask only so many questions of each set; None asks all.
        seed: of the sample and of the intervals.
        out: where each set's folder of results is made.

    """

    sets: tuple[Path, ...]
    engine: Engine
    mode: Mode
    sample: int | None
    seed: int
    out: Path


@dataclass(frozen=True, slots=True)
class SetScores(Value):
    """
    The figures of one set.

    Attributes:
        name: of the set.
        request: what was asked for.
        questions: how many were asked.
        documents: how many its knowledge bases hold.
        rejected: files that could not be read.
        embedders: language -> embedder, None for words only; the language is empty where there is only one.
        metrics: name -> figure.
        by_language: language -> name -> figure; empty where there is only one.

    """

    name: str
    request: EvalRequest
    questions: int
    documents: int
    rejected: int
    embedders: tuple[tuple[str, str | None], ...]
    metrics: dict[str, Measured]
    by_language: dict[str, dict[str, Measured]]

    def as_json(self) -> dict[str, Any]:
        """Return the documented form of scores.json."""
        request = self.request
        told: dict[str, Any] = {
            "set": self.name,
            "engine": request.engine.value,
            "mode": request.mode.value,
            "n": self.questions,
            "metrics": _figures(self.metrics),
            "sample": request.sample,
            "seed": request.seed,
            "documents": self.documents,
            "rejected": self.rejected,
            "embedder": dict(self.embedders) if self.by_language else self.embedders[0][1],
        }
        if self.by_language:
            told["by_language"] = {language: _figures(one) for language, one in self.by_language.items()}
        return told


def _figures(metrics: dict[str, Measured]) -> dict[str, dict[str, float | int]]:
    return {name: one.as_json() for name, one in metrics.items()}
