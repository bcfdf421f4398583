"""
Every command that the documentation shows in a console is run, page by page, as a person would type it.

Those of a `console servers` need servers, and are run in `tests/engines`.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


ROOT = Path(__file__).parents[2]
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
BY_MAKE = re.compile(r"make (demo|demo-slack|test|check)")
"""Run by the project's checks themselves, or by a test of their own."""

BEFORE = {
    "docs/user.md": ["footnote kb add handbook ./my-documents", "footnote kb sync handbook"],
    "demo/README.md": ["FOOTNOTE_DATA_DIR=.footnote-demo ./demo/run.sh .venv/bin/footnote"],
}
"""What a reader of a page has done before."""

FIRST = {"footnote kb versions handbook": ["rm my-documents/offices.csv", "footnote kb sync handbook"]}
"""What a reader does between two commands of a page: time passes, documents change."""

BY = {"demo/README.md": "minilm"}
"""Embedder; the others are shorter by words only."""

TYPED = {"footnote chat": "How large is the learning budget?\n/quit\n"}
LONG = ["docs/admin.md", "docs/operator.md", "demo/README.md"]
"""Pages of so many commands that only `make test-engines` has the time."""

REFUSED = {'.venv/bin/footnote ask "What is the salary band for level 5 in Porto?" --as user:anna'}


def commands(page: str) -> list[str]:
    """Return the commands of a page's consoles."""
    blocks = CONSOLE.findall((ROOT / page).read_text(encoding="utf-8"))
    lines = [line for block in blocks for line in block.splitlines()]
    assert all(line.startswith("$ ") for line in lines), "a console shows commands only"
    return [line.removeprefix("$ ") for line in lines if not BY_MAKE.fullmatch(line.removeprefix("$ "))]


def script(page: str) -> str:
    """Return a page as a script that ends with 99 after the first command that does not end as it should."""
    lines = [f"{one} </dev/null || exit 99" for one in BEFORE.get(page, ())]
    for command in commands(page):
        lines += [f"{one} </dev/null || exit 99" for one in FIRST.get(command, ())]
        typed = f"printf %s {shlex.quote(TYPED[command])} | " if command in TYPED else ""
        lines += [f"echo {shlex.quote('$ ' + command)}", f"{typed}{command}"]
        lines.append(f"test $? -eq {int(command in REFUSED)} || exit 99")
    return "\n".join(lines)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "page", ["README.md", "docs/user.md", *(pytest.param(one, marks=pytest.mark.engines) for one in LONG)]
)
def test_the_commands_of_a_page_work_in_their_order(page: str, tmp_path: Path) -> None:
    """In an empty home, each command ends as the page says, and none with a traceback."""
    shutil.copytree(ROOT / "demo", tmp_path / "demo")
    shutil.copytree(ROOT / "demo" / "documents", tmp_path / "my-documents")
    (tmp_path / ".venv").symlink_to(sys.prefix)
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    done = subprocess.run(
        ["/bin/bash", "-c", script(page)],
        cwd=tmp_path,
        env={"PATH": path, "HOME": str(tmp_path), "OMP_NUM_THREADS": "1", "FOOTNOTE_EMBEDDER": BY.get(page, "none")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert commands(page)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
