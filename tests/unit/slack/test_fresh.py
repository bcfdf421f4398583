"""Look-ups are shared, believed for their life, and not believed where something was forgotten meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.slack.fresh import Fresh
from pipelines.errors import TransientError
from tests.fakes.manual_clock import ManualClock


class Source:
    """Answers with a number that grows, when it is let."""

    def __init__(self) -> None:
        self.asked = 0
        self.free = asyncio.Event()
        self.free.set()

    async def ask(self) -> int:
        """Return which look-up this was."""
        self.asked += 1
        number = self.asked
        await self.free.wait()
        return number


def run(scene: Callable[[Fresh[str, int], Source, ManualClock], Awaitable[None]]) -> None:
    """Let a scene happen, with a memory of three things for a minute."""

    async def opened() -> None:
        clock = ManualClock()
        await scene(Fresh(clock, 60, 3), Source(), clock)

    asyncio.run(opened())


def test_what_is_forgotten_under_way_is_not_remembered() -> None:
    """Who asks after a change joins no look-up from before it, and that one's late answer replaces nothing."""

    async def scene(fresh: Fresh[str, int], source: Source, _clock: ManualClock) -> None:
        source.free.clear()
        before = asyncio.create_task(fresh.get("a", source.ask))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        fresh.forget("a")
        after = asyncio.create_task(fresh.get("a", source.ask))
        await asyncio.sleep(0)
        source.free.set()
        assert (await before, await after, await fresh.get("a", source.ask)) == (1, 2, 2)

    run(scene)


def test_whoever_gives_up_takes_nobody_along() -> None:
    """A look-up that two wait for goes on when one of them is cancelled."""

    async def scene(fresh: Fresh[str, int], source: Source, _clock: ManualClock) -> None:
        source.free.clear()
        gone, stays = (asyncio.create_task(fresh.get("a", source.ask)) for _ in range(2))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.sleep(0)
        source.free.set()
        assert (await stays, source.asked, gone.cancelled()) == (1, 1, True)

    run(scene)


def test_a_fault_is_told_to_all_who_wait_and_not_remembered() -> None:
    """The next look-up asks again."""

    async def scene(fresh: Fresh[str, int], source: Source, _clock: ManualClock) -> None:
        async def fails() -> int:
            raise TransientError("away")

        told = await asyncio.gather(*(fresh.get("a", fails) for _ in range(2)), return_exceptions=True)
        assert [type(one) for one in told] == [TransientError, TransientError]
        assert await fresh.get("a", source.ask) == 1

    run(scene)


def test_what_came_too_late_is_an_error() -> None:
    """An answer that took longer than it would be believed may be true no longer."""

    async def scene(fresh: Fresh[str, int], source: Source, clock: ManualClock) -> None:
        source.free.clear()
        late = asyncio.create_task(fresh.get("a", source.ask))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        clock.advance(60.001)
        source.free.set()
        with pytest.raises(TransientError, match="so long"):
            await late

    run(scene)


def test_the_oldest_goes_where_too_much_is_remembered() -> None:
    """Three are kept, and one that is looked up anew is young again."""

    async def scene(fresh: Fresh[str, int], source: Source, clock: ManualClock) -> None:
        for key in "abc":
            await fresh.get(key, source.ask)
            clock.advance(25)
        assert await fresh.get("a", source.ask) == 4
        assert await fresh.get("d", source.ask) == 5
        assert [await fresh.get(key, source.ask) for key in "cad"] == [3, 4, 5]
        assert await fresh.get("b", source.ask) == 6

    run(scene)


def test_a_look_up_that_nobody_believes_leaves_the_next_one_shared() -> None:
    """The end of one that was forgotten does not part those who ask after the change."""

    async def scene(fresh: Fresh[str, int], source: Source, _clock: ManualClock) -> None:
        free = asyncio.Event()

        async def old() -> int:
            await free.wait()
            return 0

        before = asyncio.create_task(fresh.get("a", old))
        await asyncio.sleep(0)
        fresh.forget("a")
        source.free.clear()
        after = [asyncio.create_task(fresh.get("a", source.ask))]
        await asyncio.sleep(0)
        free.set()
        assert await before == 0
        after.append(asyncio.create_task(fresh.get("a", source.ask)))
        await asyncio.sleep(0)
        source.free.set()
        assert (await asyncio.gather(*after), source.asked) == ([1, 1], 1)

    run(scene)
