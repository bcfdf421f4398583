"""
The words of a typed line: blanks, quotations, and the signs that phones and desktops put in their place.

A quotation begins where a word does, or behind the `=` of an option, and ends with a sign
of its kind, straight or curly, before a blank or the end; a sign that stands twice is meant
once. Inside a word a sign is only a sign, as in don't. A long dash before a letter is the
`--` that was typed. What a word means is `bot.commands.line_verbs`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.domain.values import Value


_SINGLE, _DOUBLE = "'‘’‚‛", '"“”„‟'
_KINDS = {sign: kind for kind in (_SINGLE, _DOUBLE) for sign in kind}
"""A sign of a quotation -> all signs of its kind."""
_DASHES = "–—"
_OPTION = re.compile(rf"(?:--|[{_DASHES}])(?=[^\W\d_])")
_OPTION_BEFORE_VALUE = re.compile(rf"(?:--|[{_DASHES}])[^\W\d_][\w-]*=")
# Controls that are no blanks, and halves of characters: nobody types them, and not every database takes them.
_NOT_TYPED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_HALVES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Word(Value):
    """
    A word, without the signs of its quotation.

    Attributes:
        text: of it; an option begins with `--`, however its dashes were typed.
        quoted: it began with a quotation, and so is no option.

    """

    text: str
    quoted: bool = False

    @property
    def is_option(self) -> bool:
        """Whether it is the name of an option, with or without a value."""
        return not self.quoted and _OPTION.match(self.text) is not None

    @property
    def ends_options(self) -> bool:
        """Whether it says that what follows is no option."""
        return not self.quoted and self.text == "--"


def cleaned(text: str) -> str:
    """Return a line as it may be used: controls as blanks, half characters as U+FFFD, no outer space."""
    return _HALVES.sub("\ufffd", _NOT_TYPED.sub(" ", text)).strip()


def first_word(text: str) -> tuple[str, str]:
    """Return the first word of a line, in lower case, and what follows it."""
    first, *rest = text.split(maxsplit=1) or [""]
    return first.lower(), rest[0] if rest else ""


def words_of(text: str) -> tuple[Word, ...]:
    """
    Return the words of a line.

    Raises:
        ValueError: a quotation has no end.

    """
    return tuple(_words(text))


def written(word: str) -> str:
    """Return a word as it is typed, so that `words_of` reads it as no option and unchanged."""
    plain = word and word[0] not in (*_KINDS, *_DASHES, "-") and not any(char.isspace() for char in word)
    return word if plain else '"' + re.sub(f"[{_DOUBLE}]", lambda sign: sign[0] * 2, word) + '"'


def _words(text: str) -> Iterator[Word]:
    at = _skipped(text, 0)
    while at < len(text):
        option = _OPTION_BEFORE_VALUE.match(text, at)
        start = option.end() if option else at
        before, kind = text[at:start], _KINDS.get(text[start : start + 1])
        value, at = _quotation(text, start + 1, kind) if kind else _unquoted(text, start)
        yield Word(value, quoted=True) if kind and not option else Word(_with_plain_dashes(before + value))
        at = _skipped(text, at)


def _with_plain_dashes(word: str) -> str:
    option = _OPTION.match(word)
    return f"--{word[option.end() :]}" if option else word


def _unquoted(text: str, start: int) -> tuple[str, int]:
    """Return what stands at a place up to the next blank, and where it ends."""
    end = next((at for at in range(start, len(text)) if text[at].isspace()), len(text))
    return text[start:end], end


def _quotation(text: str, start: int, kind: str) -> tuple[str, int]:
    """Return what a quotation says, and where it ends."""
    said: list[str] = []
    at = start
    while at < len(text):
        sign, following = text[at], text[at + 1 : at + 2]
        if sign in kind and (not following or following.isspace()):
            return "".join(said), at + 1
        at += 2 if sign in kind and following == sign else 1
        said.append(sign)
    raise ValueError(text)


def _skipped(text: str, at: int) -> int:
    """Return where the next word begins."""
    return next((here for here in range(at, len(text)) if not text[here].isspace()), len(text))
