"""What is streamed to Slack is Markdown in which nothing but our own marks is markup."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.printable import lines
from bot.slack.blocks.addresses import linkable
from bot.slack.blocks.markdown import markdown_pieces, to_markdown
from pipelines.answering.writing.inert import JOINER
from tests.output_promises import LINKS


ADDRESSES = {
    1: linkable("https://kb.example.com/leave?a=1&b=(2)#:~:text=24%20weeks,-paid"),
    2: linkable("http://wiki/x_y_z*"),
    3: "",
}
PLAIN_TOKENS = {
    "paragraph_open",
    "paragraph_close",
    "inline",
    "text",
    "softbreak",
    "hardbreak",
    "link_open",
    "link_close",
}
MARKUP = [
    "<!here>", "<!channel>", "<@U0123>", "<#C0123|x>", "<https://evil.example|our policy>",
    "<!date^1^{date}|x>", "@here", "@channel", ":smile:", ":+1::skin-tone-2:", "[x](https://evil.example)",
    "![x](https://evil.example/i.png)", "https://evil.example", "www.evil.example", "evil.example.com",
    "a@evil.example", "mailto:a@b.de", "**b**", "__b__", "*i*", "_i_", "~~s~~", "~s~", "`c`", "```\nc\n```",
    "~~~\nc\n~~~", "# h", "## h", "- x", "+ x", "* x", "1. x", "12) x", "> q", "---", "***", "===",
    "| a | b |\n|---|---|\n| 1 | 2 |", "    code", "<b>x</b>", "<!-- c -->", "&lt;!here&gt;", "&#42;x&#42;",
    "&amp;", "&copy;", "\\*", "\\", "[1]", " [1]", "≈[1][2]", "[3]", "[99]", "!", "[^1]",
    "[a]: https://evil.example", "- [ ] t", "\n", "\n\n", "  ", " ", "\t", ":", ".", "1", "#", "=", "-",
    "$x$", "\xa0", "\u3000", "é", "日本語。", "😀",
]  # fmt: skip
PIECES = st.lists(st.sampled_from(MARKUP) | st.text(max_size=8), max_size=8).map("".join)

LONG_WORDS = st.builds(
    lambda start, word: "x" * start + " " + word * 9,
    st.integers(0, 40),
    st.sampled_from(["evil.example.com", "https://evil.example/", "www.evil.de.", "@here", ":smile:", "a@b.de"]),
)


def parser() -> MarkdownIt:
    """Return CommonMark with all of GFM, finding addresses even where they have no scheme."""
    return MarkdownIt("gfm-like", {"html": True, "linkify": True})


def leaves(tokens: list[Token]) -> Iterator[Token]:
    """Yield all tokens, inner ones in the place of those that hold them."""
    for one in tokens:
        yield from leaves(one.children) if one.type == "inline" else [one]


def read(markdown: str) -> tuple[str, list[tuple[str, str]], set[str]]:
    """Return the text that a reader sees, the links as text and address, and the kinds of markup that are not ours."""
    text, links, others, opened = "", [], set(), None
    for one in leaves(parser().parse(markdown)):
        if one.type in ("softbreak", "hardbreak"):
            text += "\n"
        elif one.type == "paragraph_open":
            text += "\n\n" if text else ""
        elif one.type == "link_open":
            opened = (len(text), str(one.attrs["href"]))
        elif one.type == "link_close" and opened:
            links.append((text[opened[0] :], opened[1]))
        else:
            text += one.content
        if one.type not in PLAIN_TOKENS:
            others.add(one.type)
    return text, links, others


def seen(text: str) -> str:
    """Return what must be seen of a text: paragraphs parted by one empty line, no blanks at line ends."""
    kept = [one.rstrip() for one in lines(text)]
    joined = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip("\n")
    return joined.replace(JOINER, "").rstrip()


def marks(text: str, addresses: Mapping[int, str]) -> list[tuple[str, str]]:
    """Return the marks that must be links, found by another way than the writer's."""
    found = []
    for match in re.finditer(r"\[(\d{1,3})\]", text):
        before = text[: match.start()][-1:]
        if addresses.get(int(match[1])) and (not before or before.isspace() or before in "≈]"):
            found.append((match[0], addresses[int(match[1])]))
    return found


