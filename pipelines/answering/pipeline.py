"""
The answering graph: six nodes in a Haystack `Pipeline`.

    stand_alone -> search -> place -> gather -> answer -> record

Remembered answers stand before it (`caching`).
"""

from dataclasses import replace
from typing import Any

from haystack import Pipeline
from haystack.core.errors import PipelineRuntimeError

from pipelines.answering.caching import Made, RememberedAnswers
from pipelines.answering.components.answer import AnswerFromExtracts
from pipelines.answering.components.gather import GatherPassages
from pipelines.answering.components.place import PlaceHits
from pipelines.answering.components.record import RecordAnswer
from pipelines.answering.components.search import SearchIndex
from pipelines.answering.components.stand_alone import StandAloneQuestion
from pipelines.answering.components.write import WriteAnswer
from pipelines.answering.earlier import as_readable_now
from pipelines.answering.steps import RankedHits
from pipelines.answering.stored_texts import StoredTexts
from pipelines.answering.telling import Telling, Watcher
from pipelines.answering.understanding import Understanding
from pipelines.domain.characters import has_surrogates
from pipelines.domain.conversation import Answer, Question
from pipelines.errors import BadInput, FootnoteError, QuestionTooLong
from pipelines.ports.blobs import Blobs
from pipelines.ports.chunk_index import ChunkIndex
from pipelines.ports.clock import Clock
from pipelines.ports.records import Records
from pipelines.retrieval.analysers import TODAY, AnalyserNow
from pipelines.retrieval.embedding import EmbedderNow


MAX_LIMIT = 20


class Answering:
    """Questions to answers. Safe to share between threads: a run keeps its state to itself."""

    def __init__(
        self,
        records: Records,
        index: ChunkIndex,
        embedder: EmbedderNow,
        blobs: Blobs,
        clock: Clock,
        *,
        question_chars: int,
        memory: RememberedAnswers | None = None,
        writing: WriteAnswer | None = None,
        understanding: Understanding | None = None,
        analyser: AnalyserNow = TODAY,
    ) -> None:
        """
        Build the graph.

        Args:
            records: the memory.
            index: the index.
            embedder: None for words only; a function where it may be changed while questions are asked.
            blobs: where stored texts lie.
            clock: for timings.
            question_chars: longest question, in characters.
            memory: remembered answers; None to make each anew.
            writing: the node that lets a model write; None for extracts.
            understanding: makes follow-ups stand alone before all else; None for the rules alone.
            analyser: of the index; a function, as with the embedder.

        """
        self._question_chars = question_chars
        self._records = records
        self._memory = memory
        self._clock = clock
        self._writes = writing is not None
        self._understanding = understanding
        self.graph = Pipeline()
        texts = StoredTexts(blobs)
        nodes: dict[str, Any] = {
            "stand_alone": StandAloneQuestion(clock),
            "search": SearchIndex(records, index, embedder, clock, analyser),
            "place": PlaceHits(records.evidence, clock),
            "gather": GatherPassages(records.evidence, texts, clock),
            "answer": writing or AnswerFromExtracts(embedder, clock),
            "record": RecordAnswer(records.answers, clock),
        }
        for name, node in nodes.items():
            self.graph.add_component(name, node)
        self.graph.connect("stand_alone.asked", "search.asked")
        self.graph.connect("search.found", "place.found")
        self.graph.connect("place.ranked", "gather.ranked")
        self.graph.connect("gather.evidence", "answer.evidence")
        self.graph.connect("answer.outcome", "record.outcome")

    def ask(self, question: Question, watcher: Watcher | None = None) -> Answer:
        """
        Return the one outcome of a question, recorded.

        Args:
            question: it.
            watcher: shows what a model writes while it does; a remembered answer is not said but returned.

        Raises:
            BadInput: the question is empty, too long or no text, or its limit is not 1..20.
            CallCancelled: the watcher wants it no longer.

        """
        self.check(question)
        telling = Telling(self._clock.monotonic(), watcher)
        question = as_readable_now(question, self._records)
        if self._understanding is not None:
            # Once: what is remembered and what is searched must be the same question.
            question = replace(question, alone=self._understanding.stand_alone(question, telling))
        if self._memory is not None:
            return self._memory.answer(question, lambda asked: self._run(asked, telling))
        return self._run(question, telling).answer

    def run(self, question: Question) -> Made:
        """Send a question through the graph as it is, whatever is remembered; it is recorded."""
        return self._run(question, Telling(self._clock.monotonic()))

    def check(self, question: Question) -> None:
        """
        Return if a question can be asked.

        Raises:
            BadInput: it is empty, too long or no text, or its limit is not 1..20.

        """
        length = len(question.text.strip())
        if not length:
            raise BadInput("the question is empty: ask something")
        if length > self._question_chars:
            limit = f"the limit is {self._question_chars} (FOOTNOTE_LIMITS__QUESTION_CHARS)"
            raise QuestionTooLong(f"the question has {length} characters, {limit}")
        if has_surrogates(question.text):
            raise BadInput("the question holds half a character, a lone surrogate: write it again")
        if not 1 <= question.limit <= MAX_LIMIT:
            raise BadInput(f"a limit of {question.limit} citations is not possible: choose 1 to {MAX_LIMIT}")

    def _run(self, question: Question, telling: Telling) -> Made:
        return self._through(question, telling, frozenset())[0]

    def trace(self, question: Question) -> tuple[Made, RankedHits]:
        """
        Answer a question as `run` does, and return with it all that was found, best first.

        Raises:
            BadInput: as `ask`.

        """
        self.check(question)
        telling = Telling(self._clock.monotonic())
        made, outputs = self._through(question, telling, frozenset({"place"}))
        return made, outputs["place"]["ranked"]

    def retrieve(self, question: Question) -> RankedHits:
        """
        Return what a question finds, best first, by the same nodes; no answer is made of it, nothing recorded.

        Raises:
            BadInput: as `ask`.

        """
        self.check(question)
        outputs: Any = {"question": question}
        for name in ("stand_alone", "search", "place"):
            outputs = self.graph.get_component(name).run(**outputs)
        ranked: RankedHits = outputs["ranked"]
        return ranked

    def _through(self, question: Question, telling: Telling, shown: frozenset[str]) -> tuple[Made, dict[str, Any]]:
        """Return the outcome, and the outputs of the nodes that are to be shown."""
        inputs: dict[str, Any] = {"stand_alone": {"question": question}}
        if self._writes:
            inputs["answer"] = {"telling": telling}
        try:
            # Of a run that fails, Haystack may be told by its environment to write a file: none is to be.
            result = self.graph.run(
                inputs,
                include_outputs_from=set(shown),
                snapshot_callback=lambda _: None,
            )
        except PipelineRuntimeError as fault:
            # Haystack hangs all inputs, document text among them, on its error: only ours goes on.
            if isinstance(fault.__cause__, FootnoteError):
                raise fault.__cause__ from None
            raise
        return Made(result["record"]["answer"], result["record"]["made"]), result
