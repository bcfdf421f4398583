"""The sync machine in full: a thousand cases of fifty steps, in ten runs that can go side by side."""

from pathlib import Path

import pytest

from tests.soak.places import in_files
from tests.soak.running import run_machine
from tests.soak.sizes import CASES, RUNS, STEPS


pytestmark = [pytest.mark.soak, pytest.mark.timeout(4 * 3600)]


@pytest.mark.parametrize("number", range(RUNS))
def test_no_order_of_steps_and_deaths_makes_a_difference(tmp_path: Path, number: int) -> None:
    """Whatever is done and whoever dies at any step, each version shows exactly what it must, to whom it may."""
    run_machine(in_files(tmp_path), cases=CASES // RUNS, steps=STEPS, number=number)
