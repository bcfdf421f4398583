"""
How good the ranking is, set by set: `python -m pipelines.evaluation.quality [--set NAME …]`.

Through the product's own reader, chunker, embedder, index and fusion. It makes no answers;
`extracts` does.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from pipelines.adapters.sqlite_index import IndexIdentity, SqliteIndex
from pipelines.evaluation.corpus import CorpusChunk, corpus_chunks
from pipelines.evaluation.metrics import METRICS
from pipelines.evaluation.report import Figure, exit_code, table
from pipelines.evaluation.running import Bench, run
from pipelines.evaluation.runs import Judged, Variant, run_set
from pipelines.evaluation.sets import PLANS, Bar, SetPlan, SetQuestion, read_entries, read_questions
from pipelines.ports.embedder import Embedder
from pipelines.retrieval.terms import ANALYSER_VERSION


def measure(bench: Bench, names: Sequence[str]) -> int:
    """Measure these sets, print the table, return the exit code."""
    figures: list[Figure] = []
    for plan in PLANS:
        if plan.name in names:
            figures += _figures(bench, plan)
    print()
    print(table(figures))
    return exit_code(figures)


def figures_of(
    judged: Sequence[Judged], bars: Sequence[Bar], subject: str, variants: Sequence[Variant]
) -> list[Figure]:
    """Return a figure per bar: the mean over the questions, that of the other variants beside it."""
    found = []
    for bar in bars:
        means = _means(judged, bar.metric, variants)
        beside = tuple((variant.value, mean) for variant, mean in means.items() if len(variants) > 1)
        found.append(Figure(subject, bar.metric, means[variants[-1]], bar.reference, beside=beside))
    return found


def _figures(bench: Bench, plan: SetPlan) -> Iterator[Figure]:
    """Yield the figures of one set; of each language, if each is a base of its own."""
    entries, questions = read_entries(bench.sets, plan), read_questions(bench.sets, plan)
    embedder = None if plan.words_only else bench.embedder
    variants = tuple(Variant) if embedder else (Variant.WORDS,)
    for language in sorted({entry.language for entry in entries}) if plan.by_language else [None]:
        own = [entry for entry in entries if language in (None, entry.language)]
        asked = [question for question in questions if language in (None, question.language)]
        subject = f"{plan.name} {language}" if language else plan.name
        start = process_time()
        chunks = tuple(corpus_chunks(own, plan, bench.parser))
        judged = _judged(chunks, asked, embedder)
        counts = f"{len(own)} entries, {len(chunks)} chunks, {len(asked)} questions"
        print(f"{subject}: {counts}, {process_time() - start:.1f} s CPU", flush=True)
        yield from figures_of(judged, plan.bars, subject, variants)


def _judged(
    chunks: Sequence[CorpusChunk], questions: Sequence[SetQuestion], embedder: Embedder | None
) -> tuple[Judged, ...]:
    """Return the rankings of every question in an index of its own."""
    identity = IndexIdentity(
        installation="evaluation",
        analyser=str(ANALYSER_VERSION),
        embedder=embedder.name if embedder else None,
        dimensions=embedder.dimensions if embedder else 0,
    )
    with TemporaryDirectory(prefix="footnote-quality-") as folder:
        index = SqliteIndex(Path(folder) / "index.db", identity)
        try:
            return run_set(chunks, questions, index, embedder)
        finally:
            index.close()


def _means(judged: Sequence[Judged], metric: str, variants: Sequence[Variant]) -> Mapping[Variant, float]:
    measure_one = METRICS[metric]
    return {
        variant: sum(measure_one(one.rankings[variant], one.question.gold) for one in judged) / len(judged)
        for variant in variants
    }


if __name__ == "__main__":
    sys.exit(run(__doc__.strip().splitlines()[0], [plan.name for plan in PLANS], measure))
