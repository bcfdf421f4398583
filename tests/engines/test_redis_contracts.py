"""Redis keeps the contracts of all comforts."""

import time
from collections.abc import Callable, Iterator

import pytest

from pipelines.adapters.redis_comforts import redis_comforts
from pipelines.adapters.system_clock import SystemClock
from pipelines.ports.announcements import Announcements
from pipelines.ports.answer_cache import AnswerCache
from pipelines.ports.comforts import Comforts
from pipelines.ports.rate_budget import RateBudgets
from tests.contracts.announcements import AnnouncementsContract
from tests.contracts.answer_cache import AnswerCacheContract, key
from tests.contracts.rate_budgets import RateBudgetsContract, name


pytestmark = pytest.mark.engines
__all__ = ["key", "name"]


@pytest.fixture(scope="module")
def comforts(redis_url: str) -> Iterator[Comforts]:
    """All comforts over a real server, with time-outs that no busy machine reaches."""
    made = redis_comforts(redis_url, SystemClock(), installation="contracts", timeout_s=5, probe_s=1)
    yield made
    made.close()


@pytest.fixture
def let_pass() -> Callable[[float], None]:
    """Return what waits: the server's clock is its own."""
    return time.sleep


class TestRedisAnswerCache(AnswerCacheContract):
    """Answers."""

    @pytest.fixture(scope="class")
    @classmethod
    def cache(cls, comforts: Comforts) -> AnswerCache:
        """Return the cache."""
        return comforts.answers


class TestRedisRateBudgets(RateBudgetsContract):
    """Budgets."""

    @pytest.fixture(scope="class")
    @classmethod
    def budgets(cls, comforts: Comforts) -> RateBudgets:
        """Return the budgets."""
        return comforts.budgets


class TestRedisAnnouncements(AnnouncementsContract):
    """Announcements."""

    @pytest.fixture(scope="class")
    @classmethod
    def announcements(cls, comforts: Comforts) -> Announcements:
        """Return the announcements."""
        return comforts.announcements
