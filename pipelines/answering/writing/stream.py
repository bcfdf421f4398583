"""
A model's text, as it streams in, to sentences with what they cite. The incremental parser.

It holds back what a mark, a link, a code span or the end of a sentence still depends on, and
nothing else. It checks no sentence against its source and writes no number that is shown.
"""

from typing import Final

import regex

from pipelines.answering.writing.builder import SentenceBuilder
from pipelines.answering.writing.cleaning import END_OF_TEXT, Cleaner
from pipelines.answering.writing.lines import LineHead, LineKind, closes_fence, read_line_head
from pipelines.answering.writing.marks import MORE, between_marks, link_target, read_mark
from pipelines.answering.writing.sentence import Role, WrittenSentence


_CODE_SPAN: Final = 500
"""A code span ends in its line, and within this many characters: otherwise its ticks are prose."""

_RUN = 200
_WORD = regex.compile(r"[\p{L}\p{N}\p{M}]+")
_PLAIN = regex.compile(r"(?:[\p{L}\p{N}\p{M}]*+[,;]? [\p{L}\p{N}\p{M}]+|[-'’][\p{L}\p{N}\p{M}]+)++")
_BLANK = regex.compile(r"[^\S\n]+")
_EMPHASIS = regex.compile(rf"(?:\*{{1,{_RUN}}}|_{{1,{_RUN}}}|~{{1,{_RUN}}})")
_MOST_TICKS = 20
_TICKS = regex.compile(rf"`{{1,{_MOST_TICKS}}}")
_REST_OF_LINE = regex.compile(r"[^\n]+")
_ESCAPABLE = frozenset("*_#[]`|>~")
_MAY_BE_A_MARK = frozenset("[［【(<")
_LONGEST_NESTING = 4


