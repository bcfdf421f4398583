"""Where sentences end: known cases, and what holds for any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.retrieval.sentences import split_sentences


TEXTS = st.lists(
    st.sampled_from(
        [
            "Leave",
            "the",
            "e.g.",
            "Dr.",
            "3.",
            "5",
            "U.S.",
            '"Yes."',
            "Why?",
            "…",
            "\n",
            "\n\n",
            "- ",
            " ",
            "a.",
            "。",
            "年",
            "(see",
            "no.)",
        ]
    ),
    max_size=20,
).map(" ".join) | st.text(max_size=80)


def sentences(text: str) -> list[str]:
    """Return the sentences as texts."""
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "parts",
    [
        ["Leave is paid.", "Ask your manager!", "Is that all?"],
        ["He said “Go.”", "Then he left."],
        ["It is paid (in full.)", "Nothing else is."],
        ["See fig. 4 for the rates.", "They are new."],
        ["Dr. Smith leads the team.", "She is new."],
        ["It costs 3.5 million, e.g. for trains.", "Planes cost more."],
        ["The U.S. office is closed.", "Ours is not."],
        ["Rates rose in the U.S.", "The office closed."],
        ["We open at 9 a.m. on Mondays.", "We close at five."],
        ["Am 3. Oktober ist frei.", "Am 4. nicht."],
        ["I asked J. R. Hartley.", "Nobody else."],
        ["2.1 Leave is paid.", "2.2 Travel is not."],
        ["Acme Inc. makes tools.", "It is old."],
        ["Wait… what?", "Yes."],
        ["休假二十天。", "可以延期吗？", "可以。"],
        ["छुट्टी मिलती है।", "सब को।"],
        ["The plan ended.[3]", "Another began."],
    ],
)
def test_known_cases(parts: list[str]) -> None:
    """Abbreviations, initials, ordinals, numbers and quotes end no sentence; what ends one does."""
    assert sentences(" ".join(parts)) == parts


def test_what_is_no_mark_ends_no_sentence() -> None:
    """A line end alone is white space; a blank line and a list item are borders."""
    assert sentences("Leave\nis paid") == ["Leave\nis paid"]
    assert sentences("Leave\n\nPay") == ["Leave", "Pay"]
    assert sentences("You need:\n- a form\n- a stamp") == ["You need:", "- a form", "- a stamp"]


def test_a_part_of_a_text_is_cut_by_its_own() -> None:
    """The positions are those of the whole text."""
    text = "One. Two. Three."
    assert split_sentences(text, 5, 9) == ((5, 9),)
    assert split_sentences(text, 4, len(text)) == ((5, 9), (10, 16))
    assert split_sentences(text, 0, 0) == ()


@given(TEXTS)
def test_nothing_is_lost(text: str) -> None:
    """Sentences are never empty, never overlap, have no white space at the ends, and leave out white space alone."""
    last = 0
    for start, end in split_sentences(text):
        assert last <= start < end
        assert not text[last:start].strip()
        assert text[start:end] == text[start:end].strip()
        last = end
    assert not text[last:].strip()


@given(TEXTS, st.text(max_size=20))
def test_what_stands_before_a_part_has_no_say(text: str, before: str) -> None:
    """A part gives the same sentences wherever it stands."""
    moved = split_sentences(before + text, len(before))
    assert [(start - len(before), end - len(before)) for start, end in moved] == list(split_sentences(text))


@pytest.mark.parametrize("unit", ["a.", "1. ", "Dr. ", ". ", "…", "\n- ", '"', "A.B.", "\n "])
def test_a_hostile_text_is_cut_too(unit: str) -> None:
    """Twenty thousand repetitions of what is hard end within the test's time limit, complete."""
    text = unit * 20_000
    spans = split_sentences(text)
    assert sum(len(text[start:end].split()) for start, end in spans) >= len(text.split())
