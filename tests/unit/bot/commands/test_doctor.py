"""The doctor: one check per part, each with its state, one sentence and the next step."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli.shell import command
from bot.commands import kb
from bot.commands.doctor import Check, Examination, State, Surroundings, examine, examine_platform, this_machine
from pipelines.blob_wiring import blobs_of
from pipelines.domain.access import OPERATOR, principal_as
from pipelines.domain.index_places import Engine, IndexPlace
from pipelines.domain.knowledge import Rejection
from pipelines.domain.model_probe import ModelProbe
from pipelines.errors import BadSettings, NotAllowed, PermanentError, StorageDamaged, TransientError
from pipelines.ports.model import ModelAway
from pipelines.ports.records import Records
from pipelines.settings import Settings
from tests.fakes.installation import EmptyIndex, FakeInstallation
from tests.small_base import SmallBase, open_parts


PLENTY = 10**12
RECORDS_DAMAGED = "records.db is damaged: restore it"


def looked_at(footnote: FakeInstallation, *, free: int = PLENTY) -> dict[str, Check]:
    """Return the checks by name."""
    surroundings = Surroundings(lambda _: free)
    return {one.name: one for one in examine(footnote, OPERATOR, command, surroundings).checks}


class DamagedIndex(EmptyIndex):
    """An index whose file is damaged."""

    def count(self, _kb: int) -> int:
        """Fail as the real one would."""
        raise StorageDamaged("index.db is damaged: move it away and sync again")


class MissingModel:
    """An embedder whose files are missing."""

    def embed(self, _texts: object) -> object:
        """Fail as the real one would."""
        raise PermanentError("model.safetensors is missing: install it with `make demo`")


def test_a_well_installation_is_well(footnote: FakeInstallation, folder: Path) -> None:
    """With a synced base and nothing else set, every check is ok."""
    kb.add(footnote, OPERATOR, "handbook", folder)
    footnote.publish("handbook")
    checks = looked_at(footnote)
    assert {one.state for one in checks.values()} == {State.OK}
    assert list(checks) == ["python", "data folder", "records", "index", "embedder", "base handbook"]
    assert "64 dimensions" in checks["embedder"].message


def test_an_empty_installation_is_told_how_to_begin(footnote: FakeInstallation) -> None:
    """Without a base, the command that adds one is named."""
    assert looked_at(footnote)["bases"].next == "Add one:  footnote kb add NAME FOLDER"


def test_words_only_is_said(footnote: FakeInstallation) -> None:
    """Without an embedder the doctor says that search is by words only."""
    footnote.embedder = None
    check = looked_at(footnote)["embedder"]
    assert check.state is State.OK
    assert "by words only" in check.message


@pytest.mark.parametrize(
    ("part", "broken", "name"), [("index", DamagedIndex(), "index"), ("embedder", MissingModel(), "embedder")]
)
def test_a_broken_part_is_told_and_the_rest_is_still_looked_at(
    footnote: FakeInstallation, folder: Path, part: str, broken: object, name: str
) -> None:
    """A damaged index or a missing model fails its own check only, in its own words."""
    kb.add(footnote, OPERATOR, "handbook", folder)
    footnote.publish("handbook")
    setattr(footnote, part, broken)
    checks = looked_at(footnote)
    assert [one.name for one in checks.values() if one.state is State.FAIL] == [name]
    assert "is" in checks[name].message
    assert checks["base handbook"].state is State.OK


def test_a_data_folder_that_cannot_be_written_ends_the_look(footnote: FakeInstallation, tmp_path: Path) -> None:
    """Where nothing can be written, nothing else is opened, and another folder is advised."""
    settings = Settings.load({"FOOTNOTE_DATA_DIR": str(tmp_path / "new")}, None)
    (tmp_path / "new").write_text("")
    footnote.settings = settings
    checks = looked_at(footnote)
    assert list(checks) == ["python", "data folder"]
    assert checks["data folder"].state is State.FAIL
    assert "FOOTNOTE_DATA_DIR" in checks["data folder"].next


def test_little_space_is_a_warning(footnote: FakeInstallation) -> None:
    """Under a gigabyte of free space is told with the figure."""
    check = looked_at(footnote, free=999_999_999)["data folder"]
    assert check.state is State.WARN
    assert "1.0 GB" in check.message


def test_the_look_leaves_nothing_behind(footnote: FakeInstallation) -> None:
    """The file that proves the folder writable is gone."""
    before = {path.name for path in footnote.settings.data_dir.iterdir()}
    looked_at(footnote)
    assert {path.name for path in footnote.settings.data_dir.iterdir()} == before


def test_each_trouble_of_a_base_names_its_command(footnote: FakeInstallation, folder: Path) -> None:
    """Never synced, failed, pinned, rejected files: each is told with the command that helps, quoted."""
    for name in ("never", "broken", "pin ned", "rejects"):
        kb.add(footnote, OPERATOR, name, folder)
    footnote.publish("broken")
    footnote.break_sync("broken", TransientError("the disk is full"))
    for _ in range(2):
        footnote.publish("pin ned")
    footnote.records.bases.roll_back(footnote.records.bases.get("pin ned").id, 1)
    footnote.publish("rejects", rejected=(Rejection("a.pdf", "encrypted"),))
    checks = looked_at(footnote)
    assert {name: check.next for name, check in checks.items() if name.startswith("base ")} == {
        "base broken": "Run:  footnote kb sync broken",
        "base never": "Run:  footnote kb sync never",
        "base pin ned": "Run:  footnote kb unpin 'pin ned'",
        "base rejects": "Run:  footnote kb failed rejects",
    }
    assert "the disk is full" in checks["base broken"].message


def test_a_base_that_never_had_a_version_is_told_why(footnote: FakeInstallation, folder: Path) -> None:
    """A first sync that failed, or took no file, is not told as no sync; nobody is said to see a version."""
    for name in ("broken", "refused", "without"):
        kb.add(footnote, OPERATOR, name, folder)
    footnote.break_sync("broken", TransientError("the disk is full"))
    footnote.end_without_version("refused", rejected=(Rejection("a.pdf", "encrypted"),))
    footnote.end_without_version("without")
    checks = looked_at(footnote)
    assert {name: (check.message, check.next) for name, check in checks.items() if name.startswith("base ")} == {
        "base broken": (
            "broken: the last sync failed (the disk is full); readers see nothing yet",
            "Run:  footnote kb sync broken",
        ),
        "base refused": ("refused: 1 file could not be taken", "Run:  footnote kb failed refused"),
        "base without": (
            f"without: the last sync found no document in {folder}",
            "Put documents there, then run:  footnote kb sync without",
        ),
    }


class DamagedRecords:
    """Records of which the named part is damaged."""

    def __init__(self, whole: Records, part: str) -> None:
        self._whole, self._part = whole, part

    def __getattr__(self, name: str) -> object:
        """Return a part, or fail as the real ones would."""
        if name == self._part:
            raise StorageDamaged(RECORDS_DAMAGED)
        return getattr(self._whole, name)


class RestingIndex(EmptyIndex):
    """An index that cannot be opened without the records."""

    def count(self, _kb: int) -> int:
        """Fail as the records do."""
        raise StorageDamaged(RECORDS_DAMAGED)


@pytest.mark.parametrize(("part", "index"), [("bases", RestingIndex()), ("ledger", EmptyIndex())])
def test_damaged_records_are_told_once(footnote: FakeInstallation, folder: Path, part: str, index: object) -> None:
    """Wherever the damage is, one check fails and says so: no part that rests on the records repeats or hides it."""
    kb.add(footnote, OPERATOR, "handbook", folder)
    footnote.index = index
    footnote.records = DamagedRecords(footnote.records, part)  # type: ignore[assignment]
    failed = [one.message for one in looked_at(footnote).values() if one.state is State.FAIL]
    assert failed == [RECORDS_DAMAGED]


def test_a_folder_that_is_gone_is_told(footnote: FakeInstallation, folder: Path) -> None:
    """A base whose folder is missing is warned of before its next sync."""
    kb.add(footnote, OPERATOR, "handbook", folder)
    folder.rmdir()
    check = looked_at(footnote)["base handbook"]
    assert check.state is State.WARN
    assert str(folder) in check.message


@pytest.fixture
def synced(footnote: FakeInstallation, folder: Path, tmp_path: Path) -> Iterator[SmallBase]:
    """A synced base with real index and blobs, which the installation looks at."""
    (folder / "leave.md").write_text("# Leave\n\nParents take leave.\n", encoding="utf-8")
    with open_parts(tmp_path) as parts:
        base = SmallBase(parts, folder)
        base.sync()
        footnote.records, footnote.index, footnote.blobs = parts.records, parts.index, parts.blobs
        yield base


def test_a_base_that_the_index_lost_is_a_failure(footnote: FakeInstallation, synced: SmallBase) -> None:
    """An index without a row of a base that has passages fails that base; the named command mends it."""
    assert looked_at(footnote)["base handbook"].state is State.OK
    synced.parts.index.drop(synced.kb)
    check = looked_at(footnote)["base handbook"]
    assert (check.state, check.next) == (State.FAIL, "Run:  footnote kb sync handbook")
    assert "the index holds nothing of its 1 passage" in check.message
    synced.sync()
    assert looked_at(footnote)["base handbook"].state is State.OK


def test_a_stored_text_that_is_missing_is_a_failure(footnote: FakeInstallation, synced: SmallBase) -> None:
    """The document, its file and the backup are named, even where the folder is gone too."""
    name = synced.life("leave.md").text_hash
    synced.parts.blobs.delete(name)
    (synced.folder / "leave.md").unlink()
    synced.folder.rmdir()
    check = looked_at(footnote)["base handbook"]
    assert check.state is State.FAIL
    assert "the stored text of leave.md cannot be read" in check.message
    assert name in check.message
    assert "from the backup" in check.next


def test_an_index_in_weaviate_is_named_by_its_place(footnote: FakeInstallation) -> None:
    """The check says which server holds the index; nothing of the key is shown."""
    address = {"WEAVIATE_URL": "http://weaviate:8080", "WEAVIATE_API_KEY": "hunter2"}
    footnote.settings = Settings.load({"FOOTNOTE_DATA_DIR": str(footnote.settings.data_dir)} | address, None)
    footnote.indexes.where = IndexPlace(Engine.WEAVIATE, None, "")
    checks = looked_at(footnote)
    assert checks["index"].message == "The index opens, in Weaviate at weaviate:8080"
    assert "hunter2" not in str(checks)


def test_a_shared_place_of_files_is_rehearsed(footnote: FakeInstallation, tmp_path: Path) -> None:
    """A file is written, read and deleted where FOOTNOTE_BLOBS says; nothing of it stays."""
    place = tmp_path / "shared"
    environ = {"FOOTNOTE_DATA_DIR": str(footnote.settings.data_dir), "FOOTNOTE_BLOBS": str(place)}
    footnote.settings = Settings.load(environ, env_file=None)
    footnote.blobs = blobs_of(footnote.settings)
    check = looked_at(footnote)["FOOTNOTE_BLOBS"]
    assert (check.state, check.message) == (State.OK, f"Files can be kept in {place}")
    assert place.is_dir()
    assert [file for file in place.rglob("*") if file.is_file()] == []


def test_a_shared_place_that_takes_nothing_fails(footnote: FakeInstallation, tmp_path: Path) -> None:
    """The sentence names the place and the setting."""
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    environ = {
        "FOOTNOTE_DATA_DIR": str(footnote.settings.data_dir),
        "FOOTNOTE_BLOBS": str(tmp_path / "file" / "shared"),
    }
    footnote.settings = Settings.load(environ, env_file=None)
    footnote.blobs = blobs_of(footnote.settings)
    check = looked_at(footnote)["FOOTNOTE_BLOBS"]
    assert check.state is State.FAIL
    assert "FOOTNOTE_BLOBS" in check.message


def test_files_of_another_installation_are_a_failure(footnote: FakeInstallation, tmp_path: Path) -> None:
    """They are told in their own sentence, wherever they lie, and nothing is written among them."""
    place = tmp_path / "shared"
    environ = {"FOOTNOTE_DATA_DIR": str(footnote.settings.data_dir), "FOOTNOTE_BLOBS": str(place)}
    footnote.settings = Settings.load(environ, env_file=None)
    footnote.blobs = blobs_of(footnote.settings)
    footnote.stored_files = BadSettings(f"{place} belongs to another installation than the records")
    checks = looked_at(footnote)
    assert (checks["stored files"].state, checks["stored files"].message) == (State.FAIL, str(footnote.stored_files))
    assert "FOOTNOTE_BLOBS" not in checks
    assert not place.exists()


def test_a_key_for_weaviate_without_its_address_is_warned_of(footnote: FakeInstallation) -> None:
    """Who sets a key and forgets the address would search in a file without knowing."""
    environ = {"FOOTNOTE_DATA_DIR": str(footnote.settings.data_dir), "WEAVIATE_API_KEY": "hunter2"}
    footnote.settings = Settings.load(environ, None)
    check = looked_at(footnote)["index"]
    assert check.state is State.WARN
    assert check.next == "Set WEAVIATE_URL, or unset WEAVIATE_API_KEY."


def test_settings_that_are_not_used_are_told(footnote: FakeInstallation) -> None:
    """What is set for a model that is not named is told, never with its secret."""
    environ = {
        "FOOTNOTE_DATA_DIR": str(footnote.settings.data_dir),
        "OPENAI_BASE_URL": "https://models.example/v1",
        "OPENAI_API_KEY": "hunter2",
    }
    footnote.settings = Settings.load(environ, None)
    checks = looked_at(footnote)
    unused = {"OPENAI_BASE_URL", "OPENAI_API_KEY"}
    assert unused < set(checks)
    assert [checks[name].next for name in sorted(unused)] == ["Set FOOTNOTE_MODEL, or unset it."] * 2
    assert "hunter2" not in str(checks)


def test_chat_platforms_are_looked_at_last(footnote: FakeInstallation) -> None:
    """What looks at the platforms gets the settings, and its checks stand behind all others."""
    found = Check("SLACK_BOT_TOKEN", State.FAIL, "Slack refused auth.test: invalid_auth.")
    asked: list[Settings] = []

    def platforms(chosen: Settings) -> list[Check]:
        asked.append(chosen)
        return [found]

    examination = examine(footnote, OPERATOR, command, Surroundings(lambda _: PLENTY, platforms))
    assert (examination.checks[-1], examination.state) == (found, State.FAIL)
    assert asked == [footnote.settings]


def test_a_chat_platform_is_looked_at_alone(footnote: FakeInstallation) -> None:
    """Only admins look, and nothing but the platform's checks comes back."""
    found = Check("SLACK_BOT_TOKEN", State.OK, "Slack knows the bot's token")
    assert examine_platform(footnote, OPERATOR, lambda _: [found]).checks == (found,)
    with pytest.raises(NotAllowed):
        examine_platform(footnote, principal_as(["everyone"]), lambda _: [found])


