"""The bounds of remembered answers in memory. Its contract is run elsewhere."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.memory_answer_cache import MemoryAnswerCache
from tests.fakes.manual_clock import ManualClock


ENTRY = 1000
ROOM = 5 * (ENTRY + 400)


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 8000)), max_size=40))
def test_no_sequence_takes_more_room_than_there_is(puts: list[tuple[str, int]]) -> None:
    """Whatever is put, all entries together stay within the bound, and what it counts is what is there."""
    cache = MemoryAnswerCache(ManualClock(), max_bytes=ROOM)
    for key, size in puts:
        cache.put(key, bytes(size), 60)
        assert cache.cost_bytes <= ROOM
        found = cache.get(key)
        assert found is None if size + 400 > ROOM else found == bytes(size)
    held = [cache.get(key) for key in "abcdefgh"]
    assert cache.cost_bytes == sum(len(one) + 400 for one in held if one is not None)


def test_what_was_not_asked_for_the_longest_goes_first() -> None:
    """An entry that is asked for stays; the one that nobody asked for makes room."""
    cache = MemoryAnswerCache(ManualClock(), max_bytes=ROOM)
    for key in "abcde":
        cache.put(key, bytes(ENTRY), 60)
    assert cache.get("a") is not None
    cache.put("f", bytes(ENTRY), 60)
    assert [key for key in "abcdef" if cache.get(key) is None] == ["b"]


def test_an_entry_that_is_too_large_takes_its_place_from_nobody() -> None:
    """It is not kept, what it would replace is gone, and all others stay."""
    cache = MemoryAnswerCache(ManualClock(), max_bytes=ROOM)
    cache.put("a", bytes(ENTRY), 60)
    cache.put("b", bytes(ENTRY), 60)
    cache.put("b", bytes(2 * ROOM), 60)
    assert cache.get("a") == bytes(ENTRY)
    assert cache.get("b") is None


def test_a_closed_cache_is_empty() -> None:
    """Closing forgets everything."""
    cache = MemoryAnswerCache(ManualClock(), max_bytes=ROOM)
    cache.put("a", b"x", 60)
    cache.close()
    assert (cache.get("a"), cache.cost_bytes) == (None, 0)
