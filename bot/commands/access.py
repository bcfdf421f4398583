"""Who may read a base: show the readers of its default rule, and set them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot import texts
from bot.commands.kb import find
from bot.facade import Footnote
from pipelines.domain.access import normalise_readers
from pipelines.domain.conversation import Principal
from pipelines.domain.knowledge import KnowledgeBase
from pipelines.domain.values import Value
from pipelines.errors import BadInput


@dataclass(frozen=True, slots=True)
class BaseReaders(Value):
    """Who may read a base beside admins, sorted."""

    kb: str
    readers: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return {"kb": self.kb, "readers": list(self.readers)}


def access(
    footnote: Footnote, principal: Principal, name: str, allow: Sequence[str] = (), remove: Sequence[str] = ()
) -> BaseReaders:
    """
    Let readers in and take readers out, which counts with the next question; then return all.

    Letting in who is in, or taking out who is not, changes nothing.

    Raises:
        BadInput: a reader that is none, or that stands in both lists; nothing was changed.

    """
    base = find(footnote, principal, name)
    readers, _ = change_readers(footnote, principal, base, allow=allow, remove=remove, action="kb access")
    return readers


def change_readers(
    footnote: Footnote,
    principal: Principal,
    base: KnowledgeBase,
    *,
    allow: Sequence[str],
    remove: Sequence[str],
    action: str,
) -> tuple[BaseReaders, bool]:
    """
    Let readers of a base in and take readers out, audited under the name of an action if that changes anything.

    Returns:
        all readers, and whether they are others than before.

    Raises:
        BadInput: a reader that is none, or that stands in both lists; nothing was changed.

    """
    wanted, unwanted = set(normalise_readers(allow)), set(normalise_readers(remove))
    if wanted & unwanted:
        raise BadInput(texts.contradictory_reader(min(wanted & unwanted)))
    before = footnote.records.access.readers(base.id)
    after = tuple(sorted((set(before) | wanted) - unwanted))
    if after != before:
        footnote.records.access.set_readers(base.id, after, principal)
        footnote.records.answers.audit(principal, action, base.name, {"before": list(before), "after": list(after)})
    return BaseReaders(base.name, after), after != before
