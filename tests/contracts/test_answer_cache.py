"""The answer cache's contract, run against the memory of this process."""

from collections.abc import Callable

import pytest

from pipelines.adapters.memory_answer_cache import MemoryAnswerCache
from pipelines.ports.answer_cache import AnswerCache
from tests.contracts.answer_cache import AnswerCacheContract, key
from tests.fakes.manual_clock import ManualClock


__all__ = ["key"]
CLOCK = ManualClock()


class TestMemoryAnswerCache(AnswerCacheContract):
    """The embedded default."""

    @pytest.fixture(scope="class")
    @classmethod
    def cache(cls) -> AnswerCache:
        """Return a cache with room for all of it."""
        return MemoryAnswerCache(CLOCK, max_bytes=1_000_000)

    @pytest.fixture
    def let_pass(self) -> Callable[[float], None]:
        """Return what moves the clock."""
        return CLOCK.advance
