"""What settings must say together: a bucket and its key, a server and FOOTNOTE_EGRESS. Connects to nothing."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipelines.setting_egress import engine_faults


if TYPE_CHECKING:
    from pipelines.settings import Settings


def joint_faults(settings: "Settings", environ: Mapping[str, str]) -> list[str]:
    """
    Return a fault for everything that no setting shows alone.

    Args:
        settings: what was chosen, each right by itself.
        environ: the environment, for the variables that the client of PostgreSQL reads itself.

    """
    lacking = lacking_key(settings)
    return [*([lacking] if lacking else []), *engine_faults(settings, environ)]


def lacking_key(settings: "Settings") -> str | None:
    """Return the fault of a bucket without a whole key; None if there is none."""
    place, chosen = settings.blobs or "", settings.s3
    if not place.startswith("s3:") or (chosen.access_key and chosen.secret_key):
        return None
    return f"FOOTNOTE_BLOBS is {place}, which needs a key: set FOOTNOTE_S3__ACCESS_KEY and FOOTNOTE_S3__SECRET_KEY"