class AnswerStream:
    """
    Parses one answer.

    Whatever the pieces in which a text is fed, all that is given out is the same. A sentence is
    given out when the first character of the next is known that belongs to no mark, so that
    `days. [1]`, `days.[1][2]` and `days [1].` all keep their marks; one that ends with an
    abbreviation, an initial or a day waits for the end of the next word, since that decides.
    Marks that stand alone in a line belong to the sentence, row or line of code before them, marks
    before the first word of a line to that line. Not held back are more than about 2,500 characters
    (the target of a link); a sentence of more than 1,000 is given out in pieces.
    """

    def __init__(self, known: frozenset[int] | int) -> None:
        """Take the numbers that the prompt gave to its sources, or how many from 1 on."""
        self._known = frozenset(range(1, known + 1)) if isinstance(known, int) else known
        self._cleaner = Cleaner()
        self._builder = SentenceBuilder()
        self._buffer = ""
        self._at = 0
        self._in_line = False
        self._in_row = False
        self._after_mark = False
        self._fence: LineHead | None = None
        self._in_code_line = False
        self._ended = False

    def feed(self, text: str) -> tuple[WrittenSentence, ...]:
        """
        Take the next piece of the text.

        Returns:
            The sentences that are complete now, in order; often none.

        Raises:
            ValueError: the text has ended.

        """
        if self._ended:
            raise ValueError("this answer has ended: a new one needs a new AnswerStream")
        return self._read(self._cleaner.feed(text))

    def end(self) -> tuple[WrittenSentence, ...]:
        """Take the end of the text, and return what was held back. Asked again, it returns nothing."""
        if self._ended:
            return ()
        self._ended = True
        return self._read(f"\n{END_OF_TEXT}")

    def _read(self, text: str) -> tuple[WrittenSentence, ...]:
        self._buffer = self._buffer[max(0, self._at - 1) :] + text
        self._at = min(self._at, 1)
        while self._at < len(self._buffer) and self._step():
            pass
        return self._builder.take()

    def _step(self) -> bool:
        """Read one thing; False if the text must go on to tell what it is."""
        if self._buffer[self._at] == END_OF_TEXT:
            self._builder.finish()
            self._at += 1
            return True
        if self._in_line:
            return self._inline()
        return self._line() if self._fence is None else self._code_line(self._fence)

    # Lines

    def _line(self) -> bool:
        head = read_line_head(self._buffer, self._at)
        if head is MORE:
            return False
        match head.kind:
            case LineKind.BLANK:
                self._builder.end_block(blank=True)
            case LineKind.RULE:
                self._builder.end_block(blank=True)
            case LineKind.TABLE_RULE:
                self._builder.make_header()
            case LineKind.FENCE:
                self._builder.end_block()
                self._fence = head
            case _:
                return self._own_line(head)
        self._at = head.end
        return True

    def _own_line(self, head: LineHead) -> bool:
        """Begin a line that has words of its own."""
        builder = self._builder
        match head.kind:
            case LineKind.QUOTE:
                self._at = head.end
                return True
            case LineKind.HEADING:
                builder.begin_block(Role.HEADING)
            case LineKind.TABLE_ROW:
                builder.begin_block(Role.TABLE_ROW)
            case LineKind.LIST_ITEM:
                builder.begin_block(Role.LIST_ITEM, _lead(head))
            case LineKind.FOOTNOTE:
                builder.begin_block(Role.SENTENCE)
                mark = read_mark(f"{head.sign}\n", 0, before="", known=self._known)
                if mark is not None and mark is not MORE:
                    builder.mark(mark)
            case _:
                builder.begin_text(head.indent)
        self._in_row = head.kind is LineKind.TABLE_ROW
        self._in_line = True
        self._at = head.end
        return True

    def _code_line(self, fence: LineHead) -> bool:
        if not self._in_code_line:
            end = closes_fence(self._buffer, self._at, fence.sign)
            if end is MORE:
                return False
            if end is not None:
                self._fence = None
                self._builder.end_block()
                self._at = end + 1
                return True
            if self._buffer[self._at] == "\n":
                self._builder.end_block(blank=True)
                self._at += 1
                return True
            self._builder.begin_block(Role.CODE)
            self._in_code_line = True
        found = _REST_OF_LINE.match(self._buffer, self._at)
        if found is not None:
            self._builder.code(found[0])
            self._at = found.end()
        else:
            self._builder.end_line()
            self._in_code_line = False
            self._at += 1
        return True

    # Inside a line

    def _inline(self) -> bool:
        if self._after_mark:
            end = between_marks(self._buffer, self._at, self._known)
            if end is MORE:
                return False
            self._after_mark = False
            self._at = end or self._at
        char = self._buffer[self._at]
        if self._words(char):
            return True
        if char in _MAY_BE_A_MARK:
            return self._bracket(char)
        if char in "*_~":
            return self._emphasis()
        return self._sign(char)

    def _sign(self, char: str) -> bool:
        match char:
            case "\n":
                self._builder.end_line()
                self._in_line = False
            case "`":
                return self._code_span()
            case "\\":
                return self._escaped()
            case "]":
                return self._closing_bracket()
            case "|" if self._in_row:
                self._builder.cell()
            case _:
                self._builder.sign(char)
        self._at += 1
        return True

    def _words(self, char: str) -> bool:
        """Read a word or a blank; behind a word, all that follows up to a sign that can mean anything."""
        if self._builder.in_plain_word and (found := _PLAIN.match(self._buffer, self._at)) is not None:
            self._builder.plain(found[0])
        elif (found := _WORD.match(self._buffer, self._at)) is not None:
            self._builder.word(found[0])
        elif char != "\n" and (found := _BLANK.match(self._buffer, self._at)) is not None:
            self._builder.blank(len(found[0]))
        else:
            return False
        self._at = found.end()
        return True

    def _bracket(self, char: str) -> bool:
        """Read a mark, or a bracket that is prose."""
        mark = read_mark(self._buffer, self._at, before=self._builder.before, known=self._known)
        if mark is MORE:
            return False
        if mark is not None:
            self._builder.mark(mark)
            self._after_mark = True
            self._at = mark.end
            return True
        if char == "[":
            self._builder.open_bracket()
        else:
            self._builder.sign(char)
        self._at += 1
        return True

    def _closing_bracket(self) -> bool:
        """Read `]` and the target of a link behind it, which is not shown."""
        end = link_target(self._buffer, self._at + 1)
        if end is MORE:
            return False
        if end is None:
            self._builder.close_bracket()
        else:
            self._builder.end_link()
        self._at = end or self._at + 1
        return True

    def _escaped(self) -> bool:
        """Read a backslash: before a sign of Markdown it is not shown."""
        if self._at + 1 == len(self._buffer):
            return False
        following = self._buffer[self._at + 1]
        if following in "[［":
            mark = read_mark(self._buffer, self._at, before=self._builder.before, known=self._known)
            if mark is MORE:
                return False
            if mark is not None:
                self._builder.mark(mark)
                self._after_mark = True
                self._at = mark.end
                return True
        shown = following if following in _ESCAPABLE else "\\"
        self._builder.sign(shown)
        self._at += 2 if shown == following else 1
        return True

    def _emphasis(self) -> bool:
        """Read signs of emphasis: those that belong together are not shown."""
        found = _EMPHASIS.match(self._buffer, self._at)
        run = found[0] if found else ""
        end = self._at + len(run)
        if end == len(self._buffer) and len(run) < _RUN:
            return False
        before = self._buffer[self._at - 1 : self._at] or "\n"
        after = self._buffer[end : end + 1]
        if not self._builder.end_emphasis(run, before, after) and not self._builder.emphasis.opens(run, before, after):
            for char in run:
                self._builder.sign(char)
        self._at = end
        return True

    def _code_span(self) -> bool:
        """Read code between ticks, which are not shown; ticks without their like are prose."""
        found = _TICKS.match(self._buffer, self._at)
        ticks = found[0] if found else ""
        begin = self._at + len(ticks)
        if begin == len(self._buffer) and len(ticks) < _MOST_TICKS:
            return False
        self._builder.announce_code()
        line_end = self._buffer.find("\n", begin, begin + _CODE_SPAN)
        limit = begin + _CODE_SPAN if line_end < 0 else line_end
        closing = regex.compile(rf"(?<!`){ticks}(?!`)").search(self._buffer, begin, limit + 1)
        if closing is None or closing.end() == len(self._buffer):
            if len(self._buffer) <= limit:
                return False
            if closing is None or closing.end() > limit:
                for char in ticks:
                    self._builder.sign(char)
                self._at = begin
                return True
        self._builder.code(self._buffer[begin : closing.start()])
        self._at = closing.end()
        return True


def _lead(head: LineHead) -> str:
    """Return what marks the line of an item: its number, or a bullet, indented as deep as it is nested."""
    sign = head.sign if head.sign[-1] in ".)" else "•"
    return "  " * min(head.indent // 2, _LONGEST_NESTING) + sign + " "
