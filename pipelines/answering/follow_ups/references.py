"""Words that stand for something that the question itself does not name: "it", "that", "used ones", "afterwards"."""

import regex

from pipelines.answering.follow_ups.vocabulary import telling


_FLAGS = regex.VERBOSE | regex.IGNORECASE

_EMPTY_IT = regex.compile(
    r"""\bit\b(?=\s+(?:take|takes|took|cost|costs|need|make|mean)\b.*\bto\b)
      | \b(?:is|was|would|will|be)\s+it\b(?=\s+(?:be\s+)?\w+\s+(?:to|for|that|if)\b)
      | \bit\b(?=\s+(?:is|was|would\sbe)\s+\w+\s+(?:to|for|that|if)\b)""",
    _FLAGS,
)
_PERSONAL = regex.compile(
    r"""\b(?:it|they|them|he|him|she|otherwise|afterwards?|thereafter)\b
      | \b(?:ones?|then|there)\b(?=\s*(?:[,;.?!]|$))
      | \b(?:if\s(?:so|not)|do\sso)\b
      | \b(?:don|doesn|didn|can|won|isn|aren|couldn|haven|hasn|shouldn)['’]t\W*$""",
    _FLAGS,
)
"""What stands for something unless a clause before it in the same question can name that."""

_COUNTED_ONE = regex.compile(
    r"\b(?:number|level|phase|step|day|room|floor|version|tier|type|class|than|to|zero)\s+$", regex.IGNORECASE
)
_POSSESSIVE = regex.compile(r"\b(?:its|their|theirs|his|hers?)\b", regex.IGNORECASE)
_POINTING = regex.compile(
    r"""\b(?:these|those|this)\b
          (?!\s+(?:year|month|week|quarter|morning|afternoon|evening|time|company|chat|bot|days|who|which|that)\b)
      | \b(?:is|are|was|does|do|did|can|could|will|would|has|have|had|should|for|about|of|with|to|on|in|after|before|at
          |from|by|than|if|and|like|do|get|use|lose|exceed|miss)\s+that\b
          (?!\s+(?:i|we|you|they|he|she|it|the|a|an|my|our|all|employees)\b)
      | ^\W*that\b | \bthat\W*$
      | (?<!\b(?:at|by|of|from)\s)\bthe\s+same\b | \b(?:the\s+other\s+(?:one|ones)|another\s+one|in\sthat\scase
          |the\s+(?:first|second|third|last|former|latter)\s+one)\b
      | \b(?:get|go|work|live|from|stay)\s+there\b
      | \bwhich\s+ones?\b(?!\s+of\b)""",
    _FLAGS,
)
_BE = regex.compile(r"\b(?:is|are|was|were|be|been)\s+$", regex.IGNORECASE)
_PLURAL = regex.compile(r"\b\p{L}{3,}(?<!s)s\b")
_CLAUSE = regex.compile(
    r"[,;:.?!]|\b(?:and|but|or|if|when|while|that|because|before|after|so|where|who)\b", regex.IGNORECASE
)


def refers(question: str) -> bool:
    """Return whether a word stands for something that the question itself does not name."""
    if _POINTING.search(question):
        return True
    empty = {found.start() + found[0].lower().rfind("it") for found in _EMPTY_IT.finditer(question)}
    # What names one thing for the first pronoun stands before all others, too: the first decides.
    pronouns = (found for found in _PERSONAL.finditer(question) if found.start() not in empty)
    first = next((found for found in pronouns if not _stands_for_nothing(found, question)), None)
    if first is not None and not _named_in_another_clause(question[: first.start()]):
        return True
    possessive = _POSSESSIVE.search(question)
    return possessive is not None and not telling(question[: possessive.start()])


def _stands_for_nothing(found: "regex.Match[str]", question: str) -> bool:
    """Return whether a word is no pronoun here: the team IT, "level one", "are there", larger "ones"."""
    word, before = found[0], question[: found.start()]
    names_a_team = word == "IT" and not question.isupper()
    counts = word.lower() == "one" and _COUNTED_ONE.search(before) is not None
    exists = word.lower() == "there" and _BE.search(before) is not None
    compares = word.lower() == "ones" and _PLURAL.search(before) is not None
    return names_a_team or counts or exists or compares


def _named_in_another_clause(before: str) -> bool:
    """Return whether a clause that ended before a pronoun can hold what it stands for."""
    boundaries = list(_CLAUSE.finditer(before))
    return bool(boundaries) and bool(telling(before[: boundaries[-1].start()]) or _opens_clause(before))


def _opens_clause(before: str) -> bool:
    """Return whether the sentence begins with a clause such as "If the laptop breaks, …"."""
    return "," in before and bool(telling(before.partition(",")[0]))
