"""Terms to tokens: equal tokens mean equal terms, whatever characters a term is made of."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.weaviate_index.tokens import MAX_TERMS, document_text, question_text
from pipelines.ports.chunk_index import TermFields


EACH_ONCE = {"stems": 1, "bigrams": 1, "grams": 1, "title": 1}
FIELDS = tuple(EACH_ONCE)
GO_SPACES = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
term = st.text(st.characters(exclude_characters=GO_SPACES, exclude_categories=()), min_size=1, max_size=130)
fields = st.builds(TermFields, *(st.lists(term, max_size=4).map(tuple) for _ in FIELDS))


def split(text: str) -> list[str]:
    """Return the words of a text as Weaviate's `whitespace` tokenization finds them (Go's unicode.IsSpace)."""
    for space in GO_SPACES:
        text = text.replace(space, " ")
    return [word for word in text.split(" ") if word]


@given(fields)
def test_each_term_is_one_token_that_can_be_sent(terms: TermFields) -> None:
    """A row's text has as many words as terms, and is valid UTF-8."""
    text = document_text(terms)
    assert len(split(text)) == sum(len(getattr(terms, field)) for field in FIELDS)
    assert text.encode().decode() == text


@given(fields, fields)
def test_a_question_finds_its_terms_in_their_fields_and_nothing_else(asked: TermFields, held: TermFields) -> None:
    """Question and row share a token exactly where they share a term of one field."""
    tokens = set(split(question_text(asked, EACH_ONCE))) & set(split(document_text(held)))
    shared = [set(getattr(asked, field)) & set(getattr(held, field)) for field in FIELDS]
    assert len(tokens) == (sum(map(len, shared)) if any(asked.stems) else 0)


@given(fields)
def test_a_weight_is_how_often_a_term_stands_in_the_query(asked: TermFields) -> None:
    """Each distinct term stands there as often as its field counts; one that counts nothing does not."""
    times = {"stems": 5, "bigrams": 2, "grams": 0, "title": 1}
    expected = sum(times[field] * len(set(getattr(asked, field))) for field in FIELDS)
    assert len(split(question_text(asked, times))) == (expected if asked.stems else 0)


def test_of_a_pasted_page_the_first_hundred_terms_are_asked() -> None:
    """A question has no more than a hundred terms of a field."""
    asked = TermFields(tuple(f"word{number}" for number in range(2000)))
    tokens = split(question_text(asked, EACH_ONCE))
    assert tokens == [f"sword{number}" for number in range(MAX_TERMS)]


def test_empty_terms_are_no_terms() -> None:
    """Nothing stands for an empty term, in rows and questions alike."""
    assert document_text(TermFields(("", "leave", ""), title=("",))) == "sleave"
    assert question_text(TermFields(("",), title=("leave",)), EACH_ONCE) == ""
    assert question_text(TermFields(("", "leave")), EACH_ONCE) == "sleave"
