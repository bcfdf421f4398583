"""What the parser of a model's text gives out: sentences, what each is, and what it cites. No rule stands here."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pipelines.domain.values import Value


class Role(StrEnum):
    """What a sentence is to the reader."""

    SENTENCE = "sentence"
    LIST_ITEM = "list_item"
    HEADING = "heading"
    LEAD_IN = "lead_in"
    TABLE_HEADER = "table_header"
    TABLE_ROW = "table_row"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class WrittenSentence(Value):
    """
    One sentence of a model's answer, a row of its table, or a line of its code.

    Attributes:
        text: what is shown: plain text, marks and markup taken out. It may hold a line end
            where the model broke a line inside a sentence. Empty for a citation that has no sentence.
        sources: the numbers that it cites, as the prompt gave them, in order of writing, each once.
        unknown: how often it cites a number that the prompt did not give.
        role: what it is.
        before: what stands between it and the sentence before: nothing, a blank, a line end or a blank line.
        lead: what marks its line in a list: "• " or "3. ", indented as it is nested; else empty.
        addresses: everything in `text` that a chat client could take for a link.

    """

    text: str
    sources: tuple[int, ...]
    unknown: int
    role: Role
    before: str
    lead: str
    addresses: tuple[str, ...]


def whole_text(sentences: Iterable[WrittenSentence]) -> str:
    """Return the sentences as one text."""
    return "".join(one.before + one.lead + one.text for one in sentences)
