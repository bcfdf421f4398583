"""Only http addresses of our record become links, and each is the same in Markdown, JSON and Slack's tokens."""

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.slack.blocks.addresses import addresses_of, linkable
from bot.slack.limits import URL
from tests.fakes.answers import citation


REST = st.text(st.sampled_from("abc/?&=#;:@!$'()*+,[]<>\"|`{}^\\~_-. \t\né日😀%20&lt;&#60;"), max_size=40)


@pytest.mark.parametrize(
    "url",
    ["", "x", "/x", "//host/x", "file:///x", "javascript:alert(1)", "data:text/html,x", "mailto:a@b.de", "https://", "http:///x",
     "https://user@host/", "https://user:secret@host/", "http://[", "slack://open", "https:x"],
)  # fmt: skip
def test_other_addresses_are_not_opened(url: str) -> None:
    """No scheme but http and https, no address without a host, none that holds a name or a password."""
    assert linkable(url) == ""


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://kb.example.com/a?b=1&c=2#d", "https://kb.example.com/a?b=1&c=2#d"),
        ("https://kb.example.com/#:~:text=a%20b,-c", "https://kb.example.com/#:~:text=a%20b,-c"),
        ("HTTPS://KB.example.com/(x)*[y]'!", "HTTPS://KB.example.com/%28x%29%2A%5By%5D%27%21"),
        ("https://[::1]:80/x", "https://[::1]:80/x"),
        ("https://x.de/ä b", "https://x.de/%C3%A4%20b"),
        ("https://x.de/?a&lt;=1", "https://x.de/?a%26lt;=1"),
        ("https://x.de/" + "x" * 1900 + "#" + "y" * 500, "https://x.de/" + "x" * 1900),
        ("https://x.de/" + "x" * 2500, ""),
    ],
)
def test_an_address_keeps_its_meaning(url: str, written: str) -> None:
    """What reads as markup is percent-encoded; one that is too long goes without its fragment, or not at all."""
    assert linkable(url) == written


@given(REST)
def test_an_address_is_one_link_in_markdown(rest: str) -> None:
    """A parser of Markdown finds exactly this address behind its mark, whatever stands in it."""
    url = linkable(f"https://kb.example.com/{rest}")
    (inline,) = [one for one in MarkdownIt("commonmark").parse(f"a [x]({url}) b") if one.type == "inline"]
    found = [one.attrs["href"] for one in inline.children or [] if one.type == "link_open"]
    assert len(found) == 1
    assert unquote(str(found[0])) == unquote(url)
    assert len(url) <= URL
    assert not set(url) & set(" <>()\"'|*`\\")
    assert urlsplit(url).hostname == "kb.example.com"


def test_of_equal_numbers_the_first_counts() -> None:
    """A number opens one place, even where two citations have it."""
    cited = (citation(1, url="https://a.de/"), citation(1, url="https://b.de/"), citation(2, url=None))
    assert addresses_of(cited) == {1: "https://a.de/", 2: ""}
