"""Who may manage knowledge bases. Not who may read: that is `pipelines.domain.access`."""

from bot import texts
from pipelines.domain.conversation import Principal
from pipelines.errors import NotAllowed


def require_admin(principal: Principal) -> None:
    """
    Let admins pass.

    Raises:
        NotAllowed: anybody else, in words that do not tell what exists.

    """
    if not principal.admin:
        raise NotAllowed(texts.admins_only())
