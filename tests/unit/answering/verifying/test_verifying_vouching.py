"""What is vouched for: the passage's words, said as the passage says them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.answering.verifying import EvidencePassage, Reason, Verdict, Verification, verify


def judged(sentence: str, text: str) -> Verification:
    """Return the verdict on a sentence by a passage of this text."""
    return verify(sentence, [EvidencePassage(text)])


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("Employees get a bonus.", "Some employees get a bonus."),
        ("Requests are approved within two days.", "Requests are usually approved within two days."),
        ("Employees take up to five days of leave.", "Employees may take up to five days of leave."),
        ("You could submit the receipts to the office.", "You submit the receipts to the office."),
        ("All employees submit receipts to the office.", "Employees submit receipts to the office."),
        ("You may submit the receipts to the office.", "You will submit the receipts to the office."),
    ],
)
def test_a_weakening_of_one_side_alone_is_not_vouched_for(sentence: str, text: str) -> None:
    """Some, usually and may are part of what is said, though they are no words of content."""
    assert judged(sentence, text) == Verification(Verdict.OWN_WORDS, (Reason.WORDING,), judged(sentence, text).quote)


def test_what_obliges_may_be_said_in_either_way() -> None:
    """`Have to` is `must`: the one for the other is vouched for, `may` for either is contradicted."""
    for text in ("Employees have to submit receipts.", "Employees must submit receipts."):
        assert judged("Employees must submit receipts.", text).verdict is Verdict.SUPPORTED
        assert judged("Employees have to submit receipts.", text).verdict is Verdict.SUPPORTED
        assert judged("Employees may submit receipts.", text).reasons == (Reason.MODAL,)
    text = "Send the questions you have to the team. You may keep a copy."
    assert judged("You may send the questions you have to the team.", text).verdict is not Verdict.CONTRADICTED


def test_what_need_not_be_is_not_what_must_not_be() -> None:
    """A duty that is denied is no prohibition."""
    text = "You do not have to submit the form."

    assert judged("You must not submit the form.", text).verdict is Verdict.CONTRADICTED
    assert judged("You do not need to submit the form.", text).verdict is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        (
            "The slip is not needed for the room, meal and other costs.",
            "The slip is needed for the rooms, meals and other costs (we only pay for the flight upfront).",
        ),
        ("A product owner: the agency will not pay.", "No product owner: the agency will not pay."),
    ],
)
def test_a_denial_of_other_words_is_not_vouched_for(sentence: str, text: str) -> None:
    """That both deny something is not enough: they must deny the same words."""
    assert judged(sentence, text).verdict is not Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("Sometimes, the user has yet to add an item.", "Sometimes, it shows when the user has yet to add an item."),
        (
            "We will make a commitment based on the current use.",
            "Once we have reviewed the current use, we will make a commitment.",
        ),
    ],
)
def test_a_condition_that_is_told_as_a_fact_is_not_vouched_for(sentence: str, text: str) -> None:
    """What holds when something is so does not say that it is so."""
    assert judged(sentence, text).verdict is Verdict.OWN_WORDS


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        (
            "The plan does not cover services that are medically necessary.",
            "The plan does not cover services of an emergency room unless they are medically necessary.",
        ),
        ("Contractors get a bonus.", "All employees except contractors get a bonus."),
    ],
)
def test_an_exception_that_is_told_like_the_rest_is_contradicted(sentence: str, text: str) -> None:
    """What a passage excepts is never told as what it says of the rest."""
    found = judged(sentence, text)

    assert found.verdict is Verdict.CONTRADICTED
    assert Reason.CONDITION in found.reasons


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("Contractors do not get a bonus.", "All employees except contractors get a bonus."),
        (
            "Leave takes two days' notice, or none in an emergency.",
            "Leave takes two days' notice, except for an emergency, where none is needed.",
        ),
        ("The shop rejects returns with a receipt.", "The shop accepts returns except returns with a receipt."),
    ],
)
def test_an_exception_may_be_told_from_its_own_side(sentence: str, text: str) -> None:
    """Denied where the rest is not, an exception is told as it is."""
    assert Reason.CONDITION not in judged(sentence, text).reasons


def test_only_is_said_by_what_restricts() -> None:
    """A passage that restricts something says that only some have it, in whatever form of the word."""
    for text in ("Restricting access to the data to staff.", "We restrict access to the data to staff."):
        assert judged("We ensure that only staff can access the data.", text).verdict is Verdict.OWN_WORDS


def test_a_clause_made_of_two_sentences_is_not_vouched_for() -> None:
    """Two sentences may be joined; the end of one may not follow the beginning of the other."""
    text = "A request goes to the people partner. Bands stand in the impact review handbook."

    assert judged("A request goes to the impact review handbook.", text).verdict is not Verdict.SUPPORTED
    joined = "A request goes to the people partner, and bands stand in the impact review handbook."
    assert judged(joined, text).verdict is Verdict.SUPPORTED


def test_the_opposite_at_the_end_of_a_clause_is_contradicted() -> None:
    """Above and below are said of what stands before them where nothing follows."""
    found = judged("Links stand in the pages below.", "Links stand in the pages above, one for each environment.")

    assert found.reasons[0] is Reason.OPPOSITE


def test_an_abbreviation_that_the_passage_introduces_is_the_same_name() -> None:
    """Where a passage writes a name and its first letters, either may be used for it."""
    text = (
        "Be sure to read the plan's Summary of Items and Cover (SIC) for a complete description of the plan's cover,"
        " items, and limits."
    )
    sentence = (
        "The plan's SIC provides a thorough overview of the plan's items and cover, including the plan's cover, items,"
        " and limits."
    )

    assert Reason.NAME not in judged(sentence, text).reasons


_OF_ALL_KINDS = "some all must may not only if unless the plan covers dental services except have to above below SBC"
_WORDS = st.sampled_from(_OF_ALL_KINDS.split())


@given(st.lists(_WORDS, min_size=1, max_size=12), st.lists(_WORDS, min_size=1, max_size=12))
def test_every_sentence_has_a_verdict(said: list[str], held: list[str]) -> None:
    """Whatever words of closed classes meet, there is a verdict, and a sentence is supported by itself."""
    sentence, text = " ".join(said).capitalize() + ".", " ".join(held).capitalize() + "."

    assert judged(sentence, text).verdict in Verdict
    assert judged(sentence, sentence).verdict is Verdict.SUPPORTED
