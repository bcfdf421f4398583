"""Which servers the settings name, read as their clients read them. Not whether they may be reached."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from pipelines.domain.egress import DEFAULT_PORTS
from pipelines.domain.values import Value


if TYPE_CHECKING:
    from pipelines.settings import Settings


DATABASE = "DATABASE_URL"
# What a client of PostgreSQL takes a host from that stands elsewhere, or nests within its value.
_ELSEWHERE = ("service", "oauth_issuer", "conninfo")
_WITH_PORT = re.compile(r"([a-zA-Z0-9.-]*):([0-9]*)")
# It makes the client of Redis ask a server that the other side's certificate names.
_ASKS_ISSUER = "ssl_validate_ocsp"


@dataclass(frozen=True, slots=True)
class NamedServer(Value):
    """
    A server that the settings name.

    Attributes:
        setting: the name of the setting.
        host: a name or an address without brackets, as it was written; "" if it cannot be read.
        port: where it is connected to; 0 if it cannot be read.
        scheme: whose usual port a list of hosts may leave out.
        any_port: its kind has no usual port: the one that is set counts as usual.
        elsewhere: what leads to a host that the settings do not show; "" if they show it.

    """

    setting: str
    host: str = ""
    port: int = 0
    scheme: str = ""
    any_port: bool = False
    elsewhere: str = ""


def named_servers(settings: "Settings", environ: Mapping[str, str]) -> Iterator[NamedServer]:
    """
    Yield every server that would be connected to; none for what is reached through a file or a socket.

    Args:
        settings: what was chosen.
        environ: the environment, for the variables that the client of PostgreSQL reads itself.

    """
    if settings.database is not None and not settings.database.get_secret_value().startswith("sqlite"):
        yield from _databases(settings.database.get_secret_value(), environ)
    for name, redis in (("REDIS_URL", settings.redis_url), ("FOOTNOTE_BROKER_URL", settings.broker)):
        if redis is not None:
            yield _redis(name, redis.get_secret_value())
    if settings.weaviate_url is not None:
        yield from _weaviate(settings, settings.weaviate_url.get_secret_value())
    if settings.blobs is not None and settings.blobs.startswith("s3:"):
        name = "FOOTNOTE_S3__ENDPOINT" if settings.s3.endpoint else "FOOTNOTE_BLOBS"
        yield _server(name, settings.s3.address, any_port=True)
    if settings.openai_base_url is not None:
        yield _server("OPENAI_BASE_URL", settings.openai_base_url.get_secret_value())
    for name, url in (("URL", settings.embedding.url), ("FORMER_URL", settings.embedding.former_url)):
        if url is not None:
            yield _server(f"FOOTNOTE_EMBEDDING__{name}", url.get_secret_value())
    if settings.tuned.url is not None:
        yield _server("FOOTNOTE_TUNED__URL", settings.tuned.url.get_secret_value())
    yield from _slack(settings)


def _server(setting: str, address: str, *, any_port: bool = False) -> NamedServer:
    """Return the server of an address with a scheme."""
    try:
        parts = urlsplit(address)
        port = parts.port or DEFAULT_PORTS[parts.scheme]
        return NamedServer(setting, parts.hostname or "", port, parts.scheme, any_port=any_port)
    except ValueError:
        return NamedServer(setting)


def _slack(settings: "Settings") -> Iterator[NamedServer]:
    """Yield Slack's hosts where Slack is on: of its API, of files and response addresses, of Socket Mode."""
    app = settings.slack
    if app is None:
        return
    name = "SLACK_API_URL" if "slack_api_url" in settings.model_fields_set else "SLACK_BOT_TOKEN"
    yield _server(name, app.api_url)
    for host in app.hosts_beside_api():
        yield _server("SLACK_APP_TOKEN" if host.startswith("wss-") else name, f"https://{host}")


