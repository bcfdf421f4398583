"""Where a model is, and what a call of it may cost in time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from pipelines.domain.egress import DEFAULT_PORTS
from pipelines.domain.values import Value


STALL_S = 10.0


@dataclass(frozen=True, slots=True)
class ModelSettings(Value):
    """
    The names of the settings that a message points to.

    Attributes:
        url: of the address.
        key: of the key.
        model: of the model's name.
        stall: of the seconds without a piece.

    """

    url: str = "OPENAI_BASE_URL"
    key: str = "OPENAI_API_KEY"
    model: str = "FOOTNOTE_MODEL"
    stall: str = "FOOTNOTE_MODEL_STALL_SECONDS"


@dataclass(frozen=True, slots=True)
class OpenAIServer(Value):
    """
    One model of one OpenAI-compatible server.

    Attributes:
        url: base address with its path, `https://models.example.com/v1`.
        model: name of the model there.
        key: None for a server that asks for none.
        stall_s: seconds without a piece after which a call is given up; from its begin on, so that
            it holds for the first piece too.
        options: fields that go along with each request as they are: `temperature`, `max_tokens`.
        ca_file: authorities to trust in place of the usual ones.
        settings: names for messages.

    """

    url: str = field(repr=False)
    model: str
    key: str | None = field(default=None, repr=False)
    stall_s: float = STALL_S
    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    ca_file: Path | None = None
    settings: ModelSettings = ModelSettings()

    @property
    def scheme(self) -> str:
        """`http` or `https`."""
        return urlsplit(self.url).scheme

    @property
    def host(self) -> str:
        """Name or address, without brackets."""
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        """Port that is connected to."""
        return urlsplit(self.url).port or DEFAULT_PORTS[self.scheme]

    @property
    def place(self) -> str:
        """Host and port for a message, never with a name, a password or a path."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        """Name the model, its place and its settings, for a message."""
        return f"the model {self.model} at {self.place} ({self.settings.model}, {self.settings.url})"
