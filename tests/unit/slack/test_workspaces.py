"""One app may be in several workspaces: what happens in another one than ours is not for us to work on."""

from typing import Any

import pytest

from bot.slack.bolt import is_ours
from bot.slack.identity import Identity


HOME = Identity("T1", "Acme", "UBOT", "footnote", "B1", "", None, None)
OF_A_GRID = Identity("T1", "Acme", "UBOT", "footnote", "B1", "E1", None, None)


def event(team: str, enterprise: str | None = None, **more: Any) -> dict[str, Any]:
    """Return an event of a workspace."""
    authorization = {"team_id": team, "enterprise_id": enterprise, "user_id": "UBOT"}
    return {"type": "event_callback", "team_id": "T1", "authorizations": [authorization]} | more


@pytest.mark.parametrize(
    ("told", "identity", "ours"),
    [
        (event("T1"), HOME, True),
        (event("T2"), HOME, False),
        (event("T2", "E1"), HOME, False),
        (event("T2", "E1"), OF_A_GRID, False),
        (event("T2", "E2"), OF_A_GRID, False),
        (event("T2"), OF_A_GRID, False),
        # Of a channel that we share: written in another workspace, told to our app.
        (event("T1", team_id="T2"), HOME, True),
        ({"type": "event_callback", "team_id": "T2"}, HOME, False),
        ({"type": "block_actions", "team": {"id": "T2"}}, HOME, True),
    ],
)
def test_an_event_is_ours_by_the_app_that_it_is_told(told: dict[str, Any], identity: Identity, *, ours: bool) -> None:
    """By workspace, also within an Enterprise Grid; whoever presses a button may be of any."""
    assert is_ours(told, identity) is ours
