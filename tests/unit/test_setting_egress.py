"""Promises of FOOTNOTE_EGRESS about engines: without `any`, each is this machine or listed."""

import re
from ipaddress import ip_address, ip_network
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects.postgresql.psycopg import dialect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from pipelines.errors import BadSettings
from pipelines.setting_forms import psycopg_address
from pipelines.setting_servers import named_servers
from pipelines.settings import Settings


HOME = {"HOME": "/home/anna"}
S3 = {"FOOTNOTE_BLOBS": "s3://files/footnote", "FOOTNOTE_S3__ACCESS_KEY": "name", "FOOTNOTE_S3__SECRET_KEY": "key"}
STORE = {"FOOTNOTE_S3__ENDPOINT": "https://s3.corp.example:9000"}
WEAVIATE = {"WEAVIATE_URL": "http://w.example:8080"}
ENGINES = (
    ("DATABASE_URL", "postgresql://u:p@{}/f"),
    ("DATABASE_URL", "postgresql:///f?host={}"),
    ("DATABASE_URL", "postgresql://localhost/f?host=localhost,{}"),
    ("DATABASE_URL", "postgresql://localhost/f?hostaddr={}"),
    ("PGHOST", "{}"),
    ("PGHOSTADDR", "{}"),
    ("REDIS_URL", "redis://{}/0"),
    ("REDIS_URL", "rediss://:p@{}/0"),
    ("FOOTNOTE_BROKER_URL", "redis://{}/1"),
    ("WEAVIATE_URL", "http://{}"),
    ("FOOTNOTE_WEAVIATE__GRPC_HOST", "{}"),
    ("FOOTNOTE_S3__ENDPOINT", "https://{}"),
    ("OPENAI_BASE_URL", "https://{}/v1"),
)
# What else must stand there for a setting to matter.
BESIDE = {
    "PGHOST": {"DATABASE_URL": "postgresql:///f"},
    "PGHOSTADDR": {"DATABASE_URL": "postgresql://localhost/f"},
    "FOOTNOTE_WEAVIATE__GRPC_HOST": {"WEAVIATE_URL": "http://localhost:8080"},
    "FOOTNOTE_S3__ENDPOINT": S3,
}

