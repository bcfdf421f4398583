"""Questions that lack what they ask, or what they ask about: "and in Germany?", "which class?", "even for interns?"."""

import regex

from pipelines.answering.follow_ups.kinds import Leaning
from pipelines.answering.follow_ups.openings import Opened
from pipelines.answering.follow_ups.references import refers
from pipelines.answering.follow_ups.vocabulary import GROUPS, LIGHT, NEEDS_OBJECT, RELATIONAL, TIMES, all_in, telling
from pipelines.retrieval.language import question_looks_english


_FLAGS = regex.VERBOSE | regex.IGNORECASE

_SHORT = 3
"""Telling words up to which a thing, a place or a case is no question of its own."""

_LONGER = 6
"""The same where there is no verb at all."""

_ASKING = regex.compile(
    r"""^\W*(?:who|whom|whose|what|which|when|where|why|how|is|are|am|was|were|do|does|did|can|could|will|would|should
        |shall|may|must|has|have|had|explain|describe|list|tell|show|name|compare|give|find|help|please|i|i['’]m|we|my
        |there|it)\b""",
    _FLAGS,
)
_VERB = regex.compile(
    r"""\b(?:is|are|am|was|were|do|does|did|can|cannot|could|will|would|should|shall|may|must|has|have|had|get|gets)\b
      | ['’](?:s|re|m|ve|ll)\b(?=\s) | \b(?:i|you|we|they|he|she)\b""",
    _FLAGS,
)
_PREPOSITION = regex.compile(
    r"""^\W*(?P<preposition>in|for|with|without|on|at|from|as|during|after|before|under|outside|within|abroad|to|by
        |beyond|since|until|between|through|via|towards?|against|near|inside|over|per)\b
        (?!\s+(?:who|whom|what|which|when|where|how)\b)""",
    _FLAGS,
)
_CASE = regex.compile(
    r"""^\W*(?:what\s+)?(?:even\s+|only\s+)?(?:if|unless|although|though|because|in\scase|provided|once|while)\b
      | ^\W*(?:when|where)\s+(?=(?:i|we|you|they|he|she|it|someone|somebody|the|a|an|my|our|your|there)\b)""",
    _FLAGS,
)
_MAIN_CLAUSE = regex.compile(
    r"[,;:.–—]\s*(?:then\s+)?(?=(?:who|whom|what|which|when|where|why|how|is|are|do|does|did|can|could|will|would|should"
    r"|may|must|has|have|i|we|am)\b)",
    regex.IGNORECASE,
)
_QUALIFIER = regex.compile(
    r"""^\W*(?:even|only|just|also|not|no|including|excluding|except|maybe|at\s(?:least|most)|up\sto|plus)\b
      | ^\W*[\p{L}\d'’-]+(?:er|re|ss)\s+than\b | \b(?:too|as\swell|either|instead)\W*$""",
    _FLAGS,
)
_WHICH_OF_THEM = regex.compile(
    r"^\W*(?:(?P<which>which|whose)|what|how\s+(?:many|much|long|often|far|early|late))\b", _FLAGS
)
_ASKED_LATER = regex.compile(r"(?<=\w\W+)(?:who|whom|what|which|where|why|how)\b", regex.IGNORECASE)
_DEFINITE = regex.compile(r"\b(?:the|that|this)\s+((?:[\p{L}\d'’-]+\s+){0,2}?[\p{L}\d'’-]+)", regex.IGNORECASE)
_HEAD_ENDS = regex.compile(
    r"\b(?:of|from|in|for|with|on|at|to|by|about|who|that|which|as)\b|[?.!,;:]", regex.IGNORECASE
)
_WHAT_IF = regex.compile(r"^\W*what\s+if\b", regex.IGNORECASE)
_DIGIT = regex.compile(r"\p{N}")
_PAUSE = regex.compile(r"[,;:](?=\s)")
_LETTER, _LATIN = regex.compile(r"\p{L}"), regex.compile(r"\p{Latin}")
_CAPITAL = regex.compile(r"\p{Lu}[\p{L}\p{N}'’-]*")


def fragment(question: Opened) -> Leaning:
    """Return `ELLIPSIS` or `NAMED` for a question that lacks something, by its form; else `NOT`."""
    rest, words = question.rest, telling(question.rest)
    if not _in_latin_letters(rest):
        return Leaning.NOT
    if all_in(words, LIGHT):
        return Leaning.NOT if refers(rest) else Leaning.ELLIPSIS
    if _MAIN_CLAUSE.search(rest):
        return Leaning.NOT
    return Leaning.ELLIPSIS if _is_case(rest) or _is_prepositional(rest, words) else _bare(question, words)


