"""A base that everybody may read is restricted and opened again: what every engine must show, and how long it took."""

import time
from collections.abc import Callable

from pipelines.adapters.records import SqlRecords
from pipelines.answering.pipeline import Answering
from pipelines.domain.access import EVERYONE, OPERATOR, principal_as
from pipelines.domain.conversation import Outcome, Question
from tests.bench.corpus import RULES, questions
from tests.bench.filling import team
from tests.soak.sizes import CHUNKS


BEN = principal_as([team(number) for number in range(RULES)])
TEXT = questions(1)[0].text


def check_restricting(
    records: SqlRecords, answering: Answering, kb: int, written: Callable[[], object], *, of: str
) -> None:
    """
    Fail unless who is shut out finds nothing from the next question on, and who is let in finds as before.

    Args:
        records: of the base.
        answering: the graph over it.
        kb: the base, which everybody may read.
        written: all that the index holds, with when it was written; it must stay the same.
        of: what an index is made of, for the line that is printed.

    """
    found = answering.retrieve(Question(TEXT, BEN))
    assert found.hits
    before, began = written(), time.perf_counter()
    records.access.set_readers(kb, ["user:anna"], OPERATOR)
    restricted = time.perf_counter()
    answer = answering.ask(Question(TEXT, BEN))
    asked = time.perf_counter()
    assert answer.outcome is not Outcome.ANSWER
    assert not answer.citations
    assert not answering.retrieve(Question(TEXT, BEN)).hits
    records.access.set_readers(kb, [EVERYONE], OPERATOR)
    assert answering.retrieve(Question(TEXT, BEN)).scores == found.scores
    assert written() == before
    took = (restricted - began) * 1000, (asked - restricted) * 1000
    print(f"{CHUNKS} chunks: restricted in {took[0]:.1f} ms, the next question in {took[1]:.1f} ms, {of} written: 0")
