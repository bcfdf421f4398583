"""What a follow-up takes the place of: in the question that it leans on, and among follow-ups before it."""

from itertools import pairwise, product

import regex

from pipelines.answering.follow_ups.fragments import preposition, without_preposition
from pipelines.answering.follow_ups.openings import opened
from pipelines.answering.follow_ups.vocabulary import telling
from pipelines.retrieval.terms import stem


_NAME = r"(?<=\S\s)\p{Lu}[\p{L}\p{N}'’-]+(?:\s\p{Lu}[\p{L}\p{N}'’-]+)*"
_NAMES = regex.compile(_NAME)
_ONLY_NAME = regex.compile(r"\s*(?:the\s)?\p{Lu}[\p{L}\p{N}'’-]*(?:\s\p{Lu}[\p{L}\p{N}'’-]*)*[\s?.!]*")
_CHOICE = regex.compile(r"\s+\([^()]*\)(?=[\s?.!]*$)")
_NUMBER = regex.compile(r"(?<![\p{L}\p{N}])\p{Sc}?\p{N}+(?:[.,’']\p{N}+)*[%\p{Sc}]?(?![\p{L}\p{N}])")
_ONLY_NUMBER = regex.compile(r"\W*(?:the\s)?[\p{N}.,’'%\p{Sc}]+(?:\s(?:one|policy|version|edition|rules?))?\W*")
_PHRASE_ENDS = r"(?=\s+(?:in|for|with|without|on|at|from|during|after|before|under|per|when|if|and|or)\b|[?.!,;]|$)"
_WORD = regex.compile(r"[\p{L}\p{N}'’-]+")


def without_old(question: str, follow_up: str) -> str:
    """
    Return a question without what a fragment fills anew.

    That is the choice that was picked after a question back; the number, where both have one;
    what follows the same preposition, if the fragment corrects; the word before a word that
    both end in ("annual" leave, "sick" leave); and the name that the fragment's own replaces:
    of two cities after the same preposition, or the only name of the question.
    """
    question, found = _CHOICE.sub("", question), opened(follow_up)
    if _ONLY_NUMBER.fullmatch(without_preposition(found.rest)) and len(_NUMBER.findall(question)) == 1:
        return _closed(_NUMBER.sub("", question))
    said = preposition(found.rest)
    if found.corrects and said:
        shorter = regex.sub(rf"(?i:\s+{regex.escape(said)}\s[^?.!,;]*?{_PHRASE_ENDS})", "", question, count=1)
        if shorter != question and telling(shorter):
            return shorter
    return _without_name(_without_contrast(question, found.rest), follow_up, said)


def replaces(later: str, earlier: str) -> bool:
    """
    Return whether a fragment takes the place of an earlier one.

    "What about Portugal?" replaces "and in Germany?", since both are but a name, and leaves
    "and for part-timers?" alone; "and for Anna?" replaces no place.
    """
    if _is_name(later) and _is_name(earlier):
        first, second = (preposition(opened(one).rest) for one in (later, earlier))
        return first is None or second is None or first == second
    slot = _slot(later)
    return slot == _slot(earlier) and (slot != "about" or _is_name(later) == _is_name(earlier))


def _without_contrast(question: str, rest: str) -> str:
    """Return "advanced leave" for "advanced sick leave" where a fragment says "annual leave"."""
    words = telling(without_preposition(rest))
    spoken = list(_WORD.finditer(question))
    for (modifier, head), (first, second) in product(pairwise(words), pairwise(spoken)):
        old = telling(first[0])
        if old and stem(telling(second[0])) == stem([head]) and stem([modifier])[0] not in stem(telling(question)):
            return _closed(question[: first.start()] + question[second.start() :])
    return question


def _without_name(question: str, follow_up: str, said: str | None) -> str:
    if _NAMES.search(follow_up) is None:
        return question
    if said and said != "if":
        return regex.sub(rf"(?i:\s{said}\s(?:the\s)?){_NAME}", "", question)
    return regex.sub(rf"\s(?:the\s)?{_NAME}", "", question) if len(_NAMES.findall(question)) == 1 else question


def _is_name(follow_up: str) -> bool:
    """Return whether a fragment is nothing but a name after its opening words: "and in Germany?"."""
    return _ONLY_NAME.fullmatch(without_preposition(opened(follow_up).rest)) is not None


def _slot(follow_up: str) -> str:
    """Return what a fragment fills, so that "what about Plus?" replaces "what about Standard?"."""
    found = opened(follow_up)
    return preposition(found.rest) or ("about" if found.about else found.rest.lower())


def _closed(text: str) -> str:
    """Return a text without the double spaces that a dropped word leaves."""
    return regex.sub(r"\s+(?=[?.!,;]|\s)", "", text)
