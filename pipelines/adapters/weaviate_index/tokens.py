"""
Terms to tokens of one searched text, and questions to its query. The only place that knows either.

A token is the mark of its field and the term. Weaviate splits at white space and
compares the rest as it is, so only white space, control characters, lone surrogates
and `=` itself become `=`, the code in hexadecimal, `=`. Equal tokens mean equal terms.
"""

import re
from collections.abc import Sequence
from functools import partial

from pipelines.adapters import index_tokens
from pipelines.ports.chunk_index import TermFields


MAX_TERMS = 100
"""Distinct terms of one field of a question that are searched; what follows is left out."""

_SPLIT = re.compile(r"[\s=\x00-\x20\x7f-\xa0\ud800-\udfff]")
_NOT_PLAIN = re.compile(rf"[^\S ]|[=\x00-\x1f\x7f-\xa0\ud800-\udfff]|[^ ]{{{index_tokens.LONGEST_TERM + 1}}}|^ |  | $")


def document_text(terms: TermFields) -> str:
    """Return the searched text of a row: the tokens of all fields, joined by blanks."""
    return " ".join(filter(None, (_joined(mark, getattr(terms, field)) for field, mark in index_tokens.MARKS.items())))


def question_text(terms: TermFields, times: dict[str, int]) -> str:
    """
    Return the query for rows that hold any term of the question in that term's field.

    Args:
        terms: the question's.
        times: field -> how often each of its terms stands in the query, which is its weight.
            A field with 0 is not searched.

    Returns:
        Empty where there are no stems.

    """
    if not any(terms.stems):
        return ""
    tokens: list[str] = []
    for field, mark in index_tokens.MARKS.items():
        distinct = [term for term in dict.fromkeys(getattr(terms, field)) if term]
        for term in distinct[:MAX_TERMS]:
            tokens.extend([_token(mark, term)] * times[field])
    return " ".join(tokens)


def _joined(mark: str, terms: Sequence[str]) -> str:
    """Return the tokens of a field joined by blanks. Ordinary terms need one look at all of them."""
    text = " ".join(terms)
    if text and text.count(" ") == len(terms) - 1 and not _NOT_PLAIN.search(text):
        return mark + text.replace(" ", f" {mark}")
    return " ".join(_token(mark, term) for term in terms if term)


def _token(mark: str, term: str) -> str:
    """Return the token of a term that is not empty; a very long one becomes its hash."""
    return index_tokens.token(mark, term, partial(_SPLIT.sub, index_tokens.escape))
