"""
Recorded answers, as people may see and judge them afterwards: what was given to one person alone stays theirs.

Not their replay, which is for admins (`bot.commands.replay`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot import texts
from bot.facade import Footnote
from pipelines.domain.citations import Citation
from pipelines.domain.conversation import Answer, Outcome, Principal, citation_of
from pipelines.domain.evidence import Scope
from pipelines.domain.feedback import Feedback
from pipelines.domain.recorded_answer import RecordedAnswer
from pipelines.domain.values import Value
from pipelines.errors import NotAllowed
from pipelines.ports.records import Records


_OF_ONE_PERSON = ("user:", "admin")
"""How rights begin that only an answer has which one person reads."""


@dataclass(frozen=True, slots=True)
class Evidence(Value):
    """
    What an answer rests on, as one person may see it now.

    Attributes:
        answer: it, with those citations alone that may be shown.
        hidden: how many citations may not.

    """

    answer: Answer
    hidden: int


def recorded_for(footnote: Footnote, number: int, name: str, *, place: str) -> RecordedAnswer:
    """
    Return a recorded answer to who asked, and to others where they could see it.

    Args:
        footnote: the installation.
        number: of the answer; anybody can count, so it says nothing of who saw the answer.
        name: of the principal who wants it.
        place: where they want it: how the names of its conversations begin; empty where only one person reads.

    Raises:
        NotFound: it is not kept, or not any more.
        NotAllowed: it was given to somebody else, alone or in another place.

    """
    recorded = footnote.records.answers.get(number)
    if recorded.principal != name and not _was_given_in(place, recorded):
        raise NotAllowed(texts.given_to_somebody_else())
    return recorded


def evidence(footnote: Footnote, number: int, reader: Principal, *, place: str) -> Evidence:
    """
    Return what an answer rests on, of documents that may be read now.

    A quote is as old as its answer: it is shown where today's document may be read, and its reading of then, too.

    Args:
        footnote: the installation.
        number: of the answer.
        reader: who wants it, with the rights that count where it is shown.
        place: as for `recorded_for`.

    Raises:
        NotFound: the answer is not kept, or not any more.
        NotAllowed: it was given to somebody else, alone or in another place.

    """
    recorded = recorded_for(footnote, number, reader.name, place=place)
    cited = tuple(citation_of(one) for one in recorded.answer["citations"])
    shown = tuple(_readable(footnote.records, reader, cited))
    answer = Answer(Outcome(recorded.answer["outcome"]), recorded.answer["text"], citations=shown, id=number)
    return Evidence(answer, len(cited) - len(shown))


def judge(footnote: Footnote, feedback: Feedback, *, place: str) -> None:
    """
    Keep what somebody says of an answer; their newest word counts.

    Raises:
        BadInput: it has more than is kept.
        NotFound: the answer is not kept, or not any more.
        NotAllowed: it was given to somebody else, alone or in another place.

    """
    recorded_for(footnote, feedback.answer, feedback.by, place=place)
    footnote.records.feedback.add(feedback)


def _was_given_in(place: str, recorded: RecordedAnswer) -> bool:
    """Say whether an answer was given where these several people read."""
    there = bool(place) and recorded.conversation.startswith(place)
    return there and not _is_of_one_person(recorded)


def _is_of_one_person(recorded: RecordedAnswer) -> bool:
    """Say whether an answer used rights that no place with several readers has; of an odd record it is assumed."""
    rights = recorded.evidence.get("rights")
    return not isinstance(rights, list) or any(str(one).startswith(_OF_ONE_PERSON) for one in rights)


def _readable(records: Records, reader: Principal, cited: Sequence[Citation]) -> Iterator[Citation]:
    """Yield the citations whose documents this reader may read."""
    scope = records.access.scope(reader, tuple({one.kb for one in cited})) if cited else None
    if scope is None or not scope.versions:
        return
    numbers = {name: kb for kb, name in scope.names.items()}
    lives = records.ledger.lives({one.document_version for one in cited})
    for one in cited:
        kb, life = numbers.get(one.kb), lives.get(one.document_version)
        if kb is None or life is None or life.rule not in scope.access.rules[kb]:
            continue
        if _may_read(records, reader, scope, kb, life.document):
            yield one


def _may_read(records: Records, reader: Principal, scope: Scope, kb: int, document: int) -> bool:
    """Say whether a document is there today, and may be read: as any passage of it is confirmed."""
    chunks = records.ledger.living_chunks(document, scope.versions[kb])[:1]
    hits = records.evidence.confirm(reader, scope, [one.chunk_id for one in chunks])
    return any((one.kb, one.document) == (kb, document) for one in hits)
