"""
Settings: their names, forms, defaults and units. The only reader of the environment.

Nothing is read at import; `Settings.load` reads once, and refuses everything that is
wrong in one message.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import fields
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from pipelines.domain.reading import ParseLimits
from pipelines.env_file import read_env_file
from pipelines.errors import BadSettings
from pipelines.setting_forms import (
    A_FOLDER,
    A_MODEL,
    A_SECRET,
    AdminReaders,
    BlobPlace,
    DatabaseAddress,
    EgressPlaces,
    ExistingFolder,
    Form,
    ModelName,
    NewFolder,
    PublicAddress,
    RedisAddress,
    WeaviateAddress,
    WebAddress,
    admin_readers,
    next_database,
    psycopg_address,
)
from pipelines.setting_groups import (
    CacheSettings,
    EmbeddingSettings,
    GitSettings,
    Limits,
    ModelSettings,
    PostgresSettings,
    RedisSettings,
    RetentionSettings,
    S3Settings,
    TunedSettings,
    WeaviateSettings,
    WebSettings,
    WorkSettings,
)
from pipelines.setting_pairs import joint_faults
from pipelines.setting_rows import SettingRow, group_of, row_of, shown
from pipelines.setting_slack import (
    A_BOT_TOKEN,
    A_SIGNING_SECRET,
    AN_APP_TOKEN,
    PUBLIC_API,
    SCOPES_LEFT_OUT,
    SLACK_SETTINGS,
    SlackAddress,
    SlackApp,
    SlackAppToken,
    SlackBotToken,
    SlackSigningSecret,
    SlackWithout,
)
from pipelines.setting_source import MappingSource


PREFIX = "FOOTNOTE_"
DELIMITER = "__"
SECRET_PREFIX = "FOOTNOTE_SECRET_"  # noqa: S105 - the beginning of names, not a secret
"""Of variables that hold secrets of sources; an admin may name these, and no others."""

ENV_FILE = Path(".env")
_SHOWN_CHARACTERS = 60
_ENGINE_OF = {"s3": "FOOTNOTE_BLOBS", "weaviate": "WEAVIATE_URL"}


class Settings(BaseSettings):
    """
    Everything that an installation may choose.

    Made by `load`. A conventional name (`REDIS_URL`) is used where the field has one;
    ours begin with `FOOTNOTE_`, those of a group such as `limits` with `FOOTNOTE_LIMITS__`.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter=DELIMITER,
        env_ignore_empty=True,
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        validate_by_name=True,
        validate_by_alias=True,
    )

    data_dir: Annotated[
        NewFolder,
        Form("a folder", default="`$XDG_DATA_HOME/footnote`, else `~/.local/share/footnote`"),
        Field(description="Folder of everything that Footnote writes: records, index, original files."),
    ]
    embedder: Annotated[
        Literal["minilm", "openai", "none"],
        Field(description="What turns text into vectors: the own model, a server's, or nothing: words only."),
    ] = "minilm"
    embed_dir: Annotated[
        ExistingFolder | None,
        Form("a folder", default="the installed package"),
        Field(description="Folder that holds the model's files."),
    ] = None
    durability: Annotated[
        Literal["normal", "full"],
        Field(description="What was written survives a killed process (`normal`), or a power loss too (`full`)."),
    ] = "normal"
    debug: Annotated[
        bool, Form("1 or 0"), Field(description="Show where in the code an unexpected fault came from.")
    ] = False
    evaldata: Annotated[
        Path | None, A_FOLDER, Field(description="Folder of the evaluation sets, for `make quality` and the tests.")
    ] = None
    egress: Annotated[
        EgressPlaces,
        Form("any, none, or hosts and networks with commas between"),
        Field(description="Where sources may connect to; `none`, or a list alone, binds engines too."),
    ] = "any"
    blobs: Annotated[
        BlobPlace | None,
        Form("a folder, or s3://BUCKET/PREFIX", default="`blobs` in the data folder"),
        Field(description="Where original files and stored texts lie; for several machines a place that all reach."),
    ] = None
    model: Annotated[
        ModelName | None, A_MODEL, Field(description="Name of the language model that writes answers.")
    ] = None
    admins: Annotated[
        AdminReaders | None,
        Form("user:MAIL, user:slack:TEAM:USER and group:slack:HANDLE with commas between", default="none"),
        Field(description="Who is an admin where people chat; whoever uses the terminal is one anyway."),
    ] = None
    public_url: Annotated[
        PublicAddress | None,
        Form("https://HOST", default="none"),
        Field(description="Address under which this server is reached from outside; Slack sends to it over HTTP."),
    ] = None
    limits: Limits = Limits()
    postgres: PostgresSettings = PostgresSettings()
    cache: CacheSettings = CacheSettings()
    redis: RedisSettings = RedisSettings()
    weaviate: WeaviateSettings = WeaviateSettings()
    web: WebSettings = WebSettings()
    git: GitSettings = GitSettings()
    s3: S3Settings = S3Settings()
    work: WorkSettings = WorkSettings()
    retention: RetentionSettings = RetentionSettings()
    models: ModelSettings = ModelSettings()
    embedding: EmbeddingSettings = EmbeddingSettings()
    tuned: TunedSettings = TunedSettings()

    database: Annotated[
        DatabaseAddress | None,
        Form(
            "postgresql://USER:PASSWORD@HOST:PORT/DATABASE or sqlite:///FILE",
            default="`records.db` in the data folder",
            secret=True,
        ),
        Field(validation_alias="DATABASE_URL", description="Where the records live."),
    ] = None
    redis_url: Annotated[
        RedisAddress | None,
        Form("redis://HOST:PORT/NUMBER", default="none", secret=True),
        Field(validation_alias="REDIS_URL", description="Redis for remembered answers, budgets and announcements."),
    ] = None
    broker: Annotated[
        RedisAddress | None,
        Form("redis://HOST:PORT/NUMBER", default="`REDIS_URL` with the next database number", secret=True),
        Field(
            validation_alias="FOOTNOTE_BROKER_URL",
            description="Redis for the queues of the workers; its `maxmemory-policy` must be `noeviction`.",
        ),
    ] = None
    weaviate_url: Annotated[
        WeaviateAddress | None,
        Form("http(s)://HOST:PORT", default="none", secret=True),
        Field(validation_alias="WEAVIATE_URL", description="Weaviate for a new index; `move index` moves another."),
    ] = None
    weaviate_api_key: Annotated[
        SecretStr | None,
        A_SECRET,
        Field(validation_alias="WEAVIATE_API_KEY", description="Key for Weaviate; without one it must admit anybody."),
    ] = None
    openai_base_url: Annotated[
        WebAddress | None,
        Form("http(s)://HOST/v1", default="none", secret=True),
        Field(validation_alias="OPENAI_BASE_URL", description="An OpenAI-compatible server of language models."),
    ] = None
    openai_api_key: Annotated[
        SecretStr | None,
        A_SECRET,
        Field(validation_alias="OPENAI_API_KEY", description="Key for that server; without one it must admit anybody."),
    ] = None
    slack_bot_token: Annotated[
        SlackBotToken | None,
        A_BOT_TOKEN,
        Field(validation_alias="SLACK_BOT_TOKEN", description="Slack's bot token, with which Slack is called."),
    ] = None
    slack_signing_secret: Annotated[
        SlackSigningSecret | None,
        A_SIGNING_SECRET,
        Field(validation_alias="SLACK_SIGNING_SECRET", description="Slack's signing secret, for events over HTTP."),
    ] = None
    slack_app_token: Annotated[
        SlackAppToken | None,
        AN_APP_TOKEN,
        Field(validation_alias="SLACK_APP_TOKEN", description="Slack's app token, for events by Socket Mode."),
    ] = None
    slack_api_url: Annotated[
        SlackAddress,
        Form("https://HOST/PATH/"),
        Field(validation_alias="SLACK_API_URL", description="Address of Slack's Web API; another one for GovSlack."),
    ] = PUBLIC_API
    slack_without: Annotated[
        SlackWithout,
        SCOPES_LEFT_OUT,
        Field(validation_alias="SLACK_WITHOUT", description="Optional scopes that Slack's app does not ask for."),
    ] = ""

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None, env_file: Path | None = ENV_FILE) -> Self:
        """
        Return the settings of this process.

        Args:
            environ: names and values; the process's own environment when None.
            env_file: lines `NAME=value`, read if it is there; the environment wins.
                Nothing in a value is substituted.

        Raises:
            BadSettings: one line per fault, all of them.

        """
        own = dict(os.environ if environ is None else environ)
        from_file, faults = read_env_file(env_file)
        merged = _with_folders({**from_file, **own})
        faults += _unknown_names(merged)
        known = {row.name for row in setting_rows()}
        values = {name: value for name, value in merged.items() if name in known}
        try:
            loaded = cls(**MappingSource(cls, values)())
        except ValidationError as error:
            faults += [_fault(one["loc"], dict(one), merged) for one in error.errors()]
            rest = _without(values, [_row_at(one["loc"]) for one in error.errors()])
            loaded = cls(**MappingSource(cls, rest)())
        faults += joint_faults(loaded, own)
        if not faults:
            return loaded
        headline = "One setting needs attention:" if len(faults) == 1 else f"{len(faults)} settings need attention:"
        raise BadSettings("\n".join([headline, *(f"- {fault}" for fault in faults)]))

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the library's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take nothing but what `load` or a test passes."""
        return (init_settings,)

    @property
    def parse_limits(self) -> ParseLimits:
        """What the reading of one file may cost."""
        return ParseLimits(**{field.name: getattr(self.limits, field.name) for field in fields(ParseLimits)})

    @property
    def database_url(self) -> str:
        """SQLAlchemy's address of the records."""
        if self.database is None:
            return f"sqlite:///{self.data_dir / 'records.db'}"
        address = self.database.get_secret_value()
        if not address.startswith("sqlite"):
            return psycopg_address(address)
        return f"sqlite:///{Path(address.removeprefix('sqlite:///')).absolute()}"

    @property
    def broker_url(self) -> str | None:
        """Address of the workers' queues; without one of its own the next database of `REDIS_URL`."""
        if self.broker is not None:
            return self.broker.get_secret_value()
        return next_database(self.redis_url.get_secret_value()) if self.redis_url else None

    @property
    def admin_readers(self) -> frozenset[str]:
        """Who is an admin where people chat, as `pipelines.domain.access` writes readers."""
        return frozenset(admin_readers(self.admins or ""))

    @property
    def slack(self) -> SlackApp | None:
        """The app in Slack; None where Slack is off."""
        bot, *others = (self.slack_bot_token, self.slack_signing_secret, self.slack_app_token)
        if bot is None:
            return None
        secret, app = ("" if one is None else one.get_secret_value() for one in others)
        return SlackApp(bot.get_secret_value(), secret, app, self.slack_api_url, self.slack_without)

    def chosen(self) -> Iterator[tuple[str, str]]:
        """Yield (name, what may be shown of its value) of every setting that was given."""
        for row in setting_rows():
            part = getattr(self, row.group) if row.group else self
            value = getattr(part, row.field)
            if row.field in part.model_fields_set and value is not None:
                yield row.name, shown(value)


