"""What single characters of a name or a text are: those that cannot be seen, and halves that are none."""

import re
import unicodedata


_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_SURROGATE = re.compile("[\ud800-\udfff]")


def is_unseen(char: str) -> bool:
    """Say whether a character is a control, a format character, a line end or half a character."""
    return unicodedata.category(char) in _UNSEEN


def has_surrogates(text: str) -> bool:
    """Say whether a text holds lone surrogates, as Python keeps bytes that are not UTF-8: it cannot be stored."""
    return not text.isascii() and _SURROGATE.search(text) is not None
