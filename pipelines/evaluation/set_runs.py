"""
Whole evaluation sets through an installation of their own: ingested, asked, scored, kept on disk.

A run that was killed goes on where it stopped; one of another set, release or choice starts anew.
"""

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from pipelines.answering.code_version import source_hash
from pipelines.domain.access import OPERATOR
from pipelines.errors import BadInput, BadSettings, FootnoteError, TransientError
from pipelines.evaluation.asking import SetAsker
from pipelines.evaluation.choices import Engine, Mode
from pipelines.evaluation.intervals import Measured
from pipelines.evaluation.lines import AnswerLine, Quoted, append_line, read_lines
from pipelines.evaluation.material import Asked, LanguagePart, SetMaterial, language_parts, read_material
from pipelines.evaluation.scoring import require_scorers, scores
from pipelines.evaluation.set_scores import EvalRequest, SetScores
from pipelines.evaluation.stored_set import SetParser, write_documents
from pipelines.evaluation.vectors import KeptVectors
from pipelines.ports.embedder import Embedder
from pipelines.settings import Settings
from pipelines.wiring import open_footnote


BASE = "evaluation"
"""Name of the knowledge base that holds a set."""

ANSWERS, SCORES, RUN, INSTALLATION = "answers.jsonl", "scores.json", "run.json", "installation"
_PACKAGES = ("adapters", "answering", "domain", "evaluation", "ingestion", "retrieval")
_PAUSES_S = (2.0, 15.0, 60.0)
"""Before a question is asked again; the engine's breaker lets no call pass for ten seconds."""

_KNOWN_LANGUAGE = "en"
"""What the bundled embedder was trained on; documents in another language are searched by words."""

Tell = Callable[[str], None]


def run_sets(
    settings: Settings, request: EvalRequest, tell: Tell, wait: Callable[[float], None] = time.sleep
) -> Iterator[SetScores]:
    """
    Evaluate sets and yield their figures, one set after the other.

    Args:
        settings: those of this installation; nothing of its own data is read or written.
        request: what to evaluate.
        tell: gets a sentence now and then.
        wait: lets seconds pass before a question is asked again.

    Raises:
        BadSettings: the packages that score are missing, or the engine's address is not set.
        BadInput: a folder is no set, or two have the same name.

    """
    require_scorers()
    if request.engine is Engine.WEAVIATE and settings.weaviate_url is None:
        raise BadSettings("--engine weaviate needs the address of Weaviate: set WEAVIATE_URL")
    if len({folder.name for folder in request.sets}) < len(request.sets):
        raise BadInput("two sets have the same name, and each has a folder of results of its own: run them apart")
    with _embedder(settings, tell) as embedder:
        for folder in request.sets:
            yield _SetRun(settings, request, folder, embedder, tell=tell, wait=wait).run()


@dataclass(slots=True)
class _Done:
    """What parts of a set came to."""

    pairs: list[tuple[Asked, AnswerLine]]
    verbatim: dict[Quoted, bool]
    documents: int
    rejected: int


