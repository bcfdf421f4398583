"""One installation for all random worlds: real records, index and graph, and a model that repeats all that it reads."""

import itertools
import json
import logging
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from pipelines.adapters.memory_answer_cache import MemoryAnswerCache
from pipelines.answering.caching import RememberedAnswers
from pipelines.answering.components.write import WriteAnswer, WritingLimits
from pipelines.answering.flights import SharedWork
from pipelines.answering.pipeline import Answering
from pipelines.answering.purse import Purse
from pipelines.answering.understanding import ReplyMemory, Understanding
from pipelines.domain.access import OPERATOR
from pipelines.domain.model_budget import Prices
from pipelines.ingestion.equipment import SyncParts
from pipelines.retrieval.analysers import TODAY
from pipelines.settings import Settings
from tests.fakes.installation import FakeInstallation
from tests.fakes.manual_clock import ManualClock
from tests.fakes.model_behaviour import Behaviour
from tests.fakes.model_writers import Prompt, parrots
from tests.fakes.scripted_model import ScriptedModel
from tests.security.slack_worlds import (
    BASES,
    Rules,
    Truth,
)
from tests.small_base import SmallBase, open_parts


_LOGGERS = ("bot", "pipelines")
ANIMALS = (("zebra", "quokka", "walrus"), ("gecko", "ocelot", "puffin"))
_BOT_LINE = re.compile(r"^bot: (.*)$", re.MULTILINE)


def code_of(base: int, document: int) -> str:
    """Return what only a document says; it stands in its text, its title and its path."""
    return f"k{base}{document}x7"


def repeats(prompt: Prompt) -> str:
    """Repeat every source, and make of a follow-up a question with all that was answered before."""
    if "<conversation>" not in prompt.user:
        return parrots(prompt)
    asked = prompt.user.rpartition("<question>")[2].partition("</question>")[0].strip()
    return f"{asked.rstrip('?')} {' '.join(_BOT_LINE.findall(prompt.user))[:120]}?"


class Said(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.lines.append(record.getMessage())


class House:
    """One installation for all worlds: rules change, and with them nothing else."""

    def __init__(self, parts: SyncParts, folder: Path) -> None:
        self.parts = parts
        self.model = ScriptedModel(default=Behaviour(write=repeats))
        self.threads = ThreadPoolExecutor(1)
        self.log = Said()
        self.numbers = itertools.count(1)
        self.footnote = FakeInstallation(Settings.load({"FOOTNOTE_DATA_DIR": str(folder)}, None), parts.records)
        self.bases = [SmallBase(parts, folder / name, name) for name in BASES]
        self._written: list[object] = [None] * len(BASES)
        clock = ManualClock()
        self.cache = MemoryAnswerCache(clock, max_bytes=10**7)
        self.graphs = {False: self._graph(clock, written=False), True: self._graph(clock, written=True)}

    def settle(self, truth: Truth) -> None:
        """Give the bases the rules of a world."""
        for number, rules in enumerate(truth.rules):
            self._files(number, rules, truth)
            self.open(number, truth)

    def open(self, number: int, truth: Truth) -> None:
        """Set the readers of a base as they are in a world."""
        base = self.bases[number]
        base.records.access.set_readers(base.kb, truth.readers_of(truth.rules[number].base), OPERATOR)

    def _files(self, number: int, rules: Rules, truth: Truth) -> None:
        wanted = [None if one is None else truth.readers_of(one) for one in (rules.folder, *rules.own)]
        if wanted == self._written[number]:
            return
        self._written[number] = wanted
        base, (folder_rule, *own) = self.bases[number], wanted
        listed = [] if folder_rule is None else [{"pattern": "hr/**", "readers": folder_rule}]
        (base.folder / ".footnote.yaml").write_text(json.dumps({"audience": listed}))
        for document, rule in enumerate(own):
            front = "" if rule is None else f"---\naudience: {json.dumps(rule)}\n---\n"
            animal, code = ANIMALS[number][document], code_of(number, document)
            path = base.folder / ("hr" if document else "open") / f"{code}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{front}# Meals {code}\n\nThe {animal} meal is served in room {code}.\n")
        assert not base.sync().rejected

    def _graph(self, clock: ManualClock, *, written: bool) -> Answering:
        parts, records = self.parts, self.parts.records
        purse = Purse(records.model_usage, prices=Prices(0, 0), answer_tokens=100, answers_per_person=0)
        work = SharedWork(clock, 60)
        model = self.model if written else None
        memory = RememberedAnswers(
            records, self.cache, clock, made_with=(None, TODAY.version), model=model.name if model else None,
            answer_seconds=3600, wait_seconds=60,
        )  # fmt: skip
        limits, rules = WritingLimits(60, 60), records.answering_rules
        return Answering(
            records, parts.index, None, parts.blobs, clock, question_chars=2000, memory=memory,
            writing=WriteAnswer(self.model, None, rules=rules, purse=purse, clock=clock, limits=limits)
            if written else None,
            understanding=Understanding(
                self.model, records, purse, seconds=20, memory=ReplyMemory(self.cache, work, 3600)
            ) if written else None,
        )  # fmt: skip


@contextmanager
def house(folder: Path) -> Iterator[House]:
    """Open a house."""
    for name in BASES:
        (folder / name).mkdir()
    with open_parts(folder, words_only=True) as parts:
        made = House(parts, folder)
        before = {name: logging.getLogger(name).level for name in _LOGGERS}
        for name in _LOGGERS:
            logging.getLogger(name).addHandler(made.log)
            logging.getLogger(name).setLevel(logging.DEBUG)
        yield made
        for name, level in before.items():
            logging.getLogger(name).removeHandler(made.log)
            logging.getLogger(name).setLevel(level)
        made.threads.shutdown()
