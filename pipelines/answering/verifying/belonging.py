"""Do the parts of a sentence belong together in its passage? What two rows say apart is not said of one."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from pipelines.answering.verifying.aligning import Alignment, Sentence
from pipelines.answering.verifying.preparing import PreparedPassage, Unit
from pipelines.answering.verifying.shapes import Reason
from pipelines.answering.verifying.tokens import Token


_FOREIGN_PART = 0.2
"""Share of a sentence that stands in rows which it does not name, from which it mixes rows."""

_MOST_PLACES = 8
_FAR = 4
"""Counted words between two that belong together, at most."""

_ITEM_SAID = 0.7
_LEAD_SAID = 0.6
_EXAMPLES = frozenset({"include", "includes", "including", "example", "such", "among", "some", "like", "partly"})


def rows_mixed(sentence: Sentence, passage: PreparedPassage, alignment: Alignment) -> Iterator[Reason]:
    """Yield if a sentence names one row or labelled item and says of it what another one holds."""
    if not alignment.chosen:
        return
    labelled = [unit for unit in passage.units if unit.label]
    named = [unit for unit in labelled if unit.label <= sentence.weights.keys() and not unit.label <= passage.outer]
    if not named or len(named) == len(labelled):
        return
    own = passage.outer.union(*(unit.keys | unit.around for unit in named))
    for other in labelled:
        if any(other is unit or other.is_row != unit.is_row for unit in named) or other.label & own == other.label:
            continue
        foreign = sum(weight for key, weight in sentence.weights.items() if key in other.keys and key not in own)
        if foreign > max(_FOREIGN_PART * sentence.total, 0.9):
            yield Reason.MIXED_ROWS
            return


def words_astray(sentence: Sentence, passage: PreparedPassage, alignment: Alignment) -> bool:
    """Say whether a word of a sentence stands in its units far from both words beside which the sentence puts it."""
    if sentence.is_long:
        return True
    places = [_places(passage.units[one].tokens) for one in alignment.chosen if not passage.units[one].is_row]
    words = [token for token in sentence.content if sentence.weights[token.key]]
    for at, token in enumerate(words):
        beside = words[max(0, at - 1) : at] + words[at + 1 : at + 2]
        distances = [_distance(token.key, other.key, places) for other in beside if other.key != token.key]
        if distances and min(distances) > _FAR:
            return True
    return False


def _places(tokens: Sequence[Token]) -> dict[str, list[int]]:
    """Return at which of the counted words of a unit each key stands."""
    found: dict[str, list[int]] = defaultdict(list)
    for at, token in enumerate(one for one in tokens if one.counts):
        if len(found[token.key]) < _MOST_PLACES:
            found[token.key].append(at)
    return found


def _distance(first: str, second: str, places: Sequence[dict[str, list[int]]]) -> int:
    """Return how far two words stand apart at least in one unit; 0 where no unit holds both, and nothing is known."""
    found = [abs(a - b) for one in places if first in one and second in one for a in one[first] for b in one[second]]
    if found:
        return min(found)
    known = any(first in one for one in places) and any(second in one for one in places)
    return _FAR + 1 if known else 0


def list_shortened(sentence: Sentence, passage: PreparedPassage, alignment: Alignment) -> bool:
    """Say whether a sentence tells a list with its lead-in, but not all of its items, and does not say so."""
    if not alignment.chosen or sentence.words & _EXAMPLES:
        return False
    first = passage.units[alignment.chosen[0]]
    if not first.is_item or not first.around:
        return False
    if len(first.around & sentence.weights.keys()) < _LEAD_SAID * len(first.around):
        return False
    items = [unit for unit in passage.units if unit.is_item and unit.around == first.around and unit.keys]
    said = sum(_is_said(unit, sentence) for unit in items)
    return len("ab") <= said < len(items)


def _is_said(unit: Unit, sentence: Sentence) -> bool:
    return len(unit.keys & sentence.weights.keys()) >= _ITEM_SAID * len(unit.keys)
