"""A sentence and a passage to a verdict: every check, and what it weighs."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.answering.verifying.aligning import Alignment, Sentence, align, share_of
from pipelines.answering.verifying.belonging import list_shortened, rows_mixed, words_astray
from pipelines.answering.verifying.conditions import condition_dropped, exception_asserted
from pipelines.answering.verifying.differences import Departures, departures
from pipelines.answering.verifying.grounding import source_lacking
from pipelines.answering.verifying.polarity import is_denial_unsaid, polarity_at_odds
from pipelines.answering.verifying.preparing import PreparedPassage
from pipelines.answering.verifying.shapes import Reason, Verdict
from pipelines.answering.verifying.values import values_at_odds
from pipelines.answering.verifying.vouching import is_said_otherwise
from pipelines.domain.values import Value


_ALL = 0.999
_SPAN = 3
"""Units that a quote reaches over, at most."""


@dataclass(frozen=True, slots=True)
class Judgement(Value):
    """
    What one passage says to a sentence.

    Attributes:
        verdict: contradicted, supported or own words.
        reasons: why it is not supported.
        units: first and last unit of the quote; None without any.
        share: how much of the sentence the passage's units hold, 0..1.

    """

    verdict: Verdict
    reasons: tuple[Reason, ...]
    units: tuple[int, int] | None
    share: float


def judge(sentence: Sentence, passage: PreparedPassage) -> Judgement:
    """Judge a sentence by one passage."""
    same = passage.verbatim.get(sentence.plain) if sentence.plain else None
    if same is not None:
        return Judgement(Verdict.SUPPORTED, (), (same, same), 1.0)
    sentence = sentence.measured_as_in(passage)
    alignment = align(sentence, passage)
    departed = tuple(departures(sentence.tokens, passage.units[one].tokens) for one in alignment.chosen)
    reasons = tuple(dict.fromkeys(_contradictions(sentence, passage, alignment, departed)))
    units = _quoted(alignment)
    if reasons:
        return Judgement(Verdict.CONTRADICTED, reasons, units, alignment.share)
    reasons = tuple(_reservations(sentence, passage, alignment, departed))
    return Judgement(Verdict.OWN_WORDS if reasons else Verdict.SUPPORTED, reasons, units, alignment.share)


def _contradictions(
    sentence: Sentence, passage: PreparedPassage, alignment: Alignment, departed: tuple[Departures, ...]
) -> Iterator[Reason]:
    for one in departed:
        yield from one.reasons
    yield from values_at_odds(sentence, passage, alignment)
    if not alignment.chosen and sentence.is_english and passage.is_english and sentence.total:
        yield Reason.NO_SOURCE
    if sentence.is_long or not alignment.chosen:
        return
    yield from polarity_at_odds(sentence, passage, alignment)
    yield from condition_dropped(sentence, passage, alignment)
    yield from exception_asserted(sentence, passage, alignment)
    yield from rows_mixed(sentence, passage, alignment)
    yield from source_lacking(sentence, passage, alignment)


def _reservations(
    sentence: Sentence, passage: PreparedPassage, alignment: Alignment, departed: tuple[Departures, ...]
) -> Iterator[Reason]:
    """Yield why a sentence that nothing contradicts is not vouched for."""
    if list_shortened(sentence, passage, alignment):
        yield Reason.LIST_INCOMPLETE
    if not alignment.chosen or _is_reworded(sentence, passage, alignment, departed):
        yield Reason.WORDING


def _is_reworded(
    sentence: Sentence, passage: PreparedPassage, alignment: Alignment, departed: tuple[Departures, ...]
) -> bool:
    """Say whether words are new, stand otherwise than in the best unit, or lack its denial; rows are always retold."""
    if share_of(sentence, alignment.keys) < _ALL:
        return True
    if passage.units[alignment.chosen[0]].is_row:
        return False
    if is_denial_unsaid(sentence, passage.units[alignment.chosen[0]]):
        return True
    if sentence.is_english and is_said_otherwise(sentence, passage, alignment):
        return True
    return departed[0].is_reworded or words_astray(sentence, passage, alignment)


def _quoted(alignment: Alignment) -> tuple[int, int] | None:
    """Return the units from the first to the last chosen, or the best alone where they lie far apart."""
    if not alignment.chosen:
        return None
    first, last = min(alignment.chosen), max(alignment.chosen)
    best = alignment.chosen[0]
    return (first, last) if last - first < _SPAN else (best, best)
