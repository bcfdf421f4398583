"""Whether FOOTNOTE_EGRESS allows the servers that the settings name. Sources are bound by `safe_http`, not here."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipelines.domain.egress import SETTING, Egress
from pipelines.setting_servers import NamedServer, named_servers


if TYPE_CHECKING:
    from pipelines.settings import Settings


def engine_faults(settings: "Settings", environ: Mapping[str, str]) -> list[str]:
    """
    Return a fault for every server that FOOTNOTE_EGRESS does not allow; none where `any` is among its places.

    An operator names these servers, so there is nothing to find out about them: each must
    be this machine or be listed, and none is looked up.

    Args:
        settings: what was chosen.
        environ: the environment, for the variables that the client of PostgreSQL reads itself.

    """
    egress = Egress.parse(settings.egress)
    if egress.public:
        return []
    judged = ((one.setting, _refusal(egress, one)) for one in named_servers(settings, environ))
    return [f"{setting}: {refusal}" for setting, refusal in judged if refusal]


def _refusal(egress: Egress, server: NamedServer) -> str | None:
    """Return why a server is refused; None if it is not."""
    if server.elsewhere:
        return f"{server.elsewhere} leads to hosts that {SETTING} cannot be compared with: name the host itself"
    return egress.refusal_named(server.host, server.port, server.scheme, any_port=server.any_port)
