"""
What the value of a setting must look like, and the checks behind it.

Not what the settings are: those stand in `pipelines.settings`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr


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


def _exists(path: Path) -> bool:
    """Tell whether something is there; a path that may not be looked at is a fault."""
    try:
        return path.exists()
    except OSError as error:
        raise ValueError(f"the folder {str(path)!r} cannot be opened: {error.strerror}") from error


def _sqlite_address(value: SecretStr) -> SecretStr:
    """Refuse what this version would have to ignore: where data lives is never a guess."""
    address = value.get_secret_value()
    if not address.startswith("sqlite"):
        raise ValueError("this version keeps its records in SQLite; unset DATABASE_URL or give sqlite:///FILE")
    path = address.removeprefix("sqlite:///")
    if path == address or not path or path.startswith(":") or "?" in path:
        raise ValueError("expected sqlite:///FILE with the name of a file and no options")
    return value


def _no_address(_value: SecretStr) -> SecretStr:
    """Refuse what this version would have to ignore."""
    raise ValueError("this version keeps its index in SQLite; unset WEAVIATE_URL")


def _web_address(value: SecretStr) -> SecretStr:
    """Accept http and https."""
    return _checked(value, ("http", "https"), "http://localhost:8000/v1")


def _redis_address(value: SecretStr) -> SecretStr:
    """Accept redis and rediss."""
    return _checked(value, ("redis", "rediss"), "redis://localhost:6379/0")


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


NewFolder: TypeAlias = Annotated[Path, AfterValidator(_no_file)]
ExistingFolder: TypeAlias = Annotated[Path, AfterValidator(_folder)]
SqliteAddress: TypeAlias = Annotated[SecretStr, AfterValidator(_sqlite_address)]
NoAddress: TypeAlias = Annotated[SecretStr, AfterValidator(_no_address)]
WebAddress: TypeAlias = Annotated[SecretStr, AfterValidator(_web_address)]
RedisAddress: TypeAlias = Annotated[SecretStr, AfterValidator(_redis_address)]

A_FOLDER = Form("a folder", default="none")
A_SECRET = Form("a secret", default="none", secret=True)
