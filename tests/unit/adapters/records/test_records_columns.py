"""Texts that not every database stores."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.adapters.records.columns import FreeText, is_storable
from pipelines.adapters.records.dialects import as_list, listed


TEXTS = st.text(st.one_of(st.characters(exclude_categories=()), st.sampled_from("\x00\ud800\udfff\ufffd")))
TABLE = sa.Table("texts", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("it", FreeText))


@pytest.fixture(scope="module")
def connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as opened:
        TABLE.create(opened)
        yield opened
    engine.dispose()


@given(text=TEXTS)
@example(text="\ud83d\ude00")  # two halves that would make one character
def test_a_free_text_is_stored_with_what_can_be_stored(connection: sa.Connection, text: str) -> None:
    """A sound text comes back as it was; of another one every sound character, in its order, and none is odd."""
    key = connection.execute(TABLE.insert().values(it=text)).lastrowid
    stored = connection.execute(sa.select(TABLE.c.it).where(TABLE.c.id == key)).scalar_one()
    assert is_storable(stored)
    assert (stored == text) == is_storable(text)
    assert [one for one in stored if one != "\ufffd"] == [one for one in text if is_storable(one) and one != "\ufffd"]


@given(texts=st.lists(TEXTS))
def test_a_list_finds_what_it_holds_and_nothing_else(connection: sa.Connection, texts: list[str]) -> None:
    """A text that cannot be stored equals nothing, also not the part before its NUL."""
    found = connection.execute(listed("wanted"), {"wanted": as_list(texts)}).scalars().all()
    assert found == [one for one in texts if is_storable(one)]
