"""Runs of the sync machine that a number repeats."""

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.soak.machine import SyncMachine
from tests.soak.places import Places


def run_machine(places: Places, *, cases: int, steps: int, number: int = 0) -> None:
    """Run so many cases, the same ones for the same number."""

    class Machine(SyncMachine):
        """The machine on these installations."""

    Machine.places = staticmethod(places)
    run_state_machine_as_test(
        seed(number)(Machine),
        settings=settings(
            max_examples=cases,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            phases=(Phase.generate,),  # to make a failure smaller takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
