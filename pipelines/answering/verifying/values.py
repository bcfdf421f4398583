"""Do figures, units, currencies, dates and names of a sentence stand in its passage, beside what they stand beside?"""

from collections.abc import Iterator, Sequence

from pipelines.answering.verifying.aligning import Alignment, Sentence
from pipelines.answering.verifying.closed_classes import SCAFFOLD
from pipelines.answering.verifying.meanings import KINDRED
from pipelines.answering.verifying.names import is_alike_any, of_same_country, stands_for
from pipelines.answering.verifying.preparing import PreparedPassage
from pipelines.answering.verifying.quantities import Quantity
from pipelines.answering.verifying.shapes import Reason
from pipelines.answering.verifying.tokens import Kind, Token


_YEARS = range(1000, 2200)
_CONTEXT = 4
_LISTED = 60
_ROMAN = {"2": "ii", "3": "iii", "4": "iv", "5": "v", "6": "vi", "7": "vii", "8": "viii", "9": "ix"}
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_ORDINAL = {str(number): word for number, word in enumerate(_ORDINALS.split(), start=1)}
_COUNTS = frozenset("23456")
_BINDS_OTHERS, _BINDS_OWN = 0.75, 0.4
_HEADING_LIKE = 0.6
_HEADING_WORDS = 4
_VERB_WORDS = "is are was were has have had will can must may should does did would could"
_VERBS = frozenset(_VERB_WORDS.split())


def values_at_odds(sentence: Sentence, passage: PreparedPassage, alignment: Alignment) -> Iterator[Reason]:
    """Yield why figures, dates and names of a sentence do not fit its passage."""
    yield from _figures(sentence, passage, alignment)
    yield from _dates(sentence, passage, alignment)
    yield from _names(sentence, passage)


def _figures(sentence: Sentence, passage: PreparedPassage, alignment: Alignment) -> Iterator[Reason]:
    if not sentence.quantities:
        return
    for quantity in sentence.quantities:
        same = passage.figures.get(quantity.value, ())
        if not same:
            if not _is_otherwise_said(sentence, quantity, passage):
                yield _reason(sentence, quantity)
            continue
        near = [one for one in same if one[0] in alignment.chosen]
        near = near or [one for one in same if one[0] is None or one[0] in alignment.near]
        if quantity.measure not in passage.measures:
            yield from _unit_at_odds(quantity, [other for _, other in near or same], passage, alignment)
        if not quantity.is_weak and not _is_bound(sentence, quantity, same, passage, alignment):
            yield _reason(sentence, quantity)


def _is_otherwise_said(sentence: Sentence, quantity: Quantity, passage: PreparedPassage) -> bool:
    """Say whether a figure that the passage does not write is another measure, a count of what follows, or Roman."""
    if quantity.is_weak or quantity.measure in passage.measures or _is_counted_off(sentence, quantity, passage):
        return True
    roman = _ROMAN.get(quantity.value)
    if roman and roman in passage.words:
        return True
    before = sentence.tokens[quantity.at - 1] if quantity.at else None
    if quantity.value == "1" and "i" in passage.words and before and before.capital and before.key in passage.keys:
        return True
    if quantity.unit is None and quantity.currency is None and quantity.value in _COUNTS:
        following = sentence.tokens[quantity.at + 1 : quantity.at + _LISTED]
        listed = sum(token.word in {",", "and", "or", ";"} for token in following)
        spelled = not sentence.tokens[quantity.at].word.isdigit()
        return spelled and listed >= int(quantity.value) - 1
    return False


def _is_counted_off(sentence: Sentence, quantity: Quantity, passage: PreparedPassage) -> bool:
    """Say whether the passage counts in words what a figure counts: 4th is the fourth, week two the second week."""
    if _ORDINAL.get(quantity.value.removesuffix("th")) not in passage.words:
        return False
    if quantity.value.endswith("th"):
        return True
    before = sentence.tokens[quantity.at - 1] if quantity.at and quantity.unit is None else None
    return before is not None and before.kind in {Kind.WORD, Kind.UNIT} and before.key in passage.keys


def _reason(sentence: Sentence, quantity: Quantity) -> Reason:
    """Return whether a figure is a date's or an amount."""
    beside = sentence.tokens[max(0, quantity.at - 2) : quantity.at + 3]
    is_year = quantity.value.isdigit() and int(quantity.value) in _YEARS and quantity.unit is None
    dated = any(token.kind is Kind.DATE for token in beside)
    return Reason.DATE if is_year or dated or ":" in quantity.value else Reason.FIGURE


