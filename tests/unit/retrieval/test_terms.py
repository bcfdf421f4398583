"""The one analyser: what of a text becomes a term, and that documents and questions agree on it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from pipelines.retrieval.terms import (
    bigrams,
    character_grams,
    content_stems,
    content_words,
    document_terms,
    normalise,
    question_terms,
    stem,
)


TERM = regex.compile(r"[\p{L}\p{M}\p{N}_\u200c\u200d]+")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The employees' leave, and WHY it matters", ("employees", "leave", "matters")),
        ("parseFile", ("parsefile", "parse", "file")),
        ("max_file_mb", ("maxfilemb", "max", "file", "mb")),
        ("HTTPServer2", ("httpserver2", "http", "server")),
        ("e-mail 42 §7", ("mail", "42", "7")),
        ("__init__ ___", ("init",)),
        ("ﬁnancial １２", ("financial", "12")),
        ("Müller café", ("müller", "café")),
        ("हिन्दी में", ("हिन्दी", "में")),
        ("كِتَابٌ أحمد", ("كتاب", "احمد")),
        ("", ()),
        ("the of and", ()),
    ],
)
def test_words(text: str, words: tuple[str, ...]) -> None:
    """Stop words go, composite ASCII names give the whole and the parts, marks stay with their letters."""
    found = content_words(text)
    assert [word for word in found if word not in {"e", "s"}] == list(words)


def test_stems_meet() -> None:
    """Inflections of an English word share a stem; a word with an accent stays as it is."""
    assert len(set(stem(["policy", "policies"]))) == 1
    assert len(set(stem(["reimburse", "reimbursed", "reimbursing"]))) == 1
    assert stem(["données"]) == ("données",)


def test_bigrams_join_neighbours() -> None:
    """Two stems give one pair, one stem gives none."""
    assert bigrams(["a", "b", "c"]) == ("a_b", "b_c")
    assert bigrams(["a"]) == ()


def test_grams_follow_the_script() -> None:
    """Chinese and Japanese give single characters and pairs, anything else trigrams; short words stay whole."""
    assert character_grams(["年休假"]) == ("年", "休", "假", "年休", "休假")
    assert character_grams(["urlaub", "ab"]) == ("url", "rla", "lau", "aub", "ab")


def test_only_foreign_texts_have_grams() -> None:
    """English does without: nothing but the index's size would grow."""
    assert document_terms("Leave", "Parents can take leave for twenty weeks.").grams == ()
    german = document_terms("Urlaub", "Eltern können zwanzig Wochen Urlaub nehmen, wenn sie es beantragen.")
    assert {"elt", "url", "zwa"} <= set(german.grams)


def test_a_chinese_title_is_found_by_its_characters() -> None:
    """Where words are not parted by blanks, a title takes part by its grams."""
    assert set(question_terms("年休假").grams) <= set(document_terms("年休假规定", "员工每年有二十天。").grams)


def test_a_title_stands_in_its_own_field_alone() -> None:
    """What is in every chunk of a document makes its words no commoner among the stems."""
    terms = document_terms("Travel policy", "Trains are paid in full.")
    assert terms.title == stem(["travel", "policy"])
    assert not set(terms.title) & set(terms.stems)


def test_a_question_of_stop_words_has_no_terms() -> None:
    """Nothing is left to look for."""
    terms = question_terms("What is it that they have?")
    assert (terms.stems, terms.bigrams, terms.grams, terms.title) == ((), (), (), ())


def test_a_question_names_each_term_once() -> None:
    """Said twice it counts once; neighbours are taken before."""
    terms = question_terms("leave, leave and more leave")
    assert terms.stems == stem(["leave", "more"])
    assert terms.bigrams == bigrams(stem(["leave", "leave", "more", "leave"]))


@given(st.text(max_size=80))
def test_a_text_is_found_by_its_own_words(text: str) -> None:
    """All stems and pairs that a question asks for stand among those of the same words in a document."""
    asked, stored = question_terms(text), document_terms(text, text)
    assert set(asked.stems) <= set(stored.stems)
    assert set(asked.bigrams) <= set(stored.bigrams)
    assert set(asked.title) <= set(stored.title)


@given(st.text(max_size=80))
def test_a_term_is_a_word(text: str) -> None:
    """No term is empty or holds white space, a quote or anything else that a query language might mean."""
    terms = document_terms(text, text)
    for term in (*terms.stems, *terms.bigrams, *terms.grams, *terms.title):
        assert TERM.fullmatch(term)


@given(st.text(max_size=60), st.text(max_size=60))
def test_lines_are_analysed_each_by_itself(first: str, second: str) -> None:
    """A line end always ends a word, so the words of two lines are those of both."""
    assert content_words(f"{first}\n{second}") == content_words(first) + content_words(second)


@given(st.text(max_size=60))
def test_compatibility_forms_are_the_same_text(text: str) -> None:
    """Full width, ligatures and composed letters make no difference to what is found."""
    assert content_words(normalise(text)) == content_words(text)


def test_threads_share_no_stemmer() -> None:
    """Four threads at once give what one gives."""
    words = [f"policies{number} reimbursing travelled".split() for number in range(400)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(stem, words)) == [stem(one) for one in words]


@pytest.mark.parametrize("written", ["1,800", "1.800", "1'800", "1’800", "1800"])
def test_a_number_is_one_word_however_its_thousands_are_parted(written: str) -> None:
    """Who asks for 1,800 finds 1800, and no other number that holds 800."""
    assert content_words(f"a laptop for {written} euros") == ("laptop", "1800", "euros")


def test_a_decimal_is_no_group_of_thousands() -> None:
    """Only exactly three digits behind the mark are thousands."""
    assert content_words("2.5 and 1,2345") == ("2", "5", "1", "2345")


_STRETCHES = st.lists(
    st.text(max_size=50) | st.sampled_from(["1,800", "parseFile", "x" * 41, "\u0301a", "\u00b4"]), max_size=9
)


@given(_STRETCHES, st.sampled_from([" ", "\n", "\u00a0", "\u3000", "\x1c", " \t "]))
def test_white_space_parts_a_text_into_what_can_be_analysed_alone(stretches: list[str], space: str) -> None:
    """Long or short, seen before or not: the words of a text are those between its white space, stems likewise."""
    text = space.join(stretches)
    assert content_words(text) == tuple(word for one in stretches for word in content_words(one))
    assert content_stems(text) == stem(content_words(text))
    long = f"{text} {'-' * 300}"
    assert content_stems(long) == content_stems(text)
