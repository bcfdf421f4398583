"""Questions of an evaluation set through the whole product, with a real model behind it, and what became of each."""

import logging
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Answer, ClosestDocument, Question
from pipelines.settings import Settings
from pipelines.wiring import Footnote, open_footnote
from tests.quality.verifier_cases.sources import SEED, questions, sets_folder


SET = "northwind"
_LOG = "pipelines"
_MOST_FIRST_S, _MOST_STALL_S = 300, 120
"""What the settings allow: a long prompt on a slow machine is silence before it is a sentence."""


@dataclass(frozen=True, slots=True)
class ModelServed:
    """Where a model is, how many seconds an answer may take, and how many tokens it may have."""

    url: str
    key: str
    name: str
    seconds: int
    answer_tokens: int


@dataclass(frozen=True, slots=True)
class Asked:
    """
    One question and its outcome.

    Attributes:
        question: its text.
        answer: the outcome.
        seconds: from the question to the outcome.
        shown: sentences that were shown while the model wrote.
        taken_back: how often all that was shown was taken back.
        told: what the log told meanwhile.

    """

    question: str
    answer: Answer
    seconds: float
    shown: int
    taken_back: int
    told: tuple[str, ...]

    @property
    def outcome(self) -> str:
        """What it became, in a few words."""
        writing = self.answer.writing
        if writing is None:
            return f"{self.answer.outcome}, without the model"
        if writing.fallback is not None:
            return f"{self.answer.outcome}, extracts: {writing.fallback}"
        return f"{self.answer.outcome}, written"


def asked(model: ModelServed, count: int) -> Iterator[Asked]:
    """Yield the outcome of so many questions, over the files of the set in a base of its own, nothing remembered."""
    chosen = Random(f"{SEED}/{SET}/asked").sample([one["question"] for one in questions(SET)], count)
    with TemporaryDirectory(prefix="footnote-") as made, open_footnote(_settings(model, Path(made))) as footnote:
        footnote.add_base(SET, sets_folder() / SET / "files", OPERATOR)
        footnote.sync(SET)
        for text in chosen:
            yield _asked(footnote, text)


def _settings(model: ModelServed, home: Path) -> Settings:
    environ = {
        "FOOTNOTE_DATA_DIR": str(home / "data"),
        "FOOTNOTE_CACHE__ENABLED": "0",
        "OPENAI_BASE_URL": model.url,
        "OPENAI_API_KEY": model.key,
        "FOOTNOTE_MODEL": model.name,
        "FOOTNOTE_MODELS__FIRST_SENTENCE_SECONDS": str(min(model.seconds, _MOST_FIRST_S)),
        "FOOTNOTE_MODELS__WHOLE_ANSWER_SECONDS": str(model.seconds),
        "FOOTNOTE_MODELS__STALL_SECONDS": str(min(model.seconds, _MOST_STALL_S)),
        "FOOTNOTE_MODELS__ANSWER_TOKENS": str(model.answer_tokens),
    }
    return Settings.load(environ, env_file=None)


def _asked(footnote: Footnote, text: str) -> Asked:
    watcher = _Watcher()
    with _heard() as told:
        began = time.monotonic()
        answer = footnote.answering.ask(Question(text, OPERATOR), watcher)
        return Asked(text, answer, time.monotonic() - began, watcher.shown, watcher.taken_back, tuple(told))


class _Watcher:
    """Counts what is shown."""

    def __init__(self) -> None:
        self.shown = 0
        self.taken_back = 0

    def found(self, _passages: int, _documents: Sequence[ClosestDocument]) -> None:
        """Show nothing of it."""

    def said(self, _text: str) -> None:
        """Count a sentence."""
        self.shown += 1

    def started_over(self) -> None:
        """Count that all was taken back."""
        self.taken_back += 1

    def stopped(self) -> bool:
        """Want the answer."""
        return False


@contextmanager
def _heard() -> Iterator[list[str]]:
    """Collect what our code logs."""
    lines: list[str] = []

    class Collecting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    handler, log = Collecting(logging.INFO), logging.getLogger(_LOG)
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        log.removeHandler(handler)
        log.setLevel(level)


def outcomes(found: list[Asked]) -> Counter[str]:
    """Return outcome -> how many questions had it."""
    return Counter(one.outcome for one in found)
