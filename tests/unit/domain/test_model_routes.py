"""Routes to tuned models: who keeps which model, how a share grows, and which route decides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.domain.conversation import Principal, Question
from pipelines.domain.model_routes import (
    EVERY_BASE,
    Asker,
    Route,
    RoutePlace,
    RouteRule,
    agreed,
    asker_of,
    checked_place,
    checked_rule,
    governing,
    is_among,
    speaker,
)
from pipelines.errors import BadInput


KEY = "installation"
NAMES = st.sampled_from(["channel:C1", "channel:C2", "group:hr", "group:it"])
SHARES = st.integers(0, 100)
MODELS = st.sampled_from(["tuned-1", "tuned-2", "tuned-3"])
RULES = st.builds(RouteRule, MODELS, SHARES, st.none() | st.just("canary-1"), SHARES, st.booleans())
PLACES = st.builds(RoutePlace, st.integers(0, 2), st.just("") | NAMES).filter(lambda one: one.kb or one.whom)
ROUTES = st.lists(st.builds(Route, PLACES, st.none() | RULES), unique_by=lambda one: one.place, max_size=8)
ASKERS = st.builds(Asker, st.frozensets(NAMES), st.text())


def chosen(routes: list[Route], kb: int, asker: Asker) -> str | None:
    """Return the model that answers."""
    return speaker(governing(routes, kb, asker), KEY, asker.sticky)


@given(st.text(), MODELS, SHARES, SHARES)
def test_a_share_that_grows_takes_its_model_from_nobody(sticky: str, model: str, one: int, other: int) -> None:
    """Who is in a share is in every larger one; nobody is in none, everybody in a hundred percent."""
    less, more = sorted((one, other))
    assert is_among(KEY, model, sticky, less) <= is_among(KEY, model, sticky, more)
    assert not is_among(KEY, model, sticky, 0)
    assert is_among(KEY, model, sticky, 100)


@given(RULES, st.text(), SHARES)
def test_a_canary_that_grows_takes_people_from_the_others_alone(rule: RouteRule, sticky: str, larger: int) -> None:
    """With a larger share of the canary a person keeps their model, or gets the canary."""
    grown = RouteRule(rule.model, rule.share, rule.canary, max(rule.canary_share, larger), rule.on)
    before, after = (speaker(one, KEY, sticky) for one in (rule, grown))
    assert after in (before, rule.canary)
    assert before != rule.canary or after == before


@given(st.text(), SHARES)
def test_a_canary_that_becomes_the_model_keeps_its_people(sticky: str, share: int) -> None:
    """Whoever had the canary has it as the route's model at the same share, and nobody else."""
    on_trial = RouteRule("tuned-1", 0, "tuned-2", share)
    assert speaker(on_trial, KEY, sticky) == speaker(RouteRule("tuned-2", share), KEY, sticky)


def test_a_share_is_that_share() -> None:
    """Of ten thousand people a quarter is in a quarter, to a percent and a half; of another key or model another."""
    people = [f"user:{number}" for number in range(10_000)]
    among = {one for one in people if is_among(KEY, "tuned-1", one, 25)}
    assert abs(len(among) - 2500) < 150
    for key, model in (("another", "tuned-1"), (KEY, "tuned-2")):
        both = sum(is_among(key, model, one, 25) for one in among)
        assert abs(both - 625) < 100


@given(ROUTES, st.integers(1, 3), ASKERS)
def test_the_most_specific_route_decides(routes: list[Route], kb: int, asker: Asker) -> None:
    """No route that fits is more specific than the one that decides, in whatever order they come."""
    fitting = [
        one
        for one in routes
        if one.rule and one.place.kb in (EVERY_BASE, kb) and (not one.place.whom or one.place.whom in asker.names)
    ]
    found = governing(routes, kb, asker)
    assert governing(routes[::-1], kb, asker) == found
    assert (found is None) == (not fitting)
    if found is not None:
        narrowest = max(one.place.narrowness for one in fitting)
        assert found in [one.rule for one in fitting if one.place.narrowness == narrowest]


def test_specific_is_who_and_where_before_either() -> None:
    """A base and a channel, a base and a group, a channel, a group, a base: in this order."""
    places = [("", 1), ("group:hr", 0), ("channel:C1", 0), ("group:hr", 1), ("channel:C1", 1)]
    routes = [Route(RoutePlace(kb, whom), RouteRule(f"{whom}@{kb}")) for whom, kb in places]
    asker = Asker(frozenset({"group:hr", "channel:C1"}), "anna")
    for last in range(len(routes), 0, -1):
        assert chosen(routes[:last], 1, asker) == routes[last - 1].rule.model  # type: ignore[union-attr]
    assert chosen(routes[:1], 2, asker) is None