OCTETS = st.integers(0, 255)
ADDRESSES = st.one_of(
    st.builds("{}.{}.{}.{}".format, st.sampled_from([10, 127, 169, 8, 0]), OCTETS, OCTETS, OCTETS),
    st.sampled_from(["::1", "::2", "fd00::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "2001:4860::8888", "::"]),
)
NAMES = st.one_of(
    st.sampled_from(["localhost", "LOCALHOST", "localhost.", "localhost.evil.example", "a.localhost", "xlocalhost"]),
    st.sampled_from(["a.corp.example", "corp.example", "A.Corp.Example.", "db", "127.1", "0x7f000001", "2130706433"]),
    st.sampled_from(["%6cocalhost", "localhost%2e", "localhost\\.corp.example", "*.corp.example", "ⓛocalhost", "-"]),
    st.from_regex(r"[a-z0-9-]{1,8}(\.[a-z]{1,5}){0,2}", fullmatch=True),
)
HOSTS = st.one_of(ADDRESSES, NAMES)
LISTS = st.one_of(
    st.just("none"),
    st.lists(
        st.sampled_from(["a.corp.example", "*.corp.example", "db", "10.0.0.0/8", "fd00::/8", "127.1.1.1", "8.0.0.0/6"]),
        min_size=1,
        unique=True,
    ).map(", ".join),
)


def load(environ: dict[str, str], egress: str) -> Settings:
    """Return the settings, with the host's place taken by what is given."""
    return Settings.load(HOME | environ | {"FOOTNOTE_EGRESS": egress}, None)


def refused(environ: dict[str, str], egress: str = "none") -> list[str]:
    """Return the faults of settings; none where they are accepted."""
    try:
        load(environ, egress)
    except BadSettings as error:
        return [line.removeprefix("- ") for line in str(error).splitlines()[1:]]
    return []


def engine(number: int, host: str) -> dict[str, str]:
    """Return settings in which one engine stands at a host."""
    name, address = ENGINES[number]
    if "?" in address:
        written = quote(host, safe=":")
    else:
        written = f"[{host}]" if ":" in host and not name.startswith("PG") else host
    return {**BESIDE.get(name, {}), name: address.format(written)}


def is_ours(host: str, egress: str) -> bool:
    """Say in another way than the product whether a host is this machine's, or listed by name or network."""
    listed = [] if egress == "none" else egress.split(", ")
    try:
        address = ip_address(host)
    except ValueError:
        name = host.lower().removesuffix(".")
        below = [one[1:] for one in listed if one.startswith("*.")]
        return host.lower() == "localhost" or name in listed or any(name.endswith(one) for one in below)
    networks = [ip_network(one) for one in listed if one[0].isdigit() or ":" in one]
    own = [ip_network("127.0.0.0/8"), ip_network("::1/128")]
    return any(address.version == one.version and address in one for one in own + networks)


@settings(deadline=None)
@given(st.integers(0, len(ENGINES) - 1), HOSTS, LISTS)
def test_no_server_passes_that_is_neither_ours_nor_listed(number: int, host: str, egress: str) -> None:
    """Whatever engine, host and list: accepted means this machine, or listed by name, address or network."""
    if not refused(engine(number, host), egress):
        assert is_ours(host, egress)
        assert not set(host) & set("%\\*ⓛ")


@settings(deadline=None)
@given(st.integers(0, len(ENGINES) - 1), ADDRESSES | st.sampled_from(["localhost", "a.corp.example", "db", "x.org"]))
def test_what_is_listed_passes(number: int, host: str) -> None:
    """A list that names the server accepts it, unless it is an address of no server or of a cloud's metadata."""
    told = refused(engine(number, host), host)
    assert told == [] or all("no address of a server" in one for one in told)


@settings(deadline=None)
@given(st.integers(0, len(ENGINES) - 1), st.sampled_from(["far.example", "fd00::1", "10.0.0.1"]), st.booleans())
def test_the_place_that_a_fault_names_is_the_entry_that_allows_it(number: int, host: str, other_port: bool) -> None:  # noqa: FBT001 - drawn
    """Whoever copies host and port from the faults into the list has listed the server."""
    environ = engine(number, host)
    name, address = next(reversed(environ.items()))
    if other_port and "//" in address and "?" not in address:
        environ[name] = re.sub(r"(//[^/]+)", r"\1:7777", address)
    told = refused(environ)
    places = [re.search(r"so (\S+) is not reached", one) for one in told]
    assert told
    assert refused(environ, ", ".join(place[1] for place in places if place)) == []


@settings(deadline=None)
@given(st.integers(0, len(ENGINES) - 1), HOSTS)
def test_any_refuses_no_engine(number: int, host: str) -> None:
    """With `any` among the places, engines are left to the forms of their own settings."""
    told = refused(engine(number, host), "any")
    assert told == refused(engine(number, host), "any, a.corp.example")
    assert not [one for one in told if "FOOTNOTE_EGRESS" in one]


@pytest.mark.parametrize("number", range(len(ENGINES)), ids=lambda one: " ".join(ENGINES[one]))
def test_a_fault_names_setting_host_and_egress(number: int) -> None:
    """Each engine's fault says which setting names which server, and what refuses it; no password is in it."""
    name = ENGINES[number][0].replace("PG", "DATABASE_URL with PG", 1)
    told = next(one for one in refused(engine(number, "far.example")) if one.startswith(f"{name}: "))
    assert "FOOTNOTE_EGRESS=none" in told
    assert "far.example" in told
    assert "p@" not in told


@pytest.mark.parametrize(
    ("environ", "egress", "names"),
    [
        ({}, "none", []),
        ({"DATABASE_URL": "sqlite:////srv/r.db"}, "none", []),
        ({"DATABASE_URL": "postgresql:///f"}, "none", []),
        ({"DATABASE_URL": "postgresql:///f?host=/run/postgresql"}, "none", []),
        ({"DATABASE_URL": "postgresql://far.example/f?host=localhost"}, "none", []),
        ({"DATABASE_URL": "postgresql://u@db:6432/f"}, "db", ["DATABASE_URL"]),
        ({"DATABASE_URL": "postgresql://u@db:6432/f"}, "db:6432", []),
        ({"DATABASE_URL": "postgresql://u@db/f"}, "db:5432", []),
        ({"DATABASE_URL": "postgresql:///f?host=a,b&port=5432,6432"}, "a,b:6432", []),
        ({"DATABASE_URL": "postgresql:///f?host=a,b&port=5432,6432"}, "a,b", ["DATABASE_URL"]),
        ({"DATABASE_URL": "postgresql:///f?host=a:1&host=b:2"}, "a:1,b:2", []),
        ({"DATABASE_URL": "postgresql:///f?host=a:1&host=b:2"}, "a:2,b:1", ["DATABASE_URL", "DATABASE_URL"]),
        ({"DATABASE_URL": "postgresql:///f?host=localhost:1,localhost"}, "none", ["DATABASE_URL"]),
        ({"DATABASE_URL": "postgresql://localhost/f?service=far"}, "none", ["DATABASE_URL"]),
        ({"DATABASE_URL": "postgresql://localhost/f?conninfo=hostaddr%3D8.8.8.8"}, "none", ["DATABASE_URL"]),
        ({"DATABASE_URL": "postgresql://localhost/f", "PGSERVICE": "far"}, "none", ["DATABASE_URL"]),
        ({"DATABASE_URL": "postgresql://localhost/f", "PGHOST": "far.example"}, "none", []),
        ({"DATABASE_URL": "postgresql://db/f", "PGPORT": "6432"}, "db", ["DATABASE_URL"]),
        ({"PGHOST": "far.example", "PGSERVICE": "far"}, "none", []),
        ({"REDIS_URL": "redis://r"}, "r", []),
        ({"REDIS_URL": "redis://r:6380"}, "r", ["REDIS_URL"]),
        ({"REDIS_URL": "redis://r:6380"}, "r:6380", []),
        ({"REDIS_URL": "rediss://r/0?ssl_validate_ocsp=1"}, "r", ["REDIS_URL"]),
        ({"FOOTNOTE_BROKER_URL": "redis://far.example;@localhost:6379/0"}, "none", ["FOOTNOTE_BROKER_URL"]),
        (WEAVIATE, "w.example", []),
        (WEAVIATE, "w.example:8080", ["FOOTNOTE_WEAVIATE__GRPC_PORT"]),
        (WEAVIATE, "w.example:8080,w.example:50051", []),
        (WEAVIATE, "w.example:80", ["WEAVIATE_URL", "FOOTNOTE_WEAVIATE__GRPC_PORT"]),
        (WEAVIATE | {"FOOTNOTE_WEAVIATE__GRPC_HOST": "g"}, "w.example", ["FOOTNOTE_WEAVIATE__GRPC_HOST"]),
        ({"FOOTNOTE_WEAVIATE__GRPC_HOST": "g"}, "none", []),
        (S3, "none", ["FOOTNOTE_BLOBS"]),
        (S3 | {"FOOTNOTE_S3__REGION": "eu-west-1"}, "s3.eu-west-1.amazonaws.com", []),
        (S3 | STORE, "*.corp.example", []),
        (S3 | STORE, "s3.corp.example:443", ["FOOTNOTE_S3__ENDPOINT"]),
        (STORE, "none", []),
        ({"OPENAI_BASE_URL": "http://llm:8000/v1"}, "llm", ["OPENAI_BASE_URL"]),
        ({"OPENAI_BASE_URL": "http://llm:8000/v1"}, "llm:8000", []),
        ({"REDIS_URL": "redis://169.254.169.254"}, "169.254.0.0/16", ["REDIS_URL"]),
        ({"REDIS_URL": "redis://169.254.169.254"}, "169.254.169.254", []),
    ],
)
def test_an_engine_is_where_it_may_be(environ: dict[str, str], egress: str, names: list[str]) -> None:
    """Sockets, lists of hosts, ports, defaults, and what leads elsewhere: the faults are those of these settings."""
    assert [one.split(":")[0].split(" ")[0] for one in refused(environ, egress)] == names


def test_all_faults_are_told_together() -> None:
    """A server that is not allowed is told beside what else is wrong, of other settings or of its own group."""
    told = refused(
        S3
        | {
            "REDIS_URL": "redis://far.example",
            "FOOTNOTE_EMBEDDER": "gpt",
            "FOOTNOTE_EMBEDER": "gpt",
            "FOOTNOTE_S3__ENDPOINT": "far.example",
            "FOOTNOTE_DATA_DIR": "/dev/null",
        }
    )
    names = ["FOOTNOTE_EMBEDER", "FOOTNOTE_DATA_DIR", "FOOTNOTE_EMBEDDER", "FOOTNOTE_S3__ENDPOINT", "REDIS_URL"]
    assert sorted(one.split(":")[0].split(" ")[0] for one in told) == sorted(names)


PORTS = st.sampled_from(["", "5432", "6432", "1"])
TOKENS = st.sampled_from(["a", "b.example", "10.0.0.1", "::1", "/run/pg", "a:1", "b:6432", "fd00::1:2", ""])
OPTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("host"), st.lists(TOKENS, min_size=1, max_size=3).map(",".join)),
        st.tuples(st.just("hostaddr"), st.sampled_from(["10.0.0.1", "::1", "10.0.0.1,10.0.0.2"])),
        st.tuples(st.just("port"), st.lists(PORTS, min_size=1, max_size=3).map(",".join)),
    ),
    max_size=4,
)


