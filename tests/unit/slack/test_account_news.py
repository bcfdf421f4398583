"""Each process hears what others were told of accounts, once, whatever order it is seen in."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.account_news import LOOK_S, AccountChange, AccountNews
from bot.slack.accounts import Account, Standing
from tests.fakes.manual_clock import ManualClock
from tests.fakes.memory_account_changes import MemoryAccountChanges


GUEST = AccountChange("T1", "U1", Account("U1", "T1", "E1", Standing.GUEST, "", "", "", 12))
UNREAD = AccountChange("T1", "U2", None)


class Scene:
    """Two processes and what they share."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        self.clock = ManualClock()
        self.changes = MemoryAccountChanges(self.clock)
        self.one, self.other = (AccountNews(self.changes, threads, self.clock) for _ in range(2))

    async def heard(self) -> tuple[AccountChange, ...]:
        """Return what the other process hears after a while."""
        self.clock.advance(LOOK_S)
        return await self.other.heard()


def run(act: Callable[[Scene], Awaitable[None]]) -> None:
    """Run a scene."""

    async def whole() -> None:
        with ThreadPoolExecutor(1) as threads:
            await act(Scene(threads))

    asyncio.run(whole())


def test_a_change_is_heard_once_and_not_by_who_tells_it() -> None:
    """As it was told."""

    async def act(scene: Scene) -> None:
        assert await scene.other.heard() == ()
        for one in (GUEST, UNREAD):
            await scene.one.tell(one)
        assert await scene.other.heard() == ()
        assert await scene.heard() == (GUEST, UNREAD)
        assert await scene.heard() == ()
        assert await scene.one.heard() == ()

    run(act)


def test_who_begins_later_hears_what_is_kept() -> None:
    """Before it knows anybody."""

    async def act(scene: Scene) -> None:
        await scene.one.tell(GUEST)
        assert await scene.other.heard() == (GUEST,)

    run(act)


def test_a_number_that_is_seen_late_is_heard() -> None:
    """Two processes tell something at one moment, and the smaller number is seen after the greater one."""

    async def act(scene: Scene) -> None:
        await scene.one.tell(GUEST)
        await scene.one.tell(UNREAD)
        late = scene.changes._kept.pop(1)
        assert await scene.heard() == (UNREAD,)
        scene.changes._kept = {1: late, **scene.changes._kept}
        assert await scene.heard() == (GUEST,)
        assert await scene.heard() == ()

    run(act)


def test_what_is_told_while_others_are_looked_at_is_ones_own_still() -> None:
    """A look that began before knows nothing of it."""

    async def act(scene: Scene) -> None:
        scene.clock.advance(LOOK_S)
        looking = asyncio.create_task(scene.one.heard())
        await asyncio.sleep(0)
        await scene.one.tell(GUEST)
        await looking
        scene.clock.advance(LOOK_S)
        assert await scene.one.heard() == ()

    run(act)


@pytest.mark.parametrize("told", [{}, {"user": 1, "own": "guest"}, {"user": "U1", "own": "owner", "updated": 3}])
def test_what_a_newer_release_tells_otherwise_could_not_be_read(told: dict[str, object]) -> None:
    """So that the person is asked for anew."""

    async def act(scene: Scene) -> None:
        scene.changes.note("slack", told)
        ((heard),) = await scene.heard()
        assert heard.account is None

    run(act)


@given(
    st.builds(
        AccountChange,
        st.text(),
        st.text(),
        st.none()
        | st.builds(
            Account,
            st.text(),
            st.text(),
            st.text(),
            st.sampled_from(Standing),
            *[st.just("")] * 3,
            st.integers(0, 2**40),
        ),
    )
)
def test_any_change_comes_as_it_was_told(change: AccountChange) -> None:
    """But for what rights do not rest on."""
    told = change
    if change.account is not None:
        own = change.account
        account = Account(change.user, own.team, own.enterprise, own.own, "", "", "", own.updated)
        told = AccountChange(change.team, change.user, account)

    async def act(scene: Scene) -> None:
        await scene.one.tell(told)
        assert await scene.heard() == (told,)

    run(act)
