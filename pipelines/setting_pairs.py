"""What settings must say together: a bucket and its key, a model and its server, Slack's; servers and their list."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipelines.setting_egress import engine_faults
from pipelines.setting_slack import TOKENS


if TYPE_CHECKING:
    from pipelines.settings import Settings


def joint_faults(settings: "Settings", environ: Mapping[str, str]) -> list[str]:
    """
    Return a fault for everything that no setting shows alone.

    Args:
        settings: what was chosen, each right by itself.
        environ: the environment, for the variables that the client of PostgreSQL reads itself.

    """
    lacking = (
        lacking_key(settings),
        lacking_server(settings),
        lacking_embedding(settings),
        lacking_slack(settings),
    )
    return [*filter(None, lacking), *engine_faults(settings, environ)]


def lacking_key(settings: "Settings") -> str | None:
    """Return the fault of a bucket without a whole key; None if there is none."""
    place, chosen = settings.blobs or "", settings.s3
    if not place.startswith("s3:") or (chosen.access_key and chosen.secret_key):
        return None
    return f"FOOTNOTE_BLOBS is {place}, which needs a key: set FOOTNOTE_S3__ACCESS_KEY and FOOTNOTE_S3__SECRET_KEY"


def lacking_server(settings: "Settings") -> str | None:
    """Return the fault of a model without a server, or a fallback of none. A key alone may be another program's."""
    if settings.model and settings.openai_base_url is None:
        return "FOOTNOTE_MODEL names a model, and OPENAI_BASE_URL no server: set it, such as http://127.0.0.1:8000/v1"
    if settings.models.fallback and not settings.model:
        return "FOOTNOTE_MODELS__FALLBACK names a model, and FOOTNOTE_MODEL none before it: set both"
    return None


def lacking_embedding(settings: "Settings") -> str | None:
    """Return the fault of an embedder without its model, its length or its server."""
    if settings.embedder != "openai":
        return None
    chosen = settings.embedding
    if chosen.model is None or chosen.dimensions is None:
        missing = "FOOTNOTE_EMBEDDING__MODEL" if chosen.model is None else "FOOTNOTE_EMBEDDING__DIMENSIONS"
        return f"FOOTNOTE_EMBEDDER is openai, which needs a model and the length of its vectors: set {missing}"
    if chosen.url is None and settings.openai_base_url is None:
        return "FOOTNOTE_EMBEDDER is openai, which needs a server: set FOOTNOTE_EMBEDDING__URL or OPENAI_BASE_URL"
    return None


def lacking_slack(settings: "Settings") -> str | None:
    """Return the fault of a Slack that is set by half; its address alone sets nothing."""
    given = [name for name in TOKENS if getattr(settings, name.lower()) is not None]
    if not given or (len(given) > 1 and TOKENS[0] in given):
        return None
    lacks = "SLACK_SIGNING_SECRET (over HTTP) or SLACK_APP_TOKEN (Socket Mode)" if TOKENS[0] in given else TOKENS[0]
    return f"{given[0]} is set, so Slack is on and needs {lacks} too: set it, or unset {' and '.join(given)}"
