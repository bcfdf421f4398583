"""
A question that leans on what was asked before, made to stand alone by rule.

Only the person's own earlier questions are used, never an answer: what the bot said
must not decide what is searched. English; a question in another language stays as it is.
"""

from collections.abc import Sequence
from enum import Enum

import regex

from pipelines.domain.conversation import Turn
from pipelines.retrieval.terms import content_words


CHAIN = 2
"""Earlier follow-ups that are repeated beside the question that they lean on, at most."""

_FRAGMENT_WORDS = 3
"""Content words up to which "what about …" or "for …" is no question of its own."""

_SHORT_WORDS = 2
"""Content words up to which a question that begins with "and" leans on the one before."""


class Leaning(Enum):
    """How a question depends on what came before."""

    NOT = "stands alone"
    ELLIPSIS = "leaves out what the question before said"
    REFERENCE = "refers to what the question before named"
    SMALL_TALK = "asks nothing"


_NAME = r"(?<=\S\s)\p{Lu}[\p{L}\p{N}'’-]+(?:\s\p{Lu}[\p{L}\p{N}'’-]+)*"
_NAMES = regex.compile(_NAME)
_ONLY_NAME = regex.compile(r"\s*(?:the\s)?\p{Lu}[\p{L}\p{N}'’-]*(?:\s\p{Lu}[\p{L}\p{N}'’-]*)*[\s?.!]*")
_CHOICE = regex.compile(r"\s*\([^()]*\)(?=[\s?.!]*$)")
_SMALL_TALK = regex.compile(
    r"""^\W*(?:(?:ok(?:ay)?|thanks?|thank\syou|thx|great|perfect|cool|super|got\sit|i\ssee|hi|hello|hey|bye|yes|no
        |so\smuch|very\smuch|a\slot|that\s(?:helps|helped|was\shelpful))\b\W*)+""",
    regex.VERBOSE | regex.IGNORECASE,
)
_NEW_TOPIC = regex.compile(
    r"^\W*(?:(?:another|new|different|other|separate) (?:question|topic|thing|subject)|by the way|btw"
    r"|changing (?:the )?(?:topic|subject)|on a different note|something else)\b",
    regex.IGNORECASE,
)
_ABOUT = regex.compile(
    r"^\W*(?:(?:and|or|but|so|then|also)\b[\s,]*)*(?:(?:what|how)\s+about|what\s+if|same(?:\s+(?:question|thing))?)\b",
    regex.IGNORECASE,
)
_AND = regex.compile(r"^\W*(?:and|or|but|so|also|then)\b[\s,]*", regex.IGNORECASE)
_ASKING = regex.compile(
    r"""^\W*(?:who|whom|whose|what|which|when|where|why|how|is|are|am|was|were|do|does|did|can|could|will|would|should
        |shall|may|must|has|have|had|explain|describe|list|tell|show|name|compare|give|find|help|please|i|we|my)\b""",
    regex.VERBOSE | regex.IGNORECASE,
)
_PREPOSITION = regex.compile(
    r"""^\W*(?P<preposition>in|for|with|without|on|at|from|as|during|after|before|under|outside|within|abroad|to|by
        |(?:if|when)(?=\s+(?:i|we|you|they|he|she|someone|the|a|an|my|our)\b[^,]*$))\b
        (?!\s+(?:who|whom|what|which|when|where|how)\b)""",
    regex.VERBOSE | regex.IGNORECASE,
)
_VAGUE = frozenset(
    [
        "many",
        "much",
        "long",
        "often",
        "far",
        "more",
        "total",
        "exactly",
        "detail",
        "details",
        "information",
        "else",
        "further",
        "again",
        "tell",
        "explain",
        "continue",
        "go",
        "please",
        "mean",
        "means",
        "happen",
        "happens",
        "happened",
        "one",
        "ones",
        "give",
        "show",
        "example",
        "examples",
        "list",
        "until",
        "since",
    ],
)
"""Words that say nothing of what a question is about."""

