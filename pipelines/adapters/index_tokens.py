"""
What the tokens of all engines have in common, and the way back from them to terms.

A token is the mark of its field and the term, in which characters that an engine does not
keep became `=`, the code in hexadecimal, `=`; `=` itself always does. Of a very long term
the token is `=h` and its hash: it comes back as a mark of that hash, which begins with a
character that no analysed term holds, and whose token is that very token again.
"""

import hashlib
import re
from collections.abc import Callable

from pipelines.ports.chunk_index import TermFields


LONGEST_TERM = 120
"""Characters of a term that is stored as it is."""

MARKS = {"stems": "s", "bigrams": "b", "grams": "g", "title": "t"}
"""Field -> the first character of its tokens."""

_FIELDS = {mark: field for field, mark in MARKS.items()}
_HASHED = "=h"
_HASH_MARK = re.compile("\0([0-9a-f]{64})")
_ESCAPED = re.compile("=([0-9a-f]+)=")


def token(mark: str, term: str, escaped: Callable[[str], str]) -> str:
    """
    Return the token of a term that is not empty.

    Args:
        mark: of its field.
        term: the term, or the mark of a long one's hash.
        escaped: writes what the engine would not keep.

    """
    if len(term) > LONGEST_TERM:
        return mark + _HASHED + hashlib.sha256(term.encode("utf-8", "surrogatepass")).hexdigest()
    known = _HASH_MARK.fullmatch(term)
    return mark + (_HASHED + known[1] if known else escaped(term))


def escape(found: re.Match[str]) -> str:
    """Return a character as it is written in a token."""
    return f"={ord(found[0]):x}="


def terms_in(text: str) -> TermFields:
    """Return the terms of tokens that are joined by blanks, in their order."""
    fields: dict[str, list[str]] = {field: [] for field in MARKS}
    for one in text.split(" "):
        if one:
            fields[_FIELDS[one[0]]].append(_term(one[1:]))
    return TermFields(**{field: tuple(terms) for field, terms in fields.items()})


def _term(escaped: str) -> str:
    if "=" not in escaped:
        return escaped
    if escaped.startswith(_HASHED):
        return "\0" + escaped.removeprefix(_HASHED)
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), escaped)
