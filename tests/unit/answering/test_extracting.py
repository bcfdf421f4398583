"""Promises of what is shown for a question: whole sentences, lists with their lead-in, rows, code."""

from collections import Counter
from cProfile import Profile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.answering.extracting import Candidate, Role, extract, weigh
from pipelines.answering.extracting.sentences import Sentence, sentences_of
from pipelines.domain.reading import Block, BlockKind, Read, Span
from pipelines.retrieval.sentences import split_sentences
from tests.examples import examples
from tests.markdown_documents import QUESTIONS, searches
from tests.markdown_passages import candidates, offered
from tests.unit.answering.asking import both_ways, extracted, shown


ITEMS = [f"thing {number} of the trip" for number in range(1, 13)]
HOTELS = """\
# Expenses

## Hotels

| City | Country | Hotel |
|---|---|---|
| Bergen | Norway | €165 |
| Lyon | France | €150 |
| Porto | Portugal | €120 |
"""


def trip(items: int, after: str = "") -> tuple[Candidate, ...]:
    """Return a document with a list."""
    listed = "\n".join(f"- {one}" for one in ITEMS[:items])
    return candidates(f"# Packing\n\nTake these on a trip:\n\n{listed}\n\n{after}\n", title="Packing")


def over_pages(*parts: str, title: str = "Travel") -> Read:
    """Return a document with one paragraph on each page; each but the first goes on from the one before."""
    blocks, at = [], 0
    for page, part in enumerate(parts, start=1):
        blocks.append(Block(BlockKind.PARAGRAPH, at, at + len(part), page=page, continues=page > 1))
        at += len(part) + 2
    return Read("\n\n".join(parts), tuple(blocks), title=title)


def stretches(one: Sentence, everything: list[Candidate]) -> set[Span]:
    """Return where a sentence stands, and those of a list item, of which the last may introduce others."""
    text = next(other.text for other in everything if other.passage.document == one.source.document)
    inner = split_sentences(text, one.start, one.end) if one.role is Role.LIST_ITEM else ()
    return {(one.start, one.end), *inner}


def test_a_lead_in_without_end_is_read_once() -> None:
    """The items of a list share the end of its lead-in, and what stands above them is analysed once for all."""
    lead = "Order these soups " + "if you like " * 2000 + "for lunch:"
    listed = "\n".join(f"- soup number {number}" for number in range(200))
    offer = candidates(f"# Menu\n\n{lead}\n\n{listed}\n", title="Menu")
    items = [one for one in sentences_of(offer) if one.role is Role.LIST_ITEM]
    assert len(items) == 200
    assert len({id(one.lead_text) for one in items}) == 1
    assert items[0].lead_text == lead[-400:]
    profile = Profile()
    profile.runcall(weigh, "Which soup is for lunch?", offer)
    analysed = sum(one.callcount for one in profile.getstats() if getattr(one.code, "co_name", "") == "content_stems")
    assert len(items) < analysed < 1.5 * len(items)


@both_ways
def test_nothing_offered_shows_nothing(*, vectors: bool) -> None:
    """Without a passage there is no extract; neither is there for a passage that is a heading alone."""
    assert extracted("What is leave?", (), vectors=vectors).paragraphs == ()
    heading = candidates("# One\n\nWords of one.\n\n# Two\n", title="A")[1:]
    assert heading[0].before is not None
    assert extracted("What is leave?", heading, vectors=vectors).paragraphs == ()


@both_ways
@pytest.mark.parametrize("question", ["What are the things to take on a trip?", "Which things do I take on a trip?"])
def test_a_list_comes_with_its_lead_in(*, vectors: bool, question: str) -> None:
    """All items of a short list stand under the sentence that announces them, in their order."""
    offer = trip(5)
    found = shown(extracted(question, offer, vectors=vectors), offer)
    assert [text for _, text in found] == ["Take these on a trip:", *ITEMS[:5]]
    assert [role for role, _ in found[1:]] == [Role.LIST_ITEM] * 5


@both_ways
def test_a_long_list_ends_after_eight_items(*, vectors: bool) -> None:
    """Eight items of twelve are shown."""
    offer = trip(12)
    found = shown(extracted("What are the things to take on a trip?", offer, vectors=vectors), offer)
    assert [text for role, text in found if role is Role.LIST_ITEM] == ITEMS[:8]


def test_items_of_two_lists_are_eight_together() -> None:
    """Items that were chosen for themselves count where another list is announced."""
    single = "".join(f"- support by {name}\n" for name in ("Anna", "Bert", "Cora"))
    listed = "".join(f"- room {number}\n" for number in range(1, 10))
    offer = candidates(f"Hours\n\n{single}\nThe whole support:\n\n{listed}", title="House")
    found = [text for role, text in shown(extracted("Who gives support?", offer), offer) if role is Role.LIST_ITEM]
    assert found == [
        *(f"support by {name}" for name in ("Anna", "Bert", "Cora")),
        *(f"room {at}" for at in range(1, 6)),
    ]


