"""What records promise of bases, their versions and their default readers."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.domain.access import OPERATOR, principal_as
from pipelines.domain.knowledge import SyncResult, VersionState
from pipelines.domain.source_options import NO_OPTIONS, SourceOptions
from pipelines.errors import BadInput, NotFound
from pipelines.ports.records import Records
from tests.contracts.ledger_scene import Scene
from tests.examples import examples


ODD_NAMES = (
    "IT",
    "r&d",
    "it's",
    'the "best"',
    "100% off; DROP TABLE bases;--",
    "\\ / : * ?",
    "\U0001f469\u200d\U0001f4bb notes \U0001f44d\U0001f3fd",
    "Stra\u00dfe",
    "\u05e9\u05dc\u05d5\u05dd",
    "\u65e5\u672c\u8a9e",
    "x" * 64,
    "null",
    "-1",
)
ANNA = principal_as(["user:anna"])


class BaseRecordsContract:
    """The promises of `pipelines.ports.records.BaseRecords`."""

    @pytest.mark.parametrize("name", ODD_NAMES)
    def test_a_base_keeps_the_name_that_it_was_given(self, records: Records, name: str) -> None:
        """Short words, quotes, emoji and other scripts are names like any other."""
        added = records.bases.add(name, "folder", "/documents", OPERATOR)
        assert added.name == name
        assert records.bases.get(name) == added
        assert records.bases.all() == (added,)

    def test_a_new_base_shows_nothing_yet(self, records: Records) -> None:
        """It has no version, no pin, and knows its source."""
        base = records.bases.add("handbook", "folder", "/my documents/\u00e4", OPERATOR)
        assert (base.active, base.newest, base.pinned) == (0, 0, False)
        source = records.bases.source(base.id)
        assert (source.kind, source.location) == ("folder", "/my documents/\u00e4")

    def test_a_source_keeps_what_was_said_of_it(self, records: Records) -> None:
        """Options come back as they were given; a source without any has none."""
        options = SourceOptions(branch="main", include=("hr/**", "it/"), token_env="FOOTNOTE_SECRET_A")  # noqa: S106 - a name
        given = records.bases.add("given", "git", "https://host.example/a.git", OPERATOR, options)
        bare = records.bases.add("bare", "folder", "/documents", OPERATOR)
        assert (records.bases.source(given.id).options, records.bases.source(bare.id).options) == (options, NO_OPTIONS)

    @pytest.mark.parametrize("name", ["hand\x00book", "handbook\x00", "handbook\ud800"])
    def test_a_name_that_cannot_be_stored_names_nothing(self, records: Records, name: str) -> None:
        """It is no fault of the database, and not the name before the odd character."""
        base = records.bases.add("handbook", "folder", "/", OPERATOR)
        with pytest.raises(NotFound):
            records.bases.get(name)
        Scene(records, "other").publish()
        assert records.access.scope(OPERATOR, [name]).versions == {}
        assert records.bases.all()[0] == base

    def test_names_are_compared_without_case_and_spelling(self, records: Records) -> None:
        """One may ask for a base in any case and in either Unicode spelling."""
        base = records.bases.add("Caf\u00e9 IT", "folder", "/", OPERATOR)
        for name in ("caf\u00e9 it", " CAFE\u0301 IT ", "Cafe\u0301 It"):
            assert records.bases.get(name) == base

    def test_a_name_is_given_once(self, records: Records) -> None:
        """A second base of the same name, in whatever case, is refused with its name."""
        records.bases.add("Handbook", "folder", "/", OPERATOR)
        with pytest.raises(BadInput, match="'HANDBOOK' exists already"):
            records.bases.add("HANDBOOK", "folder", "/", OPERATOR)

    @pytest.mark.parametrize(
        "name", ["", "  ", "x" * 65, "a\nb", "a\x00b", "a\x1b[31m", "a\u202eb", "\ud800", "\ufdfa" * 64]
    )
    def test_a_name_that_cannot_be_used_is_refused(self, records: Records, name: str) -> None:
        """Empty, endless, invisible and unprintable names are refused, and nothing is made."""
        with pytest.raises(BadInput):
            records.bases.add(name, "folder", "/", OPERATOR)
        assert records.bases.all() == ()

    # Every records run this test in a class of their own; and bases pile up over the examples on purpose.
    @settings(
        max_examples=examples(60),
        deadline=None,
        suppress_health_check=[HealthCheck.differing_executors, HealthCheck.function_scoped_fixture],
    )
    @given(name=st.text(max_size=70))
    def test_any_name_is_kept_or_refused(self, records: Records, name: str) -> None:
        """Whatever is typed, the base is found again by it, or a sentence says why not."""
        try:
            added = records.bases.add(name, "folder", "/", OPERATOR)
        except BadInput:
            return
        assert records.bases.get(name) == added
        assert records.bases.get(added.name) == added

    def test_an_unknown_base_is_not_found(self, records: Records) -> None:
        """The sentence names what was asked for."""
        with pytest.raises(NotFound, match="'handbok'"):
            records.bases.get("handbok")

    def test_a_base_is_found_by_its_id(self, records: Records) -> None:
        """As it is found by its name; not once it was removed, and no other."""
        base, other = (records.bases.add(name, "folder", "/", OPERATOR) for name in ("handbook", "travel"))
        assert (records.bases.find(base.id), records.bases.find(other.id)) == (base, other)
        assert records.bases.find(base.id + other.id) is None
        records.bases.hide(base.id)
        assert (records.bases.find(base.id), records.bases.find(other.id)) == (None, other)

    def test_bases_are_listed_by_name(self, records: Records) -> None:
        """The list is alphabetical without case."""
        for name in ("b", "C", "a"):
            records.bases.add(name, "folder", "/", OPERATOR)
        assert [one.name for one in records.bases.all()] == ["a", "b", "C"]

    def test_a_hidden_base_is_gone_at_once_and_its_name_is_free(self, records: Records) -> None:
        """Hiding takes effect before anything is erased."""
        scene = Scene(records)
        scene.publish(scene.draft("a.md", "text"))
        records.bases.hide(scene.kb)
        with pytest.raises(NotFound):
            records.bases.get("handbook")
        assert records.bases.all() == ()
        assert records.bases.hidden() == (scene.kb,)
        assert records.bases.add("handbook", "folder", "/", OPERATOR).id != scene.kb

    def test_an_erased_base_leaves_nothing_and_touches_no_other(self, records: Records) -> None:
        """Documents, rules, versions and jobs of it are gone; another base's stay; no number comes back."""
        gone, stays = Scene(records, "gone"), Scene(records, "stays")
        for scene in (gone, stays):
            rule = records.access.rule(scene.kb, ["group:hr"])
            scene.publish(scene.draft("a.md", "text", rule=rule))
        records.bases.hide(gone.kb)
        records.bases.erase(gone.kb)
        assert records.bases.hidden() == ()
        assert records.bases.versions(gone.kb) == ()
        assert gone.paths(1) == []
        assert list(records.ledger.chunks(gone.kb, 1)) == []
        assert records.access.known_rule(gone.kb, ["group:hr"]) is None
        assert records.ledger.last_run(gone.kb) is None
        assert stays.paths(1) == ["a.md"]
        assert records.access.rule_readers(stays.life("a.md").rule) == ("group:hr",)
        assert records.bases.add("again", "folder", "/", OPERATOR).id > stays.kb

    def test_the_blobs_of_a_base_are_those_that_no_other_names(self, records: Records) -> None:
        """Files and texts of all its versions; what another base's document has as well is not its own."""
        one, other = Scene(records, "one"), Scene(records, "other")
        one.publish(one.draft("a.md", "text"))
        assert sorted(records.bases.own_blobs(one.kb)) == ["c", "t"]
        one.publish(removed=["a.md"])
        assert sorted(records.bases.own_blobs(one.kb)) == ["c", "t"]
        other.publish(other.draft("b.md", "text"))
        assert records.bases.own_blobs(one.kb) == records.bases.own_blobs(other.kb) == ()

    def test_versions_are_counted_and_dated(self, records: Records) -> None:
        """Newest first, each with its documents, chunks and times."""
        scene = Scene(records)
        scene.publish(scene.draft("a.md", "1", "2"))
        scene.publish(scene.draft("b.md", "3"), removed=["a.md"])
        newest, first = records.bases.versions(scene.kb)
        assert (newest.number, newest.documents, newest.chunks) == (2, 1, 1)
        assert (first.number, first.documents, first.chunks) == (1, 1, 2)
        assert {newest.state, first.state} == {VersionState.PROMOTED}
        assert first.promoted_at
        assert first.promoted_at >= first.created_at

    def test_a_roll_back_shows_the_old_version_and_pins(self, records: Records) -> None:
        """Readers see the old one; the newest stays what a sync is compared with."""
        scene = Scene(records)
        for path in ("a.md", "b.md", "c.md"):
            scene.publish(scene.draft(path, "text"))
        records.bases.roll_back(scene.kb, 1)
        assert (scene.base.active, scene.base.newest, scene.base.pinned) == (1, 3, True)

    def test_a_pinned_base_keeps_a_new_version_ready(self, records: Records) -> None:
        """A sync of a pinned base is kept and shown by `promote`, which lifts the pin."""
        scene = Scene(records)
        scene.publish(scene.draft("a.md", "text"))
        records.bases.roll_back(scene.kb, 1)
        ready = scene.publish(scene.draft("b.md", "text"))
        assert (scene.base.active, scene.base.newest) == (1, 1)
        assert records.bases.versions(scene.kb)[0].state == VersionState.READY
        assert records.ledger.staged(scene.kb) == (ready,)
        records.bases.promote(scene.kb, ready)
        assert (scene.base.active, scene.base.newest, scene.base.pinned) == (ready, ready, False)
        assert records.ledger.staged(scene.kb) == ()

    def test_unpinning_alone_shows_nothing_else(self, records: Records) -> None:
        """`unpin` only lets the next sync promote."""
        scene = Scene(records)
        scene.publish(scene.draft("a.md", "text"))
        scene.publish(scene.draft("b.md", "text"))
        records.bases.roll_back(scene.kb, 1)
        records.bases.unpin(scene.kb)
        assert (scene.base.active, scene.base.newest, scene.base.pinned) == (1, 2, False)

    def test_a_version_that_was_never_whole_is_not_shown(self, records: Records) -> None:
        """Unknown, staged and swept versions are never shown; a ready one is no place to roll back to."""
        scene = Scene(records)
        scene.publish(scene.draft("a.md", "text"))
        lease = scene.lease()
        swept = scene.write(lease, scene.draft("b.md", "text"))
        records.ledger.sweep(lease, swept)
        staged = scene.write(lease, scene.draft("c.md", "text"))
        for version in (0, -1, 99, 10**30, swept, staged):
            for attempt in (records.bases.promote, records.bases.roll_back):
                with pytest.raises(NotFound, match="handbook has no version"):
                    attempt(scene.kb, version)
        records.ledger.finish(lease, staged, SyncResult(staged), promote=False)
        with pytest.raises(NotFound):
            records.bases.roll_back(scene.kb, staged)
        assert (scene.base.active, scene.base.pinned) == (1, False)


