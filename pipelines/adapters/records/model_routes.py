"""Routes to tuned models, in SQL."""

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from pipelines.adapters.records import schema as t
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.dialects import Turn, insert_new, wait_for_turn
from pipelines.domain.model_routes import EVERY_BASE, Route, RoutePlace, RouteRule, checked_rule
from pipelines.errors import NotFound


class SqlRoutes:
    """`ports.model_routes.RouteRecords` over SQLAlchemy."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def all(self) -> tuple[Route, ...]:
        """Return every route that was ever set, by base and by whom."""
        with self._db.look() as c:
            rows = c.execute(sa.select(t.routes).order_by(t.routes.c.kb, t.routes.c.whom)).mappings()
            return tuple(_route(row) for row in rows)

    def change(self, place: RoutePlace, how: Callable[[RouteRule | None], RouteRule | None]) -> tuple[Route, Route]:
        """Change a route; the remembered answers of its base, or of all bases, count no longer."""
        with self._db.write() as c:
            before = _locked(c, place)
            wanted = how(before.rule)
            after = before.changed(wanted if wanted is None else checked_rule(wanted))
            _store(c, before, after)
        return before, after

    def roll_back(self, place: RoutePlace) -> tuple[Route, Route]:
        """Let a route be as it was before its last change."""
        with self._db.write() as c:
            before = _locked(c, place)
            if before.rule is None and before.previous is None:
                raise NotFound("there is no such route: see the list of routes")
            after = before.rolled_back()
            _store(c, before, after)
        return before, after


def _locked(c: Connection, place: RoutePlace) -> Route:
    """Return a route that nobody else changes until this transaction ends."""
    wait_for_turn(c, Turn.ROUTES)
    if place.kb != EVERY_BASE:
        living = sa.select(t.bases.c.id).where(t.bases.c.id == place.kb, t.bases.c.hidden_at.is_(None))
        if c.execute(living.with_for_update()).first() is None:
            raise NotFound("the knowledge base of this route was removed")
    row = c.execute(sa.select(t.routes).where(_at(place))).mappings().first()
    return Route(place) if row is None else _route(row)


def _store(c: Connection, before: Route, after: Route) -> None:
    """Write what changed, and raise the counters of the bases that may answer otherwise now."""
    if after == before:
        return
    place = after.place
    c.execute(insert_new(c, t.routes).values(kb=place.kb, whom=place.whom))
    values = {"rule": _json(after.rule), "previous": _json(after.previous)}
    c.execute(t.routes.update().where(_at(place)).values(values))
    if after.rule != before.rule:
        bases = t.bases.update().values(rights_counter=t.bases.c.rights_counter + 1)
        c.execute(bases if place.kb == EVERY_BASE else bases.where(t.bases.c.id == place.kb))


def _at(place: RoutePlace) -> sa.ColumnElement[bool]:
    return (t.routes.c.kb == place.kb) & (t.routes.c.whom == place.whom)


def _json(rule: RouteRule | None) -> dict[str, object] | None:
    return None if rule is None else rule.as_json()


def _route(row: RowMapping) -> Route:
    return Route(RoutePlace(row["kb"], row["whom"]), _rule(row["rule"]), _rule(row["previous"]))


def _rule(stored: dict[str, object] | None) -> RouteRule | None:
    return None if stored is None else RouteRule.of(stored)
