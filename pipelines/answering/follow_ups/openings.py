"""What a person says before the question itself: thanks, "no, I meant", "by the way", "and", "what about"."""

from dataclasses import dataclass

import regex

from pipelines.domain.values import Value


_FLAGS = regex.VERBOSE | regex.IGNORECASE

_SMALL_TALK = regex.compile(
    r"""^\W*(?:(?:
          ok(?:ay)?|(?:no\s)?thanks?(?:\syou)?|thx|great|perfect|cool|got\sit|i\ssee|understood
        | hi|hello|hey|bye|so\smuch|very\smuch|a\slot|that\s(?:helps|helped|was\shelpful)|makes\ssense
        | (?:yes|yeah|yep|no|nope|good|nice|right|alright|sure|super)(?=\s*(?:[,.!;:–—-]|$))
        )\b\W*)+""",
    _FLAGS,
)
_CORRECTION = regex.compile(
    r"""^\W*(?:
          (?:(?:no|nope|sorry|oops|wait|actually|rather|correction)\b(?:(?=\s+(?:i|not)\b)|\s*[,.!;:–—-]+)\s*)+
          (?:i\s+(?:mean|meant)\b[\s,:]*(?:to\s+ask\s+)?)?
        | i\s+(?:mean|meant)\b[\s,:]*
        | i\s+was\s+(?:asking|talking)\s+(?=about\b|for\b)
        )(?:about\b)?""",
    _FLAGS,
)
_CORRECTION_AFTER = regex.compile(r"[\s,]*\b(?:i\s+mean|i\s+meant|rather)\W*$", regex.IGNORECASE)
_CHANGE = regex.compile(
    r"""^\W*(?:(?:an|a|one)\s)?(?:
          (?:another|new|different|other|separate|unrelated)\s(?:question|topic|thing|subject|matter)
        | unrelated|by\sthe\sway|btw|chang(?:e|ing)\s(?:of\s)?(?:the\s)?(?:topic|subject)
        | on\s(?:a|an)\s(?:different|other|another|unrelated)\snote|something\selse
        )\b""",
    _FLAGS,
)
_MORE = regex.compile(
    r"^\W*(?:and\s)?(?:(?:just\s)?one\s(?:more|last)|(?:a\s)?follow[\s-]?up|(?:a\s)?quick)"
    r"(?:\s(?:thing|question))?\s*(?:[,.:;–—-]|$)\s*",
    regex.IGNORECASE,
)
_AND = regex.compile(r"^\W*(?:and|or|but|so|also|then|plus)\b[\s,]*", regex.IGNORECASE)
_ABOUT = regex.compile(
    r"^\W*(?:(?:what|how)\s+about|(?:the\s)?same(?:\s+(?:question|thing))?(?=\s+(?:for|with|in|about)\b))\b\s*",
    regex.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Opened(Value):
    """
    A question without what was said before it.

    Attributes:
        rest: the question itself; empty where nothing is asked.
        joined: it began with "and" or the like.
        about: it began with "what about" or the like.
        corrects: it takes back what was asked before.
        changes_topic: the person said that another topic begins.

    """

    rest: str
    joined: bool = False
    about: bool = False
    corrects: bool = False
    changes_topic: bool = False


def opened(question: str) -> Opened:
    """Return a question without its openings, and which there were."""
    rest, corrects = question.strip(), False
    while True:
        shorter, corrected = _without_talk(rest)
        corrects |= corrected
        if shorter == rest:
            break
        rest = shorter
    if _CHANGE.match(rest):
        return Opened(rest, changes_topic=True)
    before = rest
    rest = _AND.sub("", rest, count=1)
    joined = rest != before
    before = rest
    rest = _ABOUT.sub("", rest, count=1)
    about = rest != before
    return Opened(rest.strip(), joined, about, corrects)


def _without_talk(text: str) -> tuple[str, bool]:
    """Return a text without one thing that is said before a question, and whether that was a correction."""
    for pattern in (_CORRECTION, _CORRECTION_AFTER):
        shorter = pattern.sub("", text, count=1)
        if shorter != text:
            return shorter.strip(), True
    for pattern in (_SMALL_TALK, _MORE):
        shorter = pattern.sub("", text, count=1)
        if shorter != text:
            return shorter.strip(), False
    return text, False
