"""Which tuned model answers whom, as admins said."""

from collections.abc import Callable
from typing import Protocol

from pipelines.domain.model_routes import Route, RoutePlace, RouteRule


class RouteRecords(Protocol):
    """The routes of an installation. What one says is `domain.model_routes`."""

    def all(self) -> tuple[Route, ...]:
        """Return every route that was ever set, by base and by whom; one that was rolled back has no rule."""

    def change(self, place: RoutePlace, how: Callable[[RouteRule | None], RouteRule | None]) -> tuple[Route, Route]:
        """
        Change a route; the remembered answers of its base, or of all bases, count no longer (`Scope.rights`).

        Of changes that are made at once none is lost. One that changes nothing leaves the
        remembered answers, and what was before, as they are.

        Args:
            place: what the route is for.
            how: gets its rule, None where there is none, and returns the one that shall
                hold; what it raises is raised, and nothing is changed. It asks nothing of the records.

        Returns:
            the route before and after.

        Raises:
            BadInput: the rule may not be stored, see `model_routes.checked_rule`.
            NotFound: its base is not there, or was removed.

        """

    def roll_back(self, place: RoutePlace) -> tuple[Route, Route]:
        """
        Let a route be as it was before its last change; done twice, as it is now.

        Returns:
            the route before and after.

        Raises:
            NotFound: it was never set, or its base was removed.

        """
