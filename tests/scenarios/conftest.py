"""What all scenarios share."""

from collections.abc import Iterator

import pytest

from tests.scenarios.chat_office import WayIn
from tests.scenarios.machine import warm_commands
from tests.scenarios.ways_in import WAYS_IN


@pytest.fixture(scope="module", params=list(WAYS_IN))
def way_in(request: pytest.FixtureRequest) -> WayIn:
    """Return each of the ways in for what happens on chat platforms."""
    return WAYS_IN[request.param]


@pytest.fixture(scope="session", autouse=True)
def ended_commands() -> Iterator[None]:
    """End the server of commands with the tests, if any test used it."""
    yield
    if warm_commands.cache_info().currsize:
        warm_commands().close()
