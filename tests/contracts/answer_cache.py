"""What every cache of answers promises. Each subclass names one in its `cache` fixture."""

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.ports.answer_cache import AnswerCache
from tests.examples import examples


Wait = Callable[[float], None]


@pytest.fixture
def key() -> str:
    """Return a key that nobody used."""
    return secrets.token_hex(16)


class AnswerCacheContract:
    """The promises of `pipelines.ports.answer_cache.AnswerCache`; `let_pass` lets its time pass."""

    # Every cache runs this test in a class of its own; that is what the health check warns of.
    @settings(max_examples=examples(50), deadline=None, suppress_health_check=[HealthCheck.differing_executors])
    @given(data=st.binary(max_size=300))
    def test_bytes_come_back_to_any_slot_of_the_key(self, cache: AnswerCache, data: bytes) -> None:
        """What one slot put, another of the same key gets, none at all included."""
        key = secrets.token_hex(16)
        cache.slot(key).put(data, 60)
        assert cache.slot(key).get() == data
        assert cache.slot(key).key == key

    def test_what_was_never_put_is_a_miss(self, cache: AnswerCache, key: str) -> None:
        """A key is empty until something is put under this very key."""
        cache.slot(key + "a").put(b"other", 60)
        assert cache.slot(key).get() is None

    def test_the_last_one_counts(self, cache: AnswerCache, key: str) -> None:
        """Putting again replaces."""
        cache.slot(key).put(b"first", 60)
        cache.slot(key).put(b"second", 60)
        assert cache.slot(key).get() == b"second"

    def test_an_entry_ends_with_its_time(self, cache: AnswerCache, key: str, let_pass: Wait) -> None:
        """After its seconds nothing is remembered."""
        cache.slot(key).put(b"short", 0.3)
        cache.slot(key + "a").put(b"long", 60)
        let_pass(0.4)
        assert cache.slot(key).get() is None
        assert cache.slot(key + "a").get() == b"long"

    def test_one_alone_may_compute(self, cache: AnswerCache, key: str) -> None:
        """Of many slots that ask at once one gets the right, and everybody sees that it is taken."""
        assert not cache.slot(key).taken()
        with ThreadPoolExecutor(8) as pool:
            got = list(pool.map(lambda slot: slot.take(60), [cache.slot(key) for _ in range(32)]))
        assert got.count(True) == 1
        assert cache.slot(key).taken()
        assert not cache.slot(key + "a").taken()

    def test_the_right_is_given_back_by_its_holder_alone(self, cache: AnswerCache, key: str) -> None:
        """Whoever does not hold it gives nothing back; once it is given back it can be taken."""
        holder, other = cache.slot(key), cache.slot(key)
        assert holder.take(60)
        other.release()
        assert not other.take(60)
        holder.release()
        assert other.take(60)
        holder.release()
        assert cache.slot(key).taken()

    def test_the_right_of_a_dead_holder_ends(self, cache: AnswerCache, key: str, let_pass: Wait) -> None:
        """After its seconds the right is free, and its old holder cannot take it from the new one."""
        old, new = cache.slot(key), cache.slot(key)
        assert old.take(0.3)
        let_pass(0.4)
        assert not new.taken()
        assert new.take(60)
        old.release()
        assert new.taken()
