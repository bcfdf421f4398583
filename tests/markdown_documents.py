"""Strategies for small documents and questions whose words meet: sentences, lists, rows, code under headings."""

from dataclasses import replace

from hypothesis import strategies as st

from pipelines.answering.extracting import Candidate
from pipelines.domain.reading import Read
from tests.fakes.in_process_parser import InProcessParser
from tests.markdown_passages import offered


_PHRASES = """
leave of parents, 12 weeks of leave, 30 weeks of pay, a hotel in Norway, hotel limit, budget for a trip, form, pay
the form of the trip, trip to Portugal, laptop, parents in Portugal, 12, weeks of the trip, hotel budget of 30
"""
PHRASES = st.sampled_from([one.strip() for one in _PHRASES.replace(",", "\n").split("\n") if one.strip()])
_OPENINGS = st.sampled_from(["", "", "", "This ", "However, ", "Unless ", "It ", "For example, ", "Only "])
_ENDINGS = st.sampled_from([".", ".", ".", "!", "?", ":", ", e.g. Figma or Jira:"])

SENTENCES = st.builds(lambda opening, said, end: f"{opening or 'The '}{said}{end}", _OPENINGS, PHRASES, _ENDINGS)
PARAGRAPHS = st.lists(SENTENCES, min_size=1, max_size=5).map(" ".join)
LONG_ITEMS = st.builds(lambda one, other: " ".join([one, other] * 8), SENTENCES, SENTENCES)

_ITEMS = st.tuples(st.sampled_from(["", "", "  "]), PHRASES | SENTENCES | LONG_ITEMS)
LISTS = st.lists(_ITEMS, min_size=1, max_size=11).map(
    lambda items: "\n".join(f"{indent if at else ''}- {said}" for at, (indent, said) in enumerate(items))
)
_ROWS = st.lists(st.lists(PHRASES | st.just(""), min_size=3, max_size=3), min_size=1, max_size=11)
TABLES = st.builds(
    lambda header, rows: "\n".join(f"| {' | '.join(row)} |" for row in (header, ["---"] * 3, *rows)),
    st.lists(PHRASES, min_size=3, max_size=3),
    _ROWS,
)
CODE = PHRASES.map(lambda said: f"```\n{said}\n\n  {said}\n```")
HEADINGS = st.builds(lambda level, said: f"{'#' * level} {said}", st.integers(1, 3), PHRASES)

MARKDOWN = st.lists(HEADINGS | PARAGRAPHS | LISTS | TABLES | CODE, min_size=1, max_size=6).map("\n\n".join)
"""Documents of up to six blocks; most are one passage or a few."""

_FRAMES = st.sampled_from(
    ["How many {} do I get?", "What is {}?", "What are the {}?", "How do I {}?", "{}", "Which {}?", "{} (Portugal)?"]
)
QUESTIONS = st.builds(lambda frame, said: frame.format(said), _FRAMES, PHRASES) | st.text(max_size=30)


@st.composite
def searches(draw: st.DrawFn) -> tuple[list[Candidate], list[Candidate]]:
    """Return all passages of one document or two, and those that a search found, best first."""
    everything: list[Candidate] = []
    for number in range(1, draw(st.integers(1, 2)) + 1):
        path = draw(st.sampled_from(["a.md", "a.txt"]))
        read = InProcessParser().parse(path, draw(MARKDOWN).encode())
        if isinstance(read, Read):
            date = draw(st.sampled_from([None, "2024-01-01", "2026-01-01"]))
            everything += offered(read, title=draw(PHRASES), date=date, path=path, document=number)
    scores = st.lists(st.none() | st.floats(0.01, 2), min_size=len(everything), max_size=len(everything))
    found = [
        replace(one, score=score) for one, score in zip(everything, draw(scores), strict=True) if score is not None
    ]
    return everything, sorted(found, key=lambda one: -one.score)
