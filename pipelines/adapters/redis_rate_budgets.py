"""Rate budgets in Redis, shared by all processes; counted in this process alone while Redis is away."""

from redis import Redis

from pipelines.adapters.memory_rate_budgets import MemoryRateBudgets, check_tokens
from pipelines.adapters.redis_link import RedisLink
from pipelines.ports.rate_budget import Rate


# The server's own time, so that the clocks of processes need not agree; microseconds, which a double holds exactly.
# Should it go back, nothing comes back until it is where it was. A bucket that is full again is forgotten.
_TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local per_second, burst, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens, at = tonumber(bucket[1]) or burst, tonumber(bucket[2]) or now
tokens = math.min(burst, tokens + math.max(0, now - at) * per_second / 1000000)
if tokens < wanted - 0.000001 then
    return string.format('%.6f', (wanted - tokens) / per_second + 0.000001)
end
tokens = math.max(0, tokens - wanted)
redis.call('HSET', KEYS[1], 'tokens', string.format('%.17g', tokens), 'at', string.format('%.0f', math.max(now, at)))
redis.call('PEXPIRE', KEYS[1], math.ceil((burst - tokens) / per_second * 1000) + 1000)
return '0'
"""


class RedisRateBudgets:
    """`ports.rate_budget.RateBudgets` by one script."""

    def __init__(self, link: RedisLink, local: MemoryRateBudgets, *, installation: str) -> None:
        """
        Take the link; the wiring closes it.

        Args:
            link: the Redis.
            local: counts while Redis is away; it begins with full buckets.
            installation: id that the names of all keys begin with.

        """
        self._link = link
        self._local = local
        self._prefix = f"footnote:{installation}:rate:"

    def take(self, name: str, rate: Rate, tokens: int = 1) -> float:
        """Take tokens, all or none; return the seconds to wait."""
        check_tokens(rate, tokens)
        key = self._prefix + name

        def script(client: Redis) -> float | None:
            # By its text: Redis keeps scripts by their hash, and a restarted one has forgotten it.
            return float(client.eval(_TAKE, 1, key, rate.per_second, rate.burst, tokens))

        wait = self._link.call(script, None)
        return self._local.take(name, rate, tokens) if wait is None else wait
