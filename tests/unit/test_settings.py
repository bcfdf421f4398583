"""Settings: read once, refused whole, never leaking a secret."""

import os
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.domain.reading import ParseLimits
from pipelines.errors import BadSettings
from pipelines.settings import Settings, setting_rows


HOME = {"HOME": "/home/anna"}
NAMES = [row.name for row in setting_rows()]
SECRETS = [row.name for row in setting_rows() if row.secret]


def refused(environ: dict[str, str], env_file: Path | None = None) -> str:
    """Return the message with which settings are refused."""
    with pytest.raises(BadSettings) as caught:
        Settings.load(HOME | environ, env_file)
    return str(caught.value)


def test_nothing_set_is_a_working_installation() -> None:
    """Without any setting the data lies in the person's own data folder and every default holds."""
    settings = Settings.load(HOME, None)
    assert settings.data_dir == Path("/home/anna/.local/share/footnote")
    assert settings.database_url == "sqlite:////home/anna/.local/share/footnote/records.db"
    assert settings.embedder == "minilm"
    assert settings.limits.max_file_mb == 50
    assert dict(settings.chosen()) == {"FOOTNOTE_DATA_DIR": str(settings.data_dir)}


def test_the_data_folder_follows_xdg() -> None:
    """An absolute XDG_DATA_HOME holds the data; a relative one is ignored, as its specification says."""
    assert Settings.load(HOME | {"XDG_DATA_HOME": "/srv/xdg"}, None).data_dir == Path("/srv/xdg/footnote")
    relative = Settings.load(HOME | {"XDG_DATA_HOME": "xdg"}, None).data_dir
    assert relative == Path("/home/anna/.local/share/footnote")


def test_a_tilde_is_the_home_folder() -> None:
    """A leading ~ in a folder means HOME, also where no shell resolved it."""
    assert Settings.load(HOME | {"FOOTNOTE_DATA_DIR": "~/data"}, None).data_dir == Path("/home/anna/data")


def test_a_relative_data_folder_is_made_absolute() -> None:
    """A relative folder is resolved when it is read, so that it never moves with the process."""
    assert Settings.load(HOME | {"FOOTNOTE_DATA_DIR": "data"}, None).data_dir == Path.cwd() / "data"


def test_limits_are_read_by_their_long_names() -> None:
    """A limit is FOOTNOTE_LIMITS__ and its name."""
    settings = Settings.load(HOME | {"FOOTNOTE_LIMITS__MAX_FILE_MB": "7"}, None)
    assert settings.limits.max_file_mb == 7
    assert settings.limits.max_pages == 5000
    assert dict(settings.chosen())["FOOTNOTE_LIMITS__MAX_FILE_MB"] == "7"


def test_every_limit_of_reading_is_a_setting() -> None:
    """Each limit of the parsers is set by its own name, and their defaults are the same."""
    assert Settings.load(HOME, None).parse_limits == ParseLimits()
    names = [one.name for one in fields(ParseLimits)]
    values = {f"FOOTNOTE_LIMITS__{name.upper()}": str(200 + number) for number, name in enumerate(names)}
    limits = Settings.load(HOME | values, None).parse_limits
    assert [getattr(limits, name) for name in names] == [200 + number for number in range(len(names))]


def test_all_faults_are_told_at_once() -> None:
    """One message names every fault: its setting, the expected form, the unit, what was given."""
    message = refused(
        {
            "FOOTNOTE_LIMITS__MAX_FILE_MB": "fifty",
            "FOOTNOTE_EMBEDDER": "gpt",
            "FOOTNOTE_EMBEDER": "minilm",
            "FOOTNOTE_EMBED_DIR": "/no/such/folder",
            "WEAVIATE_URL": "weaviate:8080",
            "REDIS_URL": "localhost",
        }
    )
    assert message.splitlines() == [
        "6 settings need attention:",
        "- FOOTNOTE_EMBEDER is not a setting; did you mean FOOTNOTE_EMBEDDER?",
        "- FOOTNOTE_EMBEDDER: expected minilm, openai or none, got 'gpt'",
        "- FOOTNOTE_EMBED_DIR: expected a folder, and there is none at '/no/such/folder'",
        "- FOOTNOTE_LIMITS__MAX_FILE_MB: expected a whole number from 1 to 4096 (MB), got 'fifty'",
        "- REDIS_URL: expected an address such as redis://localhost:6379/0, got a value that is not shown",
        "- WEAVIATE_URL: expected an address such as http://localhost:8080, got a value that is not shown",
    ]


@pytest.mark.parametrize("name", ["footnote_debug", "FOOTNOTE_LIMITS", "FOOTNOTE_", "FOOTNOTE_LIMITS__MAXPAGES"])
def test_a_name_that_only_looks_like_ours_is_a_fault(name: str) -> None:
    """A misspelt setting is told and never silently without effect."""
    assert f"- {name} is not a setting" in refused({name: "1"})


