"""Which texts are computed at once."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.onnx_embedder.embedder import BATCH_TEXTS, BATCH_TOKENS, batches


@given(lengths=st.lists(st.integers(2, 256), max_size=100))
def test_every_text_is_in_one_group(lengths: list[int]) -> None:
    """No text is forgotten and none is computed twice."""
    places = [place for group in batches(lengths) for place in group]
    assert sorted(places) == list(range(len(lengths)))


@given(lengths=st.lists(st.integers(2, 256), max_size=100))
def test_groups_are_small(lengths: list[int]) -> None:
    """A group has one to eight texts and 512 tokens at most, padding included, so memory stays bounded."""
    for group in batches(lengths):
        assert 1 <= len(group) <= BATCH_TEXTS
        assert len(group) * max(lengths[place] for place in group) <= BATCH_TOKENS


def test_groups_are_as_large_as_they_may_be() -> None:
    """Short texts share a computation by eights, long ones by twos, and like lengths go together."""
    assert list(batches([256, 4] * 8 + [256])) == [[1, 3, 5, 7, 9, 11, 13, 15], [0, 2], [4, 6], [8, 10], [12, 14], [16]]


def test_a_text_longer_than_a_group_is_alone() -> None:
    """Whatever the limit, a text has a group."""
    assert list(batches([BATCH_TOKENS + 1, BATCH_TOKENS + 1])) == [[0], [1]]
