"""Promises of the git source towards the network: checked addresses, no redirects, no secrets shown."""

import os
from base64 import b64decode
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest

from pipelines.adapters.sources.git_address import parse_git_address
from pipelines.adapters.sources.git_mirror import GitAccess, GitLimits, GitMirror
from pipelines.adapters.sources.git_program import GitProgram, git_settings, ssh_command
from pipelines.domain.egress import Egress
from pipelines.errors import SourceUnreadable
from tests.git_host import GitHost
from tests.git_repository import GitRepository
from tests.security.connections import RecordingResolver, trap


NAME = "git.example"


@pytest.fixture
def host(tmp_path: Path) -> Iterator[GitHost]:
    """Serve one repository."""
    repository = GitRepository(tmp_path / "served" / "docs.git")
    repository.put("a.md", b"text")
    repository.commit()
    with GitHost(tmp_path / "served") as running:
        yield running


def _mirror(tmp_path: Path, url: str, egress: str, resolver: RecordingResolver) -> GitMirror:
    access = GitAccess(parse_git_address(url))
    return GitMirror(tmp_path / "copy", access, Egress.parse(egress), limits=GitLimits(), resolver=resolver)


def test_git_connects_to_the_address_that_was_checked(tmp_path: Path, host: GitHost) -> None:
    """The name is known to our resolver alone: git reaches its host only because it was told the address."""
    resolver = RecordingResolver({NAME: [["127.0.0.1"], ["127.0.0.1"], ["10.0.0.1"]]})
    mirror = _mirror(tmp_path, f"http://{NAME}:{host.port}/docs.git", f"{NAME}:{host.port}", resolver)
    branch, commit = mirror.update(lambda: None)
    assert (branch, len(commit)) == ("main", 40)
    assert resolver.asked == [NAME]
    assert host.headers[0]["host"] == f"{NAME}:{host.port}"


def test_a_redirect_of_a_host_is_not_followed(tmp_path: Path, host: GitHost) -> None:
    """Where it leads was not checked."""
    with trap() as (port, came):
        host.redirect = f"http://127.0.0.1:{port}"
        resolver = RecordingResolver({NAME: [["127.0.0.1"]]})
        mirror = _mirror(tmp_path, f"http://{NAME}:{host.port}/docs.git", f"{NAME}:{host.port}", resolver)
        with pytest.raises(SourceUnreadable):
            mirror.update(lambda: None)
        assert host.headers
        assert came == []


def test_a_repository_cannot_name_another_place(tmp_path: Path, host: GitHost) -> None:
    """Alternates and addresses in its settings are the server's own business and not ours."""
    with trap() as (port, came):
        served = tmp_path / "served" / "docs.git"
        with (served / "config").open("a") as config:
            config.write(f'[url "http://127.0.0.1:{port}/"]\n\tinsteadOf = http://{NAME}\n')
        (served / "objects" / "info" / "http-alternates").write_text(f"http://127.0.0.1:{port}/\n")
        resolver = RecordingResolver({NAME: [["127.0.0.1"]]})
        mirror = _mirror(tmp_path, f"http://{NAME}:{host.port}/docs.git", f"{NAME}:{host.port}", resolver)
        mirror.update(lambda: None)
        assert came == []


def test_a_token_stands_in_no_file_and_on_no_command_line(tmp_path: Path) -> None:
    """It is told to git by its surroundings, for one address only."""
    address = parse_git_address("https://git.example/docs.git")
    settings = git_settings(address, [ip_address("93.184.216.34")], "s3cr3t")
    (header,) = [value for name, value in settings.items() if name == f"http.{address.url}.extraHeader"]
    assert b64decode(header.rpartition(" ")[2]) == b"x-access-token:s3cr3t"
    git = GitProgram(tmp_path / "copy", settings)
    git.output("init", "--quiet", "--bare", "--template=", str(tmp_path / "copy"))
    assert "s3cr3t" not in " ".join(git._line(["fetch"]))
    assert not [file for file in (tmp_path / "copy").rglob("*") if file.is_file() and b"s3cr3t" in file.read_bytes()]
    assert settings["http.curloptResolve"] == "git.example:443:93.184.216.34"


def test_a_token_goes_over_https_only(tmp_path: Path) -> None:
    """Over http everybody on the way could read it."""
    access = GitAccess(parse_git_address("http://git.example/docs.git"), token="s3cr3t")  # noqa: S106 - of no host
    mirror = GitMirror(tmp_path / "copy", access, Egress(), limits=GitLimits(), resolver=lambda _: ["93.184.216.34"])
    with pytest.raises(SourceUnreadable, match="over https only"):
        mirror.check()


def test_ssh_goes_to_the_checked_address_with_one_key(tmp_path: Path) -> None:
    """No file of the account takes part; the host's key is remembered under its name."""
    line = ssh_command(parse_git_address("git@git.example:a.git"), ip_address("93.184.216.34"), tmp_path, "/key file")
    assert line.startswith(f"ssh -F {os.devnull} ")
    for part in ("HostName=93.184.216.34", "HostKeyAlias=git.example", "BatchMode=yes", "IdentitiesOnly=yes"):
        assert part in line
    assert line.endswith("-i '/key file'")


def test_only_the_protocol_of_the_address_is_allowed(tmp_path: Path, host: GitHost) -> None:
    """Git for one repository over http cannot be led to a file, a command or ssh."""
    address = parse_git_address(f"http://127.0.0.1:{host.port}/docs.git")
    git = GitProgram(tmp_path / "copy", git_settings(address, [ip_address("127.0.0.1")], None))
    git.output("init", "--quiet", "--bare", "--template=", str(tmp_path / "copy"))
    for other in (
        f"file://{tmp_path}/served/docs.git",
        "ext::touch /tmp/x",
        "ssh://git@127.0.0.1/a",
        "git://127.0.0.1/a",
    ):
        with pytest.raises(SourceUnreadable, match=r"not allowed|strange|cannot"):
            git.output("ls-remote", other)
    assert "HEAD" in git.text("ls-remote", address.url)
