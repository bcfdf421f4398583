"""Promises of the evidence check: what is enough, what is not, and what it never counts."""

import math
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from pipelines.answering.evidence_check import WITH_VECTORS, WORDS_ONLY, Enough, Verdict, check, other_words, support
from pipelines.answering.extracting import Candidate, WeighedQuestion
from tests.examples import examples
from tests.markdown_documents import QUESTIONS, searches
from tests.markdown_passages import candidates
from tests.unit.answering.asking import both_ways, weighed


TINY = "Every parent gets 24 weeks of parental leave. The canteen opens at noon.\n"
HOUSE = """\
Every parent gets 24 weeks of parental leave. The canteen opens at noon. The scanner is in room 12.
Trains are booked by the office. A laptop is replaced after four years. The garden is open to everybody.
"""


def verdict(question: str, text: str, *, title: str = "House") -> Verdict:
    """Return what a document is worth to a question, by words only."""
    return check(weighed(question, candidates(text, title=title)))


@pytest.mark.parametrize("text", [TINY, HOUSE])
@pytest.mark.parametrize(
    "question",
    [
        "How many weeks of parental leave do I get?",
        "how much parental leave does a parent get",
        "Tell me about parental leave",
        "When does the canteen open?",
    ],
)
def test_what_the_documents_say_is_answered(text: str, question: str) -> None:
    """A question in the words of a sentence is answered, even from a base of two sentences."""
    assert verdict(question, text) is Verdict.ANSWER


def test_a_word_that_all_of_a_tiny_base_holds_is_not_worthless() -> None:
    """Two sentences about one thing say nothing of how rare its words are: a further word does not outweigh them."""
    text = "Parental leave is 24 weeks. Parental leave is paid in full.\n"
    assert support_of("How long is parental leave nowadays?", text) > WORDS_ONLY.answer + 0.2


@pytest.mark.parametrize("text", [TINY, HOUSE])
@pytest.mark.parametrize("question", ["Which volcano erupted in Iceland?", "Who won the cup of 1954?"])
def test_what_the_documents_do_not_say_is_nothing(text: str, question: str) -> None:
    """A question about something else has no evidence."""
    assert verdict(question, text) is Verdict.NOT_SAID


@pytest.mark.parametrize("question", ["", "?", "How?", "What is it and why do they?", "…"])
def test_only_stop_words_have_no_content(question: str) -> None:
    """Words that name nothing can be neither answered nor refused."""
    assert verdict(question, HOUSE) is Verdict.NO_CONTENT


@both_ways
def test_nothing_offered_is_nothing(*, vectors: bool) -> None:
    """Without passages, and with passages that are headings alone, there is no evidence."""
    assert check(weighed("How long is parental leave?", (), vectors=vectors)) is Verdict.NOT_SAID
    heading = candidates("# One\n\nParental leave is long.\n\n# Two\n", title="House")[1:]
    assert check(weighed("How long is parental leave?", heading, vectors=vectors)) is Verdict.NOT_SAID


def test_a_neighbour_supports_nothing() -> None:
    """What stands beside a passage that was found is no evidence."""
    offer = candidates("# One\n\nParental leave is 24 weeks.\n\n# Two\n\nThe canteen opens at noon.\n", title="House")
    assert check(weighed("How long is parental leave?", offer)) is Verdict.ANSWER
    assert check(weighed("How long is parental leave?", offer[1:])) is Verdict.NOT_SAID


def test_a_name_that_is_nowhere_takes_from_the_evidence() -> None:
    """A question about another place, product or number is not answered with this one's sentence."""
    text = "A hotel in Bergen may cost 165 euros a night.\n"
    named = support_of("What may a hotel in Bergen cost a night?", text)
    for missing in ("Oslo", "Reykjavik"):
        question = f"What may a hotel in {missing} cost a night?"
        assert support_of(question, text) < support_of(question.lower(), text) < named


def test_a_number_that_is_nowhere_takes_from_the_evidence() -> None:
    """Another number counts like another name."""
    text = "Form 12 is for travel costs of the sales team.\n"
    assert support_of("What is form 12 for?", text) > support_of("What is form 77 for?", text)
    assert verdict("What is form 77 for?", text) is not Verdict.ANSWER