_RELATIONAL = frozenset(
    [
        "exception",
        "exceptions",
        "limit",
        "limits",
        "deadline",
        "deadlines",
        "requirement",
        "requirements",
        "restriction",
        "restrictions",
        "condition",
        "conditions",
        "fee",
        "fees",
        "alternative",
        "alternatives",
        "eligible",
        "difference",
        "next",
        "step",
        "steps",
        "catch",
        "mandatory",
        "optional",
        "required",
        "allowed",
    ],
)
"""Words for something that only exists as something of something: "Are there exceptions?" leans."""

_EMPTY_IT = regex.compile(
    r"""\bit\b(?=\s+(?:take|takes|took|cost|costs|need|make|mean)\b.*\bto\b)
      | \b(?:is|was|would|will|be)\s+it\b(?=\s+(?:be\s+)?\w+\s+(?:to|for|that|if)\b)
      | \bit\b(?=\s+(?:is|was|would\sbe)\s+\w+\s+(?:to|for|that|if)\b)""",
    regex.VERBOSE | regex.IGNORECASE,
)
_PERSONAL = regex.compile(r"\b(?:it|they|them|he|him|she)\b", regex.IGNORECASE)
_POSSESSIVE = regex.compile(r"\b(?:its|their|theirs|his|hers?)\b", regex.IGNORECASE)
_POINTING = regex.compile(
    r"""\b(?:these|those|this)\b
          (?!\s+(?:year|month|week|quarter|morning|afternoon|evening|time|company|chat|bot|days|who|which|that)\b)
      | \b(?:is|are|was|does|do|did|can|could|will|would|has|have|should|for|about|of|with|to|on|in|after|before|at|from
          |by|than|if|and|like|do|get|use)\s+that\b(?!\s+(?:i|we|you|they|he|she|it|the|a|an|my|our|all|employees)\b)
      | ^\W*that\b | \bthat\W*$
      | \b(?:the\s+same|the\s+other\s+(?:one|ones)|another\s+one
          |the\s+(?:first|second|third|last|former|latter)\s+one)\b
      | \b(?:get|go|work|live|from|stay)\s+there\b
      | \bwhich\s+ones?\b(?!\s+of\b)""",
    regex.VERBOSE | regex.IGNORECASE,
)
_CLAUSE = regex.compile(
    r"[,;:.]|\b(?:and|but|or|if|when|while|that|because|before|after|so|where|who)\b", regex.IGNORECASE
)


def stand_alone(question: str, turns: Sequence[Turn]) -> str:
    """
    Return the question, with the earlier questions that it leans on.

    A question that stands alone, small talk, a change of topic and a first question are
    returned as they are. A fragment ("and in Germany?") is put behind the last question
    that stood alone, a question with a pronoun ("how do I apply for it?") in front of it.

    Args:
        question: as it was asked.
        turns: earlier exchanges, oldest first.

    """
    kind = leaning(question)
    if kind in (Leaning.NOT, Leaning.SMALL_TALK):
        return question
    context = _context([turn.question for turn in turns], question)
    if not context:
        return question
    own = question.strip()
    parts = [own, *context] if kind is Leaning.REFERENCE else [*context, own]
    return " ".join(_ended(part) for part in parts)


def leaning(question: str) -> Leaning:
    """Return how a question depends on what came before it, from its own words alone."""
    rest = _without_small_talk(question)
    if not rest:
        return Leaning.SMALL_TALK
    if _NEW_TOPIC.match(rest):
        return Leaning.NOT
    if _is_fragment(rest):
        return Leaning.ELLIPSIS
    return Leaning.REFERENCE if _refers(rest) else Leaning.NOT


def _without_small_talk(question: str) -> str:
    """Return what is left of a question after "ok, thanks"; a mere "no" or "hi" leaves nothing."""
    polite = _SMALL_TALK.match(question)
    return question[polite.end() :].strip() if polite else question.strip()


def _is_fragment(question: str) -> bool:
    """Return whether a question lacks what it asks, or what it asks about."""
    words = [word for word in content_words(question) if word not in _VAGUE]
    if not words:
        return not _refers(question)
    if _ABOUT.match(question):
        return len(words) <= _FRAGMENT_WORDS
    opened = _AND.match(question)
    rest = question[opened.end() :] if opened else question
    if _PREPOSITION.match(rest):
        return len(words) <= _FRAGMENT_WORDS
    if _refers(question):
        return False
    if _ASKING.match(rest):
        return all(word in _RELATIONAL for word in words) or (opened is not None and len(words) == 1)
    return (opened is not None and len(words) <= _SHORT_WORDS) or (len(words) == 1 and rest.endswith("?"))


