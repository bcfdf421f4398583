"""Who is no admin learns nothing of bases that they cannot read, in random worlds."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from shutil import copy

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands import kb
from bot.commands.line import Caller, run
from bot.commands.line_actions import VERBS
from bot.commands.line_words import written
from bot.commands.readable import readable
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.sql_records import SqlRecords
from pipelines.domain.access import OPERATOR, principal_as
from pipelines.domain.conversation import Principal
from pipelines.errors import TransientError
from pipelines.settings import Settings
from tests.examples import examples
from tests.fakes.installation import FakeInstallation
from tests.fakes.manual_clock import ManualClock


READERS = ["everyone", "public", "user:anna", "user:ben", "group:hr", "group:it"]
DAY_S = 86_400
NAMES = ["Zebra 1", "Zebra 2", "Yak 1", "Yak 2", "Xerus"]
WORLDS = st.dictionaries(st.sampled_from(NAMES), st.frozensets(st.sampled_from(READERS)), min_size=1)
PEOPLE = st.builds(Principal, st.just("somebody"), st.frozensets(st.sampled_from(READERS)))
WORDS = st.sampled_from(
    [one.name for one in VERBS] + [written(one) for one in NAMES] + ["bases", "zebra", "--yes", "--to", "1", "on"]
)
LINES = st.lists(WORDS | st.builds(" ".join, st.lists(WORDS, max_size=4)) | st.just("list"), min_size=1, max_size=4)


@contextmanager
def world(
    empty_records: Path, bases: Mapping[str, frozenset[str]], clock: ManualClock | None = None
) -> Iterator[FakeInstallation]:
    """Open an installation with these bases and their readers, all of one version."""
    with tempfile.TemporaryDirectory() as folder:
        copy(empty_records, Path(folder, "records.db"))
        chosen = Settings.load({"FOOTNOTE_DATA_DIR": folder}, None)
        records = SqlRecords(Database(chosen.database_url), clock or ManualClock())
        footnote = FakeInstallation(chosen, records)
        for name, readers in bases.items():
            kb.add(footnote, OPERATOR, name, Path("/"))
            footnote.publish(name)
            records.access.set_readers(records.bases.get(name).id, readers, OPERATOR)
        yield footnote
        records.close()


@settings(max_examples=examples(90), deadline=None)
@given(bases=WORLDS, who=PEOPLE, typed=LINES)
def test_nobody_learns_of_a_base_that_they_cannot_read(
    empty_records: Path, bases: dict[str, frozenset[str]], who: Principal, typed: list[str]
) -> None:
    """No line names one, and every line is the same where it does not exist."""
    mine = {name: readers for name, readers in bases.items() if readers & who.readers}
    caller = Caller(who, "channel:slack:T1:C1")
    with world(empty_records, bases) as whole, world(empty_records, mine) as part:
        for one in typed:
            here, there = run(whole, caller, one), run(part, caller, one)
            assert here == there
            assert not [name for name in bases if name not in mine and name in " ".join(here.lines)]
        assert len(whole.records.bases.all()) == len(bases)


@settings(max_examples=examples(30), deadline=None)
@given(bases=WORLDS, who=PEOPLE)
def test_everybody_sees_the_bases_that_they_can_read(
    empty_records: Path, bases: dict[str, frozenset[str]], who: Principal
) -> None:
    """By name, each with the day as of which it is."""
    mine = sorted((name for name, readers in bases.items() if readers & who.readers), key=str.casefold)
    with world(empty_records, bases) as footnote:
        lines = run(footnote, Caller(who), "list").lines
        day = readable(footnote, OPERATOR).bases[0].as_of[:10]
    assert lines == tuple(f"{name}: as of {day}" for name in mine) or (
        not mine and lines == ("There is no knowledge base that you can read.",)
    )


def test_the_freshness_of_a_base_is_that_of_what_is_shown(empty_records: Path) -> None:
    """The newest sync counts if it ended with what readers see; if it failed, or they see an older one, the version."""
    clock = ManualClock()

    def told() -> list[str]:
        clock.advance(DAY_S)
        return [one.as_of[:10] for one in readable(footnote, OPERATOR).bases]

    with world(empty_records, {}, clock) as footnote:
        kb.add(footnote, OPERATOR, "handbook", Path("/"))
        assert told() == []
        footnote.publish("handbook")
        assert told() == ["2026-03-03"]
        footnote.end_without_version("handbook")
        assert told() == ["2026-03-04"]
        footnote.break_sync("handbook", TransientError("the disk is full"))
        assert told() == ["2026-03-03"]
        footnote.publish("handbook")
        assert told() == ["2026-03-06"]
        footnote.records.bases.roll_back(footnote.records.bases.get("handbook").id, 1)
        assert told() == ["2026-03-03"]
        assert readable(footnote, principal_as(["user:anna"])).as_json() == {"bases": []}
