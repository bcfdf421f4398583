"""What makes things faster and never right: all of it may be lost at any second."""

from collections.abc import Callable
from dataclasses import dataclass

from pipelines.ports.announcements import Announcements
from pipelines.ports.answer_cache import AnswerCache
from pipelines.ports.rate_budget import RateBudgets


@dataclass(frozen=True, slots=True)
class Comforts:
    """
    The comforts of an installation.

    Attributes:
        answers: where answers are remembered.
        budgets: how often something may be done.
        announcements: short news between processes.
        close: releases connections.

    """

    answers: AnswerCache
    budgets: RateBudgets
    announcements: Announcements
    close: Callable[[], None]
