"""Answers for tests of what is shown, and strategies that make hostile ones."""

import unicodedata

from hypothesis import strategies as st

from pipelines.domain.citations import Citation, Place
from pipelines.domain.conversation import Answer, ClosestDocument, Fallback, Outcome, Writing


_DIRECTION = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}

ATTACKS = st.sampled_from(
    [
        "\x1b[31mred\x1b[0m",
        "\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\",
        "\x9b31m",
        "\x1b]0;title\x07",
        "[red]markup[/red]",
        "[link=http://evil]x[/link]",
        ":smile:",
        "\u202egnp.exe",
        "\u2066isolated\u2069",
        "\r\nnew line",
        "\x85\u2028\u2029",
        "\x08\x08\x08",
        "\x00",
        "tab\there",
        "\ud800",
        "日本語テキスト",
        "e\u0301",
    ]
)
TEXTS = st.lists(ATTACKS | st.text(max_size=20), max_size=4).map("".join)

PLACES = st.builds(
    Place,
    page=st.none() | st.integers(1, 9999),
    heading=st.none() | TEXTS,
    anchor=st.none() | TEXTS,
    rows=st.none() | st.sampled_from(["12", "12-14"]),
)
CITATIONS = st.builds(
    Citation,
    number=st.integers(1, 20),
    kb=TEXTS,
    title=TEXTS,
    document=TEXTS,
    version=st.integers(1, 9),
    document_version=st.integers(1, 9),
    place=PLACES,
    quote=TEXTS,
    start=st.just(0),
    end=st.just(1),
    url=st.none() | TEXTS,
    date=st.none() | TEXTS,
    author=st.none() | TEXTS,
)
CLOSEST = st.builds(ClosestDocument, kb=TEXTS, title=TEXTS, document=TEXTS, url=st.none() | TEXTS)
WRITINGS = st.builds(
    Writing,
    model=st.none() | TEXTS,
    own_words=st.integers(0, 9),
    withheld=st.integers(0, 9),
    fallback=st.none() | st.sampled_from(Fallback),
    budget=st.none() | TEXTS,
)
ANSWERS = st.builds(
    Answer,
    outcome=st.sampled_from(Outcome),
    text=TEXTS,
    choices=st.lists(TEXTS, max_size=3).map(tuple),
    citations=st.lists(CITATIONS, max_size=3).map(tuple),
    closest=st.lists(CLOSEST, max_size=3).map(tuple),
    writing=st.none() | WRITINGS,
)


def citation(number: int = 1, **others: object) -> Citation:
    """Return a citation of one sentence."""
    values: dict[str, object] = {
        "number": number,
        "kb": "handbook",
        "title": "Leave policy",
        "document": "policies/leave.md",
        "version": 3,
        "document_version": 17,
        "place": Place(heading="Leave policy › Parental leave", anchor="parental-leave"),
        "quote": "Every parent takes up to 24 weeks of paid leave.",
        "start": 412,
        "end": 460,
        "url": "file:///srv/handbook/leave.md#parental-leave",
        "date": "2026-03-01",
        "author": "People team",
    }
    return Citation(**(values | others))  # type: ignore[arg-type]


def answer(text: str = "You get 24 weeks. [1]", *citations: Citation) -> Answer:
    """Return an answer."""
    return Answer(Outcome.ANSWER, text, citations=citations or (citation(),))


def takes_effect(char: str) -> bool:
    """Tell whether a character controls a terminal or the direction of its neighbours."""
    return unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or unicodedata.bidirectional(char) in _DIRECTION
