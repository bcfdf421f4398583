"""What becomes of a model's text: shown as far as the sources hold it, else told why not."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipelines.adapters.sqlite_index import IndexIdentity, SqliteIndex
from pipelines.adapters.system_clock import SystemClock
from pipelines.answering.components.write import WriteAnswer, WritingLimits
from pipelines.answering.pipeline import Answering
from pipelines.answering.purse import Purse
from pipelines.domain.access import OPERATOR, AccessFilter, principal_as
from pipelines.domain.answering_rules import AnsweringRules
from pipelines.domain.conversation import Answer, ClosestDocument, Fallback, Outcome, Principal, Question
from pipelines.domain.model_budget import Prices
from pipelines.ports.chunk_index import ChunkIndex, SearchLists, SearchRequest
from pipelines.ports.model import CallCancelled
from tests.fakes.model_behaviour import Behaviour
from tests.fakes.model_writers import fixed
from tests.fakes.scripted_model import ScriptedModel
from tests.small_base import SmallBase, open_parts


ASKED = "How many weeks of parental leave does a parent get?"
LEAVE = (
    "# Parental leave\n\nEvery parent gets 24 weeks of parental leave. The leave may be parted in two. "
    "Contractors get no parental leave, except in Norway.\n"
)


BOARD = "# Parental leave of the board\n\nEvery parent on the board gets 52 weeks of parental leave.\n"
TRUE = "Every parent gets 24 weeks of parental leave. [1]"


class Scene:
    """A base of one document, a model that follows a script, and a place that watches."""

    def __init__(self, base: SmallBase) -> None:
        self.base = base
        self.model = ScriptedModel(name="small-1")
        self.shown: list[str] = []
        self.read: list[tuple[int, list[str]]] = []
        self.starts = 0
        self.stop = False

    def found(self, passages: int, documents: Sequence[ClosestDocument]) -> None:
        """Note what is read."""
        self.read.append((passages, [f"{one.kb}: {one.title}" for one in documents]))

    def said(self, text: str) -> None:
        """Show a sentence; what it is made of was told before."""
        assert self.read
        self.shown.append(text)

    def started_over(self) -> None:
        """Take all back."""
        self.shown.clear()
        self.starts += 1

    def stopped(self) -> bool:
        """Say whether it is wanted."""
        return self.stop

    def ask(
        self,
        *texts: str,
        question: str = ASKED,
        principal: Principal = OPERATOR,
        index: ChunkIndex | None = None,
        **others: Any,
    ) -> Answer:
        """Return the outcome of a question to which the model writes these texts, a call each."""
        for text in texts:
            self.model.script(Behaviour(write=fixed(text), **others))
        return self.answering(index=index).ask(Question(question, principal), self)

    def answering(
        self,
        *,
        first_sentence_s: float = 20,
        whole_answer_s: float = 20,
        most: int = 0,
        index: ChunkIndex | None = None,
    ) -> Answering:
        """Return the graph."""
        parts, clock = self.base.parts, SystemClock()
        records = parts.records
        purse = Purse(records.model_usage, prices=Prices(1_000_000, 0), answer_tokens=100, answers_per_person=most)
        writing = WriteAnswer(
            self.model,
            parts.embedder,
            rules=records.answering_rules,
            purse=purse,
            clock=clock,
            limits=WritingLimits(first_sentence_s, whole_answer_s),
        )
        found_by = index or parts.index
        return Answering(records, found_by, parts.embedder, parts.blobs, clock, question_chars=2000, writing=writing)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """Yield a base that was synced, and who watches."""
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "leave.md").write_text(LEAVE, encoding="utf-8")
    with open_parts(tmp_path, words_only=True) as parts:
        base = SmallBase(parts, folder)
        base.sync()
        yield Scene(base)


def test_a_supported_sentence_is_shown_with_its_receipt(scene: Scene) -> None:
    """What the model says in the passage's words carries a number whose quote is the passage's own sentence."""
    answer = scene.ask("Every parent gets 24 weeks of parental leave. [1]")
    assert answer.text == "Every parent gets 24 weeks of parental leave. [1]"
    assert [one.quote for one in answer.citations] == ["Every parent gets 24 weeks of parental leave."]
    assert answer.writing is not None
    assert (answer.writing.model, answer.writing.withheld, answer.writing.fallback) == ("small-1", 0, None)
    assert scene.shown == [answer.text]


def test_what_was_said_while_it_was_written_is_what_is_returned(scene: Scene) -> None:
    """The sentences that a place showed, put together, are the answer."""
    answer = scene.ask("Every parent gets 24 weeks of parental leave. [1] The leave may be parted in two. [1]")
    assert "".join(scene.shown) == answer.text
    assert scene.starts == 0


def test_what_is_read_is_told_before_the_first_sentence(scene: Scene) -> None:
    """Once, however often it is begun anew: how many passages, and their documents."""
    scene.ask("Every parent gets 24 weeks of parental leave. [1] Every parent gets 26 weeks of leave. [1]")
    assert scene.read == [(1, ["handbook: Parental leave"])]


class Careless(SqliteIndex):
    """An index that finds what the operator may read, whoever asks."""

    access: AccessFilter

    def search(self, request: SearchRequest) -> SearchLists:
        """Find it."""
        return super().search(replace(request, access=self.access))


@pytest.mark.parametrize(
    ("readers", "told"),
    [
        (["group:hr"], (2, ["handbook: Parental leave", "handbook: Parental leave of the board"])),
        (["everyone"], (1, ["handbook: Parental leave"])),
    ],
)
def test_nothing_is_told_that_the_reader_may_not_read(
    tmp_path: Path, scene: Scene, readers: list[str], told: tuple[int, list[str]]
) -> None:
    """What the index found and the rights did not confirm is neither named nor counted."""
    records, folder = scene.base.records, scene.base.folder
    (folder / "hr").mkdir()
    (folder / "hr" / "board.md").write_text(BOARD, encoding="utf-8")
    (folder / ".footnote.yaml").write_text('audience: [{pattern: "hr/**", readers: ["group:hr"]}]', encoding="utf-8")
    scene.base.sync()
    records.access.set_readers(scene.base.kb, ["everyone"], OPERATOR)
    with closing(Careless(tmp_path / "index.db", IndexIdentity(records.installation, "1", None, 0))) as index:
        index.access = records.access.scope(OPERATOR).access
        scene.ask(TRUE, principal=principal_as(["everyone", *readers]), index=index)
    assert scene.read == [told]


def test_an_altered_figure_is_never_shown(scene: Scene) -> None:
    """A sentence that its source contradicts is left out, and the reader learns how many were."""
    supported = "Every parent gets 24 weeks of parental leave. [1] The leave may be parted in two. [1]"
    answer = scene.ask(f"{supported} The leave may be parted in three. [1]")
    assert "three" not in answer.text + "".join(scene.shown)
    assert answer.writing is not None
    assert answer.writing.withheld == 1


def test_too_much_withheld_gives_extracts(scene: Scene) -> None:
    """Where more than a third is not supported, all that was said is taken back, and the documents speak."""
    answer = scene.ask("Every parent gets 24 weeks of parental leave. [1] Every parent gets 26 weeks of leave. [1]")
    assert answer.outcome is Outcome.ANSWER
    assert answer.writing is not None
    assert answer.writing.fallback is Fallback.NOT_SUPPORTED
    assert answer.text.startswith("“")
    assert (scene.starts, scene.shown) == (1, [])


def test_a_reservation_that_is_withheld_takes_the_rest_along(scene: Scene) -> None:
    """Without an exception that the passage makes, what is left would mislead: the extract is shown."""
    supported = "Every parent gets 24 weeks of parental leave. [1] The leave may be parted in two. [1] "
    answer = scene.ask(supported * 2 + "Contractors get parental leave, except in Sweden. [1]")
    assert answer.writing is not None
    assert answer.writing.fallback is Fallback.NOT_SUPPORTED


def test_a_sentence_without_a_mark_is_cited_if_a_source_says_it(scene: Scene) -> None:
    """A model that forgets its marks loses no sentence which a passage holds word for word."""
    answer = scene.ask("Every parent gets 24 weeks of parental leave.")
    assert answer.text == "Every parent gets 24 weeks of parental leave. [1]"


ITEMS = "- Every parent gets 24 weeks of parental leave. [1]\n- The leave may be parted in two. [1]\n"


def test_a_line_that_introduces_a_list_is_judged_by_the_lists_source(scene: Scene) -> None:
    """It cites nothing itself; it waits for the first item, and is shown before it."""
    answer = scene.ask(f"Parental leave includes:\n\n{ITEMS}")
    assert answer.writing is not None
    assert (answer.writing.fallback, answer.writing.withheld) == (None, 0)
    assert "".join(scene.shown) == answer.text
    assert answer.text.startswith("Parental leave includes:")
    assert len(scene.shown) == 3


def test_a_line_that_introduces_a_list_may_not_say_what_its_source_denies(scene: Scene) -> None:
    """A figure in it is judged as everywhere; what nothing follows is judged by all sources."""
    answer = scene.ask(f"Every parent gets 30 weeks of parental leave, namely:\n\n{ITEMS}")
    assert "30" not in answer.text + "".join(scene.shown)
    answer = scene.ask("Every parent gets 24 weeks of parental leave. [1] Fathers of twins get:")
    assert "twins" not in answer.text + "".join(scene.shown)


def test_a_sentence_of_another_passage_is_cited_from_that_one(scene: Scene) -> None:
    """A model that names the wrong source loses no sentence which another one holds, nor its right number."""
    other = "# Travel\n\nEvery parent who travels gets parental leave from travel in spring.\n"
    (scene.base.folder / "travel.md").write_text(other, encoding="utf-8")
    scene.base.sync()
    said = "Every parent gets 24 weeks of parental leave."
    for number in (1, 2):
        answer = scene.ask(f"{said} [{number}]")
        assert [one.quote for one in answer.citations] == [said]
        assert "≈" not in answer.text


def test_an_address_that_no_source_holds_is_never_shown(scene: Scene) -> None:
    """No link and no address comes from a model."""
    answer = scene.ask(
        "Every parent gets 24 weeks of parental leave. [1] The leave may be parted in two. [1] "
        "The leave may be parted in two, see https://evil.example/x. [1]"
    )
    assert "evil" not in answer.text + "".join(scene.shown)


def test_a_strict_base_shows_no_own_words(scene: Scene) -> None:
    """A sentence for whose wording no rule vouches is marked, or left out where the base's admins said so."""
    text = "Every parent gets 24 weeks of parental leave. [1] The leave may be parted in two. [1] " * 2
    own = "Mothers and fathers are offered 24 weeks at home with their newborn. [1]"
    open_base = scene.ask(text + own)
    scene.base.records.answering_rules.change(scene.base.kb, lambda rules: replace(rules, strict=True))
    strict = scene.ask(text + own)
    assert open_base.writing is not None
    assert strict.writing is not None
    assert (open_base.writing.own_words, strict.writing.own_words) in {(1, 0), (0, 0)}
    assert ("≈[1]" in open_base.text) == bool(open_base.writing.own_words)
    assert "≈" not in strict.text


