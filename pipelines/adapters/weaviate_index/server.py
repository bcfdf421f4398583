"""Which Weaviate is spoken to, and how. Not the speaking."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from pipelines.domain.values import Value


Consistency: TypeAlias = Literal["one", "quorum", "all"]
Quantisation: TypeAlias = Literal["none", "rq8", "rq1"]


@dataclass(frozen=True, slots=True)
class WeaviateServer(Value):
    """
    A server, or a cluster behind one address.

    Attributes:
        url: `http(s)://HOST[:PORT]` of its REST interface.
        key: API key; None for anonymous access.
        grpc_host: host of its gRPC interface; None for the one of `url`.
        grpc_port: its port.
        grpc_secure: whether gRPC is encrypted; None for "as `url`".
        ca_file: certificates that sign the server's; None for the system's.
        query_s: longest time of a search, of all its calls together.
        write_s: longest time of one write.
        replicas: copies of each row in a collection that is made.
        consistency: how many copies must have a write before the call returns.
        quantisation: how vectors of a collection that is made are compressed in memory.

    """

    url: str
    key: str | None = field(default=None, repr=False)
    grpc_host: str | None = None
    grpc_port: int = 50051
    grpc_secure: bool | None = None
    ca_file: Path | None = None
    query_s: float = 2.0
    write_s: float = 60.0
    replicas: int = 1
    consistency: Consistency = "quorum"
    quantisation: Quantisation = "none"

    @property
    def place(self) -> str:
        """Host and port of REST, as a message names them; nothing of an address that may be secret."""
        parts = urlsplit(self.url)
        return f"{self._host}:{parts.port or (443 if parts.scheme == 'https' else 80)}"

    @property
    def rest_address(self) -> str:
        """The address of REST, without anything behind the port."""
        return f"{urlsplit(self.url).scheme}://{self.place}"

    @property
    def grpc_target(self) -> str:
        """Host and port of gRPC."""
        return f"{self.grpc_host or self._host}:{self.grpc_port}"

    @property
    def encrypts_grpc(self) -> bool:
        """Whether gRPC is encrypted."""
        return urlsplit(self.url).scheme == "https" if self.grpc_secure is None else self.grpc_secure

    @property
    def _host(self) -> str:
        """The host of `url`, in brackets if it is an address of IPv6."""
        host = urlsplit(self.url).hostname or ""
        return f"[{host}]" if ":" in host else host
