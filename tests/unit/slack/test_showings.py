"""What is shown beside an answer tells nobody more of its bases than they need to know."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Answer, Outcome
from tests.contracts.ledger_scene import Scene
from tests.fakes.answers import citation
from tests.unit.slack.office import Office, office_in


@pytest.mark.parametrize(
    ("readers", "told"),
    [
        (("everyone", "group:merger", "public", "user:boss@acme.example"), ("public",)),
        (("channel:slack:T1:C1", "everyone", "user:boss@acme.example"), ("everyone",)),
        (("group:hr", "user:boss@acme.example"), ("group:hr", "user:boss@acme.example")),
        ((), ()),
    ],
)
def test_where_all_may_read_nobody_is_named(tmp_path: Path, readers: tuple[str, ...], told: tuple[str, ...]) -> None:
    """Who reads of a base that all may read is not told who else was let in."""
    with office_in(tmp_path) as office:
        scene = Scene(office.footnote.records)
        office.footnote.records.access.set_readers(scene.kb, readers, OPERATOR)
        assert office.shown_beside(cited(office, scene), inside=True).readers == (told,)


def test_a_document_of_its_own_tells_its_own_readers(tmp_path: Path) -> None:
    """A base that all members may read says nothing of a document that only some of them may."""
    with office_in(tmp_path) as office:
        scene = Scene(office.footnote.records)
        office.footnote.records.access.set_readers(scene.kb, ["everyone"], OPERATOR)
        rule = scene.records.access.rule(scene.kb, ["group:hr"])
        scene.publish(scene.draft("pay.md", "Everybody's pay.", rule=rule))
        life = scene.life("pay.md")
        assert office.shown_beside(cited(office, scene, life.id), inside=True).readers == (("group:hr",),)


def test_where_others_read_along_nobody_is_told(tmp_path: Path) -> None:
    """A guest or a stranger reads neither who may read a document nor whom to ask."""
    with office_in(tmp_path) as office:
        shown = office.shown_beside(cited(office, Scene(office.footnote.records)), inside=False)
        assert (shown.readers, shown.person) == ((), "")


def cited(office: Office, scene: Scene, document_version: int = 1) -> Answer:
    """Return an answer that cites a document of a base."""
    base = office.footnote.records.bases.find(scene.kb)
    assert base is not None
    source = replace(citation(1, kb=base.name), document_version=document_version)
    return Answer(Outcome.ANSWER, "So. [1]", citations=(source,))
