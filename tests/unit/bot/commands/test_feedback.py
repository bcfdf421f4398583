"""What people say of answers is read by admins, and by nobody else."""

import pytest

from bot.commands.feedback import newest
from bot.feedback_words import feedback_lines
from pipelines.domain.access import OPERATOR, principal_as
from pipelines.domain.conversation import Answer, Outcome
from pipelines.domain.feedback import Feedback
from pipelines.errors import NotAllowed
from tests.fakes.installation import FakeInstallation


ANNA = "user:slack:T1:U1"


@pytest.fixture
def rated(footnote: FakeInstallation) -> FakeInstallation:
    """Return an installation with one bad and one good word."""
    for good, reason, detail in ((False, "bad_source", "See the new policy."), (True, "", "")):
        number = footnote.records.answers.add(f"Is it {good}?", OPERATOR, Answer(Outcome.ANSWER, "So."), {})
        footnote.records.feedback.add(Feedback(number, ANNA, good=good, reason=reason, detail=detail))
    return footnote


def test_an_admin_reads_what_was_said(rated: FakeInstallation) -> None:
    """The question, who said what, and their own words."""
    told = "\n".join(line.text for line in feedback_lines(newest(rated, OPERATOR)))
    assert "1: Is it False?" in told
    assert f"bad (bad source), {ANNA}, 20" in told
    assert "“See the new policy.”" in told
    assert f"good, {ANNA}, 20" in told


def test_only_so_much_is_told(rated: FakeInstallation) -> None:
    """As many as are wanted, one at least."""
    assert len(newest(rated, OPERATOR, 1).feedback) == len(newest(rated, OPERATOR, 0).feedback) == 1
    assert len(newest(rated, OPERATOR).feedback) == 2


def test_nobody_else_reads_it(rated: FakeInstallation) -> None:
    """Not even who said it."""
    with pytest.raises(NotAllowed):
        newest(rated, principal_as([ANNA]))


def test_silence_is_told(footnote: FakeInstallation) -> None:
    """Where nobody said anything, that is said."""
    assert [line.text for line in feedback_lines(newest(footnote, OPERATOR))] == [
        "Nobody has said anything of an answer yet."
    ]
