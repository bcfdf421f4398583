"""With FOOTNOTE_EGRESS=none nothing leaves: counted by the kernel in a network of its own."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.git_repository import GitRepository
from tests.servers import missing


# Not for its server, for its time: every command of a full run is a process of its own.
pytestmark = [pytest.mark.engines, pytest.mark.losses]
ROOT = Path(__file__).parents[2]
_SCRIPT = """
set -e
ip link set lo up
ip route add default dev lo
"$@"
echo "packets: $(awk '/lo:/ {print $11}' /proc/net/dev)"
"""
_NAMESPACE = ["unshare", "--user", "--map-root-user", "--net", "sh", "-c", _SCRIPT, "sh"]


def _packets(*line: str, folder: Path) -> tuple[int, str]:
    """Run a command where every packet, wherever it is sent, passes one counter; return the count and what it wrote."""
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT),
        "FOOTNOTE_DATA_DIR": str(folder / "data"),
        "FOOTNOTE_EMBEDDER": "none",
        "FOOTNOTE_EGRESS": "none",
    }
    done = subprocess.run(
        [*_NAMESPACE, *line], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=110
    )
    # The kernel forbids it: that is the machine's, and .ci/run shows the line.
    if done.returncode and done.stderr.startswith("unshare: "):
        pytest.skip(f"this machine lets nobody make a network of his own: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    said, _, count = done.stdout.rpartition("packets: ")
    return int(count), said + done.stderr


@pytest.fixture(autouse=True)
def tools() -> None:
    """Skip where the programs are missing that make a network; with CI=true that is a failure."""
    for name in ("unshare", "ip"):
        if not shutil.which(name):
            missing(name)


def test_the_counter_counts(tmp_path: Path) -> None:
    """One datagram to anywhere is seen."""
    send = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('93.184.216.34', 53))"
    assert _packets(sys.executable, "-W", "ignore", "-c", send, folder=tmp_path)[0] >= 1


def test_engines_elsewhere_are_refused_before_a_name_is_asked(tmp_path: Path) -> None:
    """The doctor looks at an installation without engines; with engines elsewhere it names each and asks for none."""
    engines = [
        "DATABASE_URL=postgresql://db.example.com/footnote",
        "REDIS_URL=redis://redis.example.com",
        "FOOTNOTE_BROKER_URL=redis://93.184.216.34",
        "WEAVIATE_URL=http://weaviate.example.com:8080",
        "FOOTNOTE_BLOBS=s3://footnote-files",
        "OPENAI_BASE_URL=https://models.example.com/v1",
    ]
    command = f"{sys.executable} -m bot.cli doctor"
    packets, said = _packets("sh", "-ec", f"{command}\n! env {' '.join(engines)} {command}", folder=tmp_path)
    assert packets == 0
    faults = [line for line in said.splitlines() if "FOOTNOTE_EGRESS=none" in line]
    assert [line.split(":")[0].removeprefix("- ") for line in faults] == [
        "DATABASE_URL",
        "REDIS_URL",
        "FOOTNOTE_BROKER_URL",
        "WEAVIATE_URL",
        "FOOTNOTE_WEAVIATE__GRPC_PORT",
        "FOOTNOTE_BLOBS",
        "OPENAI_BASE_URL",
    ]


def test_a_full_run_sends_no_packet(tmp_path: Path) -> None:
    """Folder, repository and upload are added, synced and asked; sites and hosts are refused before a name is asked."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "leave.md").write_text("# Leave\n\nParental leave lasts sixteen weeks.\n")
    repository = GitRepository(tmp_path / "origin.git")
    repository.put("travel.md", b"# Travel\n\nA hotel in Bergen costs at most 165 euros.\n")
    repository.commit()
    command = f"{sys.executable} -m bot.cli"
    run = "\n".join(
        [
            f"{command} kb add docs {tmp_path}/docs",
            f"{command} kb add code git+file://{tmp_path}/origin.git",
            f"{command} kb add files upload:",
            f"{command} kb upload files {tmp_path}/docs/leave.md",
            f"for kb in docs code files; do {command} kb sync $kb; done",
            f"{command} ask 'How long does parental leave last?'",
            f"{command} ask 'What may a hotel in Bergen cost?'",
            f"! {command} kb add site https://docs.example.com/",
            f"! {command} kb add host https://93.184.216.34/a.git",
            f"! {command} kb add key git@git.example.com:a.git --key-file {tmp_path}/docs/leave.md",
        ]
    )
    packets, said = _packets("sh", "-ec", run, folder=tmp_path)
    assert packets == 0
    assert "sixteen weeks" in said
    assert "165 euros" in said
    assert said.count("FOOTNOTE_EGRESS=none") == 3
