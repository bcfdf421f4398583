"""All comforts over one Redis and one breaker."""

from pipelines.adapters.memory_rate_budgets import MemoryRateBudgets
from pipelines.adapters.redis_announcements import RedisAnnouncements
from pipelines.adapters.redis_answer_cache import RedisAnswerCache
from pipelines.adapters.redis_link import RedisLink
from pipelines.adapters.redis_rate_budgets import RedisRateBudgets
from pipelines.ports.clock import Clock
from pipelines.ports.comforts import Comforts


def redis_comforts(url: str, clock: Clock, *, installation: str, timeout_s: float, probe_s: float) -> Comforts:
    """
    Return comforts that all processes share; nothing is connected yet.

    Args:
        url: redis:// or rediss://, with a database number.
        clock: of the breaker, and of what is counted here while Redis is away.
        installation: id that the names of all keys begin with.
        timeout_s: longest wait for one reply.
        probe_s: seconds between attempts while Redis is away.

    """
    link = RedisLink(url, clock, timeout_s=timeout_s, probe_s=probe_s)
    return Comforts(
        RedisAnswerCache(link, installation=installation),
        RedisRateBudgets(link, MemoryRateBudgets(clock), installation=installation),
        RedisAnnouncements(link, clock, installation=installation),
        link.close,
    )
