"""
Any course of edits, syncs, roll-backs, changes of rights and questions: what is remembered is what a search would say.

Each answer, from memory or not, is compared with one that is made anew at that moment.
"""

import shutil
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from pipelines.adapters.memory_answer_cache import MemoryAnswerCache
from pipelines.adapters.system_clock import SystemClock
from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Principal
from pipelines.errors import NotFound
from pipelines.ports.answer_cache import AnswerCache
from tests.examples import examples
from tests.fakes.model_behaviour import Behaviour
from tests.fakes.model_writers import extractive
from tests.fakes.scripted_model import ScriptedModel
from tests.remembering import ANNA, BEN, ROOMS, Remembering, told, where_is, write_room
from tests.small_base import SmallBase, open_parts


PEOPLE = st.sampled_from([ANNA, BEN, OPERATOR])
NAMES = st.sampled_from(ROOMS[:3])
READERS = st.sampled_from([("everyone",), ("group:hr",), ("user:ben",), ("public",)])


class RememberedAnswersMachine(RuleBasedStateMachine):
    """One base and one process that remembers."""

    @initialize()
    def begin(self) -> None:
        """Make a base of three rooms, open to everyone."""
        self.opened = ExitStack()
        self.place = Path(tempfile.mkdtemp())
        self.opened.callback(shutil.rmtree, self.place)
        (self.place / "documents").mkdir()
        parts = self.opened.enter_context(open_parts(self.place, words_only=True))
        self.base = SmallBase(parts, self.place / "documents")
        parts.records.access.set_readers(self.base.kb, ["everyone"], OPERATOR)
        self.asking = Remembering(self.base, self.cache(), model=self.model())
        for number, name in enumerate(ROOMS[:3]):
            write_room(self.base, name, number)
        self.base.sync()

    def cache(self) -> AnswerCache:
        """Return where this machine's answers are remembered."""
        return MemoryAnswerCache(SystemClock(), max_bytes=10**6)

    def model(self) -> ScriptedModel | None:
        """Return who writes this machine's answers."""
        return None

    @rule(name=NAMES, number=st.integers(0, 3), within=st.sampled_from(["", "hr"]))
    def edit(self, name: str, number: int, within: str) -> None:
        """Write a room's document, at either of two places."""
        write_room(self.base, name, number, within=within)

    @rule(name=NAMES)
    def remove(self, name: str) -> None:
        """Delete a room's document."""
        (self.base.folder / f"{name}.md").unlink(missing_ok=True)
        write_room(self.base, "library", 9)

    @rule(readers=READERS)
    def restrict_folder(self, readers: tuple[str, ...]) -> None:
        """Let a folder be for some."""
        listed = ", ".join(f'"{one}"' for one in readers)
        text = f'audience: [{{pattern: "hr/**", readers: [{listed}]}}]'
        (self.base.folder / ".footnote.yaml").write_text(text, encoding="utf-8")

    @rule(readers=READERS)
    def set_readers(self, readers: tuple[str, ...]) -> None:
        """Let the base be for some."""
        self.base.records.access.set_readers(self.base.kb, readers, OPERATOR)

    @rule()
    def sync(self) -> None:
        """Bring the base up to its folder."""
        self.base.sync()

    @rule(version=st.integers(1, 4))
    def roll_back(self, version: int) -> None:
        """Show an older version."""
        with suppress(NotFound):
            self.base.records.bases.roll_back(self.base.kb, version)

    @rule()
    def unpin(self) -> None:
        """Let the next sync promote."""
        self.base.records.bases.unpin(self.base.kb)

    @rule(name=NAMES, who=PEOPLE)
    def ask(self, name: str, who: Principal) -> None:
        """Ask, and compare with an answer that is made anew."""
        found = self.asking.ask(where_is(name), who)
        assert told(found) == told(self.asking.anew(where_is(name), who))

    @invariant()
    def the_same_question_is_answered_as_by_a_search(self) -> None:
        """After every step, one question of one person is answered as a search would answer it."""
        if hasattr(self, "asking"):
            self.ask(ROOMS[0], BEN)

    def teardown(self) -> None:
        """Close the parts."""
        if hasattr(self, "opened"):
            self.opened.close()


TestRememberedAnswers = RememberedAnswersMachine.TestCase
TestRememberedAnswers.settings = settings(
    max_examples=examples(12), stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


class WrittenAnswersMachine(RememberedAnswersMachine):
    """The same with a model: what it wrote from some evidence is shown again, cited where the evidence stands now."""

    def model(self) -> ScriptedModel:
        """Return a model that quotes the best sentences."""
        return ScriptedModel(default=Behaviour(write=extractive))


TestWrittenAnswers = WrittenAnswersMachine.TestCase
TestWrittenAnswers.settings = TestRememberedAnswers.settings


def test_after_a_promotion_no_question_is_answered_from_before(tmp_path: Path) -> None:
    """While versions are promoted, an answer is never older than what was active when it was asked."""
    (tmp_path / "documents").mkdir()
    with open_parts(tmp_path, words_only=True) as parts, ThreadPoolExecutor(4) as pool:
        base = SmallBase(parts, tmp_path / "documents")
        parts.records.access.set_readers(base.kb, ["everyone"], OPERATOR)
        write_room(base, "scanner", 0)
        base.sync()
        asking = Remembering(base, MemoryAnswerCache(SystemClock(), max_bytes=10**6))
        ended = threading.Event()

        def ask_on() -> list[tuple[int, int, str]]:
            seen = []
            while not ended.is_set():
                active = base.base.active
                (cited,) = asking.ask(where_is("scanner")).citations
                seen.append((active, cited.version, cited.quote))
            return seen

        askers = [pool.submit(ask_on) for _ in range(4)]
        for number in range(1, 16):
            write_room(base, "scanner", number)
            base.sync()
        ended.set()
        seen = [one for asker in askers for one in asker.result()]
    assert all(version >= active for active, version, _ in seen)
    assert all(quote == f"The scanner is in room {version - 1}." for _, version, quote in seen)
    assert len(asking.runs) < len(seen)
