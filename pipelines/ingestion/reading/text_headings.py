"""Which lines are headings where only the words and the lines around them tell: in plain text, partly in PDFs."""

import re


LONGEST_LABEL = 70
"""Characters of a label at most; what is longer is text."""
_MOST_WORDS = 10
_NUMBERED = re.compile(r"[^\W\d]+ (?:\d{1,3}|[A-Z]|[IVX]{1,5})")
_COLUMNS = re.compile(r"\s{2}|\|")
_NOTICE = re.compile(r"(?i)\(c\)|copyright \d|[©@<]|://")
"""What stands above a text and does not name it: a copyright, an address."""
_SENTENCE_ENDS = (".", "!", "?", ":")
_SHORTEST_TEXT = 80


def is_label(text: str) -> bool:
    """Whether a line can name what follows: short, with a capital, without a sentence's end or a label before text."""
    if len(text) > LONGEST_LABEL or len(text.split()) > _MOST_WORDS or text.endswith((".", ",", ";", "!", "…", ")")):
        return False
    if not text[0].isalpha() or not text[0].isupper():
        return False
    before, colon, _ = text.partition(": ")
    return not colon or before.isupper() or bool(_NUMBERED.fullmatch(before))


def is_underlined(title: str, rule: str) -> bool:
    """
    Whether a rule is the underline of the line above it: one sign, as often as the line has characters.

    One more or less may be a slip. A rule below a sentence, an item of a list or a row
    of columns parts it from what follows.
    """
    if not title[0].isalnum() or title.endswith((".", ",", ";")) or _COLUMNS.search(title):
        return False
    return len(set(rule)) == 1 and abs(len(rule) - len(title)) <= 1


def heads(title: str, text: str) -> bool:
    """
    Whether a line of plain text is the heading of the paragraph below it, whose wrapped lines are joined.

    The line is a label that stands for itself; the paragraph is as long as a line at
    least, begins with a capital and ends a sentence. One with a break that was set, such
    as an address or a poem, has no heading.
    """
    if not is_label(title) or title.endswith((":", "-")) or _COLUMNS.search(title) or _NOTICE.search(title):
        return False
    return len(text) >= _SHORTEST_TEXT and "\n" not in text and text[0].isupper() and text.endswith(_SENTENCE_ENDS)