@both_ways
@pytest.mark.parametrize("items", [3, 12])
@pytest.mark.parametrize("question", ["What are the things to take on a trip?", "Which things do I take on a trip?"])
def test_the_condition_after_a_list_is_kept(*, vectors: bool, items: int, question: str) -> None:
    """The sentence that limits a list is shown with it, also where the list's end is not; no other sentence is."""
    offer = trip(items, "Unless you travel by car. Call us for more.")
    found = shown(extracted(question, offer, vectors=vectors), offer)
    assert found[-1] == (Role.SENTENCE, "Unless you travel by car.")
    plain = trip(items, "We wish you well. Call us for more.")
    assert shown(extracted(question, plain, vectors=vectors), plain)[-1][0] is Role.LIST_ITEM


@both_ways
def test_a_condition_brings_what_it_limits(*, vectors: bool) -> None:
    """A sentence and the exception after it are shown together, though only one of them has the question's words."""
    text = "The canteen opens at noon. Every parent gets 24 weeks of leave. Unless the child is adopted.\n"
    offer = candidates(text, title="House")
    for question in ("How much leave does every parent get?", "Who gets 24 weeks?"):
        found = [text for _, text in shown(extracted(question, offer, vectors=vectors), offer)]
        assert found[-2:] == ["Every parent gets 24 weeks of leave.", "Unless the child is adopted."]


def test_a_sentence_that_points_back_brings_the_one_before() -> None:
    """A pronoun is not shown without what it stands for."""
    offer = candidates("The scanner is in room 12. It scans forty pages a minute.\n", title="House")
    found = [text for _, text in shown(extracted("How many pages a minute are scanned?", offer), offer)]
    assert found == ["The scanner is in room 12.", "It scans forty pages a minute."]


@both_ways
def test_code_is_whole(*, vectors: bool) -> None:
    """All lines of the code that a sentence announces are shown, blank ones and indents included."""
    code = "```\nscanner stop\n\n  wait 5\nscanner start\n```"
    offer = candidates(f"To restart the scanner, run this:\n\n{code}\n\nCall IT.\n", title="Scanner")
    found = shown(extracted("How do I restart the scanner?", offer, vectors=vectors), offer)
    assert found == [
        (Role.SENTENCE, "To restart the scanner, run this:"),
        (Role.CODE, "scanner stop\n\n  wait 5\nscanner start"),
    ]


@both_ways
@pytest.mark.parametrize("limit", [1, 2, 3, 4])
@pytest.mark.parametrize("question", ["How much leave?", "How do I ask for leave?"])
def test_at_most_as_many_sentences_as_are_wanted(*, vectors: bool, limit: int, question: str) -> None:
    """Of many sentences that might all answer, no more are shown than the limit."""
    names = ["Anna", "Bert", "Cora", "Dan", "Eve", "Finn", "Gus", "Hal"]
    text = " ".join(f"{name} in {place} may ask for leave." for name, place in zip(names, ITEMS, strict=False))
    offer = candidates(text + "\n", title="Leave")
    assert len(shown(extracted(question, offer, vectors=vectors, limit=limit), offer)) == limit


@both_ways
def test_a_row_that_the_question_names_stands_alone(*, vectors: bool) -> None:
    """Who asks for Bergen is shown no other city; each cell keeps its header."""
    offer = candidates(HOTELS, title="Expenses")
    found = extracted("How much may a hotel in Bergen cost?", offer, vectors=vectors)
    assert shown(found, offer) == [(Role.TABLE_ROW, "Bergen | Norway | €165")]
    ((piece,),) = (paragraph.pieces for paragraph in found.paragraphs)
    text = offer[0].text
    cells = [(text[slice(*cell.header)], text[slice(*cell.value)]) for cell in piece.cells]
    assert cells == [("City", "Bergen"), ("Country", "Norway"), ("Hotel", "€165")]
    assert piece.heading == "Hotels"


@both_ways
@pytest.mark.parametrize("question", ["How much may a hotel cost?", "What are the limits for hotels?"])
def test_rows_stand_together_where_none_is_named(*, vectors: bool, question: str) -> None:
    """A question about the table as a whole gets all of its rows."""
    offer = candidates(HOTELS, title="Expenses")
    found = [text for _, text in shown(extracted(question, offer, vectors=vectors), offer)]
    assert [row.partition(" ")[0] for row in found] == ["Bergen", "Lyon", "Porto"]


