"""A recorded answer beside today's: the same while nothing changed, and told apart where something did."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.adapters.memory_answer_cache import MemoryAnswerCache
from pipelines.adapters.system_clock import SystemClock
from pipelines.answering.replaying import Replay, replay
from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Outcome
from pipelines.errors import NotFound
from tests.fakes.model_behaviour import Behaviour
from tests.fakes.model_writers import extractive
from tests.fakes.scripted_model import ScriptedModel
from tests.remembering import ANNA, BEN, Remembering, rooms, where_is, write_room
from tests.small_base import SmallBase


class Scene:
    """A base of two rooms, and who answers over it."""

    def __init__(self, base: SmallBase) -> None:
        self.base = base
        self.model: ScriptedModel | None = None

    def process(self) -> Remembering:
        """Return a process that remembers nothing of before."""
        return Remembering(self.base, MemoryAnswerCache(SystemClock(), max_bytes=10**6), model=self.model)

    def replayed(self, number: int | None = None) -> Replay:
        """Return a recorded answer beside today's."""
        records, blobs = self.base.records, self.base.parts.blobs
        answering = self.process()._fresh
        return replay(records.answers.get(number), OPERATOR, records=records, blobs=blobs, answering=answering)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """Yield two rooms that everybody may read."""
    with rooms(tmp_path, {"scanner": 12, "garden": 13}) as base:
        yield Scene(base)


def test_nothing_differs_while_nothing_changed(scene: Scene) -> None:
    """The same passages at the same ranks with the same scores, and the same words."""
    first = scene.process().ask(where_is("scanner"), BEN)
    found = scene.replayed(first.id)
    assert (found.same_evidence, found.same_text, found.same_prompt) == (True, True, None)
    assert found.recorded.principal == BEN.name
    assert found.passages[0].document == "scanner.md"
    assert "room 12" in found.passages[0].text
    assert [one.then for one in found.passages] == [one.today for one in found.passages]


def test_an_edit_is_told_as_a_passage_gone_and_one_new(scene: Scene) -> None:
    """What was said stays readable while its version is kept; today's passage stands beside it."""
    first = scene.process().ask(where_is("scanner"), BEN)
    write_room(scene.base, "scanner", 14)
    scene.base.sync()
    found = scene.replayed(first.id)
    assert (found.same_evidence, found.same_text) == (False, False)
    gone = [one for one in found.passages if one.today is None]
    new = [one for one in found.passages if one.then is None]
    assert ["room 12" in one.text for one in gone] == [True]
    assert ["room 14" in one.text for one in new] == [True]
    assert "room 14" in found.today.text


def test_it_is_asked_with_the_rights_of_then(scene: Scene) -> None:
    """Who replays sees what that person would be told today, not what an admin would."""
    readers = 'audience: [{pattern: "hr/**", readers: ["group:hr"]}]'
    (scene.base.folder / ".footnote.yaml").write_text(readers, encoding="utf-8")
    write_room(scene.base, "vault", 99, within="hr")
    scene.base.sync()
    process = scene.process()
    of_anna, of_ben = process.ask(where_is("vault"), ANNA), process.ask(where_is("vault"), BEN)
    assert "99" in scene.replayed(of_anna.id).today.text
    assert "99" not in repr(scene.replayed(of_ben.id))


def test_a_model_that_is_told_the_same_is_known(scene: Scene) -> None:
    """The digest of its prompt is recorded: passages, style and layout alike, or not."""
    scene.model = ScriptedModel(default=Behaviour(write=extractive))
    first = scene.process().ask(where_is("scanner"), BEN)
    assert scene.replayed(first.id).same_prompt is True
    scene.base.records.answering_rules.change(scene.base.kb, lambda rules: replace(rules, style="Be brief."))
    found = scene.replayed(first.id)
    assert (found.same_prompt, found.same_evidence, found.same_text) == (False, True, True)


def test_a_refusal_and_a_deleted_base_are_replayed_too(scene: Scene) -> None:
    """Without a passage there is nothing to compare but the outcome; a base that is gone is asked no more."""
    refused = scene.process().ask("Which volcano erupted in Iceland?", BEN)
    assert scene.replayed(refused.id).today.outcome is Outcome.REFUSAL
    answered = scene.process().ask(where_is("scanner"), BEN)
    scene.base.erase()
    found = scene.replayed(answered.id)
    assert found.today.outcome is Outcome.REFUSAL
    assert {(one.document, one.today) for one in found.passages} == {("", None)}


def test_the_newest_is_replayed_without_a_number(scene: Scene) -> None:
    """Each replay is an asking of its own, and recorded in the name of who replays."""
    with pytest.raises(NotFound):
        scene.replayed()
    scene.process().ask(where_is("scanner"), BEN)
    last = scene.process().ask(where_is("garden"), BEN)
    assert scene.replayed().recorded.number == last.id
    assert scene.base.records.answers.get().principal == OPERATOR.name
