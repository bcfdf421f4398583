"""Which sentences need evidence, and which must not be left out silently."""

import pytest

from pipelines.answering.verifying import EvidencePassage, SentenceRole, carries_reservation, needs_evidence


@pytest.mark.parametrize(
    "sentence",
    [
        "Here is what the policy says:",
        "In short:",
        "The following steps are described in the documents:",
        "I could not find anything about this in the sources.",
        "The documents do not mention a canteen.",
        "Let me know if you want more detail.",
        "—",
        "",
    ],
)
def test_what_states_nothing_needs_no_evidence(sentence: str) -> None:
    """Lead-ins, words about the search itself and mere signs are shown as they are."""
    assert not needs_evidence(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Yes.",
        "No.",
        "It depends on the country.",
        "You get 20 days:",
        "Employees are not entitled to the following:",
        "Only Anna may approve these steps:",
        "I could not find it, but the limit is probably higher.",
        "The documents do not mention a canteen; lunch is free.",
        "Here is what Merriwind pays:",
    ],
)
def test_what_states_something_needs_evidence(sentence: str) -> None:
    """An answer to a question, a figure, a name or a claim beside a lead-in is checked."""
    assert needs_evidence(sentence)


def test_a_heading_needs_none_unless_it_claims() -> None:
    """A heading without figure, name or verb is shown; another one is checked."""
    assert not needs_evidence("Parental leave", SentenceRole.HEADING)
    assert needs_evidence("Leave is not paid", SentenceRole.HEADING)
    assert needs_evidence("Leave in 2026", SentenceRole.HEADING)


@pytest.mark.parametrize(
    ("sentence", "text", "reserves"),
    [
        ("You may not take it.", "You may take it.", True),
        ("The leave is paid in full by the company.", "The leave is paid in full, except in the first year.", True),
        (
            "Holidays are booked with the team lead.",
            "Holidays are booked with the team lead, but never by phone.",
            True,
        ),
        ("The leave is paid in full by the company.", "The leave is paid in full by the company.", False),
        ("Der Urlaub wird voll bezahlt.", "The leave is paid in full.", True),
    ],
)
def test_a_withheld_reservation_is_noticed(sentence: str, text: str, *, reserves: bool) -> None:
    """A negation, exception, condition or contrast of the sentence or of its passage is never left out silently."""
    assert carries_reservation(sentence, [EvidencePassage(text)]) is reserves
