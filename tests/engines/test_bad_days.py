"""A wrong password, another installation's database, a full disk: one sentence each, and nothing is changed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psycopg
import pytest

from pipelines.adapters.records.database import Database
from pipelines.adapters.system_clock import SystemClock
from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Outcome, Question
from pipelines.domain.job_kinds import SYNC
from pipelines.errors import BadSettings, FootnoteError, TransientError
from pipelines.setting_forms import psycopg_address
from pipelines.settings import Settings
from pipelines.wiring import Footnote, open_footnote
from tests.contracts.chunk_index_rows import KB, question, row
from tests.engines.postgres_databases import Server as Databases
from tests.engines.weaviate_scene import identity, opened, remove, server_at
from tests.faults.part_children import SkewedClock
from tests.servers import postgres_server


pytestmark = pytest.mark.engines

HIDDEN = "s3cr3t"


class BadlyKeptClock(SystemClock):
    """The system's clock, put forward while it runs; how long was waited is added too."""

    ahead = 0.0
    waited = 0.0

    def now(self) -> datetime:
        """Return what this machine takes for the time of day."""
        return super().now() + timedelta(seconds=self.ahead)

    def monotonic(self) -> float:
        """Return seconds, as if it had been waited."""
        return super().monotonic() + self.waited


@pytest.fixture
def guarded() -> Iterator[str]:
    """Return the address of a PostgreSQL that asks `berta` for her password, without user and password."""
    with TemporaryDirectory(prefix="footnote-") as folder:
        server = postgres_server(Path(folder))
        server.start()
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("SET password_encryption = 'scram-sha-256'")
            connection.execute(f"CREATE ROLE berta LOGIN PASSWORD '{HIDDEN}'".encode())
            connection.execute("GRANT ALL ON SCHEMA public TO berta")
            connection.execute("GRANT ALL ON DATABASE footnote TO berta")
        server.stop()
        rules = Path(folder) / "data" / "pg_hba.conf"
        rules.write_text("host all berta 127.0.0.1/32 scram-sha-256\n" + rules.read_text(encoding="utf-8"))
        server.start()
        yield server.url.replace("postgres@", "{}@")
        server.stop()


@pytest.mark.parametrize("account", ["berta:wr0ng", "berta"])
def test_a_wrong_password_is_told(guarded: str, account: str) -> None:
    """A wrong one and a missing one: the account and the setting are named, no password is; the right one opens."""
    with pytest.raises(BadSettings) as fault:
        Database(psycopg_address(guarded.format(account)))
    said = str(fault.value)
    assert said.endswith("refused the account 'berta': check user and password (DATABASE_URL)")
    assert "wr0ng" not in said
    assert len(said.splitlines()) == 1
    Database(psycopg_address(guarded.format(f"berta:{HIDDEN}"))).close()


def installation(data: Path, address: str) -> Footnote:
    """Return an installation by words only, with its index in its folder and its records at an address."""
    own = {"FOOTNOTE_DATA_DIR": str(data), "FOOTNOTE_EMBEDDER": "none", "DATABASE_URL": address}
    return open_footnote(Settings.load(own, env_file=None))


def test_another_installations_database_is_refused(tmp_path: Path, postgres_url: str) -> None:
    """An index beside records that are not its own: neither questions nor syncs mix them, and the way back works."""
    databases, folder = Databases(postgres_url), tmp_path / "documents"
    folder.mkdir()
    (folder / "leave.md").write_text("# Leave\n\nParental leave is twelve weeks long.\n", encoding="utf-8")
    leave = Question("How long is parental leave?", OPERATOR)
    with databases.migrated() as first, databases.migrated() as second:
        own, others = (databases.url(name).replace("+psycopg", "") for name in (first, second))
        for data, address in ((tmp_path / "own", own), (tmp_path / "others", others)):
            with installation(data, address) as footnote:
                footnote.add_base("handbook", folder, OPERATOR)
                footnote.sync("handbook")
        with installation(tmp_path / "own", others) as mixed:
            for use in (lambda: mixed.ask(leave), lambda: mixed.sync("handbook")):
                with pytest.raises(FootnoteError, match=r"index\.db .*belongs to another installation.*") as fault:
                    use()
                assert len(str(fault.value).splitlines()) == 1
        with installation(tmp_path / "own", own) as footnote:
            assert footnote.ask(leave).outcome is Outcome.ANSWER


