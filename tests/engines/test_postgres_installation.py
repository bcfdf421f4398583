"""The command itself with its records in PostgreSQL."""

from pathlib import Path

import pytest

from tests.engines.postgres_databases import Server
from tests.scenarios.machine import Machine


pytestmark = pytest.mark.engines


def configured(machine: Machine, url: str) -> None:
    """Let a machine keep its records at an address."""
    (machine.home / ".env").write_text(f"DATABASE_URL={url}\n", encoding="utf-8")


def test_a_base_is_added_synced_asked_and_removed(tmp_path: Path, postgres_url: str) -> None:
    """Every command works as with the file, whatever the documents are called, and no file of records is made."""
    server, machine = Server(postgres_url), Machine(tmp_path)
    documents = tmp_path / "documents"
    deep = documents / Path(*["a rather long name of a folder " * 7] * 14)
    deep.mkdir(parents=True)
    (documents / "leave.md").write_text("# Leave\n\nParental leave is twelve weeks long.\n", encoding="utf-8")
    (deep / "broken.pdf").write_bytes(b"no PDF")
    (documents / "title.html").write_text("<title>a&#0;b</title><p>Travel is paid by train.</p>", encoding="utf-8")
    with server.database() as name:
        configured(machine, server.url(name).replace("+psycopg", ""))
        machine.run("kb", "add", "handbook", str(documents))
        machine.run("kb", "sync", "handbook")
        assert "twelve weeks" in machine.run("ask", "How long is parental leave?").stdout
        status = machine.json("kb", "status", "handbook")
        assert (status["documents"], status["rejected"], status["running"]) == (2, 1, False)
        checks = {one["name"]: one for one in machine.json("doctor")["checks"]}
        assert checks["records"]["state"] == "ok"
        assert f"database '{name}' of PostgreSQL at " in checks["records"]["message"]
        machine.run("kb", "remove", "handbook", "--yes")
        assert machine.json("kb", "list")["bases"] == []
        assert list(tmp_path.rglob("records.db")) == []


def test_a_server_that_is_away_is_one_sentence(tmp_path: Path) -> None:
    """A question and the doctor both name the server and the setting, without the password."""
    machine = Machine(tmp_path)
    configured(machine, "postgresql://anna:s3cr3t@127.0.0.1:1/footnote")
    said = machine.run("ask", "How long is parental leave?", code=3).stderr
    assert "PostgreSQL at 127.0.0.1:1 cannot be reached" in said
    assert "DATABASE_URL" in said
    told = machine.run("doctor", "--json", code=3).stdout
    assert "cannot be reached" in told
    assert "s3cr3t" not in said + told