def test_a_model_that_finds_nothing_is_believed(scene: Scene) -> None:
    """When the model says that the sources do not answer, the reader gets the refusal and the nearest documents."""
    answer = scene.ask("NOT IN THE SOURCES")
    assert answer.outcome is Outcome.REFUSAL
    assert [one.document for one in answer.closest] == ["leave.md"]


@pytest.mark.parametrize("behaviour", [Behaviour(status=500), Behaviour(cut_at=0), Behaviour(status=401)])
def test_a_model_that_is_away_gives_extracts_and_says_so(scene: Scene, behaviour: Behaviour) -> None:
    """There is an answer, verbatim, with the reason why no model wrote it."""
    scene.model.script(behaviour, behaviour)
    answer = scene.answering().ask(Question(ASKED, OPERATOR), scene)
    assert answer.text.startswith("“Every parent gets 24 weeks of parental leave.”")
    assert answer.writing is not None
    assert answer.writing.fallback is Fallback.MODEL_AWAY


def test_a_reply_that_breaks_off_is_taken_back(scene: Scene) -> None:
    """Half an answer may lack its exception: what was shown goes, the extract comes."""
    text = "Every parent gets 24 weeks of parental leave. [1] The leave may be parted in two. [1] Contractors get"
    answer = scene.ask(text, cut_at=18)
    assert answer.writing is not None
    assert answer.writing.fallback is Fallback.MODEL_AWAY
    assert (scene.starts, scene.shown) == (1, [])


