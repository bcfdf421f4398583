"""
What a language model may write, as a grammar: raw text beside the letters and digits that must be shown.

Each part stands for itself: a blank or a line end parts it from the next, so that what is expected
of a whole output is what is expected of its parts.
"""

from dataclasses import dataclass
from itertools import pairwise

from hypothesis import strategies as st

from pipelines.answering.writing.sentence import WrittenSentence
from pipelines.answering.writing.stream import AnswerStream


KNOWN = 5
SOURCES = frozenset(range(1, KNOWN + 1))

PROSE = (
    "The notice period is 30 days.",
    "Leave grows to 3.5 weeks, e.g. in the U.S. or in Zürich.",
    "Dr. Müller starts am 3. Oktober 2024!",
    "年假是15天。下一句也很重要！",
    "क्या यह सही है। हाँ।",
    "هل هذا صحيح؟ نعم.",
    "snake_case and 2*3*4 stay",
    "items[1] and a[0] and matrix[i]",
    "Policy [2024] and [sic] and [a] and [see 3]",
    "Article 5(1) and [0, 1] and [9-3]",
    "- 5 degrees",
    "5 < 6 > 4 & <b>tags</b>",
    "what?! Really…",
    "a lone * star and _ line",
    "an open [bracket and a closed) one",
    "C:\\Temp and 24/7",
    "👍🏽 fine 👨‍👩‍👧",
    "می‌شود.",
)
MARKS = (
    "[1]",
    "[1, 2]",
    "[1; 2]",
    "[1-3]",
    "[1–3]",
    "[[2]]",
    "[2](https://evil.example/x)",
    "[2](url)",
    "【1】",
    "【1†source】",
    "[^1]",
    "[source 1]",
    "[Sources 1, 2]",
    "(source 1)",
    "([1], [3])",
    "[1][2]",
    "[1], [2]",
    "\\[4\\]",
    "［５］",
    "[7]",
    "[99]",
    "[1, 7]",
    "<sup>[3]</sup>",
)
ADDRESSES = (
    "https://evil.example/x?q=1",
    "www.evil.example",
    "evil.example/path",
    "mailto:a@evil.example",
    "bob@evil.example",
    "<https://evil.example|click>",
    "<!channel>",
    "<@U123ABC>",
    "@here",
    "javascript:alert(1)",
    "//evil.example/x",
    "http://10.0.0.1:80/x",
    "sub.evil.co.uk",
    "HTTPS://EVIL.EXAMPLE",
)
WRAPPED = (
    ("**bold words**", "boldwords"),
    ("__also__", "also"),
    ("*slanted*", "slanted"),
    ("_too_", "too"),
    ("***both***", "both"),
    ("~~gone~~", "gone"),
    ("`code[1] x.y`", "code1xy"),
    ("[the text](https://evil.example/secret)", "thetext"),
    ('[text](<https://evil.example/a b> "title")', "text"),
    ("![picture](https://evil.example/p.png)", "picture"),
    ("[**strong** link](url)", "stronglink"),
    ("\\*escaped\\*", "escaped"),
    ("zero\u200bwidth\u202e", "zerowidth"),
    ("\U000e0041\U000e0042tag", "tag"),
)
BLOCKS = (
    ("\n\n", ""),
    ("\n", ""),
    ("\r\n\r\n", ""),
    ("\n# Heading one\n", "Headingone"),
    ("\n## **Two** ##\n\n", "Two"),
    ("\n- item one\n- item two [1]\n", "itemoneitemtwo"),
    ("\n  * nested [2]\n\n[3]\n\n", "nested"),
    ("\n1. first.\n2. second [1].\n", "1first2second"),
    ("\n3. Oktober gilt\n", "3Oktobergilt"),
    ("\n- [x] done\n- [ ] open\n", "xdoneopen"),
    ("\n| Plan | GB |\n|------|:--:|\n| Basic | 5 [1] |\n| `a|b` | **6** |\n[2]\n\n", "PlanGBBasic5ab6"),
    ("\n```python\nx = items[1]  # a\n\nprint(x)\n```\n[1]\n\n", "xitems1aprintx"),
    ("\n~~~\nhttps://evil.example\n~~~\n", "httpsevilexample"),
    ("\n> quoted [1]\n> twice\n\n", "quotedtwice"),
    ("\n---\n", ""),
    ("\n\nThese are:\n", "Theseare"),
    ("\n\n[^1]: A note.\n", "Anote"),
    ("\n\n[1] Handbook\n[2] Policy\n\n", "HandbookPolicy"),
    ("\n**Strong line**\n", "Strongline"),
    ("\n\na tick ` alone\n\n", "atickalone"),
)


@dataclass(frozen=True)
class Output:
    """What a model wrote, and all its letters and digits that are prose."""

    text: str
    prose: str


def shown(text: str) -> str:
    """Return the letters and digits of a text."""
    return "".join(char for char in text if char.isalnum())


def _parts() -> st.SearchStrategy[tuple[str, str]]:
    return st.one_of(
        st.sampled_from([(one, shown(one)) for one in PROSE]),
        st.sampled_from([(one, "") for one in MARKS]),
        st.sampled_from([(one, shown(one)) for one in ADDRESSES]),
        st.sampled_from(WRAPPED),
    )


def _paragraphs() -> st.SearchStrategy[tuple[str, str]]:
    words = st.lists(_parts(), min_size=1, max_size=8)
    return words.map(lambda parts: (" ".join(raw for raw, _ in parts), "".join(prose for _, prose in parts)))


def _joined(pairs: list[tuple[tuple[str, str], tuple[str, str]]]) -> Output:
    flat = [part for pair in pairs for part in pair]
    return Output("".join(raw for raw, _ in flat), "".join(prose for _, prose in flat))


OUTPUTS = st.lists(st.tuples(_paragraphs(), st.sampled_from(BLOCKS)), min_size=1, max_size=6).map(_joined)
"""Outputs of the grammar, at most some hundred words."""

NOISE = st.text(
    st.sampled_from("[]()【】^†123 .,;:!?-*_~`#|>\\<\n\r\t/@ab xA日。\u200b\u202e\ud800\udc00\"'“”é") | st.characters(),
    max_size=60,
)
"""Any text, signs of Markdown more often than not."""

CUTS = st.lists(st.integers(min_value=0, max_value=2_000), max_size=12)
"""Where to cut a text; what lies beyond its end does nothing."""


def read(text: str, cuts: list[int] | None = None, *, known: int = KNOWN) -> tuple[WrittenSentence, ...]:
    """Return what a stream gives out for a text that comes in pieces."""
    stream = AnswerStream(known)
    places = [0, *sorted(cut for cut in cuts or () if cut < len(text)), len(text)]
    given = [one for start, end in pairwise(places) for one in stream.feed(text[start:end])]
    return (*given, *stream.end())
