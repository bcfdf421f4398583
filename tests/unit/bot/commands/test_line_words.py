"""The words of a typed line: quotations, and what phones make of them."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.commands.line_words import Word, cleaned, first_word, words_of, written


ANY = st.text(st.characters(exclude_categories=["Cs"]))
SIGNS = st.text(st.sampled_from("\"'“”„‘’‚-–—= \tab"))


def texts(line: str) -> list[str]:
    """Return the texts of a line's words."""
    return [one.text for one in words_of(line)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", []),
        ("  handbook \t --to  3 ", ["handbook", "--to", "3"]),
        ('"Human Resources" x', ["Human Resources", "x"]),
        ("“Human Resources” x", ["Human Resources", "x"]),
        ("‘Human Resources’ x", ["Human Resources", "x"]),
        ("„Human Resources“ x", ["Human Resources", "x"]),
        ("'Human Resources’", ["Human Resources"]),
        ("'' “”", ["", ""]),
        ("don't say Anna’s", ["don't", "say", "Anna’s"]),
        ("'don’t say we'", ["don’t say we"]),
        ('"say ""we"" now"', ['say "we" now']),
        ('""""', ['"']),
        (r'"C:\docs\" x', ["C:\\docs\\", "x"]),
        ("—to 3 –yes", ["--to", "3", "--yes"]),
        ('--style="a b" —style=“c d” --style=', ["--style=a b", "--style=c d", "--style="]),
        ("a–b — –5", ["a–b", "—", "–5"]),
    ],
)
def test_a_line_is_cut_as_its_writer_meant_it(line: str, words: list[str]) -> None:
    """Straight and curly signs quote where a word begins; a long dash before a letter is two short ones."""
    assert texts(line) == words


@pytest.mark.parametrize("line", ['"', "“Human Resources", "x 'y z", '"""', '--style="a b'])
def test_a_quotation_without_an_end_is_refused(line: str) -> None:
    """Nobody guesses where it was meant to end."""
    with pytest.raises(ValueError, match=re.escape(line)):
        words_of(line)


def test_what_was_quoted_is_no_option() -> None:
    """A name that looks like an option is a name inside quotes, and behind a bare `--`."""
    options = [one.is_option for one in words_of('--yes "--yes" “—yes” —yes -y')]
    assert options == [True, False, False, True, False]
    assert [one.ends_options for one in words_of('-- "--"')] == [True, False]


@given(st.lists(ANY | SIGNS))
def test_words_come_back_as_they_were_written(words: list[str]) -> None:
    """Whatever they hold, written words are read as the same words, none of them an option."""
    assert words_of(" ".join(map(written, words))) == tuple(Word(one, quoted=written(one) != one) for one in words)
    assert not any(one.is_option or one.ends_options for one in words_of(" ".join(map(written, words))))


@given(ANY | SIGNS)
def test_any_line_is_cut_or_refused(line: str) -> None:
    """No word holds a blank that was not quoted, and nothing else than the refusal is raised."""
    try:
        words = words_of(line)
    except ValueError:
        return
    assert all(one.quoted or "=" in one.text or not any(map(str.isspace, one.text)) for one in words)


def test_a_plain_word_is_written_plainly() -> None:
    """Quotes stand only where they are needed."""
    plain = ["handbook", "r&d", "a-b", "x=y", "it's"]
    assert [written(one) for one in plain] == plain
    assert [written(one) for one in ("", "-x", "—x", "a b", "“a”")] == ['""', '"-x"', '"—x"', '"a b"', '"““a””"']


@given(st.text(st.characters()))
@example(" a\0b\x85\ud800")
def test_a_cleaned_line_can_be_stored(line: str) -> None:
    """Neither NUL nor half a character is left, and no outer space."""
    kept = cleaned(line)
    kept.encode()
    assert "\0" not in kept
    assert kept == kept.strip()


def test_the_first_word_counts_in_lower_case() -> None:
    """What follows it stays as it is."""
    assert first_word("Ask  How long IS it?") == ("ask", "How long IS it?")
    assert first_word("help") == ("help", "")
    assert first_word("") == ("", "")
