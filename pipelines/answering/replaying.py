"""
A recorded answer looked at again: what it was made of, and what the same question finds and says today.

It is asked with the rights that were recorded, so that the difference is one of the documents, not
of the reader.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.answering.remembered import UsedPassage, used_passages
from pipelines.answering.stored_texts import StoredTexts
from pipelines.domain.access import AccessFilter
from pipelines.domain.conversation import Answer, Principal, Question
from pipelines.domain.evidence import Scope, StoredPassage
from pipelines.domain.recorded_answer import RecordedAnswer
from pipelines.domain.values import Value
from pipelines.ports.blobs import Blobs
from pipelines.ports.records import Records


if TYPE_CHECKING:
    from pipelines.answering.pipeline import Answering


@dataclass(frozen=True, slots=True)
class ReplayedPassage(Value):
    """
    A passage that an answer was made of, then or today.

    Attributes:
        chunk: its stable id.
        kb: name of its base; empty where its version is deleted.
        document: path of its document; empty where that is deleted.
        heading: the innermost heading above it, or empty.
        text: its words; empty where they are deleted.
        then: (rank from 1, score) as recorded; None if it was not among them.
        today: the same as found today; None if it is not found.

    """

    chunk: str
    kb: str
    document: str
    heading: str
    text: str
    then: tuple[int, float] | None
    today: tuple[int, float] | None


@dataclass(frozen=True, slots=True)
class Replay(Value):
    """
    A recorded answer beside today's.

    Attributes:
        recorded: it.
        searched: the question as it was searched then and is today.
        passages: in the recorded order, then those that are new today.
        today: the answer of today; it is recorded too.
        same_evidence: the passages are the same, in the same order.
        same_prompt: the model is told the same; None where no model wrote then or none writes today.
        same_text: the words of both answers are the same.

    """

    recorded: RecordedAnswer
    searched: str
    passages: tuple[ReplayedPassage, ...]
    today: Answer
    same_evidence: bool
    same_prompt: bool | None
    same_text: bool


def replay(
    recorded: RecordedAnswer, who: Principal, *, records: Records, blobs: Blobs, answering: "Answering"
) -> Replay:
    """
    Ask a recorded question again, and compare.

    Args:
        recorded: what was recorded.
        who: asks now; the rights are the recorded ones.
        records: passages of then, as far as they are kept.
        blobs: their texts.
        answering: the graph; nothing is taken from memory.

    """
    evidence = recorded.evidence
    rights = frozenset(evidence["rights"])
    reader = Principal(who.name, rights, admin=rights == {"admin"})
    names = {base.id: base.name for base in records.bases.all()}
    versions = {int(kb): int(version) for kb, version in evidence["versions"].items()}
    searched = tuple(names[kb] for kb in versions if kb in names)
    made = answering.run(Question(evidence["stand_alone"], reader, searched)).outcome
    then = [_used(one) for one in evidence["passages"]]
    stored = {
        (one.document_version, one.passage.ordinal): one
        for one in records.evidence.passages(
            Scope(AccessFilter({}), versions, names), [(one.document_version, one.ordinal) for one in then]
        )
    }
    texts = StoredTexts(blobs)
    known = {one.passage.passage.chunk_id: one.passage for one in made.evidence.candidates}
    today = {one.chunk: (rank, one.score) for rank, one in enumerate(used_passages(made), 1)}
    passages = [
        _passage(one.chunk, stored.get((one.document_version, one.ordinal)), texts, (rank, one.score), today)
        for rank, one in enumerate(then, 1)
    ]
    before = {one.chunk for one in then}
    passages += [_passage(chunk, known[chunk], texts, None, today) for chunk in today if chunk not in before]
    prompt = evidence.get("prompt")
    return Replay(
        recorded,
        evidence["stand_alone"],
        tuple(passages),
        made.answer,
        same_evidence=[one.chunk for one in then] == list(today),
        same_prompt=prompt == made.prompt if prompt and made.prompt else None,
        same_text=recorded.answer["text"] == made.answer.text,
    )


def _passage(
    chunk: str,
    stored: StoredPassage | None,
    texts: StoredTexts,
    then: tuple[int, float] | None,
    today: Mapping[str, tuple[int, float]],
) -> ReplayedPassage:
    if stored is None:
        return ReplayedPassage(chunk, "", "", "", "", then, today.get(chunk))
    passage = stored.passage
    heading = passage.heading_path[-1] if passage.heading_path else ""
    words = texts.get(stored.text_hash)[passage.start : passage.end]
    return ReplayedPassage(chunk, stored.kb, stored.path, heading, words, then, today.get(chunk))


def _used(one: Mapping[str, Any]) -> UsedPassage:
    return UsedPassage(str(one["chunk"]), int(one["document_version"]), int(one["ordinal"]), float(one["score"]))
