"""Tokens of every engine, read back into terms."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.index_tokens import terms_in
from pipelines.adapters.sqlite_index.tokens import document_columns, token
from pipelines.adapters.weaviate_index.tokens import document_text
from pipelines.ports.chunk_index import TermFields


BLANK = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0"
TERM = st.text(st.characters(exclude_characters=BLANK, exclude_categories=("Zs", "Zl", "Zp")), min_size=1, max_size=140)
FIELDS = st.builds(TermFields, *(st.lists(TERM, max_size=6).map(tuple) for _ in range(4)))


def of_sqlite(terms: TermFields) -> str:
    """Return the tokens in the embedded index, all fields together."""
    return " ".join(document_columns(terms, 1)[:4])


@given(FIELDS)
def test_terms_come_back_from_both_engines(terms: TermFields) -> None:
    """Field, order and number are kept; a term that is too long comes back as the same mark from both."""
    ours, theirs = terms_in(of_sqlite(terms)), terms_in(document_text(terms))
    assert ours == theirs
    for field in ("stems", "bigrams", "grams", "title"):
        pairs = zip(getattr(ours, field), getattr(terms, field), strict=True)
        assert [one for one, other in pairs if one != other and len(other) <= 120] == []


@given(st.lists(st.one_of(st.text("ab9_~é", max_size=140), st.text("a Aé\ud800", max_size=3), TERM), max_size=5))
def test_ordinary_terms_are_written_as_each_by_itself(terms: list[str]) -> None:
    """The quick way for terms that need no escape gives the tokens of the way for all others."""
    fields = TermFields((), (), (), tuple(terms))
    assert document_columns(fields, 1)[3] == " ".join(token("t", term) for term in terms if term)


@given(FIELDS)
def test_what_came_back_is_written_as_before(terms: TermFields) -> None:
    """However often a row goes from one engine to the other, its tokens are those of its first writing."""
    for tokens in (of_sqlite, document_text):
        assert tokens(terms_in(tokens(terms))) == tokens(terms)
    assert document_text(terms_in(of_sqlite(terms))) == document_text(terms)
    assert of_sqlite(terms_in(document_text(terms))) == of_sqlite(terms)
