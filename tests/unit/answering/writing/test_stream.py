"""A model's text to sentences: what each says, what it cites, and when it is given out."""

import pytest

from pipelines.answering.writing.sentence import Role, WrittenSentence, whole_text
from pipelines.answering.writing.stream import AnswerStream
from tests.model_outputs import read


def said(text: str) -> list[tuple[str, tuple[int, ...]]]:
    """Return what each sentence says and cites."""
    return [(one.text, one.sources) for one in read(text)]


def roles(text: str) -> list[tuple[Role, str]]:
    """Return what each sentence is, behind what it says."""
    return [(one.role, one.lead + one.text) for one in read(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is 30 days [7].", [("It is 30 days.", ())]),
        ("Policy [2024] applies [1].", [("Policy [2024] applies.", (1,))]),
        ("Take items[9] then [1].", [("Take items[9] then.", (1,))]),
        ("Take `items[1]` then [1].", [("Take items[1] then.", (1,))]),
        ("One [1]. Two [3].", [("One.", (1,)), ("Two.", (3,))]),
        ("One [1-2]. Two [1; 2]. Six [^1]. Ten [source 1].",
         [("One.", (1, 2)), ("Two.", (1, 2)), ("Six.", (1,)), ("Ten.", (1,))]),
        ("See it [2](https://evil.example/x).", [("See it.", (2,))]),
        ("So it is [[2]].", [("So it is.", (2,))]),
    ],
)  # fmt: skip
def test_inputs_that_break_other_parsers(text: str, expected: list[tuple[str, tuple[int, ...]]]) -> None:
    """Unknown numbers, years, indices, code, ranges, links and double brackets: read whole and by character."""
    assert said(text) == expected
    assert read(text, list(range(len(text)))) == read(text)


def test_an_unknown_number_leaves_no_gap() -> None:
    """A citation of a source that was not given is taken out with its blank, and counted."""
    assert read("It is 30 days [7].") == (
        WrittenSentence("It is 30 days.", (), 1, Role.SENTENCE, before="", lead="", addresses=()),
    )


@pytest.mark.parametrize(
    "text", ["30 days. [1]", "30 days.[1]", "30 days [1].", "30 days[1].", "30 days. ([1])", "30 days [1] ."]
)
def test_a_mark_belongs_to_its_sentence_wherever_it_stands(text: str) -> None:
    """Before the full stop, behind it, with or without a blank: the sentence before is what cites."""
    assert said(f"{text} The rest is longer.") == [("30 days.", (1,)), ("The rest is longer.", ())]


@pytest.mark.parametrize(
    "text", ["Days.[1][2]", "Days. [1] [2]", "Days. [1, 2]", "Days [1], [2].", "Days [1] and [2]."]
)
def test_several_marks_are_cited_in_order(text: str) -> None:
    """Marks side by side all belong to the same sentence."""
    assert said(text) == [("Days.", (1, 2))]


def test_a_sentence_cites_a_number_once() -> None:
    """A number that is written twice is cited once, where it was written first."""
    assert said("A [2] b [1] c [2].") == [("A b c.", (2, 1))]


def test_a_sentence_appears_with_the_first_character_of_the_next() -> None:
    """Not before a trailing mark can have come, and not later than the next sentence's first character."""
    stream = AnswerStream(5)
    assert stream.feed("It is 30 days. ") == ()
    assert stream.feed("[1] ") == ()
    given = stream.feed("T")
    assert [one.text for one in given] == ["It is 30 days."]
    assert given[0].sources == (1,)
    assert [one.text for one in stream.end()] == ["T"]


def test_an_abbreviation_waits_for_the_next_word() -> None:
    """Whether `U.S.` ends a sentence depends on the word behind it, so that word is awaited."""
    stream = AnswerStream(5)
    assert stream.feed("He is in the U.S. Th") == ()
    assert [one.text for one in stream.feed("e ")] == ["He is in the U.S."]


def test_the_end_gives_out_what_was_held_back() -> None:
    """An unfinished mark at the end is prose, and nothing is given out twice."""
    stream = AnswerStream(5)
    assert stream.feed("It is 30 days [1") == ()
    assert [one.text for one in stream.end()] == ["It is 30 days [1"]
    assert stream.end() == ()
    with pytest.raises(ValueError, match="has ended"):
        stream.feed("more")


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Dr. Müller, z.B. am 3. Oktober, zahlt 3.5 Euro. Danach nichts.", 2),
        ("See e.g. the U.S. Army. It is No. 5 of J. R. Smith.", 2),
        ("年假是15天。你呢？好！", 3),
        ("अवकाश १५ दिन है। आगे पढ़ें।", 2),
        ("كم يوما؟ خمسة عشر يوما.", 2),
        ("What?! Really… Yes.", 3),
        ('He said "No." Then he left.', 2),
        ("It is v1.2.3 of example.org now", 1),
    ],
)
def test_sentences_end_where_the_stored_texts_sentences_end(text: str, sentences: int) -> None:
    """Abbreviations, decimals, initials, ordinals and the full stops of other scripts hold."""
    assert len(read(text)) == sentences
    assert whole_text(read(text)) == text


