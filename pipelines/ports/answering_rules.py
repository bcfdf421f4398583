"""What admins say about the answers of bases."""

from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from pipelines.domain.answering_rules import AnsweringRules


class AnsweringRuleRecords(Protocol):
    """The rules of each base. A base of which nothing was said has those of `NO_RULES`."""

    def of(self, bases: Collection[int]) -> Mapping[int, AnsweringRules]:
        """Return base -> its rules, for each of these bases, in their order."""

    def change(self, kb: int, how: Callable[[AnsweringRules], AnsweringRules]) -> tuple[AnsweringRules, AnsweringRules]:
        """
        Change the rules of a base; its remembered answers count no longer (`Scope.rights`).

        Of changes that are made at once none is lost. One that changes nothing leaves the
        remembered answers as they are.

        Args:
            kb: the base.
            how: gets the rules and returns those that shall hold; what it raises is raised,
                and nothing is changed. It asks nothing of the records.

        Returns:
            the rules before and after.

        Raises:
            BadInput: the rules may not be stored, see `answering_rules.checked`.
            NotFound: there is no such base, or it was removed.

        """
