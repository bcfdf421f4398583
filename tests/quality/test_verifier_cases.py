"""The cases of the verifier are what they claim to be: always the same, parted by document, with a source each."""

from collections import Counter

import pytest

from tests.quality.verifier_cases.generator import cases_of
from tests.quality.verifier_cases.paraphrases import paraphrase_cases
from tests.quality.verifier_cases.shapes import Family
from tests.quality.verifier_cases.sources import DEMO, HALVES, SET_NAMES, TEST, half_of, questions, sets_folder


needs_sets = pytest.mark.skipif(
    not all((sets_folder() / name).is_dir() for name in SET_NAMES), reason="no evaluation sets: set FOOTNOTE_EVALDATA"
)


def test_a_document_lies_on_one_side_of_the_split() -> None:
    """All paragraphs of an article, and all passages of a document, are on the same side."""
    assert len({half_of("squad2", f"Normans#L{number}") for number in range(50)}) == 1
    assert {half_of("handbook18f", f"pages/{number}.md") for number in range(50)} == set(HALVES)


def test_paraphrases_of_the_demonstration_base_need_no_set() -> None:
    """Each hand-written paraphrase finds its sentence in the demonstration base as it is today."""
    cases = [case for half in HALVES for case in paraphrase_cases(half) if case.source.set == DEMO]

    assert len(cases) > 150
    assert all(case.original in " ".join(case.source.text.split()) for case in cases)


@needs_sets
def test_there_are_two_hundred_paraphrases_on_the_test_side() -> None:
    """Two hundred free paraphrases lie on the side that no threshold has seen, half of them also harmed."""
    families = Counter(case.family for case in paraphrase_cases(TEST))

    assert families[Family.FREE] == 200
    assert families[Family.HARMED_FREE] >= 100


@needs_sets
def test_the_same_sets_give_the_same_cases() -> None:
    """What is drawn depends on the seed alone."""
    first = [(case.kind, case.sentence, case.source.key) for case in cases_of(TEST, ["handbook18f"])]
    again = [(case.kind, case.sentence, case.source.key) for case in cases_of(TEST, ["handbook18f"])]

    assert first == again
    assert next(iter(questions("squad2")))["question"]


@needs_sets
def test_every_case_stays_on_its_side() -> None:
    """A case of one side cites a passage of a document of that side, and says something else if it is harmed."""
    for case in cases_of(TEST, ["squad2"]):
        assert case.source.half == TEST
        assert not case.family.is_harmed or case.sentence != case.original or case.group == "source swapped"