def _redis(setting: str, address: str) -> NamedServer:
    """Return the server of a Redis."""
    parts = urlsplit(address)
    if ";" in address:  # Celery's client reads several addresses there
        return NamedServer(setting, elsewhere="a semicolon")
    if _ASKS_ISSUER in (name for name, _ in parse_qsl(parts.query, keep_blank_values=True)):
        return NamedServer(setting, elsewhere=f"{_ASKS_ISSUER}=")
    return _server(setting, address)


def _weaviate(settings: "Settings", address: str) -> Iterator[NamedServer]:
    """Yield both interfaces of Weaviate; neither has a usual port."""
    rest = _server("WEAVIATE_URL", address, any_port=True)
    own, port = settings.weaviate.grpc_host, settings.weaviate.grpc_port
    name = "FOOTNOTE_WEAVIATE__GRPC_HOST" if own else "FOOTNOTE_WEAVIATE__GRPC_PORT"
    yield rest
    yield NamedServer(name, own.strip("[]") if own else rest.host, port, "grpc", any_port=True)


def _databases(address: str, environ: Mapping[str, str]) -> Iterator[NamedServer]:
    """
    Yield the servers of an address of PostgreSQL, as SQLAlchemy and libpq find them in it.

    Options behind the address go before what it says itself, variables of libpq behind it.
    Without a host, and with a path as host, a socket of this machine is meant.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        yield NamedServer(DATABASE)
        return
    options: dict[str, list[str]] = {}
    for name, value in parse_qsl(parts.query):
        options.setdefault(name, []).append(value)
    yield from (NamedServer(DATABASE, elsewhere=f"{one}=") for one in _ELSEWHERE if one in options)
    if environ.get("PGSERVICE"):
        yield NamedServer(DATABASE, elsewhere="the variable PGSERVICE")
    hosts = _hosts(options) or [(parts.hostname or "", "")]
    ports = _ports(options, len(hosts), parts.port, environ)
    own = [port for _, port in hosts]
    if any(host for host, _ in hosts):
        yield from _listed(DATABASE, hosts, ports)
    else:
        yield from _listed(f"{DATABASE} with PGHOST", _plain([environ.get("PGHOST", "")]), ports)
    if "hostaddr" in options:
        # A port behind a host counts for the address that is given for it.
        yield from _listed(DATABASE, _plain(options["hostaddr"]), own if any(own) else ports)
    else:
        yield from _listed(f"{DATABASE} with PGHOSTADDR", _plain([environ.get("PGHOSTADDR", "")]), ports)


def _hosts(options: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    """
    Return each host and its own port, or "".

    SQLAlchemy takes a port from behind a host where `host=` stands several times, and
    where it stands once, without a comma in it and without a `port=` beside it.
    """
    values = options.get("host", [])
    if len(values) > 1:
        return [(pieces[0], pieces[1]) for pieces in (f"{one}:".split(":") for one in values)]
    if "port" not in options and values and (found := _WITH_PORT.fullmatch(values[0])):
        return [(found[1], found[2])]
    return _plain(values)


def _plain(values: list[str]) -> list[tuple[str, str]]:
    """Return hosts with commas between, none of which has a port of its own."""
    return [(host, "") for one in values for host in one.split(",")]


def _ports(options: Mapping[str, list[str]], hosts: int, port: int | None, environ: Mapping[str, str]) -> list[str]:
    """Return the ports of several hosts, or the one for all; "" is the usual one."""
    if "port" in options:
        return [one for value in options["port"] for one in value.split(",")]
    if hosts > 1:  # SQLAlchemy lets go of every other port then
        return [""]
    return [str(port)] if port else environ.get("PGPORT", "").split(",")


def _listed(setting: str, hosts: list[tuple[str, str]], ports: list[str]) -> Iterator[NamedServer]:
    """Yield the servers of a list of hosts; none for sockets."""
    for number, (host, own) in enumerate(hosts):
        if not host or host.startswith("/"):
            continue
        written = own or (ports[0] if len(ports) == 1 else next(iter(ports[number:]), ""))
        known = written.isascii() and written.isdigit()
        port = int(written) if known else (0 if written else DEFAULT_PORTS["postgresql"])
        yield NamedServer(setting, host, port, "postgresql")