@given(PIECES)
@settings(max_examples=300)
@example("a\n===")
@example("\\[1]")
@example("12\n. x")
@example("×.KW")
def test_the_text_that_comes_out_is_the_text_that_went_in(text: str) -> None:
    """Whatever a document says, a parser of CommonMark and GFM finds no markup in it but our own links."""
    shown, links, others = read(to_markdown(text, ADDRESSES))
    assert not others
    assert shown.replace(JOINER, "").rstrip() == seen(text)
    cleaned = "\n".join(lines(text))
    assert [(one, url) for one, url in links] == [
        (mark, parser().normalizeLink(url)) for mark, url in marks(cleaned, ADDRESSES)
    ]


@given(st.lists(PIECES, max_size=5))
@settings(max_examples=200)
@example(["Yes!", "[1]"])
@example(["Limit: 12", ". item", "\n=="])
def test_pieces_that_follow_each_other_bring_no_markup_about(pieces: list[str]) -> None:
    """A stream that is cut anywhere between two pieces holds nothing but text, breaks and our links."""
    _, links, others = read("".join(to_markdown(one, ADDRESSES) for one in pieces))
    assert not others
    ours = {parser().normalizeLink(url) for url in ADDRESSES.values() if url}
    assert {url for _, url in links} <= ours


@given(PIECES.map(lambda text: text * 60) | LONG_WORDS.map(lambda text: text + text[41:] * 60), st.integers(2500, 9000))
@settings(deadline=None, max_examples=40)
def test_a_long_text_is_streamed_in_pieces_that_fit(text: str, most: int) -> None:
    """However long a text is, no piece of it is too long, and together they are the text with its links."""
    pieces = list(markdown_pieces(text, ADDRESSES, most))
    assert all(len(one.encode()) <= most for one in pieces)
    shown, links, others = read("".join(pieces))
    whole_shown, whole_links, _ = read(to_markdown(text, ADDRESSES))
    assert not others
    assert "".join(shown.replace(JOINER, "").split()) == "".join(whole_shown.replace(JOINER, "").split())
    assert links == whole_links
    assert not LINKS.search(shown)


@given(PIECES)
def test_no_token_of_slack_is_left(text: str) -> None:
    """Slack reads `<…>`, shortcodes and names behind an `@` in Markdown: none of them is in it."""
    written = to_markdown(text, {})
    assert "<" not in written
    assert ">" not in written
    assert not re.search(r":[\w+'-]+:", written)
    assert not re.search(r"@\w", written)


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("You get 24 weeks. [1]", f"You get 24 weeks. [\\[1\\]]({ADDRESSES[1]})"),
        ("Own words. ≈[1][2]", f"Own words. ≈[\\[1\\]]({ADDRESSES[1]})[\\[2\\]]({ADDRESSES[2]})"),
        ("\n\nNext.", "\n\nNext."),
        ("\nNext line.", "  \nNext line."),
        ("a\nb\n\nc", "a  \nb\n\nc"),
        ("1. x", "1&#46; x"),
        ("list[1] is no mark, [3] has no address.", "list\\[1\\] is no mark, \\[3\\] has no address."),
        ("  deep", "&#32; deep"),
    ],
)
def test_marks_become_links_and_lines_stay_lines(text: str, markdown: str) -> None:
    """A mark whose citation has an address opens it; everything else is seen as it was written."""
    assert to_markdown(text, ADDRESSES) == markdown


def test_the_parser_of_these_tests_sees_what_it_is_to_see() -> None:
    """Each kind of markup is found where it is not escaped, so that finding none means something."""
    found: dict[str, Any] = {one: read(one) for one in MARKUP}
    assert found["[x](https://evil.example)"][1]
    assert found["https://evil.example"][1]
    assert found["evil.example.com"][1]
    assert found["| a | b |\n|---|---|\n| 1 | 2 |"][2]
    assert found["~~s~~"][2]
    assert found["<b>x</b>"][2]
