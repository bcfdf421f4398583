"""Which asterisks, underscores and tildes are emphasis, and which of them belong together. It holds no text."""

from dataclasses import dataclass

import regex


_LONGEST = 3
_MOST = 16
_WORD = regex.compile(r"[\p{L}\p{N}\p{M}_]")
# Scripts without blanks emphasise inside what looks like a word.
_SPACELESS = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
_BEGINS = regex.compile(r"""[\p{L}\p{N}\p{S}"'“„‘«‹(\[【［`¿¡&@\#*_~+–—<%-]""")


@dataclass(slots=True)
class Opener:
    """A run of emphasis signs that awaits its end: where it stood in the sentence, None before its first character."""

    sign: str
    position: int | None


class Emphasis:
    """The open emphasis of a block. Bounded: what is beyond the limit is prose."""

    def __init__(self) -> None:
        """Begin a block."""
        self.open: list[Opener] = []

    def opens(self, run: str, before: str, after: str) -> bool:
        """Say whether a run of signs begins emphasis, and remember it if so."""
        if not self._is_sign(run) or not _BEGINS.match(after) or len(self.open) == _MOST:
            return False
        if _WORD.match(before) and (run[0] == "_" or not _SPACELESS.match(before)):
            return False
        self.open.append(Opener(run, None))
        return True

    def closes(self, run: str, before: str, after: str) -> Opener | None:
        """Return the emphasis that a run of signs ends, and forget it; None if it ends none."""
        if not self._is_sign(run) or before.isspace() or not before or (run[0] == "_" and _WORD.match(after)):
            return None
        for index in range(len(self.open) - 1, -1, -1):
            if self.open[index].sign[0] == run[0]:
                return self._taken(index, run)
        return None

    def _taken(self, index: int, run: str) -> Opener | None:
        opener = self.open[index]
        if opener.sign == run:
            return self.open.pop(index)
        if len(opener.sign) > len(run):
            opener.sign = opener.sign[len(run) :]
            return Opener(run, opener.position)
        rest = len(run) - len(opener.sign)
        outer = [one for one in self.open[:index] if one.sign == run[0] * rest]
        if not outer:
            return None
        self.open.remove(outer[-1])
        self.open.remove(opener)
        return outer[-1]

    @staticmethod
    def _is_sign(run: str) -> bool:
        return run == "~~" or (run[0] != "~" and len(run) <= _LONGEST)
