"""All comforts in the memory of this process: the embedded default."""

from pipelines.adapters.memory_announcements import MemoryAnnouncements
from pipelines.adapters.memory_answer_cache import MemoryAnswerCache
from pipelines.adapters.memory_rate_budgets import MemoryRateBudgets
from pipelines.ports.clock import Clock
from pipelines.ports.comforts import Comforts


def memory_comforts(clock: Clock, *, max_bytes: int) -> Comforts:
    """Return comforts that no other process shares; `max_bytes` bounds the remembered answers."""
    answers = MemoryAnswerCache(clock, max_bytes=max_bytes)
    return Comforts(answers, MemoryRateBudgets(clock), MemoryAnnouncements(), answers.close)
