"""Which of the weighed sentences are shown: one stretch of text, or the best ones until they suffice."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.answering.extracting.rivals import are_rivals, is_named
from pipelines.answering.extracting.shapes import Role
from pipelines.answering.extracting.weighing import Weighed, WeighedQuestion
from pipelines.answering.extracting.whole_tables import whole_table
from pipelines.answering.extracting.wording import (
    announces,
    asks_for_all,
    asks_for_more_than_a_fact,
    goes_on,
    is_condition,
    points_back,
)


SENTENCES = 4
"""Sentences at most; a list comes with its lead-in instead."""

ITEMS = 8
"""Items of a list, or rows of a table, at most."""

ENOUGH = 0.8
"""Probability mass at which the best sentences suffice."""

SHARPNESS = 8.0
"""Factor of the scores in the softmax that makes them probabilities."""

CONTINUATION = 0.2
"""Bonus of the sentence that directly follows a chosen one."""

NEAR_DUPLICATE = 0.75
"""Jaccard similarity of stems above which two sentences say the same."""

SAME_SCORE = 0.1
"""Difference of scores below which, of two near-duplicates, the newer document's is shown."""

_POINTING_START = 0.15
_CONNECTED_START = 0.1


def choose(question: WeighedQuestion, *, limit: int = SENTENCES) -> tuple[int, ...]:
    """
    Return the places of the sentences to show, most important first.

    A question that asks for all that a table holds is shown the table. One that asks for
    more than a fact is shown the best sentence and what follows it in its section, a list
    whole. Any other question is shown sentences in order of score until they suffice.

    Args:
        question: the weighed sentences.
        limit: sentences at most, 1..4; a list or table may have eight items.

    """
    if not any(one.offered for one in question.sentences):
        return ()
    text = _Text(question.sentences)
    table = whole_table(question) if asks_for_all(question.asked.text) else ()
    if table:
        return tuple(_with_condition(text, list(table[:ITEMS])))
    if asks_for_more_than_a_fact(question.asked.text):
        return _stretch(text, limit)
    return _best(question, text, limit)