ANNUAL = """\
Full-time employees get 25 days of annual leave a year. Annual leave is agreed two weeks ahead.
You get up to 30 days of sick leave on full pay. Days that are left lapse in March.
"""


@both_ways
@pytest.mark.parametrize("kind", ["parental", "maternity", "unpaid", "study"])
def test_a_near_miss_by_one_word_is_refused(*, kind: str, vectors: bool) -> None:
    """Who asks for parental leave is not answered with annual leave; a cosine as real ones are changes nothing."""
    found = weighed(f"How many days of {kind} leave do I get?", candidates(ANNUAL, title="Leave"), vectors=vectors)
    near = with_cosine(found, 0.6) if vectors else found
    assert check(near) is Verdict.NOT_SAID
    assert check(replace(near, unsaid=())) is Verdict.ANSWER


def test_another_word_for_it_speaks_for_an_answer() -> None:
    """Vacation days are holidays: what another word stands for counts half of what is said."""
    found = with_cosine(weighed("How many vacation days do I get?", candidates(ANNUAL, title="Leave")), 0.5)
    assert [one.missed for one in found.unsaid] == [True]
    echoed = replace(found, unsaid=tuple(replace(one, echoed=True, missed=False) for one in found.unsaid))
    neither = replace(found, unsaid=())
    verdicts = [other_words(one, WITH_VECTORS) for one in (found, neither, echoed)]
    assert verdicts[0] < verdicts[1] == 0 < verdicts[2]
    assert verdicts[2] == pytest.approx(-verdicts[0] / 2)


@pytest.mark.parametrize(
    ("framed", "bare"),
    [
        ("How many weeks of parental leave do I get?", "weeks of parental leave"),
        ("Tell me about parental leave", "parental leave"),
        ("Please explain parental leave", "parental leave"),
        ("Could you please describe parental leave?", "parental leave"),
        ("How long is parental leave, please?", "parental leave"),
    ],
)
def test_words_that_only_ask_do_not_count(framed: str, bare: str) -> None:
    """The frame of a question is no part of what must be found."""
    assert support_of(framed, HOUSE) == pytest.approx(support_of(bare, HOUSE))


def support_of(question: str, text: str) -> float:
    """Return what the words of a document say for an answer."""
    found = weighed(question, candidates(text, title="House"))
    return support(found.asked, [one for one in found.sentences if one.offered], WORDS_ONLY)


def with_cosine(found: WeighedQuestion, cosine: float) -> WeighedQuestion:
    """Return a question whose sentences all have one cosine."""
    return replace(found, sentences=tuple(replace(one, cosine=cosine) for one in found.sentences))


@pytest.mark.parametrize("question", ["parental leave", "parental leave of elephants in zoos"])
def test_what_is_enough_lies_where_it_says(question: str) -> None:
    """With vectors, the cosine that is needed is what the words leave of it; a hair less is not enough."""
    found = weighed(question, candidates(TINY, title="House"))
    said = support(found.asked, found.sentences, WITH_VECTORS)
    at = {
        WITH_VECTORS.answer + 0.001: Verdict.ANSWER,
        WITH_VECTORS.answer - 0.001: Verdict.NOT_SAID,
    }
    for wanted, expected in at.items():
        assert check(with_cosine(found, wanted - said)) is expected


@both_ways
@settings(deadline=None, max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow])
@given(search=searches(), question=QUESTIONS)
def test_any_question_gets_a_verdict(
    *, vectors: bool, search: tuple[list[Candidate], list[Candidate]], question: str
) -> None:
    """Support stays within its bounds, and no question and no document is a fault."""
    found = weighed(question, search[1], vectors=vectors)
    assert isinstance(check(found), Verdict)
    offered = [one for one in found.sentences if one.offered]
    if offered:
        enough: Enough = WITH_VECTORS if vectors else WORDS_ONLY
        assert -1 <= support(found.asked, offered, enough) <= enough.coverage + enough.phrases + 1e-9
    assert all(math.isfinite(one.score) for one in offered)
