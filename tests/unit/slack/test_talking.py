"""Messages that cross each other: edits, deletions and stops while answers are written."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.slack.talking import FIRST, REST, Slow, Talk, talk


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Talk]:
    """Open an office."""
    with talk(tmp_path) as opened:
        yield opened


def go_on(house: Talk) -> None:
    """Let slow answers end."""
    assert isinstance(house.footnote, Slow)
    house.footnote.go_on.set()


def test_an_edit_while_an_answer_is_written_ends_it(house: Talk) -> None:
    """The answer to the new wording stands in its place, at once and alone."""
    asked = house.ben.mentions(house.bot, house.general, "slow?")
    assert house.sees(asked, FIRST)
    house.ben.edits(asked, f"<@{house.bot.bot_user}> quick?")
    assert house.slack.wait_for(lambda: any(REST in one for one in house.shown(asked)), 3)
    house.rests()
    assert len(house.shown(asked)) == 1
    assert house.refused() == []


def test_an_edit_leaves_the_answer_that_another_question_is_getting(house: Talk) -> None:
    """In the same thread another answer is written while an older question is edited."""
    first = house.ben.mentions(house.bot, house.general, "quick?")
    assert house.sees(first, REST)
    house.rests()
    other = house.ben.writes(house.general, "what is slow here?", thread=first)
    assert house.sees(first, FIRST, times=2)
    house.ben.edits(first, f"<@{house.bot.bot_user}> quick again?")
    assert house.slack.wait_for(lambda: len(house.footnote.asked) == 3)
    go_on(house)
    house.rests()
    assert len(house.shown(first)) == 2
    assert {house.about(one) for one in house.own(first)} == {first.ts, other.ts}
    assert house.refused() == []


def test_a_deletion_leaves_the_answer_that_another_question_is_getting(house: Talk) -> None:
    """In the same thread another answer is written while an older question is deleted."""
    first = house.ben.mentions(house.bot, house.general, "quick?")
    assert house.sees(first, REST)
    follow = house.ben.writes(house.general, "what is quick here?", thread=first)
    assert house.sees(first, REST, times=2)
    house.rests()
    other = house.ben.writes(house.general, "what is slow here?", thread=first)
    assert house.sees(first, FIRST, times=3)
    house.ben.deletes(follow)
    assert house.slack.wait_for(lambda: sum(REST in one for one in house.shown(first)) == 1)
    go_on(house)
    house.rests()
    assert {house.about(one) for one in house.own(first)} == {first.ts, other.ts}
    assert house.refused() == []


def test_a_question_that_an_edit_makes_gets_one_answer(house: Talk) -> None:
    """However Slack tells of it: as a change, and as a mention."""
    said = [house.ben.writes(house.general, f"I wonder {number}") for number in range(5)]
    for number, one in enumerate(said):
        house.ben.edits(one, f"<@{house.bot.bot_user}> how is it {number}?")
    for one in said:
        assert house.slack.wait_for(lambda one=one: any(REST in told for told in house.shown(one)))
    house.rests()
    assert [len(house.shown(one)) for one in said] == [1] * 5
    for number, one in enumerate(said):
        house.ben.edits(one, f"<@{house.bot.bot_user}> how is it now {number}?")
    assert house.slack.wait_for(lambda: len(house.footnote.asked) >= 10)
    house.rests()
    assert [len(house.shown(one)) for one in said] == [1] * 5
    for one in said:
        house.ben.deletes(one)
    house.rests()
    assert [len(house.shown(one)) for one in said] == [0] * 5