@pytest.mark.parametrize(
    "address",
    [
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///a.db?mode=ro",
        "x",
        "mysql://u:p@db/footnote",
        "postgresql://db",
        "postgresql://db/",
        "postgresql://db:0/footnote",
        "postgresql://db:99999/footnote",
        "postgresql://u:p@db,other/footnote",
        "postgresql+asyncpg://u:p@db/footnote",
        "postgresql://u:s3/cret@db/footnote",
        "postgresql://u:s3@cret@db/footnote",
        "postgresql://u:s3?cret@db/footnote",
        "postgresql://u:s3#cret@db/footnote",
        "postgresql://u:s3 cret@db/footnote",
    ],
)
def test_records_go_nowhere_that_is_not_understood(address: str) -> None:
    """An address that cannot be used, or that could be read in two ways, refuses the start and is not shown."""
    said = refused({"DATABASE_URL": address})
    assert "- DATABASE_URL: " in said
    assert "s3" not in said
    assert "cret" not in said


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
@pytest.mark.parametrize(
    "rest", ["db/footnote", "u@db/f", "u:p%40@db.example.org:6432/f?sslmode=require", "u:p@[::1]:5432/f", "/f"]
)
def test_records_may_live_in_postgresql(scheme: str, rest: str) -> None:
    """Every common way to write the address leads to the one driver."""
    settings = Settings.load(HOME | {"DATABASE_URL": f"{scheme}://{rest}"}, None)
    assert settings.database_url == f"postgresql+psycopg://{rest}"
    assert "p%40" not in repr(settings)


def test_another_sqlite_file_holds_the_records() -> None:
    """DATABASE_URL may name the file."""
    assert Settings.load(HOME | {"DATABASE_URL": "sqlite:////srv/r.db"}, None).database_url == "sqlite:////srv/r.db"


@pytest.mark.parametrize("bad", ["http://", "ftp://host", "http://host:99999", "http://host:0", "http://[::1", "host"])
def test_an_address_needs_its_scheme_and_host(bad: str) -> None:
    """An address without a host or with an impossible port is refused."""
    assert "- OPENAI_BASE_URL: expected an address" in refused({"OPENAI_BASE_URL": bad})


def test_of_a_secret_only_that_it_is_set_is_shown() -> None:
    """Addresses that may hold a password, keys and tokens are told to be set."""
    given_names = {"REDIS_URL": "rediss://:pw@cache:6380/1", "OPENAI_BASE_URL": "https://models/v1"}
    slack = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    shown = dict(Settings.load(HOME | given_names | slack, None).chosen())
    assert {shown[name] for name in (*given_names, *slack)} == {"set"}


@pytest.mark.parametrize(
    "address", ["http://w:8080/v1", "http://w?grpc=1", "http://key@w:8080", "http://anna:key@w", "http://w#x"]
)
def test_nothing_in_the_address_of_weaviate_is_left_out_in_silence(address: str) -> None:
    """A path, a key or an option in the address would have no effect, so it is refused, and never shown."""
    message = refused({"WEAVIATE_URL": address})
    assert "- WEAVIATE_URL: expected scheme, host and port alone (http://localhost:8080)" in message
    assert address not in message


def test_the_host_of_grpc_is_a_name(tmp_path: Path) -> None:
    """Host and certificates of Weaviate are checked when they are read."""
    names = {"FOOTNOTE_WEAVIATE__GRPC_HOST": "http://w:1", "FOOTNOTE_WEAVIATE__CA_FILE": str(tmp_path)}
    message = refused(names)
    assert "- FOOTNOTE_WEAVIATE__GRPC_HOST: expected the name of a host without port and path" in message
    assert f"- FOOTNOTE_WEAVIATE__CA_FILE: expected a file, and there is none at '{tmp_path}'" in message
    (tmp_path / "ca.pem").write_text("")
    given_names = {"FOOTNOTE_WEAVIATE__GRPC_HOST": "[::1]", "FOOTNOTE_WEAVIATE__CA_FILE": str(tmp_path / "ca.pem")}
    chosen = Settings.load(HOME | given_names, None).weaviate
    assert (chosen.grpc_host, chosen.ca_file) == ("[::1]", tmp_path / "ca.pem")


@pytest.mark.parametrize(
    "address",
    [
        "redis://cache/seven",
        "redis://cache/-1",
        "redis://cache/0/1",
        "redis://:pw#hunter2@cache/0",
        "redis://cache/0?socket_timeout=60",
        "rediss://cache/0?db=3",
        "redis://cache/0?ssl_ca_certs=/ca.pem",
        "unix:///run/redis.sock",
    ],
)
@pytest.mark.parametrize("name", ["REDIS_URL", "FOOTNOTE_BROKER_URL"])
def test_an_address_of_redis_names_a_database_and_no_option_but_those_of_tls(name: str, address: str) -> None:
    """What the client would read otherwise, or in place of our time-outs, is refused and not shown."""
    message = refused({name: address})
    assert f"- {name}: expected " in message
    assert "hunter2" not in message


