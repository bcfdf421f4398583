"""Processes that spend one budget at the same moment, on one file."""

from pathlib import Path

import pytest

from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records.database import Database
from tests.budget_race import require_within_limits, spend
from tests.engines.postgres_databases import at_once
from tests.fakes.manual_clock import ManualClock


@pytest.mark.timeout(300)
def test_processes_at_once_never_pass_a_budget(tmp_path: Path) -> None:
    """What four processes spend is counted to the token, is within every limit, and uses it up."""
    url = f"sqlite:///{tmp_path / 'records.db'}"
    records = SqlRecords(Database(url), ManualClock())
    require_within_limits(records, at_once(spend, *[(url, seed) for seed in range(4)]))
    records.close()
