"""Pays for the calls of one written answer: sets aside before, settles after. It decides no price and no budget."""

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from pipelines.answering.prompts import Prompt
from pipelines.domain.answering_rules import AnsweringRules
from pipelines.domain.model_budget import NOTHING, Charge, Limit, Prices, Refused, Reservation, charge_of, split
from pipelines.errors import FootnoteError
from pipelines.ports.model import ModelReply, ModelResting
from pipelines.ports.model_usage import ModelUsageRecords


_FEWEST_CHARS = 2
"""Of a token in most languages: what is set aside for a prompt is seldom too little."""

_CHARS = 4
"""Of a token in English, for servers that do not count."""


@dataclass(slots=True)
class Bill:
    """
    What the calls of an answer took.

    Attributes:
        prices: of the tokens.
        prompt_chars: of the prompt.
        charge: so far.
        answered: whether the person got a written answer.

    """

    prices: Prices
    prompt_chars: int
    charge: Charge = NOTHING
    answered: bool = False

    def count(self, reply: ModelReply) -> None:
        """Add a call that brought a reply."""
        if reply.usage is not None:
            self.charge += charge_of(reply.usage.prompt_tokens, reply.usage.completion_tokens, self.prices)
        else:
            self._guess(len(reply.text))

    def fault(self, fault: FootnoteError) -> None:
        """Add a call that brought none; one that was not made took nothing."""
        if not isinstance(fault, ModelResting):
            self._guess(0)

    def _guess(self, written_chars: int) -> None:
        read, written = math.ceil(self.prompt_chars / _CHARS), math.ceil(written_chars / _CHARS)
        self.charge += charge_of(read, written, self.prices)


class Purse:
    """Budgets of bases and numbers of answers of persons, as they bear on one answer."""

    def __init__(
        self, usage: ModelUsageRecords, *, prices: Prices, answer_tokens: int, answers_per_person: int
    ) -> None:
        """
        Take what is counted where.

        Args:
            usage: counts.
            prices: of the model's tokens.
            answer_tokens: that a model may write.
            answers_per_person: in a day; 0 for any number.

        """
        self._usage = usage
        self._prices = prices
        self._answer_tokens = answer_tokens
        self._answers_per_person = answers_per_person

    def take(
        self, prompt: Prompt, sources: Mapping[int, int], rules: Mapping[int, AnsweringRules], person: str
    ) -> Reservation | Refused:
        """
        Set aside what the calls for a prompt may take.

        Args:
            prompt: that will be sent.
            sources: base -> how many of its sources are its own.
            rules: base -> its rules, which hold its budget.
            person: name of who asks.

        """
        most = charge_of(math.ceil(_chars(prompt) / _FEWEST_CHARS), self._answer_tokens, self._prices)
        limits = {kb: Limit(one.tokens_per_day, one.money_per_day) for kb, one in rules.items()}
        return self._usage.reserve(split(most, sources), limits, person, self._answers_per_person)

    @contextmanager
    def paying(self, taken: Reservation, prompt: Prompt, sources: Mapping[int, int]) -> Iterator[Bill]:
        """Hand out a bill for the calls, and settle it when they are over, however they end."""
        bill = Bill(self._prices, _chars(prompt))
        try:
            yield bill
        finally:
            self._usage.settle(taken, split(bill.charge, sources), answered=bill.answered)


def _chars(prompt: Prompt) -> int:
    return len(prompt.system) + len(prompt.user)
