"""A recorded answer is shown and judged by those who saw it, and shows what they may read now."""

import pytest
from hypothesis import given

from bot.commands.recorded import evidence, judge, recorded_for
from pipelines.domain.access import OPERATOR, principal_as
from pipelines.domain.citations import Citation
from pipelines.domain.conversation import Answer, Outcome, citation_json, citation_of
from pipelines.domain.feedback import Feedback
from pipelines.errors import NotAllowed, NotFound
from tests.contracts.ledger_scene import Scene
from tests.fakes.answers import CITATIONS, citation
from tests.fakes.installation import FakeInstallation


ANNA, BEN = principal_as(["user:anna"]), principal_as(["user:ben"])
LEAVE = Answer(Outcome.ANSWER, "Twelve weeks.")
HERE = "slack:T1:C1:"


@given(CITATIONS)
def test_a_citation_is_read_back(one: Citation) -> None:
    """What the records keep of it is all of it."""
    assert citation_of(citation_json(one)) == one


@pytest.mark.parametrize(
    ("rights", "place", "allowed"),
    [
        (["everyone", "public"], HERE, True),
        (["everyone", "public"], "", False),
        (["everyone", "public"], "slack:T1:C2:", False),
        (["everyone", "public"], "slack:T1:C:", False),
        (["everyone", "public", "user:anna"], HERE, False),
        (["admin"], HERE, False),
        (None, HERE, False),
    ],
)
def test_what_others_did_not_get_stays_theirs(
    footnote: FakeInstallation, *, rights: list[str] | None, place: str, allowed: bool
) -> None:
    """By the place where it stands, or by the rights that it used; of a record that tells none it is assumed."""
    used = {"rights": rights} if rights else {}
    number = footnote.records.answers.add("why?", ANNA, LEAVE, used, f"{HERE}1.1")
    assert recorded_for(footnote, number, ANNA.name, place=place).question == "why?"
    if allowed:
        assert recorded_for(footnote, number, BEN.name, place=place).question == "why?"
        return
    with pytest.raises(NotAllowed):
        recorded_for(footnote, number, BEN.name, place=place)
    with pytest.raises(NotAllowed):
        judge(footnote, Feedback(number, BEN.name, good=True), place=place)
    assert footnote.records.feedback.of(number) == ()


def test_what_is_not_kept_is_not_there(footnote: FakeInstallation) -> None:
    """An answer that was deleted shows nothing and cannot be judged."""
    with pytest.raises(NotFound):
        evidence(footnote, 7, ANNA, place=HERE)
    with pytest.raises(NotFound):
        judge(footnote, Feedback(7, ANNA.name, good=True), place=HERE)


def test_evidence_of_a_base_that_is_gone_is_counted_alone(footnote: FakeInstallation) -> None:
    """Neither a base that was removed nor a new one of its name shows the quotes of the old."""
    scene = Scene(footnote.records)
    footnote.records.access.set_readers(scene.kb, ["everyone"], OPERATOR)
    scene.publish(scene.draft("a.md", "one"))
    cited = citation(1)
    life = scene.life("a.md").id
    told = LEAVE.as_json() | {"citations": [citation_json(cited) | {"kb": "handbook", "document_version": life}]}
    answer = Answer(Outcome.ANSWER, "So. [1]", citations=tuple(citation_of(one) for one in told["citations"]))
    number = footnote.records.answers.add("why?", ANNA, answer, {"rights": ["everyone"]}, f"{HERE}1.1")
    assert evidence(footnote, number, BEN, place=HERE).hidden == 0
    footnote.records.bases.hide(scene.kb)
    assert evidence(footnote, number, BEN, place=HERE).hidden == 1
    again = Scene(footnote.records)
    footnote.records.access.set_readers(again.kb, ["everyone"], OPERATOR)
    again.publish(again.draft("a.md", "one more"))
    found = evidence(footnote, number, BEN, place=HERE)
    assert (found.answer.citations, found.hidden) == ((), 1)
