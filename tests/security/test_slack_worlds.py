"""
S3: in whatever world of Slack, what is shown somewhere is readable by everybody who looks on there.

Prompts of models, remembered answers and logs are held to the same. `make soak` draws 2,000 worlds.
"""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from tests.examples import examples
from tests.fakes.manual_clock import ManualClock
from tests.fakes.slack_server import FakeSlack
from tests.security.slack_worlds import WORLDS, World
from tests.security.slack_worlds_house import House, house
from tests.security.slack_worlds_life import Life
from tests.unit.slack.people_scene import settle


CASES = 2000 if examples(100) == 100 else 25


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Open one installation for all worlds."""
    with house(tmp_path_factory.mktemp("house")) as made:
        yield made


@pytest.mark.timeout(3600)
@given(world=WORLDS)
@settings(max_examples=CASES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_is_shown_to_whom_it_must_not_be(opened: House, world: World) -> None:
    """Asked anywhere, followed up, looked at again; people come and go and rules narrow, a minute at most is given."""
    clock = ManualClock()
    # One Slack for each world: with thousands of channels it is slow.
    with FakeSlack(clock=clock) as slack:
        Life(opened, settle(slack, clock), world).go_on()
