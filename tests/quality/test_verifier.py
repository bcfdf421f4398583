"""A small slice of the verifier's cases, of the tuning half: figures fall no lower than they were measured."""

import pytest

from pipelines.answering.verifying import Verdict
from tests.quality.verifier_cases.generator import cases_of
from tests.quality.verifier_cases.paraphrases import paraphrase_cases
from tests.quality.verifier_cases.shapes import Family
from tests.quality.verifier_cases.sources import DEMO, TUNING, sets_folder
from tests.quality.verifier_scores import Line, lines, verdicts


SET = "squad2"


@pytest.fixture(scope="module")
def table() -> list[Line]:
    """Return the table of one set; skip where it is not at hand."""
    if not (sets_folder() / SET).is_dir():
        pytest.skip(f"no evaluation set {SET} in {sets_folder()}: set FOOTNOTE_EVALDATA")
    return lines(verdicts(cases_of(TUNING, [SET])))


def _contradicted(table: list[Line], family: Family, name: str) -> float:
    return next(one.shares[Verdict.CONTRADICTED] for one in table if (one.family, one.name) == (family, name))


@pytest.mark.parametrize(
    ("group", "least"),
    [
        ("figure", 0.99),
        ("unit", 0.98),
        ("currency", 0.98),
        ("date", 0.98),
        ("negation", 0.98),
        ("quantifier", 0.96),
        ("condition", 0.95),
        ("name that the passage lacks", 0.94),
        ("source swapped", 0.93),
    ],
)
def test_contradictions_are_caught(table: list[Line], group: str, least: float) -> None:
    """What was changed in a sentence of a passage is found."""
    assert _contradicted(table, Family.HARMED, group) >= least


@pytest.mark.parametrize(
    ("family", "most"),
    [(Family.LIGHT, 0.02), (Family.REWORDED, 0.03), (Family.FREE, 0.05), (Family.STATEMENT, 0.05)],
)
def test_unharmed_sentences_are_not_contradicted(table: list[Line], family: Family, most: float) -> None:
    """Edited sentences, and answers in free wording, are seldom called contradicted."""
    assert _contradicted(table, family, "all") <= most


def test_wording_on_no_list_is_never_vouched_for(table: list[Line]) -> None:
    """A harm in words that no list holds may pass as own words, but is not supported."""
    share = next(one.shares[Verdict.SUPPORTED] for one in table if (one.family, one.name) == (Family.UNLISTED, "all"))

    assert share <= 0.01


def test_errors_in_paraphrases_of_the_demonstration_base_are_not_vouched_for() -> None:
    """A free paraphrase with an error inside is contradicted or own words; without one it is not contradicted."""
    judged = [(case, found) for case, found in verdicts(paraphrase_cases(TUNING)) if case.source.set == DEMO]
    harmed = [found.verdict for case, found in judged if case.family.is_harmed]
    free = [found.verdict for case, found in judged if not case.family.is_harmed]

    assert harmed.count(Verdict.SUPPORTED) <= 1
    assert harmed.count(Verdict.CONTRADICTED) >= 0.65 * len(harmed)
    assert free.count(Verdict.CONTRADICTED) <= 0.05 * len(free)
