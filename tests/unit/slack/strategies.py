"""Answers of every kind and length, and places where they are shown."""

from dataclasses import replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from bot.slack.blocks.showing import Showing
from pipelines.domain.citations import Citation
from pipelines.domain.conversation import Answer, Outcome
from pipelines.domain.handed_files import UnreadFile
from tests.fakes.answers import CITATIONS, CLOSEST, TEXTS, WRITINGS


GENTLY = settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
"""Answers of many kilobytes take their time to be drawn."""

NAMES = st.sampled_from(["handbook", "wiki", "<!here>", "Ärzte & Co", "x" * 400]) | TEXTS
URLS = st.sampled_from(
    [
        None,
        "",
        "https://kb.example.com/leave#:~:text=24%20weeks,-paid",
        "http://wiki/(x)_y?a=1&lt;=2&b='*'",
        "https://[::1]:8080/x",
        "file:///srv/x.md",
        "javascript:alert(1)",
        "https://",
        "https://user:secret@kb.example.com/",
        'https://kb.example.com/ä b\n"<>|',
        "https://kb.example.com/" + "x" * 1900 + "#" + "y" * 900,
        "https://kb.example.com/" + "x" * 5000,
        "https://" + "&" * 1900,
        "http://[",
    ]
)  # fmt: skip
WORDS = st.sampled_from(
    [
        "Word ", "<@U123> ", "*b* ", ":smile: ", "Satz. ", "\n", "\n\n", "日本語", "😀", "\ud800", "\x00",
        "x" * 700, "y " * 900, "é" * 1500, '"' * 500, "\\" * 500, "a | b\n", "  code\n",
        "A: 1 · B: 2\n", "A: 3 · B: 4\n", "Lead: A: 1 · B: 2\n",
    ]
)  # fmt: skip


@st.composite
def long_texts(draw: st.DrawFn, marks: int) -> str:
    """Return a text of up to some ten thousand characters that cites numbers up to `marks`, and a few more."""
    cited = st.integers(1, marks + 2).map(lambda number: f" [{number}]")
    pieces = draw(st.lists(WORDS | cited | st.text(max_size=10), max_size=15))
    return "".join(pieces) * draw(st.sampled_from([1, 1, 1, 4]))


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """Return an answer whose citations are numbered 1…n, with hostile texts and any addresses."""
    count = draw(st.integers(0, 12))
    cited = tuple(_cited(draw, number) for number in range(1, count + 1))
    return Answer(
        draw(st.sampled_from(Outcome)),
        draw(long_texts(count)),
        choices=tuple(
            draw(st.lists(TEXTS | st.sampled_from(["Germany?", "z" * 90, "w" * 3000, "ü" * 3000]), max_size=4))
        ),
        citations=cited,
        closest=tuple(draw(st.lists(CLOSEST, max_size=5))),
        writing=draw(st.none() | WRITINGS),
        unread=tuple(draw(st.lists(st.builds(UnreadFile, name=NAMES, reason=NAMES), max_size=3))),
    )


def _cited(draw: st.DrawFn, number: int) -> Citation:
    return replace(
        draw(CITATIONS),
        number=number,
        url=draw(URLS),
        quote=draw(TEXTS | st.sampled_from(["A quote.", "line\n" * 400, "ü" * 4000, ""])),
        title=draw(TEXTS | st.sampled_from(["Leave policy", "t" * 2000])),
    )


SHOWINGS = st.builds(
    Showing,
    language=st.sampled_from(["en", "de", "de-AT", "DE_ch", "fr", ""]),
    answer=st.integers(0, 2**63),
    delivery=st.integers(0, 2**63),
    removers=st.lists(st.sampled_from(["U1", "U2", "W3"]), unique=True, max_size=3).map(tuple),
    private=st.booleans(),
    bases=st.lists(NAMES, max_size=12).map(tuple),
    readers=st.lists(st.none() | st.lists(NAMES, max_size=3).map(tuple), max_size=3).map(tuple),
    of_files=st.booleans(),
    person=st.sampled_from(["", "Anna Berg", "<@U1>", "p" * 300]) | TEXTS,
)
