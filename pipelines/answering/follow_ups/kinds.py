"""How a question can depend on what came before it. Which of them one is, is told elsewhere."""

from enum import Enum


class Leaning(Enum):
    """How a question depends on what came before."""

    NOT = "stands alone"
    ELLIPSIS = "leaves out what the question before said"
    REFERENCE = "refers to what the question before named"
    NAMED = "names a thing: leans if it was spoken of before, else a topic of its own"
    DEFINITE = "asks about “the” thing: leans if it was spoken of before, else stands alone"
    SMALL_TALK = "asks nothing"