@settings(deadline=None)
@given(st.sampled_from(["", "u:p@h", "h:6432", ":6432", "[fd00::1]:1"]), OPTIONS)
def test_hosts_of_a_database_are_read_as_its_client_reads_them(place: str, options: list[tuple[str, str]]) -> None:
    """Every server that SQLAlchemy would hand to libpq is among those that are compared with the list."""
    address = f"postgresql://{place}/f?" + "&".join(f"{name}={value}" for name, value in options)
    try:
        url = make_url(psycopg_address(address))
        given_to_libpq = dialect().create_connect_args(url)[1]  # type: ignore[no-untyped-call]  # they are untyped
    except (ArgumentError, ValueError):  # what the client refuses connects to nothing
        return
    found = {(one.host, one.port) for one in named_servers(load({"DATABASE_URL": address}, "any"), {})}
    ports = str(given_to_libpq.get("port", "")).split(",")
    for name in ("host", "hostaddr"):
        hosts = str(given_to_libpq.get(name, "")).split(",")
        if len(ports) not in (1, len(hosts)) or not isinstance(given_to_libpq.get(name, ""), str):
            continue  # libpq refuses other numbers of ports, and what is no text
        for host, port in zip(hosts, ports * len(hosts) if len(ports) == 1 else ports, strict=True):
            if host and not host.startswith("/"):
                assert (host, int(port or 5432)) in found
