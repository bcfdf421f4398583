"""Rules of what goes on by itself: losses, intervals, alerts, retention."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.domain.alerts import Alert, SyncHealth, alert_of
from pipelines.domain.job_kinds import INGEST, QUEUES, queue_of
from pipelines.domain.losses import needs_consent
from pipelines.domain.retention import PromotedVersion, Retention, oldest_kept
from pipelines.domain.schedules import (
    DAY,
    LONGEST,
    SHORTEST,
    first_time,
    interval_words,
    next_time,
    parse_interval,
)


counts = st.integers(0, 2000)


@pytest.mark.parametrize(
    ("before", "lost", "stays", "asks"),
    [
        (16, 5, 11, True),
        (17, 5, 12, False),
        (10, 4, 6, False),
        (5, 4, 1, False),
        (5, 5, 3, True),
        (1, 1, 0, True),
        (4, 4, 0, True),
        (4, 4, 4, False),
        (0, 0, 0, False),
        (100, 29, 71, False),
        (100, 30, 70, True),
    ],
)
def test_a_person_is_asked_when_much_is_lost(*, before: int, lost: int, stays: int, asks: bool) -> None:
    """That is 30 % and at least five documents, or all there is."""
    assert needs_consent(before=before, lost=lost, stays=stays) is asks


@given(counts, counts, counts, counts)
def test_losing_more_never_needs_less_consent(before: int, lost: int, more: int, new: int) -> None:
    """Whoever was asked for some documents is asked for more of them; nothing lost asks nobody."""
    lost, more = min(lost, before), min(lost + more, before)
    asked = needs_consent(before=before, lost=lost, stays=before - lost + new)
    assert not asked or needs_consent(before=before, lost=more, stays=before - more + new)
    assert not needs_consent(before=before, lost=0, stays=before + new)


@given(counts, counts)
def test_small_bases_may_change_as_they_like(before: int, new: int) -> None:
    """As long as anything is left, fewer than five lost documents ask nobody."""
    lost = min(before, 4)
    stays = before - lost + new
    assert needs_consent(before=before, lost=lost, stays=stays) is (lost > 0 and stays == 0)


@given(st.sampled_from("mhd"), st.integers(0, 999_999))
def test_an_interval_comes_back_as_it_was_given(unit: str, number: int) -> None:
    """What is taken is shown in words that mean the same; all else is refused."""
    seconds = number * {"m": 60, "h": 3600, "d": DAY}[unit]
    if SHORTEST <= seconds <= LONGEST:
        assert parse_interval(f" {number}{unit.upper()} ") == seconds
        assert parse_interval(interval_words(seconds)) == seconds
    else:
        with pytest.raises(ValueError, match=str(number)):
            parse_interval(f"{number}{unit}")


@given(st.text(max_size=8))
def test_other_texts_are_no_interval(text: str) -> None:
    """Any text is an interval within bounds, `off`, or refused."""
    try:
        seconds = parse_interval(text)
    except ValueError:
        return
    assert seconds is None or SHORTEST <= seconds <= LONGEST


def test_off_is_no_interval() -> None:
    """It ends a schedule."""
    assert parse_interval("off") is None


@given(st.integers(0, 10**9), st.integers(SHORTEST, LONGEST), st.integers(0, 10**9))
def test_the_next_time_is_the_first_one_that_is_not_over(due: int, every: int, now: int) -> None:
    """It lies on the schedule's own beats; what was missed is not made up for."""
    later = next_time(due, every, now)
    assert later > now
    assert (later - due) % every == 0
    assert later == due or later - every <= now


@given(st.integers(0, 10**6), st.integers(SHORTEST, LONGEST))
def test_chores_are_spread_over_their_interval(kb: int, every: int) -> None:
    """The first one comes within it."""
    assert 0 <= first_time(kb, every, 0.0) < every


def test_bases_have_their_chores_at_different_times() -> None:
    """A hundred bases do not begin at once."""
    assert len({first_time(kb, DAY, 0.0) for kb in range(1, 101)}) == 100


@pytest.mark.parametrize(
    ("failed", "every", "waited", "alert"),
    [
        (0, None, 10**9, None),
        (1, None, 10**9, None),
        (2, None, 0, Alert.FAILING),
        (0, 3600, 7199, None),
        (0, 3600, 7200, Alert.OVERDUE),
        (2, 3600, 7200, Alert.FAILING),
    ],
)
def test_a_person_is_called_for_two_failures_or_two_intervals(
    failed: int, every: int | None, waited: int, alert: Alert | None
) -> None:
    """One failure is no alert, and a base without a schedule is never overdue."""
    assert alert_of(SyncHealth(failed, every, 1000.0), 1000.0 + waited) is alert


versions = st.lists(st.integers(0, 200), min_size=1, max_size=12).map(
    lambda gaps: [PromotedVersion(at + 1, sum(gaps[: at + 1]) * DAY) for at in range(len(gaps))]
)


@given(versions, st.data())
def test_what_is_kept_is_the_longer_of_both(promoted: list[PromotedVersion], data: st.DataObject) -> None:
    """The newest ones, whatever was shown within the days, and the active one are never forgotten, and no others."""
    rule = Retention(data.draw(st.integers(1, 400)), data.draw(st.integers(1, 5)))
    active = data.draw(st.sampled_from(promoted)).number
    now = promoted[-1].promoted_at + data.draw(st.integers(0, 400)) * DAY
    oldest = oldest_kept(promoted, active, now, rule)
    ends = [*(one.promoted_at for one in promoted[1:]), float("inf")]
    shown = {one.number for one, end in zip(promoted, ends, strict=True) if end > now - rule.days * DAY}
    wanted = {one.number for one in promoted[-rule.versions :]} | shown | {active}
    assert oldest == min(wanted)


def test_nothing_promoted_keeps_nothing() -> None:
    """Before the first sync there is nothing to forget."""
    assert oldest_kept([], 0, 0.0, Retention()) == 0


def test_every_kind_has_one_queue() -> None:
    """A kind that is not known goes where syncs go."""
    kinds = [kind for each in QUEUES.values() for kind in each]
    assert len(kinds) == len(set(kinds))
    assert {queue_of(kind) for kind in QUEUES[INGEST]} == {INGEST}
    assert queue_of("of tomorrow") == INGEST
