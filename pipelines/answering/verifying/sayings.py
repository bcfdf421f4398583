"""What words of closed classes say, and of which words: what is denied, counted, allowed."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.answering.verifying.aligning import content_after, content_before
from pipelines.answering.verifying.closed_classes import OPERATORS, Operator
from pipelines.answering.verifying.tokens import Kind, Token
from pipelines.domain.values import Value


MOST_TOKENS = 600
"""Tokens of a text that are looked at, at most: no sentence is so long."""

_REACH = 6
"""Tokens before which a denial stands, or behind which what is compared follows, at most."""

_COMPARATIVES = "more less later longer fewer earlier higher lower greater matter sooner"
_COMPARING = frozenset(_COMPARATIVES.split())


@dataclass(frozen=True, slots=True)
class Saying(Value):
    """
    A word of a closed class and what it is said of.

    Attributes:
        operator: what it does.
        word: as written.
        at: position of its token.
        after: keys of the two words behind it in its clause.
        before: key of the word before it, or none.
        is_denied: a `not` stands right before or behind it.

    """

    operator: Operator
    word: str
    at: int
    after: tuple[str, ...]
    before: tuple[str, ...]
    is_denied: bool

    def meets(self, other: "Saying") -> bool:
        """Say whether both are said of a common word."""
        return bool(set(self.after) & set(other.after)) or bool(set(self.before) & set(other.before))


def sayings_of(tokens: Sequence[Token]) -> list[Saying]:
    """Return what words of closed classes say, in order."""
    found: list[Saying] = []
    for at, token in enumerate(tokens[:MOST_TOKENS]):
        operator = OPERATORS.get(token.word) if token.kind is Kind.SILENT else None
        if operator and not is_idiom(tokens, at):
            before = tuple(content_before(tokens, at)[-1:])
            beside = (*tokens[max(0, at - 2) : at], *tokens[at + 1 : at + 2])
            denied = any(OPERATORS.get(one.word) is Operator.NOT for one in beside)
            found.append(Saying(operator, token.word, at, tuple(content_after(tokens, at, 2)), before, denied))
    return found


def is_idiom(tokens: Sequence[Token], at: int) -> bool:
    """Say whether a word is part of a phrase that negates or counts nothing: no more than, not only, at most."""
    word = tokens[at].word
    following = tokens[at + 1].word if at + 1 < len(tokens) else ""
    if word in {"no", "not"} and following in _COMPARING and at + 2 < len(tokens) and tokens[at + 2].word == "than":
        return True
    if (word, following) in {
        ("no", "less"),
        ("no", "fewer"),
        ("no", "matter"),
        ("not", "until"),
        ("not", "only"),
        ("not", "just"),
    }:
        return True
    if word == "only" and at and tokens[at - 1].word == "not":
        return True
    return word in {"most", "all"} and at > 0 and tokens[at - 1].word == "at"


def is_denied(tokens: Sequence[Token], at: int) -> bool:
    """Say whether a denial stands shortly before a position in its clause."""
    for place in range(at - 1, max(0, at - _REACH) - 1, -1):
        if tokens[place].kind is Kind.MARK:
            return False
        if OPERATORS.get(tokens[place].word) is Operator.NOT and not is_idiom(tokens, place):
            return True
    return False
