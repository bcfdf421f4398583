"""What a second question finds as it was made to stand alone, beside what somebody's own wording of it finds."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from pipelines.adapters.system_clock import SystemClock
from pipelines.answering.components.gather import GatherPassages
from pipelines.answering.stored_texts import StoredTexts
from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Question, Turn
from pipelines.domain.values import Value
from pipelines.retrieval.terms import content_stems
from pipelines.wiring import Footnote
from tests.quality.follow_ups.conversations import Conversation


DEPTH = 5
Rewrite = Callable[[str, tuple[Turn, ...]], str]


@dataclass(frozen=True, slots=True)
class Recall(Value):
    """
    What one text finds among the first five.

    Attributes:
        documents: share of the documents that answer.
        passage: whether a passage holds the quote.

    """

    documents: float
    passage: float


@dataclass(frozen=True, slots=True)
class Scored(Value):
    """
    One conversation, measured.

    Attributes:
        conversation: what was measured.
        rewritten: the second question as it is searched.
        found: by the rewritten question.
        by_hand: found by the hand-written one.
        bare: found by the second question as it was asked.

    """

    conversation: Conversation
    rewritten: str
    found: Recall
    by_hand: Recall
    bare: Recall

    @property
    def carries(self) -> bool:
        """Whether the rewritten question holds a content word of the first one that the second does not hold."""
        one = self.conversation
        added = set(content_stems(self.rewritten)) - set(content_stems(one.second))
        return bool(added & set(content_stems(one.first)))

    @property
    def noticed(self) -> bool:
        """Whether a change of topic was seen as one, or a follow-up as one."""
        return self.carries != self.conversation.topic_change


class Asker:
    """Asks an installation that holds the bases. What was asked once is remembered."""

    def __init__(self, footnote: Footnote) -> None:
        self._footnote = footnote
        self._answers: dict[tuple[str, str], str] = {}

    def score(self, one: Conversation, rewrite: Rewrite) -> Scored:
        """Ask the first question, rewrite the second and search for it."""
        rewritten = rewrite(one.second, (Turn(one.first, self._answer(one.base, one.first)),))
        found, by_hand, bare = (self._recall(one, text) for text in (rewritten, one.stand_alone, one.second))
        return Scored(one, rewritten, found, by_hand, bare)

    @cached_property
    def _gather(self) -> GatherPassages:
        texts = StoredTexts(self._footnote.blobs)
        return GatherPassages(self._footnote.records.evidence, texts, SystemClock())

    def _answer(self, base: str, question: str) -> str:
        key = base, question
        if key not in self._answers:
            self._answers[key] = self._footnote.ask(Question(question, OPERATOR, (base,))).text
        return self._answers[key]

    def _recall(self, one: Conversation, text: str) -> Recall:
        """Return what a text finds, without any turn before it."""
        ranked = self._footnote.answering.retrieve(Question(text, OPERATOR, (one.base,)))
        nearest: dict[int, tuple[int, int]] = {}
        for hit in ranked.hits:
            nearest.setdefault(hit.document, (hit.document_version, hit.ordinal))
        best = list(dict.fromkeys(document for document, _ in ranked.units if document in nearest))[:DEPTH]
        stored = self._footnote.records.evidence.passages(ranked.scope, {nearest[document] for document in best})
        paths = {passage.path for passage in stored}
        passages = self._gather.run(ranked=ranked)["evidence"].candidates[:DEPTH]
        shown = [one.text[one.passage.passage.start : one.passage.passage.end] for one in passages]
        quoted = any(_plain(one.quote) in _plain(passage) for passage in shown)
        return Recall(len(paths & set(one.documents)) / len(one.documents), float(quoted))


def _plain(text: str) -> str:
    return " ".join(text.split())
