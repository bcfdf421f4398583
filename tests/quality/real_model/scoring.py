"""The verifier's verdicts on what a model wrote, as it wrote it and with errors planted, counted beside people's."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipelines.answering.verifying import PreparedPassage, Verdict, Verification, prepare, verify_prepared
from pipelines.answering.verifying.preparing import plain_wording
from tests.quality.real_model.labels import Label
from tests.quality.real_model.planting import planted
from tests.quality.real_model.sentences import ModelSentence
from tests.quality.verifier_cases.shapes import Case
from tests.quality.verifier_scores import evidence, verdicts


@dataclass(frozen=True, slots=True)
class Judged:
    """
    A sentence as a model wrote it, with its verdict.

    Attributes:
        number: of the sentence in its file, from 0.
        written: it, and where it is from.
        found: the verdict by its passage.
        label: what a person says of it; None if nobody has read it.

    """

    number: int
    written: ModelSentence
    found: Verification
    label: Label | None


@dataclass(frozen=True, slots=True)
class Row:
    """Verdicts on the sentences that belong to one line of the table."""

    name: str
    counts: Mapping[Verdict, int]

    @property
    def total(self) -> int:
        """How many sentences there are."""
        return sum(self.counts.values())

    def share(self, verdict: Verdict) -> float:
        """Share of a verdict, 0..1; 0 without sentences."""
        return self.counts.get(verdict, 0) / self.total if self.total else 0.0


def judged(sentences: Sequence[ModelSentence], labels: Mapping[int, Label]) -> list[Judged]:
    """Return every sentence with its verdict, each judged by the passage that it was written from."""
    prepared: dict[str, PreparedPassage] = {}
    found = []
    for number, one in enumerate(sentences):
        source = one.source
        if source.key not in prepared:
            prepared[source.key] = prepare(evidence(source))
        verdict = verify_prepared(one.sentence, [prepared[source.key]])
        found.append(Judged(number, one, verdict, labels.get(number)))
    return found


def rows_as_written(found: Iterable[Judged]) -> Iterator[Row]:
    """Yield all sentences, those of each task, form and label, and those of each label by task."""
    counts: dict[str, Counter[Verdict]] = {}
    for one in found:
        said = "not read" if one.label is None else f"read: {one.label}"
        form = "a copy" if _is_copy(one.written) else "no copy"
        for name in ("all", form, str(one.written.task), said, f"{said}, {one.written.task}"):
            counts.setdefault(name, Counter())[one.found.verdict] += 1
    yield from (Row(name, counts[name]) for name in sorted(counts))


def with_errors(found: Iterable[Judged]) -> list[tuple[Case, Verification]]:
    """
    Return verdicts on planted errors.

    They are planted where nothing is wrong already: into sentences that nobody called unfaithful
    and that the verifier does not contradict.
    """
    sound = [
        one.written
        for one in found
        if one.label in {None, Label.FAITHFUL} and one.found.verdict is not Verdict.CONTRADICTED
    ]
    return list(verdicts(planted(sound)))


def copies(found: Iterable[Judged]) -> frozenset[str]:
    """Return the sentences that a model only copied out of their passage."""
    return frozenset(one.written.sentence for one in found if _is_copy(one.written))


def _is_copy(written: ModelSentence) -> bool:
    source = written.source
    return plain_wording(written.sentence) in {plain_wording(source.words(unit)) for unit in source.units}


def rows_with_errors(found: Iterable[tuple[Case, Verification]], copied: frozenset[str]) -> Iterator[Row]:
    """Yield each group of errors, what of it was planted into no copy, and its kinds where it has several."""
    counts: dict[str, Counter[Verdict]] = {}
    for case, verdict in found:
        group = f"{case.group} ({case.family})"
        names = {group, group if case.kind == case.group else f"{group}: {case.kind}"}
        if case.original not in copied:
            names.add(f"{group}, into a sentence that is no copy")
        for name in names:
            counts.setdefault(name, Counter())[verdict.verdict] += 1
    yield from (Row(name, counts[name]) for name in sorted(counts))
