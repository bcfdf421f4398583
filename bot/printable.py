"""
What may be shown of text that somebody else wrote: titles, quotes, paths, messages.

Nothing in such text may move a cursor, colour a screen, ring, or turn the reading
direction of what stands beside it. The stored text stays as it is; JSON carries that.
"""

import re
from urllib.parse import quote


_LINE_ENDS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
# C0 and C1 controls (escape sequences begin with one), the characters that override,
# embed or isolate a writing direction, invisible annotations and tags, lone surrogates.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)
_SPACES = re.compile(r"\s+")
# RFC 3986, reserved and unreserved, and the escape itself.
_URL_CHARACTERS = "!#$%&'()*+,/:;=?@[]~-._"


def lines(text: str) -> tuple[str, ...]:
    """Return the text line by line, without anything that takes effect; at least one line."""
    parts = _LINE_ENDS.split(text)
    return tuple(_UNSAFE.sub("", part).replace("\t", " ") for part in parts)


def flat(text: str) -> str:
    """Return the text as one line, its line ends as blanks."""
    return " ".join(lines(text))


def one_line(text: str) -> str:
    """Return the text as one line: runs of white space are one blank, none at the ends."""
    return _SPACES.sub(" ", flat(text)).strip()


def address(url: str) -> str:
    """Return the address in printable ASCII without blanks; what is neither is percent-encoded."""
    return quote(url.encode("utf-8", "replace"), safe=_URL_CHARACTERS)