@pytest.mark.parametrize(("seconds", "said"), [(600.0, "600 seconds ahead of"), (-600.0, "600 seconds behind")])
def test_a_wrong_clock_is_told_before_it_does_harm(
    tmp_path: Path, postgres_url: str, seconds: float, said: str
) -> None:
    """Leases count by it: a machine whose clock is wrong works on no job, and answers questions all the same."""
    databases = Databases(postgres_url)
    with databases.migrated() as name:
        address = databases.url(name).replace("+psycopg", "")
        settings = installation(tmp_path / "data", address).settings
        folder = tmp_path / "documents"
        folder.mkdir()
        with Footnote(settings, SkewedClock(seconds)) as footnote:
            footnote.add_base("handbook", folder, OPERATOR)
            for work in (lambda: footnote.jobs.worker(lambda: False), lambda: footnote.sync("handbook")):
                with pytest.raises(
                    BadSettings, match=rf"clock of this machine is {said} .*DATABASE_URL.*by NTP"
                ) as told:
                    work()
                assert len(str(told.value).splitlines()) == 1
            assert footnote.ask(Question("Is there leave?", OPERATOR)).outcome is Outcome.REFUSAL
        with Footnote(settings, SkewedClock(seconds / 20)) as footnote:
            footnote.jobs.worker(lambda: False)


def test_a_clock_that_goes_wrong_while_work_is_done_is_told(
    tmp_path: Path, postgres_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """`footnote work` compares clocks at each tick: it takes no job until they agree again, and then goes on."""
    databases = Databases(postgres_url)
    with databases.migrated() as name:
        settings = installation(tmp_path / "data", databases.url(name).replace("+psycopg", "")).settings
        (tmp_path / "documents").mkdir()
        with Footnote(settings, clock := BadlyKeptClock()) as footnote:
            base = footnote.add_base("handbook", tmp_path / "documents", OPERATOR)
            waits, left = list[float](), list[int]()

            def wait(seconds: float) -> None:
                """Let the next tick come; before the second one the clock goes wrong, before the fourth right."""
                if not waits:
                    footnote.jobs.submit_sync("handbook")
                waits.append(seconds)
                clock.ahead = 600.0 if len(waits) < 3 else 0.0
                clock.waited += settings.work.tick_seconds
                left.append(footnote.records.jobs.waiting().get(SYNC, 0))

            footnote.jobs.process(wait, lambda: len(waits) == 4).run()
            assert footnote.records.jobs.running(base.id) is None
        assert left == [1, 1, 1, 0]
        chosen = settings.work
        assert waits == [chosen.poll_seconds, chosen.tick_seconds, chosen.tick_seconds, chosen.poll_seconds]
        assert len([one for one in caplog.messages if "the clock of this machine is 600 seconds ahead" in one]) == 2


def test_a_weaviate_whose_disk_is_full_is_told(weaviate_url: str) -> None:
    """It lets nobody write then: each write says so with the way out, questions go on, and later writes are taken."""
    server = server_at(weaviate_url)
    with opened(server, identity()) as index:
        index.stage([row(1, "leave", at=[1])])
        collection = index.collection
        shards = f"{server.rest_address}/v1/schema/{collection}/shards"
        (shard,) = httpx.get(shards, trust_env=False).json()
        # What Weaviate does by itself when its disk is fuller than DISK_USE_READONLY_PERCENTAGE.
        change(shards, shard["name"], "READONLY")
        with pytest.raises(TransientError, match=r"store is read-only.*check that its disk and memory have room"):
            index.stage([row(2, "leave", at=[1])])
        for write in (lambda: index.retire(KB, [row(1).chunk_id], 2), lambda: index.sweep(KB, 1)):
            with pytest.raises(TransientError, match=r"Weaviate at .*WEAVIATE_URL"):
                write()
        assert len(index.search(question("leave", at=[1])).words) == 1
        change(shards, shard["name"], "READY")
        index.stage([row(2, "leave", at=[1])])
        assert len(index.search(question("leave", at=[1])).words) == 2
    remove(server, collection)


def change(shards: str, name: str, status: str) -> None:
    """Change a shard's status."""
    httpx.put(f"{shards}/{name}", json={"status": status}, trust_env=False).raise_for_status()
