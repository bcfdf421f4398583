"""What language models are used for where no knowledge base bears it: the number of a person's answers counts alone."""

from collections.abc import Mapping

from pipelines.domain.model_budget import NOTHING, Charge, Limit, Refused, Reservation
from pipelines.ports.model_usage import ModelUsageRecords


class PersonalUsage:
    """`ports.model_usage.ModelUsageRecords` over others, without bases: those that are named are none of theirs."""

    def __init__(self, usage: ModelUsageRecords) -> None:
        """Take what counts persons' answers."""
        self._usage = usage

    def reserve(
        self,
        charges: Mapping[int, Charge],  # noqa: ARG002 - no base bears them
        limits: Mapping[int, Limit],  # noqa: ARG002 - as above
        person: str,
        most_answers: int,
    ) -> Reservation | Refused:
        """Count an answer of a person, if one is left."""
        return self._usage.reserve({}, {}, person, most_answers)

    def settle(
        self,
        reservation: Reservation,
        used: Mapping[int, Charge],  # noqa: ARG002 - no base bears it
        *,
        answered: bool = True,
    ) -> None:
        """Give an answer back that the person did not get."""
        self._usage.settle(reservation, {}, answered=answered)

    def today(self, kb: int) -> Charge:  # noqa: ARG002 - no base is known
        """Return that nothing was used."""
        return NOTHING

    def answers_today(self, person: str) -> int:
        """Return how many answers of a person were counted today."""
        return self._usage.answers_today(person)
