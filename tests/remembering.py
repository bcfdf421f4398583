"""Questions over a small base, answered with and without remembered answers; how often the graph ran is counted."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from pipelines.adapters.system_clock import SystemClock
from pipelines.answering.caching import Made, RememberedAnswers
from pipelines.answering.components.write import WriteAnswer, WritingLimits
from pipelines.answering.flights import SharedWork
from pipelines.answering.kept_writing import KeptWritings
from pipelines.answering.pipeline import Answering
from pipelines.answering.purse import Purse
from pipelines.answering.steps import RankedHits
from pipelines.domain.access import EVERYONE, OPERATOR, principal_as
from pipelines.domain.conversation import Answer, Principal, Question
from pipelines.domain.model_budget import Prices
from pipelines.ports.answer_cache import AnswerCache
from pipelines.ports.clock import Clock
from pipelines.ports.model import ChatModel
from pipelines.retrieval.analysers import TODAY
from tests.small_base import SmallBase, open_parts


if TYPE_CHECKING:
    from collections.abc import Callable

ANNA = principal_as(["user:anna", "group:hr"])
BEN = principal_as(["user:ben"])
ROOMS = ("scanner", "printer", "canteen", "garden", "library")


class Remembering:
    """
    One process that answers questions over a base.

    Attributes:
        runs: the questions that went through the graph.
        seconds: what each of these runs took.

    """

    def __init__(
        self,
        base: SmallBase,
        cache: AnswerCache,
        clock: Clock | None = None,
        *,
        answer_seconds: float = 3600,
        wait_seconds: float = 60,
        model: ChatModel | None = None,
    ) -> None:
        """Take the base, where answers are kept, and who writes them; without a model they are made of extracts."""
        parts = base.parts
        self.base = base
        self.runs: list[Question] = []
        self.seconds: list[float] = []
        self.before_run: Callable[[], None] = lambda: None
        self.after_run: Callable[[], None] = lambda: None
        self._lock = Lock()
        self._clock = clock or SystemClock()
        self._writing = (model, cache, answer_seconds, wait_seconds)
        self._graph = self._answering(kept=True)
        self._fresh = self._answering(kept=False)
        self.memory = RememberedAnswers(
            parts.records,
            cache,
            self._clock,
            made_with=(parts.embedder.name if parts.embedder else None, TODAY.version),
            model=model.name if model else None,
            answer_seconds=answer_seconds,
            wait_seconds=wait_seconds,
        )

    def ask(self, text: str, principal: Principal = BEN, **others: object) -> Answer:
        """Return the outcome of a question, remembered or made."""
        return self.memory.answer(Question(text, principal, **others), self.run)  # type: ignore[arg-type]

    def anew(self, text: str, principal: Principal = BEN) -> Answer:
        """Return the outcome of a question, made anew."""
        return self._fresh.ask(Question(text, principal))

    def retrieve(self, text: str, principal: Principal = BEN) -> RankedHits:
        """Return what a question finds."""
        return self._fresh.retrieve(Question(text, principal))

    def _answering(self, *, kept: bool) -> Answering:
        """Return a graph whose model's answers are kept with their evidence, or not."""
        parts, clock = self.base.parts, self._clock
        model, cache, answer_seconds, wait_seconds = self._writing
        writing = None
        if model is not None:
            usage, rules = parts.records.model_usage, parts.records.answering_rules
            purse = Purse(usage, prices=Prices(0, 0), answer_tokens=100, answers_per_person=0)
            shared = SharedWork(clock, wait_seconds)
            written = KeptWritings(cache, shared, installation=parts.records.installation, seconds=answer_seconds)
            writing = WriteAnswer(
                model,
                parts.embedder,
                rules=rules,
                purse=purse,
                clock=clock,
                limits=WritingLimits(60, 60),
                kept=written if kept else None,
            )
        return Answering(
            parts.records, parts.index, parts.embedder, parts.blobs, clock, question_chars=2000, writing=writing
        )

    def run(self, question: Question) -> Made:
        """Send a question through the graph, and count that."""
        self.before_run()
        began = self._clock.monotonic()
        made = self._graph.run(question)
        self.after_run()
        with self._lock:
            self.runs.append(question)
            self.seconds.append(self._clock.monotonic() - began)
        return made


def told(answer: Answer) -> Answer:
    """Return what a person sees of an answer: no number, no timings."""
    return replace(answer, id=0, timings_ms={}, age_s=None)


def write_room(base: SmallBase, name: str, number: int, *, within: str = "") -> None:
    """Let the document of a room say its number."""
    path = base.folder / within / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"# The {name}\n\nThe {name} is in room {number}.\n", encoding="utf-8")


def where_is(name: str) -> str:
    """Return the question for a room."""
    return f"Where is the {name}?"


@contextmanager
def rooms(place: Path, numbers: Mapping[str, int]) -> Iterator[SmallBase]:
    """Yield a synced base with a document for each room, open to everyone."""
    folder = place / "documents"
    folder.mkdir()
    with open_parts(place, words_only=True) as parts:
        base = SmallBase(parts, folder)
        parts.records.access.set_readers(base.kb, [EVERYONE], OPERATOR)
        for name, number in numbers.items():
            write_room(base, name, number)
        base.sync()
        yield base