@pytest.mark.parametrize(
    ("cache", "broker"),
    [
        ("redis://cache", "redis://cache/1"),
        ("redis://cache/0", "redis://cache/1"),
        ("redis://:p%23w@cache:6380/3", "redis://:p%23w@cache:6380/4"),
        ("rediss://cache/0?ssl_ca_certs=/ca.pem", "rediss://cache/1?ssl_ca_certs=/ca.pem"),
    ],
)
def test_queues_lie_in_the_next_database(cache: str, broker: str) -> None:
    """Without an address of their own the queues are beside the answers; with one they are there."""
    assert Settings.load(HOME | {"REDIS_URL": cache}, None).broker_url == broker
    own = {"REDIS_URL": cache, "FOOTNOTE_BROKER_URL": "redis://queues/0"}
    assert Settings.load(HOME | own, None).broker_url == "redis://queues/0"
    assert Settings.load(HOME, None).broker_url is None


def test_an_empty_value_is_no_value() -> None:
    """`NAME=` is the same as leaving it out."""
    assert Settings.load(HOME | {"REDIS_URL": "", "FOOTNOTE_EMBEDDER": " "}, None).redis_url is None


def test_without_a_home_the_data_folder_must_be_named() -> None:
    """A service without HOME is told which setting is missing."""
    with pytest.raises(BadSettings, match="FOOTNOTE_DATA_DIR: expected a folder, and HOME names no folder"):
        Settings.load({}, None)


def test_a_file_is_no_data_folder(tmp_path: Path) -> None:
    """A file where the folder shall be is told at the door."""
    path = tmp_path / "file"
    path.write_text("")
    assert f"expected a folder, got the file '{path}'" in refused({"FOOTNOTE_DATA_DIR": str(path)})


def test_the_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    """`.env` sets what the environment leaves open; nothing in it is substituted."""
    path = tmp_path / ".env"
    path.write_text(
        "# a comment\nexport FOOTNOTE_EMBEDDER=none\nFOOTNOTE_LIMITS__MAX_PAGES=7\n"
        "FOOTNOTE_DATA_DIR='/srv/$HOME'\nSOMEBODY_ELSES=1\n"
    )
    settings = Settings.load(HOME | {"FOOTNOTE_LIMITS__MAX_PAGES": "8"}, path)
    assert (settings.embedder, settings.limits.max_pages) == ("none", 8)
    assert settings.data_dir == Path("/srv/$HOME")


def test_a_line_that_is_none_is_told_with_its_number(tmp_path: Path) -> None:
    """A damaged or unfinished line of `.env` refuses the start, since what it meant is unknown."""
    path = tmp_path / ".env"
    path.write_text("FOOTNOTE_EMBEDDER=none\nFOOTNOTE_DEBUG\nREDIS_URL='oops\n")
    message = refused({}, path)
    assert f"- {path} line 2: expected NAME=value" in message
    assert f"- {path} line 3: expected NAME=value" in message


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    """A `.env` that is not UTF-8 is named, not guessed."""
    path = tmp_path / ".env"
    path.write_bytes(b"REDIS_URL=\xff\xfe")
    assert f"- {path} cannot be read: it is not UTF-8 text" in refused({}, path)


def test_a_folder_called_env_is_no_file(tmp_path: Path) -> None:
    """A virtual environment in a folder `.env` does no harm."""
    (tmp_path / ".env").mkdir()
    assert Settings.load(HOME, tmp_path / ".env").debug is False


def test_the_process_environment_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a mapping, the environment of the process counts."""
    for name in [one for one in os.environ if one in NAMES or one.startswith("FOOTNOTE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("FOOTNOTE_EMBEDDER", "none")
    assert Settings.load(env_file=None).embedder == "none"


def test_settings_never_change() -> None:
    """Settings are frozen."""
    with pytest.raises(ValueError, match="frozen"):
        Settings.load(HOME, None).debug = True  # type: ignore[misc]


def test_every_setting_tells_what_it_is() -> None:
    """Each has a name, a form, a default and a meaning that ends like a sentence; no two share a name."""
    assert len(set(NAMES)) == len(NAMES)
    for row in setting_rows():
        assert row.form
        assert row.default
        assert row.meaning.endswith(".")


def told(environ: dict[str, str], env_file: Path | None = None) -> str:
    """Return everything that a person may see of these settings, or of their refusal."""
    try:
        settings = Settings.load(HOME | environ, env_file)
    except BadSettings as error:
        return str(error)
    return f"{settings!r} {dict(settings.chosen())}"


@given(
    st.dictionaries(st.sampled_from(NAMES), st.text(st.characters(exclude_characters="\0"), max_size=20), max_size=8),
    st.sampled_from(SECRETS),
)
def test_whatever_is_set_is_accepted_or_refused_without_a_secret(values: dict[str, str], name: str) -> None:
    """Any values give settings or BadSettings; neither shows the value of a secret."""
    assert "hunter2" not in told(values | {name: "hunter2-hunter2"})


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60))
def test_any_text_is_a_file_of_settings_or_is_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """No content of `.env` raises anything but BadSettings."""
    path = tmp_path_factory.mktemp("env") / ".env"
    path.write_text(text, encoding="utf-8", newline="")
    assert told({}, path)
