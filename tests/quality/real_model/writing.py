"""What a small model is asked to write from passages of the test half, and the sentences that come of it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from random import Random

from pipelines.answering.verifying import needs_evidence
from pipelines.answering.writing.sentence import Role as Part
from pipelines.answering.writing.stream import AnswerStream
from pipelines.ports.model import ChatModel, Finish, Message, ModelReply, Role
from tests.quality.real_model.sentences import ModelSentence, Task
from tests.quality.verifier_cases.generator import seeds_of
from tests.quality.verifier_cases.shapes import Seed
from tests.quality.verifier_cases.sources import HANDBOOKS, SEED, TEST, drawn_passages


SETS = (*HANDBOOKS, "northwind")
REPLY_TOKENS = 60
_SUMMED_UP_EVERY = 4
"""One passage of so many is summed up, of the others one sentence is reworded."""

_MOST_CHARS = 900
_PER_DOCUMENT = {"northwind": 40}
_PER_DOCUMENT_ELSE = 3
_MOST_OF_REPLY = 2
"""Sentences that are taken of one reply: a small model that writes more repeats itself."""

_REWORD = "Write this sentence in your own words:\n{}"
_SUM_UP = "{}\n\nSummarise this in one sentence."


@dataclass(frozen=True, slots=True)
class Errand:
    """One thing to write: a seed's sentence in other words, or its passage in one sentence."""

    task: Task
    seed: Seed

    @property
    def message(self) -> Message:
        """What the model is asked."""
        source, is_reworded = self.seed.source, self.task is Task.REWORDED
        return Message(Role.USER, _REWORD.format(self.seed.text) if is_reworded else _SUM_UP.format(source.text))


def errands() -> Iterator[Errand]:
    """Yield what may be asked, always the same for the same sets, one set after the other in turn."""
    turns = zip_longest(*(_of_set(name) for name in SETS))
    yield from (one for one in chain.from_iterable(turns) if one is not None)


def _of_set(name: str) -> Iterator[Errand]:
    seeds = seeds_of(drawn_passages(TEST, name), Random(f"{SEED}/{TEST}/{name}/real model"))
    per_document: Counter[str] = Counter()
    summed_up: set[str] = set()
    for seed in seeds:
        source = seed.source
        if per_document[source.document] == _PER_DOCUMENT.get(name, _PER_DOCUMENT_ELSE):
            continue
        task = Task.REWORDED
        if per_document.total() % _SUMMED_UP_EVERY == _SUMMED_UP_EVERY - 1:
            if len(source.text) > _MOST_CHARS or source.key in summed_up:
                continue
            summed_up.add(source.key)
            task = Task.SUMMED_UP
        per_document[source.document] += 1
        yield Errand(task, seed)


def written(model: ChatModel, errand: Errand, *, seconds: float) -> list[ModelSentence]:
    """
    Return the sentences of one reply that state something, without one that was cut off.

    Raises:
        FootnoteError: the model gave no reply.

    """
    seed = errand.seed
    source, is_reworded = seed.source, errand.task is Task.REWORDED
    original = seed.text if is_reworded else ""
    texts = statements(model.write([errand.message], seconds=seconds))
    return [
        ModelSentence(errand.task, source.set, source.document, source.ordinal, original, source.text, text, model.name)
        for text in texts
    ]


def statements(reply: ModelReply) -> Sequence[str]:
    """Return what a reply states, parted as the product parts it."""
    stream = AnswerStream(0)
    parts = [*stream.feed(reply.text), *stream.end()]
    whole = parts if reply.finish is Finish.STOP else parts[:-1]
    texts = [" ".join(one.text.split()) for one in whole if one.role in {Part.SENTENCE, Part.LIST_ITEM}]
    return list(dict.fromkeys(one for one in texts if needs_evidence(one)))[:_MOST_OF_REPLY]
