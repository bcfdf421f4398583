"""What the two screens write: whole lines into a pipe; wrapped, coloured, linked lines on a terminal."""

import io
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import sync_texts
from bot.cli.pages import answered
from bot.cli.rich_screen import RichScreen
from bot.cli.screen import PlainScreen, screen_of
from bot.cli.sync_bar import SyncBar
from bot.lines import Line, Look
from pipelines.domain.conversation import Answer, ClosestDocument, Outcome
from pipelines.domain.jobs import SyncProgress
from tests.fakes.answers import ANSWERS, TEXTS, answer, citation, takes_effect


OURS = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;[^;\x1b]*;[!-~]*\x1b\\")
"""Colours and links: the only sequences that a screen may send."""
LONG = "Every parent takes up to 24 weeks of paid leave, whatever the contract says of it, and may part them in two."


class FakeTerminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


@pytest.fixture(autouse=True, scope="module")
def colours() -> Iterator[None]:
    """A terminal with colours, whatever this test runs in."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
            patch.delenv(name, raising=False)
        patch.setenv("TERM", "xterm-256color")
        yield


def piped(shown: list[Line]) -> str:
    """Return what goes into a pipe."""
    stream = io.StringIO()
    PlainScreen(stream).show(shown)
    return stream.getvalue()


def on_terminal(shown: list[Line], width: int = 40) -> str:
    """Return what goes to a terminal."""
    stream = FakeTerminal()
    RichScreen(stream, width=width).show(shown)
    return stream.getvalue()


def test_a_document_without_an_address_is_named() -> None:
    """Where a link would stand, a file that was handed in is called by its path, which is no link."""
    near = ClosestDocument("handbook", "Travel policy", "travel.md", None)
    shown = answered(Answer(Outcome.REFUSAL, "No.", citations=(citation(url=None),), closest=(near,)))
    assert [line.text for line in shown if line.look is Look.LINK] == []
    assert piped(shown).splitlines()[-1] == "    travel.md"
    assert "    policies/leave.md" in piped(shown).splitlines()


def test_a_pipe_gets_the_answer_with_each_part_whole() -> None:
    """Text, receipt, quote and address stand each on a line of its own, however long."""
    url = "file:///srv/" + "a" * 300 + ".pdf#page=7"
    assert piped(answered(answer(LONG + " [1]", citation(quote=LONG, url=url)))).splitlines() == [
        LONG + " [1]",
        "",
        "[1] Leave policy — Leave policy › Parental leave — People team — 2026-03-01",
        f"    “{LONG}”",
        f"    {url}",
    ]


def test_a_refusal_names_the_closest_documents() -> None:
    """A refusal is followed by documents that came near, each with its base and address."""
    near = ClosestDocument("handbook", "Travel policy", "travel.md", "file:///travel.md")
    assert piped(answered(Answer(Outcome.REFUSAL, "Not in your bases.", closest=(near,)))).splitlines() == [
        "Not in your bases.",
        "",
        "Closest documents:",
        "  Travel policy (handbook)",
        "    file:///travel.md",
    ]


def test_choices_are_numbered() -> None:
    """A question back lists its choices from 1."""
    shown = piped(answered(Answer(Outcome.CLARIFY, "Which?", choices=("For Germany?", "For France?"))))
    assert shown.splitlines() == ["Which?", "", "  1. For Germany?", "  2. For France?"]


def test_a_terminal_wraps_text_and_never_an_address() -> None:
    """Text keeps within the width with its indent; an address stays one line and can be clicked."""
    url = "file:///srv/" + "a" * 80 + ".pdf#page=7"
    shown = on_terminal([Line(LONG, indent=4), Line(url, indent=4, look=Look.LINK)])
    text = OURS.sub("", shown).splitlines()
    assert len(text) > 3
    assert all(line.startswith("    ") and len(line) <= 40 for line in text[:-1])
    assert " ".join(line.strip() for line in text[:-1]) == LONG
    assert text[-1] == "    " + url
    assert re.search(r"\x1b\]8;[^;]*;" + re.escape(url) + r"\x1b\\", shown)


def test_no_colour_where_none_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR takes the colours away."""
    coloured = "\x1b[31m"
    assert coloured in on_terminal([Line("x", look=Look.BAD)])
    monkeypatch.setenv("NO_COLOR", "1")
    assert coloured not in on_terminal([Line("x", look=Look.BAD)])


def test_a_narrow_terminal_still_shows_everything() -> None:
    """At one column no character is lost."""
    shown = OURS.sub("", on_terminal([Line("日本語 and text", indent=4)], width=1))
    assert "".join(shown.split()) == "日本語andtext"


@given(ANSWERS)
def test_no_document_takes_effect_in_a_pipe(hostile: Answer) -> None:
    """Whatever title, quote, path or address holds, a pipe gets no control character but line ends."""
    assert not [char for char in piped(answered(hostile)) if takes_effect(char) and char != "\n"]


@given(ANSWERS, st.integers(1, 120))
def test_no_document_takes_effect_on_a_terminal(hostile: Answer, width: int) -> None:
    """A terminal gets our own colours and links and no sequence of a document's making."""
    left = OURS.sub("", on_terminal(answered(hostile), width))
    assert not [char for char in left if takes_effect(char) and char != "\n"]


@given(TEXTS, st.sampled_from(Look))
def test_a_screen_trusts_no_line(text: str, look: Look) -> None:
    """A screen takes the effects out of any line itself, a line end too, whoever wrote it."""
    for shown in (piped([Line(text, look=look)]), OURS.sub("", on_terminal([Line(text, look=look)], width=1000))):
        assert not [char for char in shown if takes_effect(char) and char != "\n"]
        assert shown.count("\n") == 1


@given(TEXTS, st.sampled_from(Look))
def test_markup_is_text(text: str, look: Look) -> None:
    """Square brackets and colons of a document are shown, never read as markup or emoji."""
    shown = OURS.sub("", on_terminal([Line(f"[bold]{text}[/bold] :smile:", look=look)], width=1000))
    assert "[bold]" in shown
    assert "[/bold] :smile:" in shown


def test_the_screen_fits_its_stream() -> None:
    """A terminal gets the wrapping screen, anything else the plain one."""
    assert isinstance(screen_of(FakeTerminal()), RichScreen)
    assert isinstance(screen_of(io.StringIO()), PlainScreen)


@given(TEXTS, TEXTS)
def test_a_progress_bar_shows_any_path_harmlessly(kb: str, path: str) -> None:
    """A file's name cannot colour or move the bar, and the bar is gone at the end."""
    stream = FakeTerminal()
    with SyncBar(stream, sync_texts.syncing(kb)) as show:
        show(SyncProgress(1, 3, path))
        show(SyncProgress(3, 3, f"[red]{path}"))
    cursor = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
    left = cursor.sub("", stream.getvalue())
    assert not [char for char in left if takes_effect(char) and char not in "\r\n"]