def test_blocks_have_roles() -> None:
    """Headings, lead-ins, items, tables and code are told apart; rules and fences are not shown."""
    text = (
        "# Plans\n\nThere are two [1]:\n- **Basic**: 5 GB.\n  1) more\n\n---\n| Plan | GB |\n|---|\n| Pro | 9 [2] |\n"
        "\n```sh\nls  -l [1]\n\n  x\n```\n**Strong line**\nThe end."
    )
    assert roles(text) == [
        (Role.HEADING, "Plans"),
        (Role.LEAD_IN, "There are two:"),
        (Role.LIST_ITEM, "• Basic: 5 GB."),
        (Role.LIST_ITEM, "  1) more"),
        (Role.TABLE_HEADER, "Plan | GB"),
        (Role.TABLE_ROW, "Pro | 9"),
        (Role.CODE, "ls  -l [1]"),
        (Role.CODE, "  x"),
        (Role.HEADING, "Strong line"),
        (Role.SENTENCE, "The end."),
    ]


@pytest.mark.parametrize("block", ["- one\n- two", "| a |\n|---|\n| two |", "```\ntwo\n```"])
def test_marks_alone_in_a_line_belong_to_what_is_above(block: str) -> None:
    """Behind a list, a table or code a line of marks cites for the last item, row or line."""
    sentences = read(f"{block}\n\n[1][2]\n\nNext.")
    assert [(one.text, one.sources) for one in sentences[-2:]] == [("two", (1, 2)), ("Next.", ())]


def test_a_mark_at_the_head_of_a_line_belongs_to_the_line() -> None:
    """A list of references keeps its words; the numbers, which are not the reader's, become citations."""
    assert said("So it is.\n[1] Handbook\n[2] Policy\n[^3]: A note.") == [
        ("So it is.", ()),
        ("Handbook", (1,)),
        ("Policy", (2,)),
        ("A note.", (3,)),
    ]


def test_joined_sentences_give_back_the_prose() -> None:
    """Blanks, line ends and blank lines between sentences are kept; inside one, a broken line stays broken."""
    text = "One. Two\nlines.\n\nThree:\n• four\n• five\n\nSix."
    assert whole_text(read(text)) == text


def test_nothing_that_is_written_becomes_markup() -> None:
    """Links show their text, images their description, emphasis its words; HTML is shown as it was written."""
    text = "**A** [b](https://evil.example) ![c](https://evil.example/c.png) _d_ ~~e~~ <b>f</b> `g*h*` snake_case 2*3*4"
    assert read(f"{text} **kw")[0].text == "A b c d e <b>f</b> g*h* snake_case 2*3*4 **kw"
    assert read(f"{text} **kw")[0].addresses == ()


def test_emphasis_may_span_sentences() -> None:
    """Signs around several sentences are taken off at both ends."""
    assert said("**Note: one. Two.** Three. *Four. Five.*") == [
        ("Note: one.", ()),
        ("Two.", ()),
        ("Three.", ()),
        ("Four.", ()),
        ("Five.", ()),
    ]


def test_unseen_characters_are_taken_out() -> None:
    """Controls, overrides, tags, fillers and halves go; joiners stay where they are spelling."""
    text = "a\x00b\u202ec\u200bd\U000e0041e\ud800f\u3164 می\u200cشود 👩\u200d💻 x\u200dy"
    assert read(text)[0].text == "abcdef می\u200cشود 👩\u200d💻 xy"


def test_halves_of_a_character_are_joined() -> None:
    """A server that cuts UTF-16 in the middle loses no character."""
    stream = AnswerStream(5)
    stream.feed("a \ud83d")
    stream.feed("\ude00 b")
    assert stream.end()[0].text == "a 😀 b"


@pytest.mark.parametrize(
    "unit", ["word ", "年", "a", "[", "[1", "](", "**a ", "e.g. ", "a.b", "(", "`", "\\[", "|", 'x. ("']
)
def test_an_endless_line_is_given_out_in_pieces(unit: str) -> None:
    """Whatever never ends, no piece is longer than the limit, and little is held back."""
    stream = AnswerStream(5)
    given: list[WrittenSentence] = []
    fed = 0
    for _ in range(40):
        given.extend(stream.feed(unit * (500 // len(unit))))
        fed += 500 // len(unit) * len(unit)
        shown = len(whole_text(given))
        assert unit in ("**a ", "[1", "\\[", "|", "](") or fed - shown < 4_500
    assert all(len(one.text) <= 1_000 for one in (*given, *stream.end()))


def test_known_numbers_may_be_any() -> None:
    """The numbers that are left after sources were dropped need not be 1 to n."""
    stream = AnswerStream(frozenset({2, 5}))
    given = stream.feed("One [1]. Two [2]. Three [5].") + stream.end()
    assert [(one.sources, one.unknown) for one in given] == [((), 1), ((2,), 0), ((5,), 0)]
