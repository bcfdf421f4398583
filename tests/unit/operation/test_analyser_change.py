"""The analyser changed by a release while questions are asked and bases synced, with the index in a file."""

from pathlib import Path

import pytest

from bot.commands.index import is_outdated
from pipelines.domain.conversation import Outcome
from pipelines.errors import BadInput, BadSettings
from pipelines.ingestion.equipment import Cut
from pipelines.ports.chunk_index import TermFields
from pipelines.retrieval.analysers import RELEASED, TODAY
from tests.changing_analyser import AFTER, BEFORE, LATER, WORDS_ONLY, change_under_a_sync, in_other_terms, release
from tests.rebuilding_scene import held
from tests.three_versions import BASE, LEAVE, answers, install, write_documents


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return the data folder of an installation of the release before."""
    with release(BEFORE, tmp_path / "data") as made:
        install(made, tmp_path / "documents")
        assert answers(made)
    return tmp_path / "data"


def test_until_it_is_rebuilt_the_index_is_asked_in_its_own_terms(data: Path, tmp_path: Path) -> None:
    """A release with another analyser answers, reads nothing again, and syncs what is new in the terms before."""
    with release(AFTER, data) as footnote:
        before = held(footnote)
        assert answers(footnote)
        (tmp_path / "documents" / "2.md").write_text("# Travel 2\n\nA bus replaces train 2.\n", encoding="utf-8")
        result = footnote.sync(BASE)
        assert (result.changed, result.unchanged) == (1, 7)
        (new,) = held(footnote).keys() - before.keys()
        terms = held(footnote)[new][2]
        assert isinstance(terms, TermFields)
        assert {"bus", "replac", "train"} <= set(terms.stems)
        assert not footnote.generations.state().current
        assert "questions are asked and passages synced in the terms" in str(is_outdated(footnote))


def test_it_is_changed_while_it_is_asked_and_synced(data: Path, tmp_path: Path) -> None:
    """Answers before, during and after; a sync meanwhile writes each generation in its own terms."""
    change_under_a_sync(data, tmp_path / "documents", WORDS_ONLY)


def test_it_goes_back_to_the_terms_before(data: Path, tmp_path: Path) -> None:
    """With what was synced since, as long as the release has that analyser."""
    with release(AFTER, data) as footnote:
        footnote.generations.rebuild()
        (tmp_path / "documents" / "9.md").write_text("# Travel 9\n\nTrain 9 is new.\n", encoding="utf-8")
        footnote.sync(BASE)
        after = held(footnote)
        assert footnote.generations.rebuild(back=True).copied == 1
        assert in_other_terms(held(footnote)) == after
        assert answers(footnote)


def test_a_sync_in_parts_writes_the_terms_of_the_index(data: Path, tmp_path: Path) -> None:
    """Whoever takes a part asks what the index is made with."""
    with release(AFTER, data) as footnote:
        footnote.generations.rebuild()
        before = held(footnote)
        write_documents(tmp_path / "documents", 60)
        assert footnote.sync(BASE).added > Cut().inline
        new = [row[2] for key, row in held(footnote).items() if key not in before]
        assert new
        assert all(isinstance(terms, TermFields) and "niart" in terms.stems for terms in new)
        assert answers(footnote)


def test_without_the_analyser_before_rebuilding_is_what_is_left(data: Path) -> None:
    """A release that skipped one answers as well as it can, and no sync mixes terms; a rebuilding mends both."""
    with release(LATER, data) as footnote:
        assert footnote.ask(LEAVE).outcome is Outcome.REFUSAL
        assert "That one is gone" in str(is_outdated(footnote))
        with pytest.raises(BadSettings, match=r"analyser 1, which this release does not have.*footnote index rebuild"):
            footnote.sync(BASE)
        before = held(footnote)
        footnote.generations.rebuild()
        assert held(footnote) == in_other_terms(before)
        assert answers(footnote)
        assert footnote.sync(BASE).unchanged == 8
        with pytest.raises(BadInput, match="it can only be deleted"):
            footnote.generations.rebuild(back=True)


def test_an_answer_is_not_remembered_beyond_the_change(data: Path) -> None:
    """What was found in other terms may not be what would be found now: it is made anew."""
    with release(AFTER, data, WORDS_ONLY | {"FOOTNOTE_CACHE__ENABLED": "1"}) as footnote:
        assert [footnote.ask(LEAVE).age_s is None for _ in range(2)] == [True, False]
        footnote.generations.rebuild()
        assert [footnote.ask(LEAVE).age_s is None for _ in range(2)] == [True, False]


def test_a_new_installation_begins_with_the_newest(tmp_path: Path) -> None:
    """Where nothing was synced yet, there is nothing to be asked in the terms before."""
    with release(AFTER, tmp_path / "data") as footnote:
        install(footnote, tmp_path / "documents")
        assert footnote.generations.state().active.analyser == "other"
        assert answers(footnote)


def test_analysers_are_had_by_their_versions() -> None:
    """The one that is asked for, if it is here; for a question, else the newest under that name."""
    assert RELEASED.of(TODAY.version) is RELEASED.newest is TODAY
    assert AFTER.for_questions(TODAY.version) is TODAY
    stand_in = LATER.for_questions(TODAY.version)
    assert (stand_in.version, stand_in.question_terms) == (TODAY.version, LATER.newest.question_terms)
    with pytest.raises(BadSettings, match="footnote index rebuild"):
        LATER.of(TODAY.version)