def test_of_two_groups_the_first_by_name_decides() -> None:
    """Somebody in both gets always the same model."""
    routes = [Route(RoutePlace(0, f"group:{name}"), RouteRule(name)) for name in ("it", "hr")]
    assert chosen(routes, 1, Asker(frozenset({"group:it", "group:hr"}), "anna")) == "hr"


@given(ROUTES, st.integers(1, 2), ASKERS)
def test_a_route_that_is_off_falls_to_the_base_model(routes: list[Route], kb: int, asker: Asker) -> None:
    """The base model answers, not the model of a less specific route."""
    off = [Route(one.place, one.rule and RouteRule(one.rule.model, on=False)) for one in routes]
    assert chosen(off, kb, asker) is None


@given(ROUTES, st.integers(1, 2), ASKERS)
def test_a_person_keeps_their_model(routes: list[Route], kb: int, asker: Asker) -> None:
    """The same routes and the same asker give the same model, always one that a route names."""
    found = chosen(routes, kb, asker)
    assert chosen(list(routes), kb, Asker(frozenset(asker.names), asker.sticky)) == found
    assert found is None or found in {name for one in routes if one.rule for name in (one.rule.model, one.rule.canary)}


@given(st.lists(st.none() | MODELS, max_size=4))
def test_one_tuned_model_speaks_where_all_bases_have_it(speakers: list[str | None]) -> None:
    """Else the base model does; so it does without sources."""
    found = agreed(speakers)
    assert found == (speakers[0] if speakers and len(set(speakers)) == 1 else None)


@given(st.lists(st.none() | RULES, max_size=6), RULES)
def test_rolled_back_is_as_before(rules: list[RouteRule | None], last: RouteRule) -> None:
    """Roll-back gives what held before the last change; done twice, what holds now."""
    route = Route(RoutePlace(1))
    for rule in rules:
        route = route.changed(rule)
    changed = route.changed(last)
    if changed != route:
        assert changed.rolled_back().rule == route.rule
    assert changed.rolled_back().rolled_back() == changed
    assert changed.changed(changed.rule) == changed


@given(RULES)
def test_a_rule_comes_back_from_its_json(rule: RouteRule) -> None:
    """Nothing is lost between a rule and its stored form."""
    assert RouteRule.of(rule.as_json()) == rule


def test_a_conversation_or_a_person_is_sticky() -> None:
    """All who read a conversation hear one model; outside of one a person keeps theirs. Groups and channel count."""
    anna = Principal("user:anna", frozenset({"user:anna", "group:hr", "everyone"}))
    assert asker_of(Question("?", anna)) == Asker(frozenset({"group:hr"}), "user:anna")
    found = asker_of(Question("?", anna, channel="C1", conversation="C1/7"))
    assert found == Asker(frozenset({"group:hr", "channel:C1"}), "C1/7")


@pytest.mark.parametrize(
    ("kb", "whom", "stored"),
    [(3, "", ""), (0, " Channel: C1 ", "channel:C1"), (3, "GROUP:hr", "group:hr"), (0, "group:Größe", "group:Größe")],
)
def test_a_place_has_one_form(kb: int, whom: str, stored: str) -> None:
    """The kind in lower case, no outer space."""
    assert checked_place(kb, whom) == RoutePlace(kb, stored)


@pytest.mark.parametrize(
    ("kb", "whom", "said"),
    [
        (0, " ", "name one"),
        (1, "user:anna", "channel:ID or group:ID"),
        (1, "everyone", "channel:ID or group:ID"),
        (1, "group:", "names no channel or group"),
        (1, "channel:a,b", "names no channel or group"),
        (1, "group:" + "x" * 300, "names no channel or group"),
    ],
)
def test_a_place_that_is_none_is_refused(kb: int, whom: str, said: str) -> None:
    """In a sentence that says what would be one."""
    with pytest.raises(BadInput, match=said):
        checked_place(kb, whom)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (RouteRule(""), "no name of a model"),
        (RouteRule("two words"), "no name of a model"),
        (RouteRule("x" * 201), "no name of a model"),
        (RouteRule("m", 101), "the share is 101 percent, the limits are 0 and 100"),
        (RouteRule("m", -1), "the share is -1 percent"),
        (RouteRule("m", 5, "c", 101), "the canary's share is 101 percent"),
        (RouteRule("m", 5, None, 5), "needs a canary"),
        (RouteRule("m", 5, "m", 5), "a canary is another one"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(rule: RouteRule, said: str) -> None:
    """With the value and the limit."""
    with pytest.raises(BadInput, match=said):
        checked_rule(rule)
