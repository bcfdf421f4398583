"""What an admin may say of a source beside its address. Holds no secret, only the names of secrets."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from pipelines.domain.values import Value


@dataclass(frozen=True, slots=True)
class SourceOptions(Value):
    """
    Options of a source; an empty one was not given.

    Attributes:
        branch: of a git repository.
        subfolder: of a git repository, the folder that is the source.
        include: patterns of paths, one of which must match.
        exclude: patterns of paths, none of which may match.
        link_template: how a git repository's links are written.
        token_env: the environment variable that holds a token.
        key_file: the file that holds a key for ssh.

    """

    branch: str = ""
    subfolder: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    link_template: str = ""
    token_env: str = ""
    key_file: str = ""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """Return the options that `as_json` wrote; names that are not known are left out."""
        known = {one.name for one in fields(cls)}
        given: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in values.items() if name in known
        }
        return cls(**given)

    def as_json(self) -> dict[str, Any]:
        """Return the options that were given."""
        given = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in given.items() if value}


NO_OPTIONS = SourceOptions()
