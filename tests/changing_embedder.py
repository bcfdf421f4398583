"""
The embedder of an index changed while somebody asks five questions a second and somebody else syncs.

As a script it tells the figures: `python -m tests.changing_embedder [sqlite|weaviate] [SECONDS] [DOCUMENTS]`.
"""

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Answer, Outcome, Question
from pipelines.wiring import Footnote
from tests.fakes.model_embeddings import EmbeddingBehaviour
from tests.rebuilding_scene import NEW, OLD, embedding_server, installation, wanting
from tests.three_versions import BASE, LEAVE, write_documents


PER_SECOND = 5
PHASES = ("before", "during", "after")


@dataclass
class Asked:
    """
    What became of the questions of one phase.

    Attributes:
        answers: those with an answer that cites the right document.
        others: outcomes that are none, in words.
        milliseconds: of each question.

    """

    answers: int = 0
    others: list[str] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    def note(self, text: str, answer: Answer, milliseconds: float) -> None:
        """Count a question."""
        self.milliseconds.append(milliseconds)
        if answer.outcome is Outcome.ANSWER and _document(text) in {one.title for one in answer.citations}:
            self.answers += 1
        else:
            self.others.append(f"{text}: {answer.outcome} {[one.title for one in answer.citations]}")


@dataclass
class Change:
    """
    What a change came to.

    Attributes:
        asked: phase -> its questions.
        faults: what a question, or a sync, raised.
        syncs: that ended well while the index was rebuilt.
        rows: of the new generation.
        seconds: that the rebuilding took.

    """

    asked: dict[str, Asked] = field(default_factory=lambda: {one: Asked() for one in PHASES})
    faults: list[str] = field(default_factory=list)
    syncs: int = 0
    rows: int = 0
    seconds: float = 0.0

    def as_json(self) -> dict[str, object]:
        """Return the figures."""
        phases = {
            name: {"asked": len(one.milliseconds), "answered": one.answers, "slowest_ms": round(max(one.milliseconds))}
            for name, one in self.asked.items()
        }
        told = {"faults": len(self.faults), "syncs": self.syncs, "rows": self.rows, "seconds": round(self.seconds, 1)}
        return {**phases, **told}


def change_under_questions(
    data: Path,
    folder: Path,
    old: Mapping[str, str],
    new: Mapping[str, str],
    *,
    seconds: float,
    documents: int,
    meanwhile: Callable[[], None] = lambda: None,
) -> Change:
    """
    Sync with the old embedder, then change to the new one under questions and syncs.

    Args:
        data: data folder of the installation.
        folder: of its documents.
        old: settings that want the old embedder.
        new: settings that want the new one.
        seconds: of the questions before, and after.
        documents: of the base.
        meanwhile: called once, before the rebuilding.

    """
    with installation(data, old) as made:
        write_documents(folder, documents, 4)
        made.add_base(BASE, folder, OPERATOR)
        made.sync(BASE)
    change, phase, over = Change(), [PHASES[0]], threading.Event()
    meanwhile()
    asking = _running(lambda: _ask(data, new, change, phase, over))
    with asking, _running(lambda: _sync(data, folder, new, change, over)):
        try:
            time.sleep(seconds)
            with installation(data, new) as footnote:
                phase[0] = PHASES[1]
                began = time.monotonic()
                change.rows = footnote.generations.rebuild().rows
                change.seconds = time.monotonic() - began
                phase[0] = PHASES[2]
            time.sleep(seconds)
        finally:
            over.set()
    return change


def _ask(data: Path, environ: Mapping[str, str], change: Change, phase: list[str], over: threading.Event) -> None:
    """Ask five questions a second, each at its time, however long the one before took."""
    with installation(data, environ) as footnote:
        number, began = 0, time.monotonic()
        while not over.wait(max(0.0, began + number / PER_SECOND - time.monotonic())):
            text, now, at = _question(number), phase[0], time.monotonic()
            try:
                answer = footnote.ask(Question(text, OPERATOR))
                change.asked[now].note(text, answer, (time.monotonic() - at) * 1000)
            except Exception as fault:  # noqa: BLE001 - any fault at all is what this looks for
                change.faults.append(f"{text}: {type(fault).__name__}: {fault}")
            number += 1


def _sync(data: Path, folder: Path, environ: Mapping[str, str], change: Change, over: threading.Event) -> None:
    """Change a document and sync, again and again."""
    with installation(data, environ) as footnote:
        number = 0
        while not over.wait(0.5):
            number += 1
            (folder / "news.md").write_text(f"# News {number}\n\nTrain {number} is late today.\n", encoding="utf-8")
            try:
                change.syncs += _synced(footnote)
            except Exception as fault:  # noqa: BLE001 - as above
                change.faults.append(f"sync: {type(fault).__name__}: {fault}")


def _synced(footnote: Footnote) -> int:
    """Sync unless writes are held just now; return how many syncs ended."""
    from pipelines.errors import Busy  # noqa: PLC0415 - beside its use

    try:
        footnote.sync(BASE)
    except Busy:
        return 0
    return 1


@contextmanager
def _running(work: Callable[[], None]) -> Iterator[None]:
    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def _question(number: int) -> str:
    return LEAVE.text if number % 2 else "When does train 3 to town 2 leave?"


def _document(text: str) -> str:
    return "Leave" if text == LEAVE.text else "Travel 3"


def main(engine: str = "sqlite", seconds: str = "20", documents: str = "400") -> None:
    """Change the embedder and write the figures."""
    with ExitStack() as open_now:
        folder = Path(open_now.enter_context(TemporaryDirectory(prefix="footnote-")))
        models = open_now.enter_context(embedding_server())
        models.default_vectors = EmbeddingBehaviour(pause_s=0.02)
        more: dict[str, str] = {}
        if engine == "weaviate":
            from tests.engines.moving_scene import weaviate_settings  # noqa: PLC0415 - needs the engine's client
            from tests.servers import weaviate_server  # noqa: PLC0415 - as above

            (folder / "weaviate").mkdir()
            server = weaviate_server(folder / "weaviate")
            server.start()
            open_now.callback(server.stop)
            more = weaviate_settings(server.url)
        change = change_under_questions(
            folder / "data",
            folder / "documents",
            wanting(models.url, OLD, **more),
            wanting(models.url, NEW, **more),
            seconds=float(seconds),
            documents=int(documents),
        )
    sys.stdout.write(json.dumps(change.as_json(), indent=2) + "\n")
    sys.stdout.writelines(f"{one}\n" for one in change.faults[:10])
    for asked in change.asked.values():
        sys.stdout.writelines(f"{one}\n" for one in asked.others[:5])


if __name__ == "__main__":
    main(*sys.argv[1:])