SOUND = ModelProbe("small-1", "small-1", 0.41, 1.26, 14, cites=True, context_tokens=32_768)


def of_model(footnote: FakeInstallation, outcome: ModelProbe | Exception) -> Check:
    """Return the check of a model of which a call comes to this."""
    environ = {
        "FOOTNOTE_DATA_DIR": str(footnote.settings.data_dir),
        "OPENAI_BASE_URL": "https://models.example/v1",
        "OPENAI_API_KEY": "hunter2",
        "FOOTNOTE_MODEL": "small-1",
    }
    footnote.settings = Settings.load(environ, None)
    footnote.models["small-1"] = outcome
    checks = looked_at(footnote)
    assert "OPENAI_API_KEY" not in checks
    assert "hunter2" not in str(checks)
    return checks["FOOTNOTE_MODEL"]


def test_a_model_that_will_do_is_told_with_its_figures(footnote: FakeInstallation) -> None:
    """One call says how fast it is, whether it streams, and how much it reads."""
    check = of_model(footnote, SOUND)
    assert (check.state, check.message, check.next) == (
        State.OK,
        "small-1 answers: first words after 0.4 s, whole after 1.3 s, streaming, context 32,768 tokens",
        "",
    )
    other = of_model(footnote, replace(SOUND, served_by="small-1-2026", context_tokens=None))
    assert other.state is State.OK
    assert "small-1 (as small-1-2026) answers" in other.message
    assert other.message.endswith("context not told")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (replace(SOUND, cites=False), "does not name its source"),
        (replace(SOUND, context_tokens=2048), "let its server read 6,000 tokens or more"),
        (replace(SOUND, pieces=1), "let its server, or the proxy before it, stream"),
    ],
)
def test_a_model_that_will_hardly_do_is_told_why(footnote: FakeInstallation, found: ModelProbe, said: str) -> None:
    """Without marks, with too small a context, or in one piece, answers are worse than they could be."""
    check = of_model(footnote, found)
    assert check.state is State.WARN
    assert said in check.next


