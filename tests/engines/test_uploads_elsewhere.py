"""What is handed in on one machine is read on another: they share the records and the stored files, nothing else."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import uuid4

import pytest

from pipelines.domain.access import EVERYONE, OPERATOR
from pipelines.domain.conversation import Outcome, Principal, Question
from pipelines.settings import Settings
from pipelines.wiring import Footnote, open_footnote
from tests.engines.postgres_databases import Server
from tests.servers import S3_KEY


pytestmark = pytest.mark.engines

MEMBER = Principal("user:anna", frozenset({"user:anna", EVERYONE}), admin=False)


@pytest.fixture(params=["folder", "bucket"])
def shared(request: pytest.FixtureRequest, postgres_url: str, tmp_path: Path) -> Iterator[Mapping[str, str]]:
    """Return the settings that both machines have: a database, and a place of files."""
    server = Server(postgres_url)
    place = {"FOOTNOTE_BLOBS": str(tmp_path / "shared")}
    if request.param == "bucket":
        place = {
            "FOOTNOTE_BLOBS": f"s3://footnote/tests/{uuid4().hex}",
            "FOOTNOTE_S3__ENDPOINT": request.getfixturevalue("s3_url"),
            "FOOTNOTE_S3__ACCESS_KEY": S3_KEY[0],
            "FOOTNOTE_S3__SECRET_KEY": S3_KEY[1],
        }
    with server.migrated() as name:
        yield {"DATABASE_URL": server.url(name), "FOOTNOTE_EMBEDDER": "none", **place}


def machine(tmp_path: Path, name: str, shared: Mapping[str, str]) -> Footnote:
    """Open the installation as a machine with a data folder of its own has it."""
    return open_footnote(Settings.load({**shared, "FOOTNOTE_DATA_DIR": str(tmp_path / name)}, env_file=None))


def handed_in(folder: Path, files: Mapping[str, str]) -> list[Path]:
    """Write files that are handed in, and return them."""
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in files]


def test_another_machine_syncs_what_this_one_received(tmp_path: Path, shared: Mapping[str, str]) -> None:
    """All files of a sync in parts, with their audience, also when the first machine is gone with its folder."""
    texts = {f"{number:02}.md": f"# Leave {number}\n\nGroup {number} takes {number} weeks.\n" for number in range(40)}
    texts["pay.md"] = "# Pay\n\nThe director is paid in gold.\n"
    texts[".footnote.yaml"] = 'audience: [{pattern: "pay.md", readers: [group:hr]}]'
    with machine(tmp_path, "bot", shared) as bot:
        base = bot.add_base("handbook", "upload:", OPERATOR)
        bot.records.access.set_readers(base.id, [EVERYONE], OPERATOR)
        bot.upload("handbook", handed_in(tmp_path / "documents", texts), OPERATOR)
    for gone in ("bot", "documents"):
        shutil.rmtree(tmp_path / gone)
    with machine(tmp_path, "worker", shared) as worker:
        assert worker.sync("handbook").added == 41
        found = worker.ask(Question("How many weeks does group 7 take?", MEMBER))
        assert found.citations[0].quote == "Group 7 takes 7 weeks."
        assert (found.citations[0].document, found.citations[0].url) == ("07.md", None)
        secret = Question("In what is the director paid?", MEMBER)
        assert worker.ask(secret).outcome is Outcome.REFUSAL
        assert worker.ask(Question(secret.text, OPERATOR)).citations[0].document == "pay.md"


def test_either_machine_replaces_what_the_other_received(tmp_path: Path, shared: Mapping[str, str]) -> None:
    """The last one counts; what did not change is not read again, and a removed base leaves no file behind."""
    first = handed_in(tmp_path / "first", {"a.md": "# A\n\nTrains are paid.\n", "b.md": "# B\n\nTaxis are not paid.\n"})
    second = handed_in(tmp_path / "second", {"a.md": "# A\n\nPlanes are paid.\n"})
    with machine(tmp_path, "bot", shared) as bot, machine(tmp_path, "worker", shared) as worker:
        bot.add_base("handbook", "upload:", OPERATOR)
        bot.upload("handbook", first, OPERATOR)
        assert worker.sync("handbook").added == 2
        worker.upload("handbook", second, OPERATOR)
        result = worker.sync("handbook")
        assert (result.changed, result.unchanged) == (1, 1)
        assert worker.ask(Question("Which are paid, planes or ships?", OPERATOR)).citations[0].document == "a.md"
        worker.remove_base("handbook", OPERATOR)
        assert list(bot.blobs.names()) == []
