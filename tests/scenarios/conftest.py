"""What all scenarios share."""

from collections.abc import Iterator

import pytest

from tests.scenarios.machine import warm_commands


@pytest.fixture(scope="session", autouse=True)
def ended_commands() -> Iterator[None]:
    """End the server of commands with the tests, if any test used it."""
    yield
    if warm_commands.cache_info().currsize:
        warm_commands().close()
