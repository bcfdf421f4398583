"""What all scenarios share."""

from collections.abc import Iterator

import pytest

from tests.scenarios.chat_office import WayIn
from tests.scenarios.machine import warm_commands
from tests.scenarios.ways_in import ONE_EACH, WAYS_IN


@pytest.fixture(scope="module", params=list(WAYS_IN))
def way_in(request: pytest.FixtureRequest) -> WayIn:
    """Return each of the ways in for what happens on chat platforms."""
    return WAYS_IN[request.param]


def _first_alone() -> list[object]:
    """Return all ways in; those that are no platform's first are for the machine that has all servers."""
    return [one if one in ONE_EACH else pytest.param(one, marks=pytest.mark.engines) for one in WAYS_IN]


@pytest.fixture(scope="module", params=_first_alone())
def costly_way_in(request: pytest.FixtureRequest) -> WayIn:
    """Return each of the ways in, for scenarios that take long."""
    return WAYS_IN[request.param]


@pytest.fixture(scope="session", autouse=True)
def ended_commands() -> Iterator[None]:
    """End the server of commands with the tests, if any test used it."""
    yield
    if warm_commands.cache_info().currsize:
        warm_commands().close()
