"""Texts of others are shown as they are and take no effect; ours stay within Slack's lengths."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.printable import one_line
from bot.slack.blocks.rich_text import parts, to_rich_text
from bot.slack.blocks.still import NAMELESS, cut, still_line, still_lines, unparsed
from bot.slack.limits import length
from pipelines.answering.writing.inert import JOINER
from tests.fakes.answers import TEXTS, takes_effect
from tests.output_promises import LINKS


SHORTCODES = st.sampled_from([":smile:", ":+1::skin-tone-2:", "a:b:c", "::", ":a b:", "12:30:45", "x:"])
SPOKEN = st.lists(TEXTS | SHORTCODES | st.sampled_from(["www.a.de", "a@b.de", "@here", "<!here>"]), max_size=4).map(
    "".join
)


@given(SPOKEN, st.integers(1, 80))
def test_a_line_keeps_its_words_and_its_length(text: str, most: int) -> None:
    """A line is never empty, never too long, and says what it said, as far as there is room."""
    shown = still_line(text, most)
    assert 1 <= length(shown) <= most
    whole = one_line(text).replace(JOINER, "")
    seen = shown.replace(JOINER, "")
    assert whole.startswith(seen.removesuffix("…").rstrip()) or (not whole and seen == NAMELESS)


@given(SPOKEN)
def test_nothing_in_a_text_is_found_by_a_client(text: str) -> None:
    """No address, mention, shortcode or control character is left, and no letter is lost."""
    shown = still_lines(text)
    assert not LINKS.search(shown)
    assert not re.search(r":[\w+'-]{1,100}:", shown)
    assert not [char for char in shown if takes_effect(char) and char != "\n"]


@given(st.text())
def test_a_bare_text_holds_no_token(text: str) -> None:
    """What Slack reads in the text of a message is escaped, and reads as it was written."""
    written = unparsed(text)
    assert not re.search("[<>]", written)
    assert written.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text


@given(st.text(), st.integers(1, 20))
def test_parts_of_a_text_are_the_text(text: str, most: int) -> None:
    """A text that is cut for its length is whole when its parts are joined."""
    found = list(parts(text, most))
    assert "".join(found) == text
    assert all(1 <= len(one) <= most for one in found)


def test_a_text_is_cut_where_a_word_ends() -> None:
    """Parts end behind a blank, and behind a line end rather than inside the next line's word."""
    assert list(parts("one two three", 8)) == ["one two ", "three"]
    assert list(parts("one\ntwothree", 8)) == ["one\n", "twothree"]


@given(st.text(), st.integers(2, 20))
def test_what_is_cut_says_so(text: str, most: int) -> None:
    """A text that is left out in part ends in an ellipsis."""
    shown = cut(text, most)
    assert length(shown) <= most
    assert shown == text or shown.endswith("…")


def test_rich_text_links_marks_and_nothing_else() -> None:
    """A mark opens its citation; without an address it is text, as is everything else."""
    url = "https://kb.example.com/x"
    leaves = to_rich_text("See https://evil.example [1], [2] and x[1].", {1: url, 2: ""})
    assert [one["type"] for one in leaves] == ["text", "link", "text"]
    assert leaves[1] == {"type": "link", "url": url, "text": "[1]"}
    assert "".join(one["text"] for one in leaves).replace(JOINER, "") == "See https://evil.example [1], [2] and x[1]."
    assert to_rich_text("", {}) == ()