def _refers(question: str) -> bool:
    """Return whether a word stands for something that the question itself does not name."""
    if _POINTING.search(question):
        return True
    empty = {found.start() + found[0].lower().rfind("it") for found in _EMPTY_IT.finditer(question)}
    for found in _PERSONAL.finditer(question):
        names_a_team = found[0] == "IT" and not question.isupper()
        if names_a_team or found.start() in empty:
            continue
        if not _named_in_another_clause(question[: found.start()]):
            return True
    return any(not content_words(question[: found.start()]) for found in _POSSESSIVE.finditer(question))


def _named_in_another_clause(before: str) -> bool:
    """Return whether a clause that ended before a pronoun can hold what it stands for."""
    boundaries = list(_CLAUSE.finditer(before))
    return bool(boundaries) and bool(content_words(before[: boundaries[-1].start()]) or _opens_clause(before))


def _opens_clause(before: str) -> bool:
    """Return whether the sentence begins with a clause such as "If the laptop breaks, …"."""
    return "," in before and bool(content_words(before.partition(",")[0]))


def _context(earlier: Sequence[str], question: str) -> list[str]:
    """Return the last question that stood alone and the follow-ups after it that are not replaced."""
    follow_ups: list[str] = []
    for one in reversed(earlier):
        kind = leaning(one)
        if kind is Leaning.NOT:
            begun = one.strip() if leaning(question) is Leaning.REFERENCE else _without_old(one.strip(), question)
            return [begun, *reversed(follow_ups[:CHAIN])]
        if kind is Leaning.ELLIPSIS and not any(_replaces(other, one) for other in (question, *follow_ups)):
            follow_ups.append(one.strip())
    return []


def _without_old(question: str, fragment: str) -> str:
    """
    Return a question without what a fragment fills anew.

    That is the choice that was picked after a question back, and the name that the fragment's
    own replaces: of two cities after the same preposition, or the only name of the question.
    """
    question = _CHOICE.sub("", question)
    if _NAMES.search(fragment) is None:
        return question
    preposition = _preposition(fragment)
    if preposition:
        return regex.sub(rf"(?i:\s{preposition}\s(?:the\s)?){_NAME}", "", question)
    return regex.sub(rf"\s(?:the\s)?{_NAME}", "", question) if len(_NAMES.findall(question)) == 1 else question


def _replaces(later: str, earlier: str) -> bool:
    """
    Return whether a fragment takes the place of an earlier one.

    "What about Portugal?" replaces "and in Germany?", since both are but a name, and leaves
    "and for part-timers?" alone; "and for Anna?" replaces no place.
    """
    if _is_name(later) and _is_name(earlier):
        first, second = (_preposition(_without_small_talk(one)) for one in (later, earlier))
        return first is None or second is None or first == second
    slot = _slot(later)
    return slot == _slot(earlier) and (slot != "about" or _is_name(later) == _is_name(earlier))


def _is_name(fragment: str) -> bool:
    """Return whether a fragment is nothing but a name after its opening words: "and in Germany?"."""
    rest = _without_small_talk(fragment)
    for opening in (_ABOUT, _AND, _PREPOSITION):
        opened = opening.match(rest)
        rest = rest[opened.end() :] if opened else rest
    return _ONLY_NAME.fullmatch(rest) is not None


def _slot(question: str) -> str:
    """Return what a fragment fills, so that "what about Plus?" replaces "what about Standard?"."""
    question = _without_small_talk(question)
    if _ABOUT.match(question):
        return "about"
    return _preposition(question) or question.strip().lower()


def _preposition(fragment: str) -> str | None:
    """Return the preposition that a fragment begins with, after "and", in lower case."""
    opened = _AND.match(fragment)
    found = _PREPOSITION.match(fragment[opened.end() :] if opened else fragment)
    return found["preposition"].lower() if found else None


def _ended(part: str) -> str:
    """Return a question that ends as a sentence, so that the next one does not run into it."""
    return part if part.endswith(("?", ".", "!", "…")) else f"{part}?"