def test_a_model_without_a_sentence_in_time_gives_extracts(scene: Scene) -> None:
    """Nobody waits longer for the first sentence than the setting says."""
    scene.model.script(Behaviour(write=fixed("word " * 200), pause_s=0.05))
    answer = scene.answering(first_sentence_s=0.2).ask(Question(ASKED, OPERATOR), scene)
    assert answer.writing is not None
    assert answer.writing.fallback is Fallback.MODEL_AWAY


def test_a_stop_ends_the_answer(scene: Scene) -> None:
    """Who watches may take the question back; nothing is recorded as an answer."""
    scene.stop = True
    with pytest.raises(CallCancelled):
        scene.ask("Every parent gets 24 weeks of parental leave. [1]", pause_s=0.05)


def test_a_spent_budget_gives_extracts_and_calls_nobody(scene: Scene) -> None:
    """The reader learns whose budget is used up; no call is made."""
    scene.base.records.answering_rules.change(scene.base.kb, lambda _: AnsweringRules(tokens_per_day=10))
    answer = scene.ask()
    assert answer.writing is not None
    assert (answer.writing.fallback, answer.writing.budget) == (Fallback.BUDGET_SPENT, scene.base.name)
    assert scene.model.calls == []
    assert scene.read == []


def test_a_person_has_so_many_written_answers_a_day(scene: Scene) -> None:
    """Then extracts, with the honest line; an answer that fell back is not counted."""
    answering = scene.answering(most=1)
    question = Question(ASKED, OPERATOR)
    fallbacks = []
    for text in ("Every parent gets 9 weeks. [1]", "Every parent gets 24 weeks of parental leave. [1]", "unused"):
        scene.model.script(Behaviour(write=fixed(text)))
        writing = answering.ask(question).writing
        fallbacks.append(writing and writing.fallback)
    assert fallbacks == [Fallback.NOT_SUPPORTED, None, Fallback.QUOTA_SPENT]


def test_what_was_used_is_counted(scene: Scene) -> None:
    """The base bears the tokens that the server tells, not those that were set aside."""
    scene.ask("Every parent gets 24 weeks of parental leave. [1]")
    used = scene.base.records.model_usage.today(scene.base.kb)
    assert used.calls == 1
    assert 0 < used.tokens_out < 100
    assert used.money == used.tokens_in


def test_a_question_without_evidence_calls_nobody(scene: Scene) -> None:
    """A refusal costs no call."""
    answer = scene.ask(question="What is the capital of Peru?")
    assert answer.outcome is Outcome.REFUSAL
    assert scene.model.calls == []
