"""What language models may still be used for today, counted by all processes together."""

from collections.abc import Mapping
from typing import Protocol

from pipelines.domain.model_budget import Charge, Limit, Refused, Reservation


class ModelUsageRecords(Protocol):
    """
    Budgets of bases and numbers of answers of persons, by day in UTC.

    What was set aside counts as used until it is settled. That of a process that died
    counts until the day ends, so that a budget is never overshot. Who a person is is not
    stored: a digest of the name is, for two days at most.
    """

    def reserve(
        self, charges: Mapping[int, Charge], limits: Mapping[int, Limit], person: str, most_answers: int
    ) -> Reservation | Refused:
        """
        Set aside what the calls of one answer may take, whole or not at all.

        However many do so at once, what is set aside and used never exceeds a limit.

        Args:
            charges: base -> the most that they take.
            limits: base -> the most of a day; a base that is not named has none.
            person: name of who asks.
            most_answers: of this person in a day; 0 for any number, which is not counted.

        Returns:
            what to settle; or what there is not enough of, the person's answers first.

        """

    def settle(self, reservation: Reservation, used: Mapping[int, Charge], *, answered: bool = True) -> None:
        """
        Count what was used instead of what was set aside, on the day of the reservation.

        Once for each reservation: one that failed is not tried again, since it may have
        been counted; then all that was set aside counts as used.

        Args:
            reservation: as `reserve` returned it.
            used: base -> what was used, more than was set aside too; a base that is not named used nothing.
            answered: whether the person got a written answer; else it is given back.

        Raises:
            ValueError: a base for which nothing was set aside.

        """

    def today(self, kb: int) -> Charge:
        """Return what a base used or has set aside today."""

    def answers_today(self, person: str) -> int:
        """Return how many answers of a person were counted today."""