def secret_named(name: str, environ: Mapping[str, str] | None = None, env_file: Path | None = ENV_FILE) -> str | None:
    """Return a secret of a source by its name; None where it is not set, or the name is none of a source's secret."""
    own = os.environ if environ is None else environ
    if not name.startswith(SECRET_PREFIX):
        return None
    return (own.get(name) or read_env_file(env_file)[0].get(name) or "").strip() or None


def switch_off_telemetry() -> None:
    """Tell Haystack, before it is imported, to send nothing and to write nothing into the home folder."""
    os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"


@cache
def setting_rows() -> tuple[SettingRow, ...]:
    """Return every setting in the order of the model, those of groups last."""
    fields_of = {field: group_of(info) for field, info in Settings.model_fields.items()}
    own = [row_of(field, Settings.model_fields[field], PREFIX) for field, group in fields_of.items() if group is None]
    grouped = [
        row_of(field, info, f"{PREFIX}{name.upper()}{DELIMITER}", name)
        for name, group in fields_of.items()
        if group
        for field, info in group.items()
    ]
    return (*own, *grouped)


def _with_folders(values: Mapping[str, str]) -> dict[str, str]:
    """Return the values with `~` resolved and the data folder chosen, as far as HOME allows."""
    home = values.get("HOME", "")
    folders = {row.name for row in setting_rows() if row.form.startswith("a folder")}
    merged = dict(values)
    for name in folders & set(values):
        if home and (values[name] == "~" or values[name].startswith("~/")):
            merged[name] = home + values[name][1:]
    if not merged.get(f"{PREFIX}DATA_DIR", "").strip():
        xdg = values.get("XDG_DATA_HOME", "")
        root = Path(xdg) if Path(xdg).is_absolute() else Path(home) / ".local" / "share"
        merged[f"{PREFIX}DATA_DIR"] = str(root / "footnote") if root.is_absolute() else ""
    return merged


