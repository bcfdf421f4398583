"""Which tuned model answers whom: routes, their share of the traffic, and who is in it. Pure; calls no model."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from pipelines.domain.access import normalise_reader
from pipelines.domain.conversation import Question
from pipelines.domain.values import Value
from pipelines.errors import BadInput


EVERY_BASE = 0
"""Stands for the base of a route that counts in all of them."""

CHANNEL, GROUP = "channel", "group"
ALL = 100
"""A share of everybody, in percent."""

_ORDER = ("", GROUP, CHANNEL)
"""For whom a route is, the narrowest last."""

_MODEL = re.compile(r"[!-~]{1,200}")
_PARTS = 10_000
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class RoutePlace(Value):
    """
    What a route is for. At least one of both is named.

    Attributes:
        kb: id of a base; `EVERY_BASE` for all.
        whom: `channel:ID` or `group:ID`; empty for everybody.

    """

    kb: int = EVERY_BASE
    whom: str = ""

    @property
    def narrowness(self) -> tuple[bool, int]:
        """How specific it is: one that names both comes before one of a channel, a group, a base."""
        return bool(self.kb and self.whom), _ORDER.index(self.whom.partition(":")[0])


@dataclass(frozen=True, slots=True)
class RouteRule(Value):
    """
    Which model answers.

    Attributes:
        model: a tuned model, as its server knows it.
        share: of the people whom it answers, in percent; the others get the base model.
        canary: a newer model on trial; None for none.
        canary_share: of the people whom that one answers, whatever `share` says.
        on: False where the base model answers everybody.

    """

    model: str
    share: int = ALL
    canary: str | None = None
    canary_share: int = 0
    on: bool = True

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "RouteRule":
        """Return the rule that `as_json` was made of."""
        return cls(**stored)

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Route(Value):
    """
    A route, and what it was before its last change.

    Attributes:
        place: what it is for.
        rule: None where there is none any more.
        previous: None where there was none before.

    """

    place: RoutePlace
    rule: RouteRule | None = None
    previous: RouteRule | None = None

    def changed(self, rule: RouteRule | None) -> "Route":
        """Return the route with another rule; one that changes nothing leaves what was before."""
        return self if rule == self.rule else Route(self.place, rule, self.rule)

    def rolled_back(self) -> "Route":
        """Return the route as it was before its last change; done twice, as it is."""
        return Route(self.place, self.previous, self.rule)


@dataclass(frozen=True, slots=True)
class Asker(Value):
    """
    Who is answered, as far as routes are concerned.

    Attributes:
        names: `group:ID` of each group, and `channel:ID` of the place.
        sticky: what keeps its model: a conversation, or a person.

    """

    names: frozenset[str] = field(default_factory=frozenset)
    sticky: str = ""


def asker_of(question: Question) -> Asker:
    """Return who is answered: all who read a conversation hear one model, and a person keeps theirs."""
    groups = {one for one in question.principal.readers if one.startswith(f"{GROUP}:")}
    channel = {f"{CHANNEL}:{question.channel}"} if question.channel else set()
    return Asker(frozenset(groups | channel), question.conversation or question.principal.name)


def governing(routes: Iterable[Route], kb: int, asker: Asker) -> RouteRule | None:
    """
    Return the rule of the most specific route for a base and an asker, switched off or not; None without any.

    Of several groups of a person that have a route each, the first by name decides.
    """
    fitting = [
        one
        for one in routes
        if one.rule and one.place.kb in (EVERY_BASE, kb) and (not one.place.whom or one.place.whom in asker.names)
    ]
    fitting.sort(key=lambda one: one.place.whom)
    best = max(fitting, key=lambda one: one.place.narrowness, default=None)
    return best.rule if best else None


def speaker(rule: RouteRule | None, key: str, sticky: str) -> str | None:
    """
    Return the model that answers under a rule; None for the base model.

    Args:
        rule: None for no route.
        key: of the installation, so that nobody outside can know who is in a share.
        sticky: see `Asker`.

    """
    if rule is None or not rule.on:
        return None
    if rule.canary is not None and is_among(key, rule.canary, sticky, rule.canary_share):
        return rule.canary
    return rule.model if is_among(key, rule.model, sticky, rule.share) else None


def is_among(key: str, model: str, sticky: str, share: int) -> bool:
    """
    Say whether somebody is in a model's share, 0..100 percent.

    Always the same answer for the same arguments; who is in a share is in every larger
    one, so that a share that grows takes its model from nobody.
    """
    said = f"{model}\0{sticky}".encode("utf-8", "surrogatepass")
    digest = hashlib.blake2b(said, key=hashlib.sha256(key.encode()).digest(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % _PARTS < share * _PARTS // ALL


def agreed(speakers: Sequence[str | None]) -> str | None:
    """
    Return the model of an answer out of bases for which these speak; None for the base model.

    One tuned model speaks where all bases have it: the admins of one do not speak for another.
    """
    named = set(speakers)
    return next(iter(named)) if len(named) == 1 else None


def checked_place(kb: int, whom: str) -> RoutePlace:
    """
    Return a place as it is stored.

    Raises:
        BadInput: it names nothing, or `whom` is no channel and no group.

    """
    if not whom.strip() and kb == EVERY_BASE:
        raise BadInput("a route is for a knowledge base, a channel or a group: name one (--kb, --for)")
    return RoutePlace(kb, _whom(whom) if whom.strip() else "")


def checked_rule(rule: RouteRule) -> RouteRule:
    """
    Return a rule that may be stored.

    Raises:
        BadInput: a model's name has another form, or a share is not 0 to 100.

    """
    for model in (rule.model, rule.canary):
        if model is not None and not _MODEL.fullmatch(model):
            raise BadInput(f"{model[:_SHOWN]!r} is no name of a model: 1 to 200 visible characters without blanks")
    for name, share in (("the share", rule.share), ("the canary's share", rule.canary_share)):
        if not 0 <= share <= ALL:
            raise BadInput(f"{name} is {share} percent, the limits are 0 and {ALL}")
    if rule.canary is None and rule.canary_share:
        raise BadInput(f"a canary's share of {rule.canary_share} percent needs a canary: name its model (--canary)")
    if rule.canary == rule.model:
        raise BadInput(f"{rule.model} is the route's model already: a canary is another one")
    return rule


def _whom(text: str) -> str:
    """Return the one way to write a channel or a group."""
    kind, colon, _ = text.partition(":")
    if not colon or kind.strip().lower() not in (CHANNEL, GROUP):
        raise BadInput(f"a route is for channel:ID or group:ID, got {text[:_SHOWN]!r}")
    try:
        return normalise_reader(text)
    except BadInput:
        raise BadInput(f"{text[:_SHOWN]!r} names no channel or group: an id has 1 to 190 visible characters") from None
