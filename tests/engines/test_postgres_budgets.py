"""Processes that spend one budget at the same moment, on one PostgreSQL."""

import pytest

from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records.database import Database
from tests.budget_race import DAYS, begin_days, require_within_limits, spend
from tests.engines.postgres_databases import Server, at_once
from tests.fakes.manual_clock import ManualClock


pytestmark = [pytest.mark.engines, pytest.mark.timeout(300)]


def test_processes_at_once_never_pass_a_budget(postgres_url: str) -> None:
    """What six processes spend is counted to the token, is within every limit, and uses it up; none waits for ever."""
    server = Server(postgres_url)
    with server.migrated() as name:
        url = server.url(name)
        records = SqlRecords(Database(url), ManualClock())
        require_within_limits(records, at_once(spend, *[(url, seed) for seed in range(6)]))
        records.close()


def test_who_spends_first_waits_for_nobody_in_a_circle(postgres_url: str) -> None:
    """However many begin a day at once, over the same bases in any order, the database refuses none of them."""
    server = Server(postgres_url)
    with server.migrated() as name:
        assert at_once(begin_days, *[(server.url(name), seed) for seed in range(4)]) == [DAYS] * 4