def test_an_empty_cell_moves_no_header() -> None:
    """A value stays under its own header where the cells before it are empty."""
    offer = candidates("| City | Country | Hotel |\n|---|---|---|\n| | | €165 Bergen |\n", title="Hotels")
    ((piece,),) = (one.pieces for one in extracted("How much is a hotel in Bergen?", offer).paragraphs)
    text = offer[0].text
    assert [(text[slice(*cell.header)], text[slice(*cell.value)]) for cell in piece.cells] == [("Hotel", "€165 Bergen")]


@both_ways
@pytest.mark.parametrize("question", ["Who gets a laptop bag?", "What is the rule for a laptop bag?"])
def test_of_near_duplicates_the_newer_documents_is_shown(*, vectors: bool, question: str) -> None:
    """Where two documents say nearly the same, one sentence is shown: that of the later date."""
    old = candidates("Every new colleague gets a laptop and a laptop bag.\n", title="IT", date="2023-05-01", document=1)
    new = candidates(
        "Every new colleague gets a laptop and one laptop bag.\n", title="IT", date="2026-05-01", document=2
    )
    for offer in ((*old, *new), (*new, *old)):
        found = extracted(question, offer, vectors=vectors)
        assert [text for _, text in shown(found, offer)] == ["Every new colleague gets a laptop and one laptop bag."]


@both_ways
@pytest.mark.parametrize("pages", [2, 3])
def test_a_sentence_over_page_breaks_is_whole(*, vectors: bool, pages: int) -> None:
    """A sentence that runs over one or two page breaks is shown from its first word to its last."""
    parts = [
        "We like trains. Book a train at least",
        "seven days ahead, unless a repair",
        "needs you sooner. Then call.",
    ]
    middle = [" ".join(parts[1:])] if pages == 2 else parts[1:]
    offer = offered(over_pages(parts[0], *middle), title="Travel")
    assert len(offer) == pages
    for found in (offer[pages - 2 : pages - 1], offer[1:2], offer):
        (sentence,) = [
            " ".join(text.split())
            for _, text in shown(extracted("How many days ahead do I book a train?", found, vectors=vectors), found)
            if "days" in text
        ]
        assert sentence == "Book a train at least seven days ahead, unless a repair needs you sooner."


def test_half_a_sentence_is_never_shown() -> None:
    """Of a sentence whose other half was not loaded nothing is shown, at neither end of what was."""
    parts = [
        "The rule of trains is",
        "old. Book trains early.",
        "We pay trains. Book a train on",
        "the train day. It is fun.",
    ]
    offer = offered(over_pages(*parts), title="Travel")
    for at in range(len(parts)):
        found = [text for _, text in shown(extracted("How do I book trains?", offer[at : at + 1]), offer)]
        assert all(text.endswith(".") and text[0].isupper() for text in found), found


def test_a_sentence_over_three_pages_is_not_shown_without_the_third() -> None:
    """Where the page that ends it was not loaded, the sentence is left out; the one before it is not."""
    offer = offered(over_pages("We like trains. Book a train", "on days when a repair", "needs it."), title="Travel")
    found = [text for _, text in shown(extracted("How do I book trains?", offer[:1]), offer)]
    assert found == ["We like trains."]


def test_a_lead_in_over_a_page_break_is_whole() -> None:
    """The sentence that announces a list is shown whole, though the list hangs on its second half only."""
    text = "Pack early. Before a trip you take\n\nthese with you:\n\na bag of tea\n\na map"
    (first, second), items = ((0, 34), (36, 51)), ((53, 65), (67, 72))
    blocks = (
        Block(BlockKind.PARAGRAPH, *first, page=1),
        Block(BlockKind.PARAGRAPH, *second, page=2, continues=True),
        *(Block(BlockKind.LIST_ITEM, *span, page=2, lead=second) for span in items),
    )
    offer = offered(Read(text, blocks), title="Trips")
    found = shown(extracted("Who has a bag of tea?", offer, limit=1), offer)
    assert found == [
        (Role.LEAD_IN, "Before a trip you take\n\nthese with you:"),
        (Role.LIST_ITEM, "a bag of tea"),
    ]


def test_nested_items_keep_their_order() -> None:
    """Items of a list and of a list inside it stand as in the document, each lead-in before its items, once."""
    text = "Pack this:\n\n- clothes for the trip:\n  - a coat\n  - a hat for the trip\n- maps of the trip\n"
    offer = candidates(text, title="Packing")
    found = [text for _, text in shown(extracted("hat, maps?", offer, limit=2), offer)]
    assert found == ["Pack this:", "clothes for the trip:", "a hat for the trip", "maps of the trip"]


def test_a_lead_in_that_was_not_loaded_is_whole() -> None:
    """Its reader ended it where all others do: an abbreviation does not begin a sentence."""
    steps = "\n".join(f"- {'tea and ' * 90}bread number {number}" for number in range(9))
    offer = candidates(f"Use an app, e.g. Figma or Jira:\n\n{steps}\n", title="Apps")
    found = shown(extracted("What about bread number 8?", offer[-1:], limit=1), offer)
    assert found[0] == (Role.LEAD_IN, "Use an app, e.g. Figma or Jira:")