class _SetRun:
    """One set."""

    def __init__(
        self,
        settings: Settings,
        request: EvalRequest,
        folder: Path,
        embedder: Embedder | None,
        *,
        tell: Tell,
        wait: Callable[[float], None],
    ) -> None:
        self._settings = settings
        self._request = request
        self._folder = folder
        self._embedder = embedder
        self._tell = tell
        self._wait = wait
        self._out = request.out / folder.name

    def run(self) -> SetScores:
        """Ingest, ask and score, as far as that is not done."""
        material = read_material(self._folder)
        questions = _sample(material.questions, self._request)
        parts = language_parts(material, questions)
        self._begin(material, parts)
        lines = read_lines(self._out / ANSWERS)
        if lines:
            self._tell(f"{material.name}: {len(lines)} of {len(questions)} questions were answered before")
        done = {part.language: self._part(part, lines) for part in parts}
        return self._scored(material.name, parts, done)

    def _begin(self, material: SetMaterial, parts: Sequence[LanguagePart]) -> None:
        """Throw away what an earlier run of something else left."""
        request = self._request
        embedders = [self._name_of(part) for part in parts]
        code = source_hash(Path(__file__).parents[1], _PACKAGES)
        held = _hash(material.fingerprint, request.engine.value, embedders, code)
        wanted = {"installation": held, "answers": _hash(held, request.mode.value, request.sample, request.seed)}
        file = self._out / RUN
        known = _known(file)
        if known == wanted:
            return
        if known:
            self._tell(f"{material.name}: the set, this release or what is asked for changed: starting anew")
        for name in (ANSWERS, SCORES):
            (self._out / name).unlink(missing_ok=True)
        if known.get("installation") != held:
            self._forget()
        _write(file, wanted)

    def _forget(self) -> None:
        """Erase what an earlier run ingested, also what it left in Weaviate."""
        for home in sorted((self._out / INSTALLATION).glob("*/")):
            try:
                with open_footnote(self._settings_of(home, embedded=False)) as footnote:
                    if footnote.indexes.place().engine is Engine.WEAVIATE:
                        footnote.indexes.open(Engine.WEAVIATE).destroy()
            except FootnoteError as fault:
                self._tell(f"what an earlier run left in Weaviate stays there: {fault}")
        shutil.rmtree(self._out / INSTALLATION, ignore_errors=True)

    def _part(self, part: LanguagePart, lines: dict[str, AnswerLine]) -> _Done:
        """Return what became of the questions of one language."""
        with self._installed(part) as (asker, rejected):
            pairs = []
            for asked in part.questions:
                line = lines.get(asked.id)
                if line is None:
                    line = self._patiently(partial(asker.ask, asked, self._request.mode))
                    append_line(self._out / ANSWERS, line)
                pairs.append((asked, line))
            cited = {one for _, line in pairs for one in line.citations}
            return _Done(pairs, {one: asker.verbatim(one) for one in cited}, asker.documents, rejected)

    def _patiently(self, ask: Callable[[], AnswerLine]) -> AnswerLine:
        """Ask again after a fault that passes: a run takes hours, and a server may be restarted meanwhile."""
        for pause in _PAUSES_S:
            try:
                return ask()
            except TransientError as fault:
                self._tell(f"asked again in {pause:.0f} seconds: {fault}")
                self._wait(pause)
        return ask()

    @contextmanager
    def _installed(self, part: LanguagePart) -> Iterator[tuple[SetAsker, int]]:
        """Yield who asks the documents of one language, synced, and how many files could not be read."""
        home = self._out / INSTALLATION / (part.language or "all")
        sources = home / "documents"
        sources.mkdir(parents=True, exist_ok=True)
        paths = write_documents(part.documents, sources, self._folder)
        with open_footnote(self._settings_of(home, embedded=self._embedder_of(part) is not None)) as footnote:
            footnote.parser = SetParser(footnote.parser)
            footnote.embedder = self._embedder_of(part)
            if BASE not in [base.name for base in footnote.records.bases.all()]:
                footnote.add_base(BASE, sources, OPERATOR)
            result = footnote.sync(BASE)
            shown = f"{self._folder.name} {part.language}".rstrip()
            counts = f"{len(part.documents)} documents, {len(result.rejected)} not readable"
            self._tell(f"{shown}: {counts}, {len(part.questions)} questions")
            yield SetAsker(footnote, BASE, paths), len(result.rejected)

    def _scored(self, name: str, parts: Sequence[LanguagePart], done: dict[str, _Done]) -> SetScores:
        """Score, and write the figures."""
        verbatim = {quote: held for one in done.values() for quote, held in one.verbatim.items()}
        answered, seed = self._request.mode is Mode.ANSWERS, self._request.seed

        def figures(pairs: Sequence[tuple[Asked, AnswerLine]]) -> dict[str, Measured]:
            return scores(pairs, verbatim.__getitem__, answered=answered, seed=seed)

        pairs = [pair for one in done.values() for pair in one.pairs]
        found = SetScores(
            name,
            self._request,
            len(pairs),
            sum(one.documents for one in done.values()),
            sum(one.rejected for one in done.values()),
            tuple((part.language, self._name_of(part)) for part in parts),
            figures(pairs),
            {language: figures(one.pairs) for language, one in done.items()} if len(done) > 1 else {},
        )
        _write(self._out / SCORES, found.as_json())
        return found

    def _settings_of(self, home: Path, *, embedded: bool) -> Settings:
        """Return the settings with an installation's own data, and nothing that others share but the engine."""
        settings = self._settings
        weaviate = settings.weaviate_url if self._request.engine is Engine.WEAVIATE else None
        return settings.model_copy(
            update={
                "data_dir": home / "data",
                "database": None,
                "redis_url": None,
                "broker": None,
                "blobs": None,
                "weaviate_url": weaviate,
                "embedder": settings.embedder if embedded else "none",
                "cache": settings.cache.model_copy(update={"enabled": False}),
            }
        )

    def _embedder_of(self, part: LanguagePart) -> Embedder | None:
        """Return the embedder of the settings, or none where it does not know the language."""
        known = part.language.lower().split("-")[0] in ("", _KNOWN_LANGUAGE)
        return self._embedder if known else None

    def _name_of(self, part: LanguagePart) -> str | None:
        embedder = self._embedder_of(part)
        return embedder.name if embedder else None


@contextmanager
def _embedder(settings: Settings, tell: Tell) -> Iterator[Embedder | None]:
    """Open the embedder of the settings; its vectors are kept between runs."""

    def progress(done: int, of: int) -> None:
        if done % 1024 == 0 and done:
            tell(f"{done} of {of} texts were embedded")

    with open_footnote(settings) as footnote:
        own = footnote.embedder
        if own is None:
            yield None
            return
        kept = KeptVectors(own, settings.data_dir / "evaluation", progress=progress)
        try:
            yield kept
        finally:
            kept.close()


def _sample(questions: Sequence[Asked], request: EvalRequest) -> tuple[Asked, ...]:
    """Return the questions to ask, in the order of the set."""
    if request.sample is None or request.sample >= len(questions):
        return tuple(questions)
    drawn = Random(request.seed).sample(range(len(questions)), request.sample)  # noqa: S311 - a sample, no secret
    return tuple(questions[at] for at in sorted(drawn))


def _hash(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _known(file: Path) -> dict[str, str]:
    """Return what the run was that left its results here; nothing where there was none."""
    try:
        known = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _write(file: Path, content: dict[str, Any]) -> None:
    """
    Write a document whole or not at all.

    Raises:
        TransientError: the folder does not take it.

    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.with_suffix(".new")
        new.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        new.replace(file)
    except OSError as fault:
        raise TransientError(f"{file} could not be written: {fault.strerror} (--out)") from fault