@pytest.mark.parametrize(
    ("fault", "state"),
    [(ModelAway("small-1 does not answer"), State.WARN), (BadSettings("the key is wrong"), State.FAIL)],
)
def test_a_model_that_does_not_answer_is_told_with_what_answers(
    footnote: FakeInstallation, fault: Exception, state: State
) -> None:
    """Its own words say why; extracts go on. A wrong key or name will not mend itself."""
    check = of_model(footnote, fault)
    assert (check.state, check.message) == (state, str(fault))
    assert "answers are extracts" in check.next


def with_redis(footnote: FakeInstallation, **others: str) -> None:
    """Let an installation have Redis."""
    environ = {"FOOTNOTE_DATA_DIR": str(footnote.settings.data_dir), "REDIS_URL": "redis://:hunter2@cache", **others}
    footnote.settings = Settings.load(environ, None)


def test_both_servers_of_redis_are_looked_at(footnote: FakeInstallation) -> None:
    """That of the answers and that of the queues have a line each; without Redis there is none."""
    names = {"REDIS_URL", "FOOTNOTE_BROKER_URL"}
    assert not names & set(looked_at(footnote))
    with_redis(footnote)
    checks = looked_at(footnote)
    assert {checks[name].state for name in names} == {State.OK}
    assert "hunter2" not in str(checks)


