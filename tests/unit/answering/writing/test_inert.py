"""What counts as an address, and that nothing of it can be followed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.blocks.marks import runs
from pipelines.answering.writing.inert import JOINER, addresses_in, inert, unmarked
from tests.model_outputs import ADDRESSES
from tests.output_promises import LINKS


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("See https://evil.example/x?q=1, please.", ("https://evil.example/x?q=1",)),
        ("www.evil.example and evil.example/path", ("www.evil.example", "evil.example/path")),
        ("mail bob@evil.example.", ("bob@evil.example",)),
        ("mailto:a@b.example", ("mailto:a@b.example",)),
        ("<https://evil.example|click>", ("https://evil.example",)),
        ("请访问https://evil.example查看", ("https://evil.example查看",)),
        ("Node.js on evil.example", ("Node.js", "evil.example")),
        ("http://10.0.0.1:80/x or 10.0.0.1/x", ("http://10.0.0.1:80/x", "10.0.0.1/x")),
        ("3.5 days, e.g. 24/7, z.B. in the U.S. at 10.0.0.1 and/or 5:30", ()),
        ("within 30 days.The rest", ()),
    ],
)
def test_addresses_are_found(text: str, addresses: tuple[str, ...]) -> None:
    """With a scheme or without, pages and mailboxes; but no decimal, no abbreviation and no missing blank."""
    assert addresses_in(text) == addresses


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_inert_address_cannot_be_followed(address: str) -> None:
    """Addresses, mentions and Slack's own forms are broken without changing what a reader sees."""
    text = f"Go to {address}, or not"
    assert LINKS.search(text)
    assert not LINKS.search(inert(text))
    assert inert(text).replace(JOINER, "") == text


def test_text_without_addresses_stays_as_it_is() -> None:
    """Figures, times, abbreviations and file paths get no joiner."""
    text = "It is 3.5 days, e.g. 24/7 or 5:30 for a/b [c] (d). See §5: 1 < 2 @ 3"
    assert inert(text) == text


def test_a_sign_before_a_dot_is_a_name_to_some() -> None:
    """What follows the dot could be an ending; behind blanks and other dots nothing is."""
    assert inert("×.KW") == f"×{JOINER}.{JOINER}KW"
    assert inert("well ...or .net") == "well ...or .net"


@given(st.lists(st.sampled_from(["[1]", "[22]", "[x]", "list[3]", "(see", " ", "≈", "“", "a)", "1] [4"])).map("".join))
def test_a_documents_own_marks_are_none(text: str) -> None:
    """Whoever may write one document cannot let it cite another: no mark is left, and no letter is lost."""
    everywhere = dict.fromkeys(range(1000), "https://docs.example/")
    shown = inert(unmarked(text))
    assert all(not run.url for run in runs(shown, everywhere))
    assert shown.replace(JOINER, "") == text
