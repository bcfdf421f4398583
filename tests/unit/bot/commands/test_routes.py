"""Routes through the command: set, shared out, switched off, rolled back; for admins, audited."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.cli.terminal import Terminal
from bot.commands import kb
from bot.commands.route_wishes import RouteName
from bot.commands.routes import list_routes, roll_back, set_route, share_route, switch_off
from pipelines.adapters.records import schema as t
from pipelines.adapters.records.database import Database
from pipelines.domain.access import OPERATOR, principal_as
from pipelines.domain.model_routes import RouteRule
from pipelines.errors import BadInput, NotAllowed, NotFound
from tests.fakes.installation import FakeInstallation


NAME = RouteName("Handbook", "group:hr")
RULE = RouteRule("leave-1", 25, "leave-2", 5)


@pytest.fixture
def handbook(footnote: FakeInstallation, folder: Path) -> FakeInstallation:
    """One base."""
    kb.add(footnote, OPERATOR, "handbook", folder)
    return footnote


def audited(footnote: FakeInstallation) -> list[Any]:
    """Return what was audited of routes: action, subject, the share before and after."""
    database = Database(footnote.settings.database_url)
    with database.read() as c:
        wanted = sa.select(t.audit.c.action, t.audit.c.subject, t.audit.c.details)
        rows = c.execute(wanted.where(t.audit.c.action.like("model route%")).order_by(t.audit.c.id)).all()
    database.close()
    shares = [[one and one["share"] for one in (row.details["before"], row.details["after"])] for row in rows]
    return [(row.action, row.subject, *pair) for row, pair in zip(rows, shares, strict=True)]


def test_a_route_is_set_changed_and_rolled_back(handbook: FakeInstallation) -> None:
    """Each change can be taken back by one command, and each is audited; what changes nothing is not."""
    assert set_route(handbook, OPERATOR, NAME, RULE).route.rule == RULE
    set_route(handbook, OPERATOR, NAME, RULE)
    assert share_route(handbook, OPERATOR, NAME, 50).as_json()["route"]["share"] == 50
    off = switch_off(handbook, OPERATOR, NAME).route
    assert off.rule is not None
    assert not off.rule.on
    back = roll_back(handbook, OPERATOR, NAME).route
    assert back.rule is not None
    assert (back.kb, back.whom, back.rule.share, back.rule.on) == ("handbook", "group:hr", 50, True)
    assert list_routes(handbook, OPERATOR).routes == (back,)
    assert audited(handbook) == [
        ("model route set", "handbook group:hr", None, 25),
        ("model route share", "handbook group:hr", 25, 50),
        ("model route off", "handbook group:hr", 50, 50),
        ("model route rollback", "handbook group:hr", 50, 50),
    ]


def test_a_route_that_is_shared_out_is_on_again(handbook: FakeInstallation) -> None:
    """Whoever names a share wants it to be answered."""
    set_route(handbook, OPERATOR, NAME, RULE)
    switch_off(handbook, OPERATOR, NAME)
    rule = share_route(handbook, OPERATOR, NAME, 10).route.rule
    assert rule is not None
    assert (rule.on, rule.share) == (True, 10)


@pytest.mark.parametrize(
    "action",
    [
        lambda it, who: share_route(it, who, NAME, 5),
        lambda it, who: switch_off(it, who, NAME),
        lambda it, who: roll_back(it, who, NAME),
    ],
)
def test_a_route_that_was_never_set_is_not_found(
    handbook: FakeInstallation, action: Callable[[FakeInstallation, Any], object]
) -> None:
    """Nothing is made by a change."""
    with pytest.raises(NotFound, match="there is no such route"):
        action(handbook, OPERATOR)
    assert list_routes(handbook, OPERATOR).routes == ()
    assert audited(handbook) == []


def test_a_route_that_cannot_be_changes_nothing(handbook: FakeInstallation) -> None:
    """It names the limit, the form, or the base that is not there."""
    for name, rule, said in (
        (NAME, RouteRule("leave-1", 101), "the limits are 0 and 100"),
        (RouteName(), RULE, "name one"),
        (RouteName(whom="user:anna"), RULE, "channel:ID or group:ID"),
    ):
        with pytest.raises(BadInput, match=said):
            set_route(handbook, OPERATOR, name, rule)
    with pytest.raises(NotFound, match="nowhere"):
        set_route(handbook, OPERATOR, RouteName("nowhere"), RULE)
    assert list_routes(handbook, OPERATOR).routes == ()


def test_only_admins_see_and_change_routes(handbook: FakeInstallation) -> None:
    """Whatever they may read."""
    anna = principal_as(["user:anna", "everyone"])
    for action in (
        lambda: list_routes(handbook, anna),
        lambda: set_route(handbook, anna, NAME, RULE),
        lambda: share_route(handbook, anna, NAME, 5),
        lambda: switch_off(handbook, anna, NAME),
        lambda: roll_back(handbook, anna, NAME),
    ):
        with pytest.raises(NotAllowed):
            action()


def test_the_route_of_a_removed_base_is_not_listed(handbook: FakeInstallation) -> None:
    """Nobody is answered by it."""
    set_route(handbook, OPERATOR, RouteName("handbook"), RULE)
    handbook.remove_base("handbook", OPERATOR)
    assert list_routes(handbook, OPERATOR).routes == ()


def test_a_person_reads_how_routes_are(handbook: FakeInstallation, capsys: pytest.CaptureFixture[str]) -> None:
    """Whom each is for, who answers, what is on trial, what a roll-back brings, and what all this has no effect on."""
    terminal = Terminal(as_json=False, installation=lambda: handbook)
    terminal.routes()
    assert "No tuned model answers" in capsys.readouterr().out
    terminal.set_route(NAME, "leave-1", 25, "leave-2", 5)
    terminal.switch_route_off(NAME)
    shown = capsys.readouterr().out
    assert "handbook for group:hr: leave-1 answers 25 % of the people; on trial: leave-2, for 5 %." in shown
    assert "Before its last change: no route." in shown
    assert "handbook for group:hr: off: the base model answers, not leave-1." in shown
    assert "FOOTNOTE_MODEL" in shown
    Terminal(as_json=True, installation=lambda: handbook).routes()
    listed = json.loads(capsys.readouterr().out)
    assert listed["routes"][0]["for"] == "group:hr"
    assert listed["routes"][0]["previous"]["canary"] == "leave-2"