def test_a_broker_alone_is_looked_at(footnote: FakeInstallation) -> None:
    """Queues may have a Redis where answers have none."""
    environ = {"FOOTNOTE_DATA_DIR": str(footnote.settings.data_dir), "FOOTNOTE_BROKER_URL": "redis://queues"}
    footnote.settings = Settings.load(environ, None)
    checks = looked_at(footnote)
    assert "REDIS_URL" not in checks
    assert checks["FOOTNOTE_BROKER_URL"].state is State.OK


def test_a_cache_that_is_away_is_a_warning_and_a_broker_is_a_failure(footnote: FakeInstallation) -> None:
    """Questions are answered without the one; jobs are not sent without the other."""
    with_redis(footnote)
    footnote.cache_server = TransientError("REDIS_URL: no Redis answers at cache:6379")
    footnote.broker_server = TransientError("FOOTNOTE_BROKER_URL: no Redis answers at cache:6379")
    checks = looked_at(footnote)
    assert (checks["REDIS_URL"].state, checks["FOOTNOTE_BROKER_URL"].state) == (State.WARN, State.FAIL)
    assert "every question is answered anew" in checks["REDIS_URL"].next


def test_what_is_wrong_with_redis_is_told_in_its_own_words(footnote: FakeInstallation) -> None:
    """A refusal is a failure, a warning a warning."""
    with_redis(footnote)
    footnote.cache_server = PermanentError("REDIS_URL: the server refuses the password")
    assert looked_at(footnote)["REDIS_URL"].state is State.FAIL
    footnote.cache_server = "REDIS_URL: the server would grow without end"
    check = looked_at(footnote)["REDIS_URL"]
    assert (check.state, check.message) == (State.WARN, footnote.cache_server)