def _unknown_names(values: Mapping[str, str]) -> list[str]:
    """Return a fault for every name that looks like ours and is not."""
    known = [row.name for row in setting_rows()]
    faults = []
    for name in sorted(set(values) - set(known)):
        if name.upper().startswith(PREFIX) and not name.startswith(SECRET_PREFIX):
            close = get_close_matches(name.upper(), known, n=1)
            hint = f"; did you mean {close[0]}?" if close else "; docs/reference/settings.md lists all"
            faults.append(f"{name} is not a setting{hint}")
    return faults


def _without(values: Mapping[str, str], wrong: list[SettingRow]) -> dict[str, str]:
    """Return what is left to look at: neither the settings that are wrong, nor engines that only they describe."""
    left_out = {row.name for row in wrong} | {_ENGINE_OF[row.group] for row in wrong if row.group in _ENGINE_OF}
    left_out |= SLACK_SETTINGS if left_out & SLACK_SETTINGS else set()
    return {name: value for name, value in values.items() if name not in left_out} | {f"{PREFIX}DATA_DIR": "/"}


def _row_at(loc: tuple[int | str, ...]) -> SettingRow:
    """Return the setting that a fault of the library is about."""
    place = ".".join(map(str, loc))
    return next(one for one in setting_rows() if place in (f"{one.group}.{one.field}".lstrip("."), one.name))


def _fault(loc: tuple[int | str, ...], error: Mapping[str, Any], values: Mapping[str, str]) -> str:
    """Return one fault: name, expected form, unit, and what was given unless it is secret."""
    row = _row_at(loc)
    if error["type"] == "value_error":
        return f"{row.name}: {error['ctx']['error']}"
    unit = f" ({row.unit})" if row.unit else ""
    given = values.get(row.name, "").strip()
    if not given:
        return f"{row.name}: expected {row.form}{unit}, and HOME names no folder to choose one in"
    got = "a value that is not shown" if row.secret else repr(given[:_SHOWN_CHARACTERS])
    return f"{row.name}: expected {row.form}{unit}, got {got}"
