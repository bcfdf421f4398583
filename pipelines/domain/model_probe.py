"""What one real call of a language model showed."""

from dataclasses import dataclass

from pipelines.domain.values import Value


@dataclass(frozen=True, slots=True)
class ModelProbe(Value):
    """
    One call with the prompt of an answer over one short source.

    Attributes:
        model: name of the model as it is set.
        served_by: name under which the server answered.
        first_s: seconds until its first words.
        whole_s: seconds until its last.
        pieces: in how many its text came; 1 where the server does not stream.
        cites: whether it ended its sentence with the source's number.
        context_tokens: that it can read and write; None where the server does not tell.

    """

    model: str
    served_by: str
    first_s: float
    whole_s: float
    pieces: int
    cites: bool
    context_tokens: int | None