class AccessRecordsContract:
    """The promises of `pipelines.ports.records.AccessRecords`, but for the confirmation of hits."""

    def test_a_new_base_is_its_creators(self, records: Records) -> None:
        """Only its creator and admins may read it, not the creator's groups or organisation."""
        creator = principal_as(["user:anna", "group:hr"])
        scene = Scene(records, creator=creator)
        scene.publish(scene.draft("a.md", "text"))
        assert records.access.readers(scene.kb) == ("user:anna",)
        for principal, readable in ((ANNA, True), (OPERATOR, True), (principal_as(["group:hr"]), False)):
            assert (scene.kb in records.access.scope(principal).versions) is readable

    def test_a_base_made_by_the_operator_is_nobodys_else(self, records: Records) -> None:
        """An empty rule is satisfied by no one but an admin."""
        scene = Scene(records)
        scene.publish(scene.draft("a.md", "text"))
        assert records.access.readers(scene.kb) == ()
        for readers in (["public"], ["everyone"], ["user:operator"], ["group:operator"]):
            assert records.access.scope(principal_as(readers)).versions == {}

    def test_readers_are_replaced_and_count_at_once(self, records: Records) -> None:
        """The next scope sees the new list, normalised, and nothing of the old one."""
        scene = Scene(records)
        scene.publish(scene.draft("a.md", "text"))
        records.access.set_readers(scene.kb, [" GROUP:hr", "user:anna", "user:anna"], OPERATOR)
        assert records.access.readers(scene.kb) == ("group:hr", "user:anna")
        assert scene.kb in records.access.scope(ANNA).versions
        records.access.set_readers(scene.kb, ["group:hr"], OPERATOR)
        assert records.access.scope(ANNA).versions == {}

    def test_readers_that_are_none_are_refused_and_change_nothing(self, records: Records) -> None:
        """A misspelt reader leaves the list as it was."""
        scene = Scene(records)
        records.access.set_readers(scene.kb, ["everyone"], OPERATOR)
        with pytest.raises(BadInput):
            records.access.set_readers(scene.kb, ["public", "anna"], OPERATOR)
        assert records.access.readers(scene.kb) == ("everyone",)

    def test_equal_lists_share_one_rule_of_their_base(self, records: Records) -> None:
        """The rule is made once; the default rule, other lists and other bases have their own."""
        one, other = Scene(records, "one"), Scene(records, "other")
        assert records.access.known_rule(one.kb, ["group:hr"]) is None
        rule = records.access.rule(one.kb, ["group:hr", "user:anna"])
        assert records.access.rule(one.kb, ["user:anna", "Group:hr", "group:hr"]) == rule
        assert records.access.known_rule(one.kb, ["user:anna", "group:hr"]) == rule
        assert records.access.rule_readers(rule) == ("group:hr", "user:anna")
        others = {
            records.access.rule(one.kb, ["group:hr"]),
            records.access.rule(one.kb, []),
            records.access.rule(other.kb, ["group:hr", "user:anna"]),
            one.base.default_rule,
            other.base.default_rule,
        }
        assert len(others) == 5
        assert rule not in others

    def test_a_scope_names_the_readable_bases_at_their_active_versions(self, records: Records) -> None:
        """Names, versions and satisfied rules of each base that is open to the reader, and of no other."""
        opened, closed, empty = (Scene(records, name) for name in ("opened", "closed", "empty"))
        hr = records.access.rule(opened.kb, ["group:hr"])
        board = records.access.rule(opened.kb, ["group:board"])
        for scene in (opened, closed):
            scene.publish(scene.draft("a.md", "text"))
        for scene in (opened, empty):
            records.access.set_readers(scene.kb, ["everyone"], OPERATOR)
        records.access.rule(closed.kb, ["group:hr"])
        scope = records.access.scope(principal_as(["group:hr"]))
        assert scope.versions == {opened.kb: 1}
        assert scope.names == {opened.kb: "opened"}
        assert scope.access.rules == {opened.kb: frozenset({opened.base.default_rule, hr})}
        everything = records.access.scope(OPERATOR)
        assert everything.versions == {opened.kb: 1, closed.kb: 1}
        assert board in everything.access.rules[opened.kb]

    def test_a_scope_may_be_narrowed_to_named_bases(self, records: Records) -> None:
        """Names are compared without case; unknown ones add nothing."""
        for name in ("IT", "r&d", "HR"):
            scene = Scene(records, name)
            scene.publish(scene.draft("a.md", "text"))
        assert set(records.access.scope(OPERATOR, ["it", "R&D", "nothing"]).names.values()) == {"IT", "r&d"}
        assert records.access.scope(OPERATOR, ["nothing"]).versions == {}

    def test_a_reader_in_five_thousand_groups_among_three_hundred_rules(self, records: Records) -> None:
        """Many groups and many rules are no limit, and only the right rules are satisfied."""
        scene = Scene(records)
        records.access.set_readers(scene.kb, ["everyone"], OPERATOR)
        rules = [records.access.rule(scene.kb, [f"group:team {n}", f"user:lead'{n}"]) for n in range(300)]
        scene.publish(scene.draft("a.md", "text"))
        groups = principal_as([f"group:team {n}" for n in range(250, 5250)])
        assert records.access.scope(groups).access.rules[scene.kb] == {scene.base.default_rule, *rules[250:]}
