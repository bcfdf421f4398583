"""What records promise of confirming and placing hits: the last word on who reads what."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.domain.access import OPERATOR, principal_as
from pipelines.domain.conversation import Principal
from pipelines.domain.evidence import Scope
from pipelines.domain.knowledge import SyncResult
from pipelines.ports.records import Records
from tests.contracts.ledger_scene import ADDRESS, AUTHOR, Scene, passage
from tests.examples import examples


EVERYBODY = principal_as(["everyone"])
HR = principal_as(["group:hr"])
READER_LISTS = st.sets(
    st.sampled_from(["everyone", "public", "group:hr", "group:it", "user:anna", "channel:C1"]), max_size=3
)


class EvidenceRecordsContract:
    """The promises of `pipelines.ports.records.EvidenceRecords`."""

    @pytest.fixture
    def opened(self, records: Records) -> Scene:
        """Return a base that every member may read."""
        opened = Scene(records)
        records.access.set_readers(opened.kb, ["everyone"], OPERATOR)
        return opened

    def test_a_hit_is_placed(self, opened: Scene) -> None:
        """It comes with its document, life, position, unit and whether that is a page."""
        opened.publish(opened.draft("a.md", "one", "two"))
        life = opened.life("a.md")
        (hit,) = confirm(opened, EVERYBODY, "a.md", "two")
        assert (hit.chunk_id, hit.kb, hit.document) == (opened.chunk("a.md", "two"), opened.kb, life.document)
        assert (hit.document_version, hit.ordinal, hit.unit, hit.paged) == (life.id, 1, 7, True)

    def test_nothing_is_confirmed_of_nothing(self, records: Records, opened: Scene) -> None:
        """Unknown chunks, no chunks and no readable base give no hits."""
        opened.publish(opened.draft("a.md", "text"))
        scope = records.access.scope(EVERYBODY)
        assert records.evidence.confirm(EVERYBODY, scope, []) == ()
        assert records.evidence.confirm(EVERYBODY, scope, ["0" * 32, "'; --"]) == ()
        nowhere = records.access.scope(principal_as([]))
        assert records.evidence.confirm(principal_as([]), nowhere, [opened.chunk("a.md", "text")]) == ()

    def test_only_what_is_alive_in_the_searched_version_is_confirmed(self, records: Records, opened: Scene) -> None:
        """A text that left and returned is there in the versions that hold it, in no other."""
        opened.publish(opened.draft("a.md", "comes and goes", "stays"))
        opened.publish(opened.draft("a.md", "stays", continues="a.md"))
        opened.publish(opened.draft("a.md", "comes and goes", "stays", continues="a.md"))
        found = {}
        for version in (1, 2, 3):
            records.bases.roll_back(opened.kb, version)
            found[version] = len(confirm(opened, EVERYBODY, "a.md", "comes and goes"))
        assert found == {1: 1, 2: 0, 3: 1}

    def test_titles_are_of_what_may_be_read_now(self, records: Records, opened: Scene) -> None:
        """Newest reading first; none of a document that is gone, closed to the reader, or in a version nobody sees."""
        closed = records.access.rule(opened.kb, ["group:hr"])
        opened.publish(opened.draft("a.md", "one"), opened.draft("b.md", "two"), opened.draft("c.md", "three"))
        opened.publish(opened.draft("d.md", "four", rule=closed), removed=["b.md"])
        opened.write(opened.lease(), opened.draft("e.md", "five"))
        scope = records.access.scope(EVERYBODY)
        assert records.evidence.titles(EVERYBODY, scope, 9) == ("c.md", "a.md")
        assert records.evidence.titles(EVERYBODY, scope, 1) == ("c.md",)
        assert records.evidence.titles(HR, records.access.scope(HR), 9) == ("d.md", "c.md", "a.md")
        assert records.evidence.titles(OPERATOR, records.access.scope(OPERATOR), 9) == ("d.md", "c.md", "a.md")
        nobody = principal_as([])
        assert records.evidence.titles(nobody, records.access.scope(nobody), 9) == ()

    def test_what_was_never_promoted_is_not_confirmed(self, records: Records, opened: Scene) -> None:
        """Neither a staged, a ready nor a swept version is served, even to an admin who names it."""
        opened.publish(opened.draft("a.md", "text"))
        records.bases.roll_back(opened.kb, 1)
        version = opened.publish(opened.draft("b.md", "waits"))
        scope = records.access.scope(OPERATOR)
        ahead = Scope(scope.access, {opened.kb: version}, scope.names)
        wanted = [opened.chunk("a.md", "text"), opened.chunk("b.md", "waits")]
        assert records.evidence.confirm(OPERATOR, ahead, wanted) == ()
        records.ledger.sweep(opened.lease(), version)
        assert records.evidence.confirm(OPERATOR, ahead, wanted) == ()

    def test_a_hidden_base_is_confirmed_to_nobody(self, records: Records, opened: Scene) -> None:
        """A scope that was read before the base was hidden is worth nothing afterwards."""
        opened.publish(opened.draft("a.md", "text"))
        scope = records.access.scope(OPERATOR)
        records.bases.hide(opened.kb)
        assert records.evidence.confirm(OPERATOR, scope, [opened.chunk("a.md", "text")]) == ()

    def test_a_right_that_was_taken_away_counts_with_the_next_confirmation(
        self, records: Records, opened: Scene
    ) -> None:
        """Closing the base denies a search that is under way, opening it again allows the next."""
        opened.publish(opened.draft("a.md", "text"))
        scope = records.access.scope(EVERYBODY)
        for readers, hits in (([], 0), (["everyone"], 1), (["group:hr"], 0)):
            records.access.set_readers(opened.kb, readers, OPERATOR)
            assert len(records.evidence.confirm(EVERYBODY, scope, [opened.chunk("a.md", "text")])) == hits

    def test_a_narrower_rule_counts_before_its_version_is_promoted(self, records: Records, opened: Scene) -> None:
        """While the new version is staged, whoever it excludes is denied the old one; the others keep reading."""
        opened.publish(opened.draft("a.md", "text"))
        hr = records.access.rule(opened.kb, ["group:hr"])
        opened.write(opened.lease(), opened.draft("a.md", "text", rule=hr, continues="a.md"))
        assert confirm(opened, EVERYBODY, "a.md", "text") == ()
        assert len(confirm(opened, HR, "a.md", "text")) == 1

    def test_a_wider_rule_counts_with_the_promotion(self, records: Records, opened: Scene) -> None:
        """While the new version is staged, the old rule still holds."""
        hr = records.access.rule(opened.kb, ["group:hr"])
        opened.publish(opened.draft("a.md", "text", rule=hr))
        lease = opened.lease()
        version = opened.write(lease, opened.draft("a.md", "text", continues="a.md"))
        assert confirm(opened, EVERYBODY, "a.md", "text") == ()
        records.ledger.finish(lease, version, SyncResult(version), promote=True)
        assert len(confirm(opened, EVERYBODY, "a.md", "text")) == 1

    def test_after_a_roll_back_both_rules_hold(self, records: Records, opened: Scene) -> None:
        """An old version that was open does not open what is closed today, nor the other way round."""
        hr = records.access.rule(opened.kb, ["group:hr"])
        opened.publish(opened.draft("opened.md", "text"), opened.draft("closed.md", "text", rule=hr))
        opened.publish(
            opened.draft("opened.md", "text", rule=hr, continues="opened.md"),
            opened.draft("closed.md", "text", continues="closed.md"),
        )
        records.bases.roll_back(opened.kb, 1)
        for path in ("opened.md", "closed.md"):
            assert confirm(opened, EVERYBODY, path, "text") == ()
            assert len(confirm(opened, HR, path, "text")) == 1

    # Every records run this test in a class of their own; and rules pile up over the examples on purpose.
    @settings(
        max_examples=examples(60),
        deadline=None,
        suppress_health_check=[HealthCheck.differing_executors, HealthCheck.function_scoped_fixture],
    )
    @given(default=READER_LISTS, own=READER_LISTS, today=READER_LISTS, person=READER_LISTS, admin=st.booleans())
    def test_three_rules_decide_together(
        self, records: Records, default: set[str], own: set[str], today: set[str], person: set[str], *, admin: bool
    ) -> None:
        """A hit is confirmed exactly to those who satisfy the base's, the life's and today's rule, and to admins."""
        name = f"base {len(records.bases.all())}"
        opened = Scene(records, name)
        rule = records.access.rule(opened.kb, own)
        opened.publish(opened.draft(name, "text", rule=rule))
        records.access.set_readers(opened.kb, default, OPERATOR)
        records.ledger.set_rules_today(
            opened.lease(), {opened.life(name).document: records.access.rule(opened.kb, today)}
        )
        principal = Principal("somebody", principal_as(person).readers, admin=admin)
        whole = Scope(records.access.scope(OPERATOR).access, {opened.kb: 1}, {opened.kb: name})
        allowed = admin or all(principal.readers & readers for readers in (default, own, today))
        assert len(records.evidence.confirm(principal, whole, [opened.chunk(name, "text")])) == allowed
        assert len(confirm(opened, principal, name, "text")) == allowed

    def test_a_reader_in_five_thousand_groups_among_three_hundred_rules(self, records: Records, opened: Scene) -> None:
        """Exactly the documents of the reader's groups are confirmed, out of a hundred hits."""
        rules = [records.access.rule(opened.kb, [f"group:team {n}"]) for n in range(300)]
        opened.publish(*(opened.draft(f"{n}.md", "text", rule=rule) for n, rule in enumerate(rules)))
        reader = principal_as([f"group:team {n}" for n in range(250, 5250)])
        wanted = [opened.chunk(f"{n}.md", "text") for n in range(200, 300)]
        hits = records.evidence.confirm(reader, records.access.scope(reader), wanted)
        assert {one.chunk_id for one in hits} == set(wanted[50:])

    def test_a_passage_comes_as_it_was_staged(self, records: Records, opened: Scene) -> None:
        """Offsets, place, headings and blocks are those of its version, with document and source."""
        opened.publish(opened.draft("a.md", "one", "two"))
        opened.publish(opened.draft("moved.md", "one", "two", continues="a.md"))
        for version, path in ((1, "a.md"), (2, "moved.md")):
            records.bases.roll_back(opened.kb, version)
            life = opened.life(path, version)
            (stored,) = records.evidence.passages(records.access.scope(EVERYBODY), [(life.id, 1), (life.id, 2)])
            assert stored.passage == passage(opened.chunk(path, "two"), 1, "two")
            assert (stored.kb, stored.kb_version, stored.document_version) == ("handbook", version, life.id)
            assert (stored.document, stored.path, stored.title, stored.date) == (life.document, path, path, None)
            assert stored.author == life.author == AUTHOR
            assert stored.address == life.address == ADDRESS
            assert (stored.text_hash, stored.source_kind, stored.source_location) == (
                "t",
                "folder",
                "/documents/handbook",
            )

    def test_passages_of_bases_outside_the_scope_do_not_come(self, records: Records, opened: Scene) -> None:
        """The number of a life opens nothing that the reader may not search."""
        closed = Scene(records, "closed")
        for one in (opened, closed):
            one.publish(one.draft("a.md", "text"))
        wanted = [(one.life("a.md").id, 0) for one in (opened, closed)]
        scope = records.access.scope(EVERYBODY)
        assert [one.kb for one in records.evidence.passages(scope, wanted)] == ["handbook"]
        assert records.evidence.passages(scope, []) == ()

    def test_hundreds_of_passages_come_at_once(self, records: Records, opened: Scene) -> None:
        """Hits with all of their neighbours are one call."""
        opened.publish(opened.draft("a.md", *(str(n) for n in range(900))))
        life = opened.life("a.md")
        stored = records.evidence.passages(records.access.scope(EVERYBODY), [(life.id, n) for n in range(900)])
        assert {one.passage.ordinal for one in stored} == set(range(900))


def confirm(scene: Scene, principal: Principal, path: str, text: str) -> tuple[object, ...]:
    """Return the hits of one text, as a question of this person confirms them."""
    records = scene.records
    return records.evidence.confirm(principal, records.access.scope(principal), [scene.chunk(path, text)])
