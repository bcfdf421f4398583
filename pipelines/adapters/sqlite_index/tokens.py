"""
Terms to tokens of FTS5, and questions to its query language. The only place that knows either.

A token is the mark of its field and the term, in characters that the `ascii` tokenizer
keeps as they are: a-z, 0-9, `_`, `~`, and everything beyond ASCII. Any other
character becomes `=`, its code in hexadecimal, `=`. Equal tokens mean equal terms.
"""

import re
from collections.abc import Iterable, Sequence
from functools import partial

from pipelines.adapters import index_tokens
from pipelines.ports.chunk_index import TermFields
from pipelines.retrieval.terms import FieldWeights


MAX_TERMS = 100
"""Distinct terms of one field of a question that are searched; what follows is left out."""

EVERY_ROW = "r"
"""A token of every row, beside the one of its rule, in the column that has no weight."""

_SPLIT = re.compile(r"[^a-z0-9_~\x80-\ud7ff\ue000-\U0010ffff]")
_PLAIN = b" abcdefghijklmnopqrstuvwxyz0123456789_~" + bytes(range(0x80, 0x100))
"""What terms may hold, in UTF-8, whose tokens are their marks and themselves."""


def document_columns(terms: TermFields, rule: int) -> tuple[str, str, str, str, str]:
    """Return the columns of a row: tokens joined by blanks; the last one's are `EVERY_ROW` and the rule's."""
    return (
        _column("s", terms.stems),
        _column("b", terms.bigrams),
        _column("g", terms.grams),
        _column("t", terms.title),
        f"{EVERY_ROW} {rule_token(rule)}",
    )


def question_tokens(terms: TermFields, weights: FieldWeights) -> list[str]:
    """
    Return the tokens of a question's terms, of which a row must hold one to be found.

    Empty where there are no stems. A field without weight is not searched.
    """
    if not any(terms.stems):
        return []
    tokens: list[str] = []
    for field, mark in index_tokens.MARKS.items():
        if getattr(weights, field) > 0:
            distinct = [term for term in dict.fromkeys(getattr(terms, field)) if term]
            tokens.extend(token(mark, term) for term in distinct[:MAX_TERMS])
    return tokens


def under_rules(expression: str, rules: Iterable[int]) -> str:
    """Return the query narrowed to rows under one of these rules."""
    return f"({expression}) AND ({any_of(map(rule_token, rules))})"


def any_of(tokens: Iterable[str]) -> str:
    """Return the query for rows that hold any of these tokens."""
    return " OR ".join(f'"{one}"' for one in tokens)


def scored_by(expression: str, tokens: Iterable[str]) -> str:
    """Return the query for the rows of another one, whose scores shall count these tokens as well."""
    return f"({expression}) AND ({any_of([*tokens, EVERY_ROW])})"


def without(tokens: Iterable[str], others: Iterable[str]) -> str:
    """Return the query for rows that hold any of these tokens and none of the others."""
    return f"({any_of(tokens)}) NOT ({any_of(others)})"


def rule_token(rule: int) -> str:
    """Return the token of a rule, as the trigger `row_ruled` writes it, too."""
    return f"r{rule}".replace("-", "_")


def token(mark: str, term: str) -> str:
    """Return the token of a term that is not empty; a very long one becomes its hash."""
    return index_tokens.token(mark, term, partial(_SPLIT.sub, index_tokens.escape))


def _column(mark: str, terms: Sequence[str]) -> str:
    """Return the tokens of a field joined by blanks. Ordinary terms need one look at all of them."""
    text = " ".join(terms)
    if terms and _are_plain(terms, text):
        return mark + text.replace(" ", f" {mark}")
    return " ".join(token(mark, term) for term in terms if term)


def _are_plain(terms: Sequence[str], text: str) -> bool:
    """Say whether each token is its mark and the term; `text` is the terms joined by blanks."""
    try:
        others = text.encode().translate(None, delete=_PLAIN)
    except UnicodeEncodeError:
        return False
    whole = text.count(" ") == len(terms) - 1 and "" not in terms
    return not others and whole and max(map(len, terms)) <= index_tokens.LONGEST_TERM
