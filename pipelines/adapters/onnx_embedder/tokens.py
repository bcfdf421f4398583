"""Text to token ids, cut off where the model ends. Knows nothing of vectors."""

import re

from tokenizers import Tokenizer


MAX_TOKENS = 256
"""
The model's own limit, the two marks at the ends included. Its tokenizer.json says
128 and pads to it, which is wrong for this model, so both are set here.
"""

FIRST_CUT = 8 * MAX_TOKENS
"""Characters looked at first; 256 tokens of ordinary prose are 1,000 to 1,600 characters."""

_LAST_GAP = re.compile(r"[ \t\n\r][^ \t\n\r]*\Z")
"""Only what the tokenizer surely splits at: it drops control characters that Python counts as white space."""


class Tokens:
    """A tokenizer for one text at a time; safe to share between threads."""

    def __init__(self, definition: str) -> None:
        """Take the text of a tokenizer.json."""
        self._tokenizer = Tokenizer.from_str(definition)
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)

    def ids(self, text: str) -> list[int]:
        """
        Return the text's token ids, at least the two marks and at most 256.

        The result is that of the whole text, but of a long one only as much is read
        as is needed: words never depend on what follows a white space. A lone
        surrogate, which is no character, counts as a question mark.
        """
        cut = FIRST_CUT
        while True:
            head = _head(text, cut)
            ids: list[int] = self._tokenizer.encode(head.encode("utf-8", "replace").decode()).ids
            if len(ids) == MAX_TOKENS or len(head) == len(text):
                return ids
            cut *= 4


def _head(text: str, cut: int) -> str:
    """Return the text's beginning, at most `cut` characters, up to a white space; "" if there is none."""
    if len(text) <= cut:
        return text
    gap = _LAST_GAP.search(text, 0, cut)
    return text[: gap.start()] if gap else ""
