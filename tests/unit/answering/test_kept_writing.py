"""What a model wrote is shown again for the same evidence alone, and cited where that stands now."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.memory_answer_cache import MemoryAnswerCache
from pipelines.answering.assembling import Proof, SaidSentence
from pipelines.answering.kept_writing import CODEC, MOST_BYTES, KeptWriting, decode, encode
from pipelines.domain.answering_rules import AnsweringRules
from pipelines.domain.conversation import Answer, Outcome
from tests.fakes.answers import TEXTS
from tests.fakes.manual_clock import ManualClock
from tests.fakes.model_behaviour import Behaviour
from tests.fakes.model_writers import extractive
from tests.fakes.scripted_model import ScriptedModel
from tests.remembering import ANNA, BEN, Remembering, rooms, told, where_is, write_room
from tests.small_base import SmallBase


PROOFS = st.builds(Proof, st.integers(1, 20), st.integers(0, 2000), st.integers(1, 3000))
SAID = st.builds(SaidSentence, TEXTS, TEXTS, st.lists(PROOFS, max_size=3).map(tuple), st.booleans())
KEPT = st.builds(
    KeptWriting,
    st.lists(SAID, max_size=5).map(tuple),
    TEXTS,
    st.integers(0, 9),
    st.datetimes(timezones=st.just(UTC)),
)
WHOLE = KeptWriting((SaidSentence("A.", "", (Proof(1, 0, 2),)),), "small", 0, datetime(2026, 3, 1, tzinfo=UTC))

BEYOND = replace(WHOLE, said=(SaidSentence("A.", "", (Proof(1, 0, 10_000),)),))


@given(KEPT)
def test_what_is_written_is_read_again(kept: KeptWriting) -> None:
    """Every answer comes back equal; one that holds half a character is not written at all."""
    data = encode(kept)
    if data is None:
        assert "\\ud800" in repr(kept)
    else:
        assert decode(data) == kept


@given(st.binary(max_size=200))
def test_any_bytes_are_a_miss(data: bytes) -> None:
    """Bytes that we never wrote are no answer, and no fault."""
    assert decode(data) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("codec", CODEC + 1),
        ("said", "A."),
        ("said", [{"text": "A.", "before": "", "proofs": [[1, 0, 2]], "own_words": False}]),
        ("said", [{"text": "A.", "before": "", "proofs": [{"source": 1, "start": "0", "end": 2}], "own_words": False}]),
        ("said", [{"text": "A.", "before": "", "proofs": [], "own_words": 0}]),
        ("model", None),
        ("withheld", True),
        ("made_at", "2026-03-01T00:00:00"),
        ("other", 1),
    ],
)
def test_one_wrong_value_is_a_miss(name: str, value: object) -> None:
    """Where any part is of another kind, nothing of it is believed."""
    values: dict[str, Any] = json.loads(encode(WHOLE) or b"")
    assert decode(json.dumps({**values, name: value}).encode()) is None


def test_an_answer_of_too_many_bytes_is_not_kept() -> None:
    """The memory of all is not spent on one."""
    assert encode(replace(WHOLE, model="m" * MOST_BYTES)) is None


@pytest.fixture
def base(tmp_path: Path) -> Iterator[SmallBase]:
    """A synced base of two rooms, open to everyone."""
    with rooms(tmp_path, {"scanner": 12, "garden": 13}) as made:
        yield made


class Scene:
    """A process that remembers what a model writes; its calls are counted."""

    def __init__(self, base: SmallBase, default: Behaviour) -> None:
        self.base = base
        self.clock = ManualClock()
        self.cache = MemoryAnswerCache(self.clock, max_bytes=10**6)
        self.model = ScriptedModel(default=default)
        self.process = self.another()

    def another(self, model: ScriptedModel | None = None) -> Remembering:
        """Return one more process over the same memory."""
        return Remembering(self.base, self.cache, self.clock, model=model or self.model)

    @property
    def calls(self) -> int:
        """How often the model was called."""
        return len(self.model.calls)


@pytest.fixture
def scene(base: SmallBase) -> Scene:
    """A process whose model quotes the best sentences."""
    return Scene(base, Behaviour(write=extractive))


def test_a_sync_that_changed_other_documents_calls_no_model(scene: Scene) -> None:
    """The evidence is the same, so are the words; the citation names the version of today, and the age is told."""
    first = scene.process.ask(where_is("scanner"))
    write_room(scene.base, "library", 20)
    scene.base.sync()
    scene.clock.advance(90)
    second = scene.process.ask(where_is("scanner"))
    assert (scene.calls, len(scene.process.runs)) == (1, 2)
    assert first.text == second.text
    assert [one.version for one in (*first.citations, *second.citations)] == [1, 2]
    assert (first.age_s, second.age_s) == (None, 90)


def test_the_age_goes_on_in_the_first_level(scene: Scene) -> None:
    """An answer of old words that is remembered anew is as old as its words."""
    scene.process.ask(where_is("scanner"))
    write_room(scene.base, "library", 20)
    scene.base.sync()
    ages = []
    for _ in range(2):
        scene.clock.advance(60)
        ages.append(scene.process.ask(where_is("scanner")).age_s)
    assert (ages, len(scene.process.runs), scene.calls) == ([60, 120], 2, 1)


def test_a_passage_that_moved_is_cited_where_it_stands(scene: Scene) -> None:
    """Text before a passage does not change it: the quote is the same, its place is today's."""
    first = scene.process.ask(where_is("garden"))
    path = scene.base.folder / "garden.md"
    path.write_text(f"# Notes\n\nNothing of note.\n\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    scene.base.sync()
    second = scene.process.ask(where_is("garden"))
    assert second.text == first.text
    assert [one.quote for one in second.citations] == [one.quote for one in first.citations]
    stored = scene.base.seen().documents["garden.md"].text
    assert [stored[one.start : one.end] for one in second.citations] == [one.quote for one in second.citations]
    assert second.citations[0].start > first.citations[0].start


def test_changed_evidence_is_written_anew(scene: Scene) -> None:
    """One other figure in one passage is other evidence."""
    scene.process.ask(where_is("scanner"))
    write_room(scene.base, "scanner", 14)
    scene.base.sync()
    assert "room 14" in scene.process.ask(where_is("scanner")).text
    assert scene.calls == 2


def test_readers_of_the_same_evidence_share_and_others_do_not(scene: Scene) -> None:
    """Who finds other passages is answered from these, whatever was written for somebody else."""
    readers = 'audience: [{pattern: "hr/**", readers: ["group:hr"]}]'
    (scene.base.folder / ".footnote.yaml").write_text(readers, encoding="utf-8")
    write_room(scene.base, "vault", 99, within="hr")
    scene.base.sync()
    assert "99" in scene.process.ask(where_is("vault"), ANNA).text
    hidden = scene.process.ask(where_is("vault"), BEN)
    assert "99" not in repr(hidden)
    before = scene.calls
    assert told(scene.process.ask(where_is("garden"), ANNA)) == told(scene.process.ask(where_is("garden"), BEN))
    assert scene.calls == before + 1


def changed(change: dict[str, Any], rules: AnsweringRules) -> AnsweringRules:
    """Return rules with a change."""
    return replace(rules, **change)


def test_another_way_of_writing_is_another_answer(scene: Scene) -> None:
    """Strictness, style and model decide what is written."""
    scene.process.ask(where_is("scanner"))
    for number, change in enumerate(({"strict": True}, {"style": "Write short sentences."}), 2):
        scene.base.records.answering_rules.change(scene.base.kb, partial(changed, change))
        scene.process.ask(where_is("scanner"))
        assert scene.calls == number
    other = ScriptedModel(name="other", default=Behaviour(write=extractive))
    answer = scene.another(other).ask(where_is("scanner"))
    assert answer.writing is not None
    assert (answer.writing.model, len(other.calls)) == ("other", 1)


def test_what_fell_back_is_not_kept(base: SmallBase) -> None:
    """Extracts that stand for a model's answer are made anew, and the model is asked again."""
    scene = Scene(base, Behaviour(status=500))
    for number in (1, 2):
        write_room(base, "library", number)
        base.sync()
        answer = scene.process.ask(where_is("scanner"))
        assert answer.writing is not None
        assert answer.writing.model is None
        assert scene.calls == number


def test_bytes_of_somebody_else_are_written_anew(scene: Scene) -> None:
    """A proof beyond its passage, or no JSON at all, is a miss."""
    scene.process.ask(where_is("scanner"))
    for number, data in enumerate((b"{", encode(replace(WHOLE, said=())), encode(BEYOND)), 2):
        for key in list(scene.cache._entries):
            scene.cache.slot(key).put(data or b"", 60)
        answer = scene.process.ask(where_is("scanner"))
        assert (answer.outcome, scene.calls) == (Outcome.ANSWER, number)


def test_equal_questions_of_people_with_other_rights_call_the_model_once(base: SmallBase) -> None:
    """Forty at once, of two kinds of readers, in two processes, find the same evidence: one writes, the others wait."""
    scene = Scene(base, Behaviour(write=extractive, pause_s=0.02))
    readers = 'audience: [{pattern: "hr/**", readers: ["group:hr"]}]'
    (base.folder / ".footnote.yaml").write_text(readers, encoding="utf-8")
    write_room(base, "vault", 99, within="hr")
    base.sync()
    processes = (scene.process, scene.another())

    def ask(number: int) -> Answer:
        return processes[number % 2].ask(where_is("scanner"), (ANNA, BEN)[number // 2 % 2])

    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(ask, range(40)))
    assert {one.text for one in answers} == {answers[0].text}
    assert scene.calls == 1


def test_the_age_is_never_negative(scene: Scene) -> None:
    """A clock that went back makes no answer of the future."""
    scene.process.ask(where_is("scanner"))
    write_room(scene.base, "library", 20)
    scene.base.sync()
    scene.clock.advance(-60)
    assert scene.process.ask(where_is("scanner")).age_s == 0
