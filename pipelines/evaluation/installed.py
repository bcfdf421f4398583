"""A set as a knowledge base of a real installation in a folder, asked as the product is asked. It judges nothing."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines.adapters.system_clock import SystemClock
from pipelines.answering.citing import CitedText, cite
from pipelines.answering.components.gather import GatherPassages
from pipelines.answering.components.place import PlaceHits
from pipelines.answering.components.search import SearchIndex
from pipelines.answering.components.stand_alone import StandAloneQuestion
from pipelines.answering.evidence_check import Verdict, check
from pipelines.answering.extracting import Extract, choose, show, weigh
from pipelines.answering.sentence_vectors import SentenceVectors
from pipelines.answering.stored_texts import StoredTexts
from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Question
from pipelines.domain.values import Value
from pipelines.errors import PermanentError
from pipelines.evaluation.running import Bench
from pipelines.evaluation.sets import Entry, SetPlan, read_entries, texts_of
from pipelines.settings import Settings
from pipelines.wiring import Footnote, open_footnote


@dataclass(frozen=True, slots=True)
class Shown(Value):
    """
    What a person would see for a question, had nobody asked whether it is evidence enough.

    Attributes:
        extract: the pieces.
        cited: the same as text, with its citations.
        texts: id of a document's reading -> its stored text.
        verdict: what the evidence check says of it.

    """

    extract: Extract
    cited: CitedText
    texts: Mapping[int, str]
    verdict: Verdict

    @property
    def words(self) -> str:
        """All that is shown without marks, bullets and quotation marks."""
        parts = []
        for paragraph in self.extract.paragraphs:
            for piece in paragraph.pieces:
                text = self.texts[piece.source.document_version]
                parts += [piece.heading or "", text[piece.start : piece.end]]
        return " ".join(part for part in parts if part)


class InstalledSet:
    """The path of a question through the graph's own nodes up to the extract; the evidence check stops nothing."""

    def __init__(self, footnote: Footnote) -> None:
        """Take an installation that holds the set and nothing else."""
        clock, records, embedder = SystemClock(), footnote.records, footnote.generations.embedder
        self._stand_alone = StandAloneQuestion(clock)
        self._search = SearchIndex(records, footnote.index, embedder, clock, footnote.generations.analyser_of_questions)
        self._place = PlaceHits(records.evidence, clock)
        self._gather = GatherPassages(records.evidence, StoredTexts(footnote.blobs), clock)
        self._vectors = SentenceVectors(embedder)

    def ask(self, text: str) -> Shown:
        """Return what is shown for a question."""
        question = Question(text, OPERATOR)
        asked = self._stand_alone.run(question=question)["asked"]
        found = self._search.run(asked=asked)["found"]
        ranked = self._place.run(found=found)["ranked"]
        evidence = self._gather.run(ranked=ranked)["evidence"]
        weighed = weigh(asked.text, evidence.candidates, question_vector=evidence.vector, embed_texts=self._vectors)
        extracted = show(weighed, choose(weighed))
        by_hash = {one.passage.text_hash: one.text for one in evidence.candidates}
        by_reading = {one.passage.document_version: one.text for one in evidence.candidates}
        return Shown(extracted, cite(extracted, by_hash, limit=question.limit), by_reading, check(weighed))


@contextmanager
def installed(bench: Bench, plan: SetPlan) -> Iterator[InstalledSet]:
    """
    Yield a set that was synced into an installation of its own, which is gone afterwards.

    Entries that are parts of one document become one text file of this name, a
    paragraph per part.
    """
    with TemporaryDirectory(prefix="footnote-extracts-") as folder:
        sources, data = Path(folder) / "documents", Path(folder) / "data"
        sources.mkdir()
        _write(sources, read_entries(bench.sets, plan))
        environ = {"FOOTNOTE_DATA_DIR": str(data), "FOOTNOTE_EMBEDDER": "minilm" if bench.embedder else "none"}
        with open_footnote(Settings.load(environ, env_file=None)) as footnote:
            if bench.embedder is not None:
                footnote.embedder = bench.embedder
            footnote.add_base(plan.name, sources, OPERATOR)
            result = footnote.sync(plan.name)
            if result.rejected:
                raise PermanentError(f"{result.rejected[0].path} of {plan.name} cannot be read")
            yield InstalledSet(footnote)


def _write(folder: Path, entries: Sequence[Entry]) -> None:
    """Write the documents of a set into a folder."""
    for document, text in texts_of(entries).items():
        (folder / f"{document}.txt").write_text(text, encoding="utf-8")
    for entry in entries:
        if entry.file is not None:
            (folder / entry.file.name).write_bytes(entry.file.read_bytes())