@dataclass(frozen=True, slots=True)
class _Text:
    """The sentences as a text in which one can go forwards and backwards."""

    sentences: Sequence[Weighed]

    def follows(self, at: int, before: int) -> bool:
        """Return whether one sentence stands right after the other in the same section."""
        inside = 0 <= before == at - 1 and at < len(self.sentences)
        return inside and self.sentences[at].sentence.section == self.sentences[before].sentence.section

    def role(self, at: int) -> Role:
        return self.sentences[at].sentence.role

    def says(self, at: int) -> str:
        return self.sentences[at].sentence.text

    def announced(self, at: int) -> list[int]:
        """Return what a sentence that ends in a colon announces: items, rows, or one piece; empty when nothing."""
        if not announces(self.says(at)) or not self.follows(at + 1, at) or announces(self.says(at + 1)):
            return []
        if self.role(at + 1) in (Role.LIST_ITEM, Role.TABLE_ROW):
            return self.group(at + 1)
        return [at + 1]

    def group(self, at: int) -> list[int]:
        """Return the items of the list, or the like rows of the table, around one of them: eight at most."""
        first, last = at, at
        while self._listed(first - 1) and self.follows(first, first - 1):
            first -= 1
        while self._listed(last + 1) and self.follows(last + 1, last):
            last += 1
        own = self.sentences[at].sentence
        group = [
            one
            for one in range(first, last + 1)
            if self.role(one) is own.role and self.sentences[one].sentence.lead == own.lead
        ]
        if own.role is Role.TABLE_ROW:
            best = max(self.sentences[one].coverage for one in group)
            group = [one for one in group if self.sentences[one].coverage >= best]
        start = max(0, group.index(at) - ITEMS // 2) if at in group[ITEMS:] else 0
        return group[min(start, max(0, len(group) - ITEMS)) :][:ITEMS]

    def end_of_list(self, at: int) -> int:
        """Return the last item of the list, or row of the table, that this one stands in; itself elsewhere."""
        while self._listed(at) and self._listed(at + 1) and self.follows(at + 1, at):
            at += 1
        return at

    def _listed(self, at: int) -> bool:
        """Return whether there is a sentence here and it belongs to a list or a table."""
        if not 0 <= at < len(self.sentences):
            return False
        one = self.sentences[at].sentence
        return one.lead is not None or one.role in (Role.LIST_ITEM, Role.TABLE_ROW)


def _stretch(text: _Text, limit: int) -> tuple[int, ...]:
    """Return the best sentence and what follows it."""
    anchor = max(range(len(text.sentences)), key=lambda at: _as_anchor(text, at))
    anchor = max(_twins(text, anchor), key=lambda one: _newness(text, one, anchor))
    if text.role(anchor) in (Role.LIST_ITEM, Role.TABLE_ROW):
        return tuple(_with_condition(text, text.group(anchor)))
    chosen = [anchor]
    if points_back(text.says(anchor)) and text.follows(anchor, anchor - 1) and limit > 1:
        chosen.insert(0, anchor - 1)
    while len(chosen) <= limit:
        announced = text.announced(chosen[-1])
        if announced:
            return tuple(_with_condition(text, chosen + announced))
        following = chosen[-1] + 1
        if len(chosen) == limit or not text.follows(following, chosen[-1]) or text.role(following) is Role.TABLE_ROW:
            break
        chosen.append(following)
    return tuple(chosen)


def _as_anchor(text: _Text, at: int) -> float:
    """Return a sentence's score as the first one shown."""
    one = text.sentences[at]
    penalty = _POINTING_START * points_back(text.says(at)) + _CONNECTED_START * goes_on(text.says(at))
    return one.score - penalty


def _with_condition(text: _Text, chosen: list[int]) -> list[int]:
    """Add the sentence after a list that limits it, if there is one, also where the list's end is not shown."""
    last = text.end_of_list(chosen[-1])
    after = last + 1
    if text.follows(after, last) and text.role(after) is Role.SENTENCE and is_condition(text.says(after)):
        return [*chosen, after]
    return chosen


def _with_announced(text: _Text, chosen: list[int], announced: list[int]) -> tuple[int, ...]:
    """Return the sentences chosen with what the last of them announces; some of it may be chosen already."""
    listed = sum(text.role(one) in (Role.LIST_ITEM, Role.TABLE_ROW) for one in chosen)
    fresh = [one for one in announced if one not in chosen]
    return tuple(dict.fromkeys(_with_condition(text, chosen + fresh[: ITEMS - listed])))


@dataclass(slots=True)
class _Selection:
    """Sentences in the order in which they were chosen."""

    text: _Text
    limit: int
    scores: list[float]
    chances: list[float]
    chosen: list[int] = field(default_factory=list)
    mass: float = 0.0

    @property
    def complete(self) -> bool:
        """Whether nothing more is to be chosen."""
        return self.mass >= ENOUGH or len(self.chosen) >= self.limit or max(self.scores) == -math.inf

    def add(self, at: int) -> None:
        """Choose a sentence, unless it was chosen already or there is no room."""
        self.mass += self.chances[at]
        self.chances[at], self.scores[at] = 0.0, -math.inf
        if at not in self.chosen and len(self.chosen) < self.limit:
            self.chosen.append(at)

    def drop(self, at: int) -> None:
        """Count a sentence as shown, since one that says the same is."""
        self.mass += self.chances[at]
        self.scores[at] = -math.inf


def _best(question: WeighedQuestion, text: _Text, limit: int) -> tuple[int, ...]:
    """Return the best sentences until they suffice, each with what it does not make sense without."""
    scores = [one.score for one in text.sentences]
    best = max(scores)
    chances = [math.exp(SHARPNESS * (score - best)) for score in scores]
    total = sum(chances)
    selection = _Selection(text, limit, scores, [chance / total for chance in chances])
    while not selection.complete:
        at = max(range(len(scores)), key=scores.__getitem__)
        twins = [one for one in _twins(text, at) if scores[one] > -math.inf]
        newest = max(twins, key=lambda one: _newness(text, one, at))
        for twin in twins:
            if twin != newest:
                selection.drop(twin)
        if any(_same(text, newest, one) for one in selection.chosen):
            selection.drop(newest)
            continue
        announced = _add_whole(selection, newest)
        for other in (*_lesser_rows(text, newest), *_lesser_rivals(question, newest)):
            selection.drop(other)
        if announced:
            return _with_announced(text, selection.chosen, announced)
    return tuple(selection.chosen)


def _lesser_rows(text: _Text, at: int) -> list[int]:
    """Return the rows of a row's table that hold less of what is asked: who asks for Bergen wants no other city."""
    own = text.sentences[at]
    if own.sentence.role is not Role.TABLE_ROW:
        return []
    return [
        one for one, other in enumerate(text.sentences) if _same_table(own, other) and other.coverage < own.coverage
    ]


def _lesser_rivals(question: WeighedQuestion, at: int) -> list[int]:
    """Return what says the same of another place, where the question names this one: Portugal is not Germany."""
    own = question.sentences[at]
    return [
        number
        for number, other in enumerate(question.sentences)
        if other.offered and are_rivals(own, other) and is_named(question.asked, own, other)
    ]


def _same_table(one: Weighed, other: Weighed) -> bool:
    first, second = one.sentence, other.sentence
    document = first.source.document_version == second.source.document_version
    return document and second.role is Role.TABLE_ROW and first.lead == second.lead


def _add_whole(selection: _Selection, at: int) -> list[int]:
    """Choose a sentence with what it points back to and what limits it; return what it announces, or its like rows."""
    text = selection.text
    leans = (points_back(text.says(at)) or is_condition(text.says(at))) and text.follows(at, at - 1)
    if leans and len(selection.chosen) + 1 < selection.limit and at - 1 not in selection.chosen:
        selection.add(at - 1)
    selection.add(at)
    if text.announced(at):
        return text.announced(at)
    rows = text.group(at) if text.role(at) is Role.TABLE_ROW else []
    if at in rows and len(rows) > 1:
        # None of them is named by the question: it asks for all.
        return rows
    after = at + 1
    if text.follows(after, at):
        if is_condition(text.says(after)) and text.role(after) is Role.SENTENCE:
            selection.add(after)
        elif selection.scores[after] > -math.inf:
            selection.scores[after] += CONTINUATION
    return []


def _twins(text: _Text, at: int) -> list[int]:
    """Return the offered sentences that say nearly the same as one of them, that one included."""
    return [one for one in range(len(text.sentences)) if text.sentences[one].offered and _same(text, at, one)]


def _same(text: _Text, one: int, other: int) -> bool:
    """Return whether two sentences say nearly the same."""
    first, second = set(text.sentences[one].stems), set(text.sentences[other].stems)
    return one == other or len(first & second) > NEAR_DUPLICATE * len(first | second)


def _newness(text: _Text, twin: int, best: int) -> tuple[str, float]:
    """Order near-duplicates: the newest document's first where they are about as good as the best."""
    one = text.sentences[twin]
    close = text.sentences[best].score - one.score <= SAME_SCORE
    return (one.sentence.source.date or "" if close else "", one.score)