def _unit_at_odds(
    quantity: Quantity, same: Sequence[Quantity], passage: PreparedPassage, alignment: Alignment
) -> Iterator[Reason]:
    """Yield why nothing that a figure counts in the passage is what it counts in the sentence."""
    is_year = quantity.value.isdigit() and int(quantity.value) in _YEARS and quantity.unit == "year"
    if quantity.unit and not is_year and not any(other.unit == quantity.unit for other in same):
        unnamed = any(other.unit is None for other in same)
        if not unnamed or quantity.unit not in alignment.near_keys:
            named = any(other.unit for other in same) or any(other.currency for other in same)
            if named or quantity.unit not in passage.keys:
                yield Reason.UNIT
    if quantity.currency and not any(other.currency == quantity.currency for other in same):
        unnamed = any(other.currency is None for other in same)
        if not unnamed or quantity.currency not in passage.keys:
            yield Reason.CURRENCY
    bounds = {other.bound for other in same}
    if quantity.bound and None not in bounds and quantity.bound not in bounds:
        yield Reason.COMPARATIVE


def _is_bound(
    sentence: Sentence,
    quantity: Quantity,
    same: Sequence[tuple[int | None, Quantity]],
    passage: PreparedPassage,
    alignment: Alignment,
) -> bool:
    """Say whether a figure stands in the passage among the words that it stands among in the sentence."""
    if any(unit is None for unit, _ in same) or not alignment.chosen:
        return True
    if any(quantity.value in passage.units[number].around for number in alignment.chosen):
        return True
    around = sentence.tokens[max(0, quantity.at - _CONTEXT) : quantity.at + 1 + _CONTEXT]
    context = {token.key for token in around if token.kind is Kind.WORD and token.key in passage.keys}
    context -= passage.outer
    if len(context) <= 1:
        return True
    holding = max(_share(context, _neighbourhood(passage, unit)) for unit, _ in same if unit is not None)
    best = max(_share(context, _neighbourhood(passage, number)) for number in alignment.chosen)
    return not (best >= _BINDS_OTHERS and holding <= _BINDS_OWN)


def _neighbourhood(passage: PreparedPassage, number: int) -> frozenset[str]:
    unit = passage.units[number]
    return unit.keys | unit.around


def _share(context: set[str], keys: frozenset[str]) -> float:
    return len(context & keys) / len(context)


def _dates(sentence: Sentence, passage: PreparedPassage, alignment: Alignment) -> Iterator[Reason]:
    for token in sentence.content:
        if token.kind is Kind.DATE:
            elsewhere = token.key in passage.keys and not alignment.is_near
            if token.key not in alignment.near_keys and not elsewhere:
                yield Reason.DATE


def _names(sentence: Sentence, passage: PreparedPassage) -> Iterator[Reason]:
    """Yield once if the sentence names what neither the passage nor what stands around it names."""
    if not (sentence.is_english and passage.is_english):
        return
    words = [token for token in sentence.content if token.kind is Kind.WORD]
    if sum(token.capital for token in words) > max(2.0, _HEADING_LIKE * len(words)) and len(words) >= _HEADING_WORDS:
        return
    for at, token in enumerate(sentence.tokens):
        if token.kind is Kind.WORD and token.capital and token.key not in passage.keys:
            if token.first and not _opens_with_name(sentence.tokens, at, passage):
                continue
            if not (_is_known(token, passage) or _is_parted(sentence.tokens, at, passage)):
                yield Reason.NAME
                return


def _opens_with_name(tokens: Sequence[Token], at: int, passage: PreparedPassage) -> bool:
    """Say whether an unknown word that opens a sentence is a name: another capital or a verb follows, and no plural."""
    token = tokens[at]
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following is None or token.word in SCAFFOLD or KINDRED.get(token.key, token.key) in passage.kindred:
        return False
    if token.word.endswith(("s", "ing", "ed", "ly")):
        return False
    return (following.kind is Kind.WORD and following.capital) or following.word in _VERBS


def _is_parted(tokens: Sequence[Token], at: int, passage: PreparedPassage) -> bool:
    """Say whether the passage writes a name and the word beside it as one: Apple Talk, AppleTalk."""
    pairs = (tokens[max(0, at - 1) : at + 1], tokens[at : at + 2])
    return any("".join(one.word for one in pair) in passage.words for pair in pairs if len(pair) > 1)


def _is_known(token: Token, passage: PreparedPassage) -> bool:
    """Say whether the passage holds another form of a name, or what its letters stand for."""
    if token.word in SCAFFOLD:
        return True
    if stands_for(token.word, passage.initials) or not passage.words.isdisjoint(of_same_country(token.word)):
        return True
    return token.word[:3] in passage.starts and is_alike_any(token.word, passage.words)
