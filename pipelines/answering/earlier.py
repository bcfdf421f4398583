"""What was answered earlier in a conversation: no word of it goes on where not all that it was made of may be read."""

from dataclasses import replace

from pipelines.domain.conversation import Question
from pipelines.ports.records import Records


def as_readable_now(question: Question, records: Records) -> Question:
    """
    Return a question whose earlier answers may be read now, where it will be read: the others are empty.

    An answer falls as a whole: with one passage that is gone or may not be read, nobody knows which words are its own.
    """
    wanted = {chunk for turn in question.turns for chunk, _, _ in turn.made_of}
    if not wanted:
        return question
    scope = records.access.scope(question.principal)
    hits = records.evidence.confirm(question.principal, scope, wanted)
    there = {(hit.chunk_id, hit.document_version, hit.ordinal) for hit in hits}
    turns = tuple(turn if there.issuperset(turn.made_of) else replace(turn, answer="") for turn in question.turns)
    return replace(question, turns=turns)
