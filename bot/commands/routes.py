"""Routes to tuned models: listed, set, shared out, switched off, rolled back."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from bot.commands.authority import require_admin
from bot.commands.kb import find
from bot.commands.route_wishes import RouteName
from bot.facade import Footnote
from bot.route_texts import no_such_route
from pipelines.domain.conversation import Principal
from pipelines.domain.model_routes import EVERY_BASE, Route, RoutePlace, RouteRule, checked_place
from pipelines.domain.values import Value
from pipelines.errors import NotFound


@dataclass(frozen=True, slots=True)
class RouteLine(Value):
    """
    One route.

    Attributes:
        kb: name of its base; None for all.
        whom: `channel:ID` or `group:ID`; None for everybody.
        rule: which model answers; None where there is no route any more.
        previous: what a roll-back would bring; None for no route.

    """

    kb: str | None
    whom: str | None
    rule: RouteRule | None
    previous: RouteRule | None

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return {
            "kb": self.kb,
            "for": self.whom,
            "route": None if self.rule is None else self.rule.as_json(),
            "previous": None if self.previous is None else self.previous.as_json(),
        }


@dataclass(frozen=True, slots=True)
class RouteList(Value):
    """
    All routes.

    Attributes:
        routes: by base and by whom.
        base_model: name of the model that answers all others; None if none does.

    """

    routes: tuple[RouteLine, ...]
    base_model: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return {"base_model": self.base_model, "routes": [one.as_json() for one in self.routes]}


@dataclass(frozen=True, slots=True)
class RouteChanged(Value):
    """A route as it is now, and the model that answers all others; None if none does."""

    route: RouteLine
    base_model: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return self.route.as_json()


def list_routes(footnote: Footnote, principal: Principal) -> RouteList:
    """
    Return all routes, those that were rolled back to none among them.

    Raises:
        NotAllowed: the person is no admin.

    """
    require_admin(principal)
    names = {one.id: one.name for one in footnote.records.bases.all()}
    known = [one for one in footnote.records.routes.all() if one.place.kb in (EVERY_BASE, *names)]
    return RouteList(tuple(_line(one, names.get(one.place.kb)) for one in known), footnote.settings.model)


def set_route(footnote: Footnote, principal: Principal, name: RouteName, rule: RouteRule) -> RouteChanged:
    """
    Let a tuned model answer, from the next question on.

    Raises:
        BadInput: the route or the rule cannot be.
        NotAllowed: the person is no admin.
        NotFound: there is no such base.

    """
    return _changed(footnote, principal, name, "model route set", lambda _: rule)


def share_route(footnote: Footnote, principal: Principal, name: RouteName, percent: int) -> RouteChanged:
    """
    Let a route's model answer so many percent of the people; a route that was off is on again.

    Raises:
        BadInput: the percentage cannot be.
        NotAllowed: the person is no admin.
        NotFound: there is no such base or route.

    """

    def share(rule: RouteRule | None) -> RouteRule:
        return replace(_required(rule), share=percent, on=True)

    return _changed(footnote, principal, name, "model route share", share)


def switch_off(footnote: Footnote, principal: Principal, name: RouteName) -> RouteChanged:
    """
    Let the base model answer where a route was.

    Raises:
        NotAllowed: the person is no admin.
        NotFound: there is no such base or route.

    """
    return _changed(footnote, principal, name, "model route off", lambda rule: replace(_required(rule), on=False))


def roll_back(footnote: Footnote, principal: Principal, name: RouteName) -> RouteChanged:
    """
    Let a route be as it was before its last change; done twice, as it is now.

    Raises:
        NotAllowed: the person is no admin.
        NotFound: there is no such base or route.

    """
    place, kb = _place(footnote, principal, name)
    return _told(footnote, principal, "model route rollback", kb, footnote.records.routes.roll_back(place))


def _changed(
    footnote: Footnote,
    principal: Principal,
    name: RouteName,
    action: str,
    how: Callable[[RouteRule | None], RouteRule],
) -> RouteChanged:
    place, kb = _place(footnote, principal, name)
    return _told(footnote, principal, action, kb, footnote.records.routes.change(place, how))


def _place(footnote: Footnote, principal: Principal, name: RouteName) -> tuple[RoutePlace, str | None]:
    """Return what a route is for, and the name of its base as it is shown."""
    require_admin(principal)
    base = find(footnote, principal, name.kb) if name.kb is not None else None
    return checked_place(base.id if base else EVERY_BASE, name.whom or ""), base.name if base else None


def _told(
    footnote: Footnote, principal: Principal, action: str, kb: str | None, change: tuple[Route, Route]
) -> RouteChanged:
    """Audit a change, and return the route as it is now."""
    before, after = change
    now = _line(after, kb)
    if after != before:
        subject = " ".join(filter(None, (now.kb, now.whom)))
        was, is_now = (None if one.rule is None else one.rule.as_json() for one in (before, after))
        footnote.records.answers.audit(principal, action, subject, {"before": was, "after": is_now})
    return RouteChanged(now, footnote.settings.model)


def _required(rule: RouteRule | None) -> RouteRule:
    if rule is None:
        raise NotFound(no_such_route())
    return rule


def _line(route: Route, kb: str | None) -> RouteLine:
    return RouteLine(kb, route.place.whom or None, route.rule, route.previous)
