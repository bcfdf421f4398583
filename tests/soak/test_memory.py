"""Ten thousand operations among remembered answers: after each, what is told is what a search would say now."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tests.soak.sizes import CASES
from tests.unit.answering.test_caching_machine import RememberedAnswersMachine, WrittenAnswersMachine


pytestmark = [pytest.mark.soak, pytest.mark.losses, pytest.mark.timeout(4 * 3600)]

_STEPS = 15


@pytest.mark.parametrize("machine", [RememberedAnswersMachine, WrittenAnswersMachine])
def test_no_course_of_events_makes_memory_stale(machine: type[RuleBasedStateMachine]) -> None:
    """Edits, syncs, roll-backs, changes of rights and questions of three readers, in `CASES` courses."""
    bounds = settings(
        max_examples=CASES // 3,
        stateful_step_count=_STEPS,
        deadline=None,
        database=None,
        phases=(Phase.generate,),  # to make a failure smaller takes minutes
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=bounds)
