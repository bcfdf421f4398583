"""
How good the extracts are, and whether their receipts hold: `python -m pipelines.evaluation.extracts`.

Each question takes the product's whole way from search to citation. The evidence check
stops nothing, so that every question shows something; what it would refuse is counted,
and the questions of another set, which it should refuse, are asked too.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random
from statistics import mean
from time import process_time
from types import MappingProxyType
from unicodedata import normalize

from pipelines.answering.evidence_check import Verdict
from pipelines.domain.citations import Citation
from pipelines.evaluation.installed import Shown, installed
from pipelines.evaluation.metrics import holds, rouge_l
from pipelines.evaluation.report import Figure, exit_code, table
from pipelines.evaluation.running import Bench, run
from pipelines.evaluation.sets import PLANS, SetPlan, SetQuestion, read_entries, read_questions, texts_of


QUESTIONS = 500
"""Questions of squad2, drawn with a fixed seed."""

_SEED = 20
_STRANGERS = 100
"""Questions of another set that are asked."""

_GOLD_SHOWN, _WORDS, _ROUGE = 0.87, 65.0, 0.38
_REFUSED, _ANSWERED = 0.05, 0.02

Pairs = Sequence[tuple[SetQuestion, Shown]]


def measure(bench: Bench, names: Sequence[str]) -> int:
    """Measure these sets, print the table, return the exit code."""
    figures: list[Figure] = []
    for name in names:
        figures += MEASURED[name](bench, next(plan for plan in PLANS if plan.name == name))
    print()
    print(table(figures))
    return exit_code(figures)


def broken_receipts(shown: Shown, originals: Sequence[str]) -> int:
    """
    Return how many citations do not hold.

    A citation holds if its quote is not empty, is exactly what stands between its offsets
    in the stored text, and, but for white space, stands in an original (given as `_plain`).
    """
    return sum(not _holds(one, shown.texts.get(one.document_version, ""), originals) for one in shown.cited.citations)


def uncited_pieces(shown: Shown) -> int:
    """Return how many shown pieces lie in no citation."""
    spans = [(one.document_version, one.start, one.end) for one in shown.cited.citations]
    pieces = [piece for paragraph in shown.extract.paragraphs for piece in paragraph.pieces]
    return sum(
        not any(
            reading == piece.source.document_version and start <= piece.start and piece.end <= end
            for reading, start, end in spans
        )
        for piece in pieces
    )


def _short_answers(bench: Bench, plan: SetPlan) -> list[Figure]:
    """Return the figures of a set whose answers are a few words of its text."""
    questions = read_questions(bench.sets, replace(plan, sample=None))
    sample = Random(_SEED).sample(questions, min(QUESTIONS, len(questions)))  # noqa: S311 - a sample, no secret
    pairs, refusals = _asked(bench, plan, sample)
    entries = read_entries(bench.sets, plan)
    originals = [_plain(text) for text in texts_of(entries).values()]
    held = mean(holds(shown.words, question.answers) for question, shown in pairs)
    words = mean(len(shown.words.split()) for _, shown in pairs)
    broken = sum(broken_receipts(shown, originals) for _, shown in pairs)
    uncited = sum(uncited_pieces(shown) for _, shown in pairs)
    citations = sum(len(shown.cited.citations) for _, shown in pairs)
    print(f"{plan.name}: {citations} citations checked")
    return [
        Figure(plan.name, "gold string shown", held, _GOLD_SHOWN),
        Figure(plan.name, "words shown", round(words, 1), _WORDS, at_most=True, counted=True),
        Figure(plan.name, "citations that do not hold", broken, 0, at_most=True, counted=True),
        Figure(plan.name, "pieces without a citation", uncited, 0, at_most=True, counted=True),
        *refusals,
    ]


def _long_answers(bench: Bench, plan: SetPlan) -> list[Figure]:
    """Return the figures of a set whose answers are sentences of somebody's own."""
    pairs, refusals = _asked(bench, plan, read_questions(bench.sets, plan))
    scores = [max(rouge_l(shown.words, answer) for answer in question.answers) for question, shown in pairs]
    return [Figure(plan.name, "ROUGE-L F", mean(scores), _ROUGE), *refusals]


MEASURED: Mapping[str, Callable[[Bench, SetPlan], list[Figure]]] = MappingProxyType(
    {"squad2": _short_answers, "northwind": _long_answers}
)
"""Set -> how it is measured."""


def _asked(bench: Bench, plan: SetPlan, questions: Sequence[SetQuestion]) -> tuple[Pairs, list[Figure]]:
    """Return each question with what is shown, and how often the evidence check errs."""
    start = process_time()
    strangers = _strangers(bench, plan)
    with installed(bench, plan) as asked:
        pairs = [(question, asked.ask(question.text)) for question in questions]
        answered = [asked.ask(text).verdict is Verdict.ANSWER for text in strangers]
    refused = mean(shown.verdict is not Verdict.ANSWER for _, shown in pairs)
    print(f"{plan.name}: {len(questions)} questions, {process_time() - start:.1f} s CPU", flush=True)
    figures = [Figure(plan.name, "answerable refused", refused, _REFUSED, at_most=True)]
    if strangers:
        figures.append(Figure(plan.name, "of another set answered", mean(answered), _ANSWERED, at_most=True))
    return pairs, figures


def _strangers(bench: Bench, plan: SetPlan) -> list[str]:
    """Return questions about something else: those of the other sets that are here."""
    others = [one for one in PLANS if one.name in MEASURED and one is not plan and (bench.sets / one.name).is_dir()]
    asked = [question.text for other in others for question in read_questions(bench.sets, other)]
    return Random(_SEED).sample(asked, min(_STRANGERS, len(asked)))  # noqa: S311 - a sample, no secret


def _holds(citation: Citation, text: str, originals: Sequence[str]) -> bool:
    quote = citation.quote
    exact = bool(quote) and quote == text[citation.start : citation.end]
    return exact and any(_plain(quote) in original for original in originals)


def _plain(text: str) -> str:
    return " ".join(normalize("NFC", text).split())


if __name__ == "__main__":
    sys.exit(run(__doc__.strip().splitlines()[0], list(MEASURED), measure))
