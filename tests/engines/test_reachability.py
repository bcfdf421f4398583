"""`footnote doctor` and `footnote ask` beside a real Redis."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis

from tests.scenarios.machine import Machine
from tests.servers import free_ports


pytestmark = pytest.mark.engines


def checks(machine: Machine, address: str, code: int = 0) -> dict[str, dict[str, str]]:
    """Return what the doctor says of a Redis at an address, by name."""
    (machine.home / ".env").write_text(f"REDIS_URL={address}\n", encoding="utf-8")
    found: dict[str, dict[str, str]] = {one["name"]: one for one in machine.json("doctor", code=code)["checks"]}
    assert "hunter2" not in str(found)
    return found


def test_doctor_asks_the_server(tmp_path: Path, redis_url: str) -> None:
    """One that answers is told from one that does not, and from one that refuses; never with the password."""
    machine = Machine(tmp_path)
    port, (nobody,) = urlsplit(redis_url).port, free_ports(1)
    well = checks(machine, redis_url)
    assert (well["REDIS_URL"]["state"], well["FOOTNOTE_BROKER_URL"]["state"]) == ("ok", "ok")
    away = checks(machine, f"redis://:hunter2@127.0.0.1:{nobody}/0", code=3)
    assert (away["REDIS_URL"]["state"], away["FOOTNOTE_BROKER_URL"]["state"]) == ("warn", "fail")
    refused = checks(machine, f"redis://:hunter2@127.0.0.1:{port}/0", code=3)
    assert "refuses the user or password" in refused["REDIS_URL"]["message"]


def test_one_command_remembers_for_the_next(tmp_path: Path, redis_url: str) -> None:
    """With Redis a second command shows what the first one found; without any server both find it."""
    machine = Machine(tmp_path)
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "scanner.md").write_text(
        "# The scanner\n\nThe scanner is in room 12.\n", encoding="utf-8"
    )
    machine.run("kb", "add", "rooms", "documents")
    machine.run("kb", "sync", "rooms")
    (machine.home / ".env").write_text(f"REDIS_URL={redis_url}\n", encoding="utf-8")
    first, second = (machine.json("ask", "Where is the scanner?") for _ in range(2))
    assert first["citations"] == second["citations"] != []
    assert "search" in first["timings_ms"]
    assert "search" not in second["timings_ms"]
    client = redis.Redis.from_url(redis_url)
    client.flushall()
    client.close()
    assert machine.json("ask", "Where is the scanner?")["citations"] == first["citations"]
    (machine.home / ".env").write_text(f"REDIS_URL=redis://127.0.0.1:{free_ports(1)[0]}/0\n", encoding="utf-8")
    assert machine.json("ask", "Where is the scanner?")["citations"] == first["citations"]
