"""Whether a sentence is over at a full stop when only the beginning of what follows is known. No list of its own."""

import regex

from pipelines.retrieval.sentences import split_sentences


_CLOSERS = "\"'”’»›）」』】》〉])}"
_ANYWHERE = frozenset("。！？｡")
_BEFORE_A_BLANK = frozenset(".!?…‽؟۔।॥።፧")
_TAIL = 80
_OPENERS = frozenset("\"'“”‘’«‹„([{¿¡")
# One of each class that the splitter tells apart behind a full stop: a name, a function word, a month.
_PROBES = ("Zzz", "The", "May")
_SPACE = regex.compile(r"\s")


def ends_anywhere(text: str) -> bool:
    """Say whether the text ends with a full stop that needs no blank behind it."""
    return text.rstrip(_CLOSERS)[-1:] in _ANYWHERE if text else False


def may_end(text: str) -> bool:
    """Say whether the text ends with what ends a sentence if a blank and the right word follow."""
    return bool(text) and text.rstrip(_CLOSERS)[-1:] in _BEFORE_A_BLANK | _ANYWHERE


def is_closing(char: str) -> bool:
    """Say whether a character closes what a sentence holds, or ends it once more."""
    return char in _CLOSERS or char in _ANYWHERE or char in _BEFORE_A_BLANK


def is_opening(char: str) -> bool:
    """Say whether a character may stand between a blank and the first word of a sentence."""
    return char in _OPENERS


def is_over(text: str, following: str) -> bool:
    """Say whether a sentence ends with `text` when the whole next word follows."""
    tail = _SPACE.sub(" ", text[-_TAIL:].lstrip())
    return any(end == len(tail) for _, end in split_sentences(f"{tail} {following}"))


def is_over_before(text: str, first: str) -> bool | None:
    """Say the same when only the first character of the next word is known; None if its word must be read."""
    if not first.isalpha() or first.islower():
        return is_over(text, first)
    verdicts = {is_over(text, probe) for probe in _PROBES}
    return verdicts.pop() if len(verdicts) == 1 else None