def _bare(question: Opened, words: tuple[str, ...]) -> Leaning:
    """Return how a question leans that is neither a case nor begins with a preposition."""
    rest = question.rest
    if question.about:
        return Leaning.NOT if _VERB.search(rest) else _spoken_of(rest, words)
    if refers(rest):
        return Leaning.NOT
    if _ASKING.match(rest):
        return Leaning.ELLIPSIS if _lacks_object(rest, words) else Leaning.NOT
    return Leaning.NOT if _VERB.search(rest) else _verbless(question, words)


def _in_latin_letters(text: str) -> bool:
    """Return whether these rules can say anything of a text: they read words between spaces, in Latin letters."""
    letters, latin = len(_LETTER.findall(text)), len(_LATIN.findall(text))
    return latin * 2 >= letters


def speaks_of(question: str) -> frozenset[str]:
    """Return the telling words after "the" in a short question: what it may take up from before."""
    words = telling(question)
    if len(words) > _SHORT:
        return frozenset()
    return frozenset(word for found in _DEFINITE.finditer(question) for word in telling(found[1])) & frozenset(words)


def preposition(question: str) -> str | None:
    """Return the preposition that a question without its openings begins with, in lower case."""
    found = _PREPOSITION.match(question)
    if found:
        return found["preposition"].lower()
    return "if" if _CASE.match(question) else None


def without_preposition(question: str) -> str:
    """Return a question without the preposition that it begins with."""
    found = _PREPOSITION.match(question)
    return question[found.end() :].strip() if found else question


def _is_case(rest: str) -> bool:
    """Return whether a question is nothing but a condition: "if I work part time?"."""
    if not _CASE.match(rest) or _PAUSE.search(rest) or _ASKED_LATER.search(_WHAT_IF.sub("if", rest)):
        return False
    return not _WHAT_IF.match(rest) or len(telling(rest)) <= _SHORT


def _is_prepositional(rest: str, words: tuple[str, ...]) -> bool:
    if not _PREPOSITION.match(rest) or _ASKED_LATER.search(rest):
        return False
    return len(words) <= _SHORT or (len(words) <= _LONGER and not _VERB.search(rest) and question_looks_english(rest))


def _lacks_object(rest: str, words: tuple[str, ...]) -> bool:
    """Return whether a question with an asking word leaves out of what, or what is done to what."""
    if all_in(words, RELATIONAL, LIGHT):
        return True
    which = _WHICH_OF_THEM.match(rest)
    if which and not _VERB.search(rest) and len(words) <= (2 if which["which"] else 1) and not _DIGIT.search(rest):
        return True
    core = [word for word in words if word not in LIGHT]
    return len(core) == 1 and core[0] in NEEDS_OBJECT and rest.lower().rstrip(" ?.!").endswith(core[0])


def _verbless(question: Opened, words: tuple[str, ...]) -> Leaning:
    """Return how a question without verb and asking word leans."""
    rest = question.rest
    if len(words) > _LONGER:
        return Leaning.NOT
    if _QUALIFIER.search(rest):
        return Leaning.ELLIPSIS
    if question.corrects:
        return Leaning.ELLIPSIS
    if _PAUSE.search(rest) or len(words) > (_SHORT if question.joined else _SHORT - 1):
        return Leaning.NOT
    if len(words) == 1 and not question.joined:
        return Leaning.ELLIPSIS if rest.endswith("?") else Leaning.NOT
    return _thing(rest, words)


def _spoken_of(rest: str, words: tuple[str, ...]) -> Leaning:
    """Return how a question leans that says no more than "what about" a thing."""
    kind = _thing(rest, words) if len(words) <= _LONGER else Leaning.NOT
    return Leaning.NOT if kind is Leaning.NAMED and len(words) > _SHORT else kind


def _thing(rest: str, words: tuple[str, ...]) -> Leaning:
    """Return `ELLIPSIS` for what fills a question anew: one word, a group, a time, a name, a number; else `NAMED`."""
    if len(words) == 1:
        return Leaning.ELLIPSIS
    named = without_preposition(rest)
    head = _HEAD_ENDS.split(named, maxsplit=1)[0].split()
    if not head:
        return Leaning.ELLIPSIS
    last = telling(head[-1])
    if all_in(last[-1:], GROUPS, TIMES) or _CAPITAL.fullmatch(head[-1]) or _DIGIT.search(rest):
        return Leaning.ELLIPSIS
    return Leaning.NAMED
