"""Which characters of a model's text may be shown: none that cannot be seen, turns the direction or is half of one."""

import regex

from pipelines.domain.characters import has_surrogates


END_OF_TEXT = "\x03"
"""Stands for the end of a stream. No cleaned text holds it."""

# Letters that join, and pictures that are joined: the only places where an invisible joiner is spelling.
_SCRIPTS = ("Arab", "Beng", "Deva", "Gujr", "Guru", "Knda", "Mlym", "Mong", "Orya", "Sinh", "Syrc", "Taml", "Telu")
_PICTURES = r"\p{Emoji_Presentation}\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f"
_JOINS = "".join(f"\\p{{Script={script}}}" for script in _SCRIPTS) + _PICTURES
# Cf without the Arabic signs that are seen; Hangul fillers, the grapheme joiner, selectors that carry
# no shape here but can carry hidden bytes; what is private, and halves of characters.
_UNSEEN = regex.compile(
    rf"""
      (?<= [{_JOINS}] ) [\u200c\u200d] (*SKIP)(*FAIL)
    | [\u0600-\u0605\u06dd\u070f\u08e2] (*SKIP)(*FAIL)
    | [\p{{Cf}}\p{{Co}}\p{{Cs}}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\uffa0\ufe00-\ufe0d]
    | [\U000e0100-\U000e01ef\ufdd0-\ufdef\ufffe\uffff]
    | [\p{{Cc}}--[\n\t]]
    """,
    regex.VERBOSE | regex.VERSION1,
)
_JOINING = regex.compile(f"[{_JOINS}]")
_LINE_ENDS = str.maketrans(dict.fromkeys("\r\x0b\x0c\x85\u2028\u2029", "\n"))
_FIRST_HALVES = ("\ud800", "\udbff")


class Cleaner:
    """
    Takes out of a stream what nobody can see, whatever the way it is cut.

    Two halves of a character (UTF-16 surrogates) that were sent apart are joined; a lone
    half goes. Every kind of line end becomes a line feed. A zero-width joiner stays behind a
    letter of a script that joins, and inside an emoji; anywhere else it goes.
    """

    def __init__(self) -> None:
        """Start at the beginning of a text."""
        self._half = ""
        self._last = ""

    def feed(self, text: str) -> str:
        """Return what of the text may be shown, as far as it is known."""
        text = self._whole(text)
        if not text:
            return ""
        last, self._last = self._last, text[-1]
        if last == "\r" and text[0] == "\n":
            text = text[1:]
        if text.isascii() and text.isprintable():
            return text
        joined = last if _JOINING.match(last) else ""
        return _UNSEEN.sub("", joined + text.replace("\r\n", "\n").translate(_LINE_ENDS))[len(joined) :]

    def _whole(self, text: str) -> str:
        """Return the text with its halves joined, a last first half held back."""
        text = self._half + text
        self._half = ""
        if text and _FIRST_HALVES[0] <= text[-1] <= _FIRST_HALVES[1]:
            self._half, text = text[-1], text[:-1]
        if not text.isascii() and has_surrogates(text):
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
        return text
