"""What admins say about channels: bound, unbound, answered unasked; audited."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.commands import kb
from bot.commands.channels import auto_answer, bind, unbind
from pipelines.adapters.records import schema as t
from pipelines.adapters.records.database import Database
from pipelines.domain.access import OPERATOR, principal_as
from pipelines.errors import BadInput, NotAllowed, NotFound
from tests.fakes.installation import FakeInstallation


CHANNEL = "channel:slack:T1:C1"


@pytest.fixture
def handbook(footnote: FakeInstallation, folder: Path) -> FakeInstallation:
    """One base."""
    kb.add(footnote, OPERATOR, "Handbook", folder)
    return footnote


def audited(footnote: FakeInstallation) -> list[Any]:
    """Return what was audited: action, subject, details."""
    database = Database(footnote.settings.database_url)
    with database.read() as c:
        wanted = sa.select(t.audit.c.action, t.audit.c.subject, t.audit.c.details).order_by(t.audit.c.id)
        rows = [tuple(row) for row in c.execute(wanted)]
    database.close()
    return rows


def test_a_channel_is_bound_and_unbound(handbook: FakeInstallation) -> None:
    """It is a reader of the base until it is unbound; only what changes something is audited."""
    first, again = (bind(handbook, OPERATOR, "handbook", CHANNEL).as_json() for _ in range(2))
    assert first == {"kb": "Handbook", "readers": [CHANNEL], "changed": True}
    assert again == {**first, "changed": False}
    assert handbook.records.access.readers(handbook.records.bases.get("handbook").id) == (CHANNEL,)
    gone, still = (unbind(handbook, OPERATOR, "handbook", CHANNEL) for _ in range(2))
    assert (gone.readers.readers, gone.changed, still.changed) == ((), True, False)
    assert audited(handbook) == [
        ("kb bind", "Handbook", {"before": [], "after": [CHANNEL]}),
        ("kb unbind", "Handbook", {"before": [CHANNEL], "after": []}),
    ]


def test_a_channel_is_answered_unasked(handbook: FakeInstallation) -> None:
    """It is told, switched on and off; each change is audited once."""
    told = [auto_answer(handbook, OPERATOR, CHANNEL, on=on).auto for on in (None, True, True, None, False, None)]
    assert told == [False, True, True, True, False, False]
    assert auto_answer(handbook, OPERATOR, CHANNEL, on=None).as_json() == {"channel": "slack:T1:C1", "auto": False}
    assert audited(handbook) == [
        ("kb auto", "slack:T1:C1", {"before": False, "after": True}),
        ("kb auto", "slack:T1:C1", {"before": True, "after": False}),
    ]


def test_what_cannot_be_changes_nothing(handbook: FakeInstallation) -> None:
    """No base of that name, no such reader."""
    with pytest.raises(NotFound, match="nowhere"):
        bind(handbook, OPERATOR, "nowhere", CHANNEL)
    with pytest.raises(BadInput, match="is not a reader"):
        bind(handbook, OPERATOR, "handbook", "channel:")
    assert audited(handbook) == []


def test_only_admins_say_anything_of_channels(handbook: FakeInstallation) -> None:
    """Whoever else asks learns and changes nothing."""
    anna = principal_as(["user:anna"])
    for act in (bind, unbind):
        with pytest.raises(NotAllowed):
            act(handbook, anna, "handbook", CHANNEL)
    with pytest.raises(NotAllowed):
        auto_answer(handbook, anna, CHANNEL, on=True)
    assert audited(handbook) == []
