"""An installation for the tests of the bot."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.adapters.records.database import Database
from pipelines.adapters.records.sql_records import SqlRecords
from pipelines.adapters.system_clock import SystemClock
from pipelines.settings import Settings
from tests.fakes.installation import FakeInstallation


@pytest.fixture(scope="session")
def empty_records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A records file with its tables, made once: a copy costs less than the migrations."""
    path = tmp_path_factory.mktemp("records") / "records.db"
    database = Database(f"sqlite:///{path}")
    database.close()
    return path


@pytest.fixture
def footnote(tmp_path: Path, empty_records: Path) -> Iterator[FakeInstallation]:
    """An installation in an empty folder."""
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(empty_records, data / "records.db")
    settings = Settings.load({"FOOTNOTE_DATA_DIR": str(data)}, None)
    records = SqlRecords(Database(settings.database_url), SystemClock())
    yield FakeInstallation(settings, records)
    records.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of documents."""
    path = tmp_path / "documents"
    path.mkdir()
    return path
