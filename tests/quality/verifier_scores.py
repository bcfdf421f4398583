"""The verifier's verdicts on its cases, counted by figure of the table, and the bars that they have to reach."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipelines.answering.verifying import (
    EvidencePassage,
    PreparedPassage,
    Verdict,
    Verification,
    prepare,
    verify_prepared,
)
from tests.quality.verifier_cases.shapes import Case, Family
from tests.quality.verifier_cases.sources import Source


CAUGHT = {
    "figure": 0.98,
    "unit": 0.98,
    "currency": 0.98,
    "date": 0.98,
    "source swapped": 0.97,
    "negation": 0.95,
    "quantifier": 0.95,
    "condition": 0.90,
    "name that the passage lacks": 0.90,
}
"""Group of harmed cases -> share that is to be contradicted, at least."""

FALSE_ALARMS = {Family.LIGHT: 0.02, Family.FREE: 0.05, Family.STATEMENT: 0.05}
"""Unharmed family -> share that may be contradicted, at most."""


@dataclass(frozen=True, slots=True)
class Line:
    """
    A line of the table.

    Attributes:
        family: what was done.
        name: group or kind of the cases; `all` for the whole family.
        cases: how many there are.
        shares: verdict -> share of them, 0..1.

    """

    family: Family
    name: str
    cases: int
    shares: Mapping[Verdict, float]


@dataclass(frozen=True, slots=True)
class Bar:
    """
    A figure and what it has to reach.

    Attributes:
        name: what is measured.
        value: share that was contradicted.
        limit: what it is compared with.
        at_least: a floor, else a ceiling.

    """

    name: str
    value: float
    limit: float
    at_least: bool

    @property
    def is_reached(self) -> bool:
        """Say whether the figure is good enough."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def evidence(source: Source) -> EvidencePassage:
    """Return a case's passage as the verifier takes it."""
    return EvidencePassage(source.text, source.title, source.headings, source.lead)


def verdicts(cases: Iterable[Case]) -> Iterator[tuple[Case, Verification]]:
    """Yield each case with its verdict; a passage is prepared once."""
    prepared: dict[str, PreparedPassage] = {}
    for case in cases:
        if case.source.key not in prepared:
            prepared[case.source.key] = prepare(evidence(case.source))
        yield case, verify_prepared(case.sentence, [prepared[case.source.key]])


def lines(judged: Iterable[tuple[Case, Verification]]) -> list[Line]:
    """Return the table: each family, its groups, and their kinds where a group has several."""
    counts: dict[tuple[Family, str], dict[Verdict, int]] = defaultdict(lambda: dict.fromkeys(Verdict, 0))
    for case, found in judged:
        names = {"all", case.group, case.group if case.kind == case.group else f"{case.group}: {case.kind}"}
        for name in names:
            counts[case.family, name][found.verdict] += 1
    return [_line(family, name, count) for (family, name), count in sorted(counts.items())]


def bars(table: Iterable[Line]) -> list[Bar]:
    """Return the figures that have a bar."""
    found = []
    for line in table:
        contradicted = line.shares[Verdict.CONTRADICTED]
        if line.family is Family.HARMED and line.name in CAUGHT:
            found.append(Bar(f"caught: {line.name}", contradicted, CAUGHT[line.name], at_least=True))
        if line.name == "all" and line.family in FALSE_ALARMS:
            found.append(Bar(f"false alarms: {line.family}", contradicted, FALSE_ALARMS[line.family], at_least=False))
    return found


def _line(family: Family, name: str, count: Mapping[Verdict, int]) -> Line:
    total = sum(count.values())
    return Line(family, name, total, {verdict: number / total for verdict, number in count.items()})
