"""Text of others has no effect on a screen."""

import pytest
from hypothesis import given

from bot.printable import address, lines, one_line
from tests.fakes.answers import TEXTS, takes_effect


@given(TEXTS)
def test_no_line_holds_a_character_that_takes_effect(text: str) -> None:
    """Controls, escapes, line separators, surrogates and changes of direction never reach a screen."""
    assert not any(takes_effect(char) for line in lines(text) for char in line)


@given(TEXTS)
def test_a_single_line_is_one_line_without_outer_or_double_blanks(text: str) -> None:
    """A title with line ends is one line."""
    line = one_line(text)
    assert line == " ".join(line.split())
    assert not any(takes_effect(char) for char in line)


@given(TEXTS)
def test_an_address_is_printable_ascii_without_blanks(url: str) -> None:
    """An address can be put into an escape sequence, or be copied, whatever it was made of."""
    assert all("!" <= char <= "~" for char in address(url))
    assert address(address(url)) == address(url)


@pytest.mark.parametrize(
    "text", ["naïve façade", "日本語", "فارسی\u200cها", "👩\u200d💻", "a [red]b[/red] c", "“quoted” — dash", "שלום"]
)
def test_ordinary_text_of_any_script_stays(text: str) -> None:
    """Scripts, joiners, emoji and square brackets are text and stay as they are."""
    assert lines(text) == (text,)


def test_every_way_to_end_a_line_ends_one() -> None:
    """CR, LF, CRLF, vertical tab, form feed, NEL and Unicode's separators part lines; a tab is a blank."""
    assert lines("a\nb\r\nc\rd\x0be\x0cf\x85g\u2028h\u2029i\tj") == ("a", "b", "c", "d", "e", "f", "g", "h", "i j")


def test_an_address_keeps_what_it_says() -> None:
    """Escapes, fragments and queries stay; what is no ASCII is encoded."""
    assert address("file:///a%20b/c.pdf#page=7") == "file:///a%20b/c.pdf#page=7"
    assert address("https://h/ü x?q=1&r=#:~:text=a,b") == "https://h/%C3%BC%20x?q=1&r=#:~:text=a,b"
