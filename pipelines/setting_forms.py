"""
What the value of a setting must look like, and the checks behind it.

Not what the settings are: those stand in `pipelines.settings`.
"""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, TypeAlias
from urllib.parse import parse_qsl, urlsplit

from pydantic import AfterValidator, SecretStr

from pipelines.domain.access import normalise_reader
from pipelines.domain.egress import Egress
from pipelines.domain.model_budget import parse_money
from pipelines.domain.network_addresses import is_loopback
from pipelines.errors import BadInput


# What two readers of addresses might read differently is refused: a password must never be taken for a host.
_POSTGRES = re.compile(
    r"(?:postgresql(?:\+psycopg)?|postgres)://"
    r"(?:[^:/?#\[\]@\s]+(?::[^:/?#\[\]@\s]*)?@)?"
    r"(?:[^:/?#\[\]@\s,]*|\[[0-9a-fA-F:.]+\])(?::(?P<port>[0-9]{1,5}))?"
    r"/[^/?#@\s]+(?:\?[^#@\s]*)?"
)
_MAX_PORT = 65535
_HOST = re.compile(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]")
_WEAVIATE_EXAMPLE = "http://localhost:8080"
_BUCKET = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/[A-Za-z0-9._-]+)*/?")
_S3_EXAMPLE = "https://s3.example.com:9000"
_REDIS_EXAMPLE = "redis://localhost:6379/0"
_MODEL = re.compile(r"[!-~]{1,200}")
_LONGEST_PREFIX = 500
_HOST_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9][a-z0-9_.-]*|\[[0-9a-f:.]+\])(?P<port>:[0-9]{1,5})?"
    r"(?P<path>(?:/[A-Za-z0-9._~-]+)*)/?"
)
_NO_DATABASE = (
    "expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE or sqlite:///FILE, got a value that is not shown;"
    " in USER and PASSWORD, any of : / ? # [ ] @ is written as %3A %2F %3F %23 %5B %5D %40"
)


@dataclass(frozen=True, slots=True)
class Form:
    """
    What a person is told of a value.

    Attributes:
        words: "a folder"; empty where the type says it.
        unit: "MB"; empty where there is none.
        default: words for a default that is no constant.
        secret: the value is never shown.

    """

    words: str = ""
    unit: str = ""
    default: str = ""
    secret: bool = False


def _no_file(path: Path) -> Path:
    """Return the absolute path of a folder that is there or can be made."""
    if _exists(path) and not path.is_dir():
        raise ValueError(f"expected a folder, got the file {str(path)!r}")
    if "?" in str(path):  # the address of a database takes its options from there on
        raise ValueError(f"expected a folder without a question mark in its path, got {str(path)!r}")
    return path.absolute()


def _folder(path: Path) -> Path:
    """Return the absolute path of a folder that is there."""
    if not _exists(path) or not path.is_dir():
        raise ValueError(f"expected a folder, and there is none at {str(path)!r}")
    return path.absolute()


def _file(path: Path) -> Path:
    """Return the absolute path of a file that is there."""
    if not _exists(path) or not path.is_file():
        raise ValueError(f"expected a file, and there is none at {str(path)!r}")
    return path.absolute()


def _host_name(value: str) -> str:
    """Accept a name or an address without scheme, port or path."""
    if not _HOST.fullmatch(value):
        raise ValueError(f"expected the name of a host without port and path, got {value[:60]!r}")
    return value


def _exists(path: Path) -> bool:
    """Tell whether something is there; a path that may not be looked at is a fault."""
    try:
        return path.exists()
    except OSError as error:
        raise ValueError(f"the folder {str(path)!r} cannot be opened: {error.strerror}") from error


def _database_address(value: SecretStr) -> SecretStr:
    """Accept a file of SQLite or a database of PostgreSQL: where data lives is never a guess."""
    address = value.get_secret_value()
    if address.startswith("sqlite:"):
        path = address.removeprefix("sqlite:///")
        if path == address or not path or path.startswith(":") or "?" in path:
            raise ValueError("expected sqlite:///FILE with the name of a file and no options")
        return value
    found = _POSTGRES.fullmatch(address)
    if found is None or not 0 < int(found["port"] or 1) <= _MAX_PORT:
        raise ValueError(_NO_DATABASE)
    return value


