"""Which model speaks: the routes that admins set, as they bear on one question. Calls no model."""

from collections.abc import Collection, Mapping

from pipelines.domain.conversation import Question
from pipelines.domain.evidence import Scope
from pipelines.domain.model_routes import Route, agreed, asker_of, governing, speaker
from pipelines.ports.model_routes import RouteRecords


class Routing:
    """
    Routes to tuned models. Safe between threads.

    Routes are read again when a base's counter of rights has grown, which every change of
    one raises: a question costs no statement, and a change counts with the next one.
    """

    def __init__(self, routes: RouteRecords, *, key: str) -> None:
        """
        Take where routes stand.

        Args:
            routes: them.
            key: of the installation, see `model_routes.speaker`.

        """
        self._records = routes
        self._key = key
        self._known: tuple[Mapping[int, int], tuple[Route, ...]] = ({}, ())

    def speakers(self, question: Question, scope: Scope) -> Mapping[int, str]:
        """Return base -> the tuned model that answers this question out of it; those without one are left out."""
        routes, asker = self._routes(scope), asker_of(question)
        if not routes:
            return {}
        found = {kb: speaker(governing(routes, kb, asker), self._key, asker.sticky) for kb in sorted(scope.versions)}
        return {kb: model for kb, model in found.items() if model is not None}

    def speaker(self, question: Question, scope: Scope, bases: Collection[int]) -> str | None:
        """Return the tuned model of an answer whose sources are of these bases; None for the base model."""
        speakers = self.speakers(question, scope)
        return agreed([speakers.get(kb) for kb in bases])

    def _routes(self, scope: Scope) -> tuple[Route, ...]:
        """Return all routes, at least as new as the scope."""
        seen, routes = self._known
        if any(seen.get(kb) != counter for kb, counter in scope.rights.items()):
            routes = self._records.all()
            self._known = ({**seen, **scope.rights}, routes)
        return routes
