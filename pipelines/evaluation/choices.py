"""What an evaluation may choose between. Imports nothing heavy, so that the command line may know it."""

from enum import StrEnum

from pipelines.domain.index_places import Engine


__all__ = ["Engine", "Mode"]


class Mode(StrEnum):
    """How far a question is followed: to what is found, or to its answer."""

    RETRIEVAL = "retrieval"
    ANSWERS = "answers"