def psycopg_address(address: str) -> str:
    """Return an address of PostgreSQL as SQLAlchemy knows its driver."""
    return "postgresql+psycopg" + address[address.index(":") :]


def _weaviate_address(value: SecretStr) -> SecretStr:
    """Accept http and https with a host and a port: whatever else stands there would be left out."""
    address = _checked(value, ("http", "https"), _WEAVIATE_EXAMPLE).get_secret_value()
    parts = urlsplit(address)
    if parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError(
            f"expected scheme, host and port alone ({_WEAVIATE_EXAMPLE}); a key is set by WEAVIATE_API_KEY, the port"
            " of gRPC by FOOTNOTE_WEAVIATE__GRPC_PORT"
        )
    return value


def _web_address(value: SecretStr) -> SecretStr:
    """Accept http and https."""
    return _checked(value, ("http", "https"), "http://localhost:8000/v1")


def _redis_address(value: SecretStr) -> SecretStr:
    """
    Accept redis and rediss with a database number, and options of TLS.

    Any other option would replace a time-out that `pipelines.adapters.redis_link` sets.
    """
    parts = urlsplit(_checked(value, ("redis", "rediss"), _REDIS_EXAMPLE).get_secret_value())
    options = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
    number = parts.path.removeprefix("/")
    if not all(one.startswith("ssl_") for one in options) or (options and parts.scheme != "rediss"):
        raise ValueError("expected an address without options but those of TLS (rediss://…?ssl_ca_certs=FILE)")
    if parts.fragment or (number and not (number.isascii() and number.isdigit())):
        raise ValueError(
            f"expected a database number after the port ({_REDIS_EXAMPLE}); in a password # / ? are %23 %2F %3F"
        )
    return value


def next_database(address: str) -> str:
    """Return the address of a Redis with the next database number."""
    parts = urlsplit(address)
    return parts._replace(path=f"/{int(parts.path.removeprefix('/') or 0) + 1}").geturl()


def _checked(value: SecretStr, schemes: tuple[str, ...], example: str) -> SecretStr:
    """Return an address with one of the schemes, a host and, if any, a valid port."""
    try:
        parts = urlsplit(value.get_secret_value())
        fits = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits:
        raise ValueError(f"expected an address such as {example}, got a value that is not shown")
    return value


def _blob_place(text: str) -> str:
    """Return the absolute path of a folder that is there or can be made, or a bucket with a prefix."""
    if not text.startswith("s3:"):
        return str(_no_file(Path(text)))
    if not _BUCKET.fullmatch(text):
        raise ValueError(f"expected s3://BUCKET or s3://BUCKET/PREFIX, got {text[:60]!r}")
    return text.rstrip("/")


def _s3_endpoint(text: str) -> str:
    """Accept http and https with a host and a port alone."""
    address = _checked(SecretStr(text), ("http", "https"), _S3_EXAMPLE).get_secret_value().rstrip("/")
    parts = urlsplit(address)
    if parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError(f"expected scheme, host and port alone ({_S3_EXAMPLE}); the bucket is set by FOOTNOTE_BLOBS")
    return address


def _price(text: str) -> str:
    """Accept an amount as `pipelines.domain.model_budget` reads it."""
    parse_money(text)
    return text.strip()


def _model_name(text: str) -> str:
    """Accept a name that a model server may know."""
    if not _MODEL.fullmatch(text.strip()):
        raise ValueError(f"expected a model's name of at most 200 characters without spaces, got {text[:60]!r}")
    return text.strip()


def _prefix(text: str) -> str:
    """Accept what stands before a text: backslash and n are a new line, and a blank follows unless white space does."""
    read = text.replace("\\n", "\n")
    if len(read) > _LONGEST_PREFIX:
        raise ValueError(f"expected at most {_LONGEST_PREFIX} characters, got {len(read)}")
    return read if not read.strip() or read[-1].isspace() else f"{read} "


def _egress(text: str) -> str:
    """Accept what `pipelines.domain.egress` understands."""
    Egress.parse(text)
    return text


