"""What records promise of routes to tuned models."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from pipelines.domain.access import OPERATOR
from pipelines.domain.model_routes import EVERY_BASE, Route, RoutePlace, RouteRule
from pipelines.errors import BadInput, NotFound
from pipelines.ports.records import Records
from tests.contracts.ledger_scene import Scene


FIRST = RouteRule("acme/leave-1@v2", 25, "leave-2", 5)
SECOND = RouteRule("leave-2")
EVERYWHERE = RoutePlace(EVERY_BASE, "group:Größe 時間")


def counters(records: Records) -> dict[int, int]:
    """Return base -> the number that grows when it may answer otherwise."""
    return dict(records.access.scope(OPERATOR).rights)


class RouteRecordsContract:
    """The promises of `pipelines.ports.model_routes.RouteRecords`."""

    @pytest.fixture
    def routed(self, records: Records) -> RoutePlace:
        """Return the place of a base that can be searched, beside another one."""
        for name in ("other", "handbook"):
            scene = Scene(records, name)
            scene.publish(scene.draft("a.md", "text"))
        return RoutePlace(scene.kb)

    def test_routes_come_back_as_they_were_set(self, records: Records, routed: RoutePlace) -> None:
        """In the order of their bases and of whom they are for; each with what it was before."""
        assert records.routes.all() == ()
        assert records.routes.change(routed, lambda _: FIRST) == (Route(routed), Route(routed, FIRST))
        assert records.routes.change(routed, lambda _: SECOND) == (Route(routed, FIRST), Route(routed, SECOND, FIRST))
        records.routes.change(EVERYWHERE, lambda _: FIRST)
        records.routes.change(RoutePlace(routed.kb, "channel:C1"), lambda rule: rule or SECOND)
        assert records.routes.all() == (
            Route(EVERYWHERE, FIRST),
            Route(routed, SECOND, FIRST),
            Route(RoutePlace(routed.kb, "channel:C1"), SECOND),
        )

    def test_a_change_of_a_route_is_an_answer_otherwise(self, records: Records, routed: RoutePlace) -> None:
        """The number of its base grows, that of all bases for a route of all, and none where nothing changed."""
        before = counters(records)
        records.routes.change(routed, lambda _: FIRST)
        records.routes.change(routed, lambda rule: rule)
        assert counters(records) == before | {routed.kb: before[routed.kb] + 1}
        records.routes.change(EVERYWHERE, lambda _: FIRST)
        assert counters(records) == {kb: number + (2 if kb == routed.kb else 1) for kb, number in before.items()}
        records.routes.roll_back(routed)
        assert counters(records)[routed.kb] == before[routed.kb] + 3

    def test_a_roll_back_is_as_before(self, records: Records, routed: RoutePlace) -> None:
        """One step back, and the next one forth again; before the first change there was none."""
        records.routes.change(routed, lambda _: FIRST)
        assert records.routes.roll_back(routed) == (Route(routed, FIRST), Route(routed, None, FIRST))
        assert records.routes.roll_back(routed) == (Route(routed, None, FIRST), Route(routed, FIRST))
        records.routes.change(routed, lambda _: SECOND)
        assert records.routes.roll_back(routed)[1] == Route(routed, FIRST, SECOND)
        with pytest.raises(NotFound, match="no such route"):
            records.routes.roll_back(EVERYWHERE)

    def test_a_rule_beyond_a_limit_changes_nothing(self, records: Records, routed: RoutePlace) -> None:
        """Neither the route nor the number of its base."""
        records.routes.change(routed, lambda _: FIRST)
        before = counters(records)
        with pytest.raises(BadInput, match="the share is 101 percent"):
            records.routes.change(routed, lambda _: replace(FIRST, share=101))
        assert (records.routes.all(), counters(records)) == ((Route(routed, FIRST),), before)

    def test_a_removed_base_has_no_route(self, records: Records, routed: RoutePlace) -> None:
        """It takes none; once it is erased, nothing is left of those that it had."""
        records.routes.change(routed, lambda _: FIRST)
        records.bases.hide(routed.kb)
        for wrong in (routed, RoutePlace(routed.kb + 7, "group:hr")):
            with pytest.raises(NotFound, match="was removed"):
                records.routes.change(wrong, lambda _: SECOND)
            with pytest.raises(NotFound, match="was removed"):
                records.routes.roll_back(wrong)
        records.bases.erase(routed.kb)
        assert records.routes.all() == ()

    def test_of_changes_of_routes_at_once_none_is_lost(self, records: Records, routed: RoutePlace) -> None:
        """Each sees what the one before it left, be the route new or not, of one base or of all."""
        before = counters(records)
        places = [routed, EVERYWHERE] * 10

        def one_more(rule: RouteRule | None) -> RouteRule:
            return RouteRule("leave-1", 1) if rule is None else replace(rule, share=rule.share + 1)

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(records.routes.change, places, [one_more] * 20))
        assert [one.rule and one.rule.share for one in records.routes.all()] == [10, 10]
        assert counters(records)[routed.kb] == before[routed.kb] + 20
