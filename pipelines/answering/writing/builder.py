"""
Words, signs, blanks, marks and line ends, one after the other, to sentences.

It knows when a sentence is over and which marks belong to it; it knows no Markdown and no
mark's form. What it gives out depends on what came, never on the pieces in which a word
or a line of code came.
"""

from typing import Final

import regex

from pipelines.answering.writing.draft import Draft
from pipelines.answering.writing.emphasis import Emphasis
from pipelines.answering.writing.ending import (
    ends_anywhere,
    is_closing,
    is_opening,
    is_over,
    is_over_before,
    may_end,
)
from pipelines.answering.writing.marks import Mark
from pipelines.answering.writing.sentence import Role, WrittenSentence


_WORD_LIMIT = 40
_OPENERS_LIMIT = 8
_HARD_BREAK = 2
_CODE_SIGN: Final = "`"
_SPLIT = frozenset({Role.SENTENCE, Role.LIST_ITEM})
_NO_BLANK_BEFORE = frozenset(".,;:!?…)]}”’»'\"%。、，；：！？）」』】》؟،؛।")
_NEVER_BLANK_BEFORE = frozenset(".,;)")
_SPACELESS = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}。、，；：！？「『（）」』]"
)


class SentenceBuilder:
    """The sentence that is being written, and those that are ready."""

    def __init__(self) -> None:
        """Begin an answer."""
        self.emphasis = Emphasis()
        self._ready: list[WrittenSentence] = []
        self._draft = Draft(Role.SENTENCE, "")
        self._next = Draft(Role.SENTENCE, "")
        self._complete = False
        self._head: list[Mark] = []
        self._at_head = True
        self._in_word = False
        self._gap = ""
        self._gap_at_mark = ""
        self._marked = False
        self._blanks = 0
        self._joint: tuple[int, int] | None = None
        self._strong_line = False

    def take(self) -> tuple[WrittenSentence, ...]:
        """Return the sentences that became ready since it was last asked."""
        ready = tuple(self._ready)
        self._ready.clear()
        return ready

    @property
    def before(self) -> str:
        """The end of what is shown so far, a blank behind it if a blank, a line end or a mark follows."""
        if self._complete or not self._draft.text:
            return ""
        return self._draft.text[-60:] + (" " if self._gap or self._marked else "")

    # What is shown

    def word(self, run: str) -> None:
        """Add letters and digits; together with a word that came directly before they are one word."""
        if not self._in_word:
            self._prepare(run[0], is_word=True)
            self._in_word = True
        self._append(run)
        if self._joint is not None and len(self._draft.text) - self._joint[1] > _WORD_LIMIT + _OPENERS_LIMIT:
            self._settle()
            self._cut()

    @property
    def in_plain_word(self) -> bool:
        """Whether a word was the last that came, and no end of a sentence is open before it."""
        return self._in_word and self._joint is None

    def plain(self, run: str) -> None:
        """Add words behind a word, with what cannot end a sentence between them: as if they came one by one."""
        self._append(run)

    def sign(self, char: str) -> None:
        """Add a character that is no letter, digit or blank."""
        self._in_word = False
        if self._marked and not self._gap and char == "." and self._draft.text.endswith("."):
            return
        self._prepare(char)
        self._append(char)

    def code(self, run: str) -> None:
        """Add text in which nothing has a meaning."""
        self.announce_code()
        self._append(run)
        self._draft.sealed = len(self._draft.text)

    def announce_code(self) -> None:
        """Say that code follows, or the sign that could have begun it: what ends before it is over."""
        self._in_word = False
        self._prepare(_CODE_SIGN)

    def open_bracket(self) -> None:
        """Add `[`, which may turn out to begin a link's text."""
        self.sign("[")
        self._draft.open_bracket()

    def close_bracket(self) -> None:
        """Add `]`."""
        self.sign("]")
        if self._draft.brackets:
            self._draft.brackets.pop()

    def end_link(self) -> None:
        """End a link's text: of its brackets none is shown."""
        self._in_word = False
        self._settle()
        if self._gap or self._marked or not self._draft.unlink(self.emphasis.open):
            self.close_bracket()

    def end_emphasis(self, run: str, before: str, after: str) -> bool:
        """End emphasis with a run of signs; False if it ends none."""
        opener = self.emphasis.closes(run, before, after)
        if opener is None:
            return False
        self._strong_line = opener.position == 0 and len(run) > 1 and not self._complete
        return True

    # What is not

    def blank(self, count: int) -> None:
        """Add white space inside a line."""
        self._in_word = False
        self._settle()
        self._gap = self._gap or " "
        self._blanks += count

    def cell(self) -> None:
        """Add the border between two cells of a row."""
        self._in_word = False
        if self._draft.text and not self._complete:
            self._gap = f"{self._gap.rstrip()} | "

    def mark(self, mark: Mark) -> None:
        """Add a citation: of the sentence so far, or of the line's sentence if it stands at its head."""
        self._in_word = False
        self._settle()
        if self._at_head:
            self._head.append(mark)
        else:
            self._draft.cite(mark)
        if not self._marked:
            self._gap_at_mark = self._gap
            self._marked = True
        elif "|" in self._gap:
            self._gap_at_mark = self._gap
        self._gap = ""
        self._blanks = 0

    # Where lines and blocks begin and end

    def end_line(self) -> None:
        """End a line; the sentence may go on in the next."""
        self._in_word = False
        self._settle()
        hard = self._blanks >= _HARD_BREAK and bool(self._gap)
        self._cite_head()
        if self._complete:
            return
        text = self._draft.text
        if self._draft.role not in _SPLIT or text.endswith((":", "：")) or hard or self._is_strong_line():
            self._close()
        elif text:
            self._gap = "\n"
        self._blanks = 0

    def begin_text(self, indent: int) -> None:
        """Begin a line without a sign of its own: it goes on with a paragraph, or with an item if it is indented."""
        if self._draft.role is Role.LIST_ITEM and not indent:
            self._close()
        self._at_head = True

    def begin_block(self, role: Role, lead: str = "") -> None:
        """Begin a line of its own kind."""
        self._close()
        self._next.role, self._next.lead = role, lead
        self._at_head = True

    def end_block(self, *, blank: bool = False) -> None:
        """End what began before; a blank line may part it from what follows."""
        self._close()
        if blank and self._next.before:
            self._next.before = "\n\n"

    def make_header(self) -> None:
        """Say that the row before was the header of its table."""
        if self._draft.role is Role.TABLE_ROW:
            self._draft.role = Role.TABLE_HEADER
        self.end_block()

    def finish(self) -> None:
        """End the answer."""
        self._close()
        self._cite_head()
        if self._draft.text or self._draft.sources or self._draft.unknown:
            self._give_out(self._draft)
        self._draft = Draft(Role.SENTENCE, "")

    def _cite_head(self) -> None:
        """Let the marks at the head of a line belong to the sentence as it is now."""
        if self._draft.text:
            for mark in self._head:
                self._draft.cite(mark)
            self._head.clear()

    def _is_strong_line(self) -> bool:
        return self._strong_line and not may_end(self._draft.text)

    def _close(self) -> None:
        """End the block: its last sentence waits for marks alone."""
        self._settle()
        draft = self._draft
        if not self._complete:
            self._next.before = "\n" if draft.text else draft.before
            self._complete = True
            draft.restore(self.emphasis.open)
            if draft.role in _SPLIT and draft.text.endswith((":", "：")):
                draft.role = Role.LEAD_IN
            elif draft.role is Role.SENTENCE and self._is_strong_line():
                draft.role = Role.HEADING
        self.emphasis.open.clear()
        self._next.role, self._next.lead = Role.SENTENCE, ""
        self._gap = self._gap_at_mark = ""
        self._marked = self._strong_line = False
        self._blanks = 0

    # Between two characters

    def _append(self, run: str) -> None:
        for opener in self.emphasis.open:
            if opener.position is None:
                opener.position = len(self._draft.text)
        self._draft.text += run
        self._strong_line = False
        if self._joint is None:
            self._cut()

    def _cut(self) -> None:
        while (after := self._draft.cut()) is not None:
            self._go_on_with(after, len(self._draft.text))

    def _prepare(self, first: str, *, is_word: bool = False) -> None:
        """Do what is due before a character is shown: end a sentence, or write the blank."""
        if self._joint is not None and self._goes_on(first, is_word=is_word):
            return
        draft = self._draft
        if self._complete:
            if draft.text:
                self._give_out(draft)
            self._draft = self._next
            self._next = Draft(Role.SENTENCE, "")
            self._complete = False
        elif draft.text and (self._gap or self._marked or ends_anywhere(draft.text)):
            self._join(first, is_word=is_word)
        if self._joint is None:
            for mark in self._head:
                self._draft.cite(mark)
            self._head.clear()
        self._gap = self._gap_at_mark = ""
        self._marked = self._at_head = False
        self._blanks = 0

    def _join(self, first: str, *, is_word: bool) -> None:
        """Write the blank before a character, and see whether a sentence ends there."""
        draft = self._draft
        joint = self._joint_before(first)
        line_cited = joint == "\n" and self._marked
        end = len(draft.text)
        draft.text += joint
        over = self._verdict(end, first, line_cited=line_cited, is_word=is_word)
        if over is None:
            self._joint = (end, end + len(joint))
        elif over:
            self._part(end, end + len(joint))

    def _verdict(self, end: int, first: str, *, line_cited: bool, is_word: bool) -> bool | None:
        draft = self._draft
        text = draft.text[:end]
        if draft.role not in _SPLIT or draft.sealed == end:
            return line_cited and draft.role in _SPLIT and not first.islower()
        if ends_anywhere(text):
            return not is_closing(first) or is_opening(first)
        if not may_end(text):
            return line_cited and not first.islower()
        if not (self._gap or self._marked) or (is_closing(first) and not is_opening(first)):
            return False
        if is_opening(first):
            return None
        return is_over_before(text, first) if is_word else is_over(text, first)

    def _joint_before(self, first: str) -> str:
        """Return what is written between the text and a character, marks having been taken out there."""
        gap, earlier = self._gap, self._gap_at_mark
        if not self._marked or "|" in gap:
            return gap
        if "|" in earlier:
            return earlier
        if "\n" in gap + earlier:
            return "\n"
        if first in _NEVER_BLANK_BEFORE or (not gap and first in _NO_BLANK_BEFORE):
            return ""
        if gap:
            return gap
        return "" if _SPACELESS.match(first) or _SPACELESS.match(self._draft.text[-1]) else " "

    def _goes_on(self, first: str, *, is_word: bool) -> bool:
        """Say whether it stays open if a sentence ended, or settle it."""
        end, begin = self._joint or (0, 0)
        rest = self._draft.text[begin:]
        if all(is_opening(char) for char in rest) and not self._gap and not self._marked:
            if is_word:
                over = is_over_before(self._draft.text[:end], first)
                if over is not None:
                    self._decide(over=over)
                return True
            if is_opening(first) and len(rest) < _OPENERS_LIMIT:
                return True
        self._settle()
        return False

    def _settle(self) -> None:
        """Decide whether a sentence ended now that the word behind it is complete."""
        if self._joint is not None:
            end, begin = self._joint
            following = self._draft.text[begin : begin + _WORD_LIMIT]
            self._decide(over=is_over(self._draft.text[:end], following))

    def _decide(self, *, over: bool) -> None:
        joint = self._joint
        self._joint = None
        if over and joint is not None:
            self._part(*joint)
        for mark in self._head:
            self._draft.cite(mark)
        self._head.clear()

    def _part(self, end: int, begin: int) -> None:
        """Give out the sentence that ends at `end`, and go on with the one at `begin`."""
        self._go_on_with(self._draft.split(end, begin), begin)

    def _go_on_with(self, after: Draft, begin: int) -> None:
        for opener in self.emphasis.open:
            if opener.position is not None:
                opener.position = opener.position - begin if opener.position >= begin else -1
        self._give_out(self._draft)
        self._draft = after

    def _give_out(self, draft: Draft) -> None:
        self._ready.append(draft.written())