def test_the_settings_that_were_given_are_listed(footnote: FakeInstallation) -> None:
    """The examination lists what is configured, secrets as `set`."""
    footnote.settings = Settings.load(
        {"FOOTNOTE_DATA_DIR": str(footnote.settings.data_dir), "OPENAI_API_KEY": "hunter2"}, None
    )
    found = examine(footnote, OPERATOR, command, Surroundings(lambda _: PLENTY))
    assert found.as_json()["settings"] == {
        "FOOTNOTE_DATA_DIR": str(footnote.settings.data_dir),
        "OPENAI_API_KEY": "set",
    }


@pytest.mark.parametrize(
    ("states", "worst"),
    [
        ([State.OK], State.OK),
        ([State.OK, State.WARN], State.WARN),
        ([State.WARN, State.FAIL, State.OK], State.FAIL),
        ([], State.OK),
    ],
)
def test_the_worst_state_counts(states: list[State], worst: State) -> None:
    """An examination is as bad as its worst check."""
    found = Examination(tuple(Check(str(number), state, "x") for number, state in enumerate(states)), ())
    assert found.as_json()["state"] == str(worst)


def test_this_machine_has_free_space(tmp_path: Path) -> None:
    """Free space is asked where the folder lies."""
    assert this_machine(lambda _: ()).free_bytes(tmp_path) > 0
