"""The schedules of failing models in full: three hundred over real HTTP, six questions each."""

import pytest

from tests.faults.model_schedules import check_over_http
from tests.soak.sizes import CASES


pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600)]
SCHEDULES = 3 * CASES // 10


@pytest.mark.parametrize("block", range(10))
def test_every_schedule_over_http_leaves_nothing(block: int) -> None:
    """A whole reply or an honest fault in time, two calls at most, no refusal repeated, nothing left over."""
    for seed in range(1000 + block, 1000 + SCHEDULES, 10):
        check_over_http(seed)
