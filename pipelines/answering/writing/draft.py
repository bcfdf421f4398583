"""The sentence that is being written: its text so far, and the places in it that may have to be changed yet."""

from dataclasses import dataclass, field
from typing import Final

import regex

from pipelines.answering.writing.emphasis import Opener
from pipelines.answering.writing.inert import addresses_in
from pipelines.answering.writing.marks import Mark
from pipelines.answering.writing.sentence import Role, WrittenSentence


PIECE_LIMIT: Final = 1_000
"""A sentence beyond this many characters is given out in pieces, cut at a blank where there is one."""

_BRACKETS = 16
_HEADING_END = regex.compile(r"\s+#+$")


@dataclass(slots=True)
class Draft:
    """
    A sentence in the making.

    Attributes:
        text: what is shown of it so far.
        role: what it is.
        before: what stands between it and the sentence before.
        lead: what marks its line in a list.
        sources: the numbers that it cites, as keys.
        unknown: how often it cites a number that is not known.
        brackets: where its open square brackets stand.
        sealed: the length of the text when code was its last part; no sentence ends in code.

    """

    role: Role
    before: str
    lead: str = ""
    text: str = ""
    sources: dict[int, None] = field(default_factory=dict)
    unknown: int = 0
    brackets: list[int] = field(default_factory=list)
    sealed: int = -1

    def cite(self, mark: Mark) -> None:
        """Add what a mark cites."""
        self.sources.update(dict.fromkeys(mark.numbers))
        self.unknown += mark.unknown

    def open_bracket(self) -> None:
        """Remember that the last character opened a bracket."""
        if len(self.brackets) < _BRACKETS:
            self.brackets.append(len(self.text) - 1)

    def unlink(self, openers: list[Opener]) -> bool:
        """Take out the bracket of a link's text, with the `!` of an image; False if none is open."""
        if not self.brackets:
            return False
        at = self.brackets.pop()
        is_image = self.text[at - 1 : at] == "!" and not self.text[at - 2 : at - 1].isalnum()
        first = at - 1 if is_image else at
        self.text = self.text[:first] + self.text[at + 1 :]
        for opener in openers:
            if opener.position is not None and opener.position > first:
                opener.position -= at + 1 - first
        return True

    def restore(self, openers: list[Opener]) -> None:
        """Put back the signs of emphasis that never ended."""
        for opener in sorted(openers, key=lambda one: -1 if one.position is None else one.position, reverse=True):
            if opener.position is not None and opener.position >= 0:
                self.text = self.text[: opener.position] + opener.sign + self.text[opener.position :]

    def split(self, end: int, begin: int) -> "Draft":
        """Keep `text[:end]`, and return the sentence that begins with `text[begin:]`."""
        after = Draft(self.role, self.text[end:begin], text=self.text[begin:])
        after.brackets = [at - begin for at in self.brackets if at >= begin]
        after.sealed = self.sealed - begin
        self.text = self.text[:end]
        self.brackets = []
        return after

    def cut(self) -> "Draft | None":
        """Keep a piece of a text that is too long, and return the rest; None if it is not too long."""
        if len(self.text) <= PIECE_LIMIT:
            return None
        for end in range(PIECE_LIMIT, 0, -1):
            if self.text[end].isspace():
                before = "\n" if self.text[end] == "\n" else " "
                return self._cut(end, end + 1, before)
        # Without a blank between them, two pieces must not make an address when they are joined.
        for end in range(PIECE_LIMIT, PIECE_LIMIT // 2, -1):
            if not self.text[end - 1].isascii():
                return self._cut(end, end, "")
        return self._cut(PIECE_LIMIT, PIECE_LIMIT, "\n")

    def _cut(self, end: int, begin: int, before: str) -> "Draft":
        after = self.split(end, begin)
        after.before = before
        return after

    def written(self) -> WrittenSentence:
        """Return the sentence as it is shown."""
        text = self.text.rstrip() if self.role is Role.CODE else self.text.strip()
        if self.role is Role.HEADING:
            text = _HEADING_END.sub("", text)
        return WrittenSentence(
            text=text,
            sources=tuple(self.sources),
            unknown=self.unknown,
            role=self.role,
            before=self.before,
            lead=self.lead,
            addresses=addresses_in(text),
        )
