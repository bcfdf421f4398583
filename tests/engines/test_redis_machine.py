"""Any course of syncs, roll-backs, changes of rights and questions, remembered in a real Redis."""

from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from pipelines.adapters.redis_comforts import redis_comforts
from pipelines.adapters.system_clock import SystemClock
from pipelines.ports.answer_cache import AnswerCache
from tests.unit.answering.test_caching_machine import RememberedAnswersMachine


pytestmark = [pytest.mark.engines, pytest.mark.losses]


class InRedis(RememberedAnswersMachine):
    """The same machine over a server, under the id of its own records."""

    url: ClassVar[str]

    def cache(self) -> AnswerCache:
        """Return the server's cache."""
        installation = self.base.records.installation
        comforts = redis_comforts(self.url, SystemClock(), installation=installation, timeout_s=10, probe_s=1)
        self.opened.callback(comforts.close)
        return comforts.answers


def test_what_redis_remembers_is_what_a_search_would_say(redis_url: str) -> None:
    """After every step an answer from Redis equals one that is made anew."""
    InRedis.url = redis_url
    bounds = settings(
        max_examples=6, stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    run_state_machine_as_test(InRedis, settings=bounds)
