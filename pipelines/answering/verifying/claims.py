"""Which sentences of an answer need evidence, and which withheld ones take more with them than their words."""

import re
from collections.abc import Sequence
from enum import StrEnum

from pipelines.answering.verifying.aligning import Sentence, align
from pipelines.answering.verifying.closed_classes import OPERATORS, SOFT_NEGATIONS, Operator
from pipelines.answering.verifying.preparing import PreparedPassage, prepare
from pipelines.answering.verifying.shapes import EvidencePassage
from pipelines.answering.verifying.tokens import Kind, Token, tokens_of


class SentenceRole(StrEnum):
    """What a sentence is in the answer, as far as its form tells."""

    SENTENCE = "sentence"
    LIST_ITEM = "list_item"
    HEADING = "heading"


_LONGEST_LEAD_IN = 16
_LONGEST_HEADING = 8
_LEAD_IN_WORDS = """
following below here follows these steps conditions rules options points answer summary summarise summarize short
brief says say said states found sources documents details list overview namely example examples
"""
_LEAD_IN = frozenset(_LEAD_IN_WORDS.split())
_CLAIMING = frozenset({Operator.NOT, Operator.ONLY, Operator.ALL, Operator.MUST, Operator.MOST})
_VERB_WORDS = "is are was were be can may must will should shall has have had do does did need needs"
_VERBS = frozenset(_VERB_WORDS.split())
_ASIDES = re.compile(
    r"(?:(?:i'm |i am )?sorry[,.]? (?:but )?)?(?:unfortunately,? )?"
    r"(?:(?:i|we) (?:could|can|did|do|was|were)(?: not|n't|not)(?: able to)?"
    r" (?:find|see|know|answer|say|tell|locate)\b.*"
    r"|(?:the|these|those|my|your) (?:cited |given |available )?"
    r"(?:sources?|documents?|passages?|pages?|knowledge bases?|bases?)"
    r" (?:do|does|did)(?: not|n't) (?:say|mention|contain|cover|answer|state|tell|name|include)\b.*"
    r"|(?:i )?hope (?:this|that) helps"
    r"|(?:please )?let me know if .*"
    r"|(?:here|below) is what .{0,60}(?:says?|states?|found|documents?|sources?|policy|handbook)"
    r"|(?:is there|do you have|would you like|can i|shall i) .*\?)"
    r"[.!:]?",
    re.IGNORECASE,
)
_JOINING = re.compile(
    r"[;:]| (?:but|however|although|though|except|because|since|and|so|while|whereas) ", re.IGNORECASE
)

_CONTRASTING = "but however although though whereas instead rather otherwise unlike yet despite"
_CONTRASTS = frozenset(_CONTRASTING.split())
_CONDITIONING = "if unless except until till provided without excluding only once when before after"
_CONDITIONS = frozenset(_CONDITIONING.split())


def needs_evidence(sentence: str, role: SentenceRole = SentenceRole.SENTENCE) -> bool:
    """
    Say whether a sentence states something that a source must hold.

    False for lead-ins and headings without figure, name or claim, for words about the
    search itself, and where there are no words at all. `Yes.` answers a question, so it
    states something. In doubt True.
    """
    text = " ".join(sentence.split())
    tokens = tokens_of(text)
    words = [token for token in tokens if token.kind is not Kind.MARK]
    if not words:
        return False
    if _names_facts(tokens):
        return True
    if role is SentenceRole.HEADING:
        return len(words) > _LONGEST_HEADING or any(one.word in _VERBS for one in words) or _claims(words)
    if text.endswith(":"):
        return len(words) > _LONGEST_LEAD_IN or _claims(words) or not any(one.word in _LEAD_IN for one in words)
    return _ASIDES.fullmatch(text) is None or _JOINING.search(text.rstrip(":")) is not None


def carries_reservation(sentence: str, passages: Sequence[EvidencePassage]) -> bool:
    """
    Say whether a withheld sentence takes a negation, exception, condition or contrast with it.

    True if it has one itself, or if the part of its passages that comes nearest to it has
    one, or if it is not English: then nobody knows.
    """
    return carries_reservation_prepared(sentence, [prepare(passage) for passage in passages])


def carries_reservation_prepared(sentence: str, passages: Sequence[PreparedPassage]) -> bool:
    """Say the same of passages that were prepared before."""
    taken = Sentence(" ".join(sentence.split()))
    if not taken.is_english or _reserves(taken.tokens):
        return True
    for passage in passages:
        if any(_reserves(passage.units[one].tokens) for one in align(taken, passage).chosen):
            return True
    return False


def _names_facts(tokens: Sequence[Token]) -> bool:
    """Say whether a figure, a date or a name is among these; a capital at the beginning names nothing."""
    if any(token.kind in {Kind.FIGURE, Kind.DATE, Kind.CURRENCY} and not token.weak for token in tokens):
        return True
    return any(token.kind is Kind.WORD and token.capital and not token.first for token in tokens)


def _claims(words: Sequence[Token]) -> bool:
    return any(OPERATORS.get(one.word) in _CLAIMING or one.word in SOFT_NEGATIONS for one in words)


def _reserves(tokens: Sequence[Token]) -> bool:
    return any(
        OPERATORS.get(token.word) is Operator.NOT
        or token.word in _CONTRASTS
        or token.word in _CONDITIONS
        or token.word in SOFT_NEGATIONS
        for token in tokens
    )