def test_rows_beside_a_list_item_are_eight_together() -> None:
    """An item is chosen first, then the last of eight like rows: seven places are left for them."""
    rows = "| tea | tea |\n" * 7
    offer = candidates(f"| Tea | Tea |\n|---|---|\n{rows}| leave | |\n\n- This 30 weeks of tea.\n", title="A")
    found = extracted("30 tea", offer, vectors=True)
    roles = Counter(role for role, _ in shown(found, offer))
    assert (roles[Role.LIST_ITEM], roles[Role.TABLE_ROW]) == (1, 7)


def test_a_piece_that_does_not_say_what_it_is_about_gets_its_heading() -> None:
    """A short or pointing sentence stands under its heading; one that speaks for itself does not."""
    text = "# Leave\n\n## Foster parents\n\nThey get 20 days.\n\n## Others\n\nA grandparent gets one day of leave.\n"
    offer = candidates(text, title="Leave")
    (first,) = extracted("How many days do foster parents get?", offer[:1]).paragraphs
    assert [piece.heading for piece in first.pieces] == ["Foster parents"]
    (second,) = extracted("Does a grandparent get leave?", offer[1:]).paragraphs
    assert [piece.heading for piece in second.pieces] == [None]


def test_sentences_that_seem_to_contradict_each_other_are_told_apart() -> None:
    """The same sentence with other figures is shown under its own heading, or its document's title."""
    countries = {"Germany": 30, "Portugal": 25, "Norway": 28, "Spain": 27, "Italy": 26}
    texts = {one: f"Everybody has {days} days of holidays in a year.\n" for one, days in countries.items()}
    together = candidates("".join(f"## {one}\n\n{text}\n" for one, text in texts.items()), title="Holidays")
    apart = [
        one
        for number, (title, text) in enumerate(texts.items(), start=1)
        for one in candidates(text, title=title, document=number)
    ]
    for offer in (together, apart):
        found = extracted("How many days of holidays do I have?", offer)
        pieces = [piece for paragraph in found.paragraphs for piece in paragraph.pieces]
        assert len(pieces) == 4
        told = [(piece.heading, text) for piece, (_, text) in zip(pieces, shown(found, offer), strict=True)]
        assert all(text == texts[str(heading)].strip() for heading, text in told)


@both_ways
def test_the_place_that_a_question_names_is_the_only_one_shown(*, vectors: bool) -> None:
    """Who asks for Portugal is not told what holds in Germany."""
    text = "## Germany\n\nEverybody has 30 days of holidays.\n\n## Portugal\n\nEverybody has 25 days of holidays.\n"
    offer = candidates(text, title="Holidays")
    for question in ("How many days of holidays do I get (Portugal)?", "How many holidays? And in Portugal?"):
        found = [text for _, text in shown(extracted(question, offer, vectors=vectors), offer)]
        assert found == ["Everybody has 25 days of holidays."]


@both_ways
@settings(deadline=None, max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow])
@given(search=searches(), question=QUESTIONS, limit=st.integers(1, 4))
def test_what_is_shown_keeps_every_promise(
    *, vectors: bool, search: tuple[list[Candidate], list[Candidate]], question: str, limit: int
) -> None:
    """Whatever is asked of whatever documents: whole, verbatim, in order, each document once, within the limits."""
    everything, found = search
    whole = {(one.source.document, *span) for one in sentences_of(everything) for span in stretches(one, everything)}
    extract = extracted(question, found, vectors=vectors, limit=limit)
    documents = []
    for paragraph in extract.paragraphs:
        documents.append({piece.source.document for piece in paragraph.pieces})
        ends = [0, *(piece.end for piece in paragraph.pieces)]
        assert all(before <= piece.start for before, piece in zip(ends, paragraph.pieces, strict=False))
        assert all((piece.source.document, piece.start, piece.end) in whole for piece in paragraph.pieces)
    assert all(len(one) == 1 for one in documents)
    assert len(set().union(*documents)) == len(documents)
    roles = Counter(role for role, _ in shown(extract, found))
    assert roles[Role.LIST_ITEM] + roles[Role.TABLE_ROW] <= 8
    # What the last one announces may be added, and the condition that limits that.
    assert roles[Role.SENTENCE] + roles[Role.CODE] <= limit + 2


def test_a_lead_in_that_is_a_page_long_is_left_out() -> None:
    """An item is shown without what nobody would read before it."""
    found = extract(
        "Which scanners are broken?", candidates("word " * 300 + "broken:\n\n- the scanners\n", title="Rooms")
    )
    assert all(piece.end - piece.start <= 1000 for part in found.paragraphs for piece in part.pieces)