def host_address(text: str) -> tuple[str, str, str] | None:
    """
    Return scheme, host and the whole of an address, in lower case up to its path, without a slash at its end.

    None where it is none of http and https, or says more than host, port and path.
    """
    before, slashes, rest = text.strip().partition("://")
    place, slash, path = rest.partition("/")
    found = _HOST_ADDRESS.fullmatch(f"{before.lower()}{slashes}{place.lower()}{slash}{path}")
    if found is None or not 0 < int((found["port"] or ":1")[1:]) <= _MAX_PORT:
        return None
    whole = f"{found['scheme']}://{found['host']}{found['port'] or ''}{found['path']}"
    return found["scheme"], found["host"].strip("[]"), whole


def is_this_machine(host: str) -> bool:
    """Say whether a host is this machine by its name or address; nothing is looked up."""
    try:
        return is_loopback(ip_address(host))
    except ValueError:
        return host == "localhost"


def _public_address(text: str) -> str:
    """Accept https with a host, and perhaps a port and a path."""
    found = host_address(text)
    if found is None or found[0] != "https":
        raise ValueError(f"expected an address such as https://bot.example.com without options, got {text[:60]!r}")
    return found[2]


def admin_readers(text: str) -> tuple[str, ...]:
    """
    Return the readers of a list, normalised and sorted; mail addresses in lower case, as platforms tell them.

    Raises:
        ValueError: one of them is no person or group that a platform tells.

    """
    parts = [one.strip() for one in text.split(",") if one.strip()]
    return tuple(sorted({_admin_reader(one) for one in parts}))


def _admin_reader(text: str) -> str:
    """Return one reader; a person is named by a mail address, or by platform and ids."""
    try:
        kind, _, ident = normalise_reader(text).partition(":")
    except BadInput:
        kind, ident = "", ""
    is_known = kind == "group" or (kind == "user" and not {"@", ":"}.isdisjoint(ident))
    if not is_known or re.search(r"[\s;]", ident):
        raise ValueError(
            "expected readers such as user:anna@example.com, user:slack:T012AB3CD:U034EF5GH and"
            f" group:slack:it-team with commas between, got {text[:60]!r}"
        )
    return f"{kind}:{ident.lower() if '@' in ident else ident}"


def _admins(text: str) -> str:
    """Accept what `admin_readers` does."""
    return ", ".join(admin_readers(text))


EgressPlaces: TypeAlias = Annotated[str, AfterValidator(_egress)]
BlobPlace: TypeAlias = Annotated[str, AfterValidator(_blob_place)]
S3Endpoint: TypeAlias = Annotated[str, AfterValidator(_s3_endpoint)]
Price: TypeAlias = Annotated[str, AfterValidator(_price)]
Prefix: TypeAlias = Annotated[str, AfterValidator(_prefix)]
ModelName: TypeAlias = Annotated[str, AfterValidator(_model_name)]
NewFolder: TypeAlias = Annotated[Path, AfterValidator(_no_file)]
ExistingFolder: TypeAlias = Annotated[Path, AfterValidator(_folder)]
DatabaseAddress: TypeAlias = Annotated[SecretStr, AfterValidator(_database_address)]
ExistingFile: TypeAlias = Annotated[Path, AfterValidator(_file)]
HostName: TypeAlias = Annotated[str, AfterValidator(_host_name)]
WeaviateAddress: TypeAlias = Annotated[SecretStr, AfterValidator(_weaviate_address)]
WebAddress: TypeAlias = Annotated[SecretStr, AfterValidator(_web_address)]
RedisAddress: TypeAlias = Annotated[SecretStr, AfterValidator(_redis_address)]
PublicAddress: TypeAlias = Annotated[str, AfterValidator(_public_address)]
AdminReaders: TypeAlias = Annotated[str, AfterValidator(_admins)]

A_FOLDER = Form("a folder", default="none")
A_MODEL = Form("a name such as gpt-4o-mini", default="none")
A_PREFIX = Form("a text; \\n is a new line", default="none")
A_SECRET = Form("a secret", default="none", secret=True)
