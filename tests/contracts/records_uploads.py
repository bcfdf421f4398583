"""What records promise of the list of files that were handed in, and of the blobs that it names."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from pipelines.domain.access import OPERATOR
from pipelines.domain.job_kinds import TIDY, WHOLE
from pipelines.errors import NotFound, TransientError
from pipelines.ports.records import Records
from pipelines.ports.uploads import UploadedFile
from tests.contracts.ledger_scene import ELSEWHERE, Scene
from tests.fakes.manual_clock import ManualClock


NEVER = 600.0
"""Seconds after which a test that waits has failed."""


def nothing() -> None:
    """Store nothing: the blob is there."""


def source_of(records: Records, name: str = "handbook") -> int:
    """Return the source of a new base that files are handed in to."""
    return records.bases.source(records.bases.add(name, "upload", "upload:", OPERATOR).id).id


def put(records: Records, source: int, path: str, content_hash: str) -> bool:
    """Hand a file of one byte in."""
    return records.uploads.put(source, path, content_hash, 1, store=nothing)


class UploadRecordsContract:
    """The promises of `pipelines.ports.uploads.UploadRecords`."""

    def test_files_are_listed_by_path(self, records: Records, clock: ManualClock) -> None:
        """By their characters' numbers, each with hash, size and time; another source has its own."""
        source, other = source_of(records), source_of(records, "other")
        assert records.uploads.all(source) == ()
        now = clock.now().isoformat(timespec="seconds")
        for size, path in enumerate(["b.md", "\U0001f44d.md", "a/b.md", "B.md", "ä.md", "\uffee.md"]):
            assert not records.uploads.put(source, path, f"hash of {path}", size, store=nothing)
        put(records, other, "c.md", "c")
        found = records.uploads.all(source)
        assert [one.path for one in found] == ["B.md", "a/b.md", "b.md", "ä.md", "\uffee.md", "\U0001f44d.md"]
        assert found[0] == UploadedFile("B.md", "hash of B.md", 3, now)
        assert [one.path for one in records.uploads.all(other)] == ["c.md"]

    def test_a_file_is_found_replaced_and_removed(self, records: Records, clock: ManualClock) -> None:
        """The last one of a path counts, with its own time; to replace and to remove tell whether there was one."""
        source = source_of(records)
        assert records.uploads.find(source, "a.md") is None
        assert not put(records, source, "a.md", "first")
        clock.advance(60)
        assert records.uploads.put(source, "a.md", "second", 2**32, store=nothing)
        found = UploadedFile("a.md", "second", 2**32, clock.now().isoformat(timespec="seconds"))
        assert records.uploads.all(source) == (records.uploads.find(source, "a.md"),) == (found,)
        assert records.uploads.find(source + 1, "a.md") is None
        assert records.uploads.remove(source, "a.md")
        assert not records.uploads.remove(source, "a.md")
        assert records.uploads.all(source) == ()

    @pytest.mark.parametrize("path", ["x" * 1000, "\U0001f44d" * 250, "a/" * 499 + "b"])
    def test_a_path_of_a_thousand_bytes_is_kept(self, records: Records, path: str) -> None:
        """Every database holds it in its index."""
        source = source_of(records)
        put(records, source, path, "c")
        assert [one.path for one in records.uploads.all(source)] == [path]

    def test_a_file_that_cannot_be_stored_is_not_listed(self, records: Records) -> None:
        """What storing its blob raises is raised; what was there before stays."""
        source = source_of(records)
        put(records, source, "a.md", "first")

        def fail() -> None:
            message = "there is no space left"
            raise TransientError(message)

        for path in ("a.md", "b.md"):
            with pytest.raises(TransientError, match="no space left"):
                records.uploads.put(source, path, "second", 1, store=fail)
        assert [(one.path, one.content_hash) for one in records.uploads.all(source)] == [("a.md", "first")]

    def test_a_removed_base_takes_no_file(self, records: Records) -> None:
        """Neither while it is hidden nor once it is erased, nor does a source that never was or is of another kind."""
        source = source_of(records)
        kb = records.bases.get("handbook").id
        folder = records.bases.source(records.bases.add("other", "folder", "/", OPERATOR).id).id
        put(records, source, "a.md", "c")
        records.bases.hide(kb)
        for wrong in (source, folder, 1000):
            with pytest.raises(NotFound):
                put(records, wrong, "b.md", "d")
            with pytest.raises(NotFound):
                records.uploads.all(wrong)
        records.bases.erase(kb)
        with pytest.raises(NotFound):
            put(records, source, "b.md", "d")

    def test_the_files_of_an_erased_base_are_listed_no_more(self, records: Records) -> None:
        """Nothing refers to them any longer; another base's stay."""
        source, other = source_of(records), source_of(records, "other")
        put(records, source, "a.md", "gone")
        put(records, other, "a.md", "stays")
        kb = records.bases.get("handbook").id
        records.bases.hide(kb)
        assert records.retention.refers(["gone"])
        assert records.retention.refers_to_some()
        records.bases.erase(kb)
        assert not records.retention.refers(["gone"])
        assert records.uploads.find(source, "a.md") is None
        assert records.retention.refers(["stays"])
        assert records.retention.refers_to_some()
        last = records.bases.get("other").id
        records.bases.hide(last)
        records.bases.erase(last)
        assert not records.retention.refers_to_some()

    def test_what_was_handed_in_to_a_base_alone_is_its_own(self, records: Records) -> None:
        """Not what another base's document or another base's file has as well."""
        source, other, scene = source_of(records), source_of(records, "other"), Scene(records, "scene")
        scene.publish(scene.draft("a.md", "text"))
        for path, name in (("a.md", "alone"), ("again.md", "alone"), ("b.md", "c"), ("c.md", "both")):
            put(records, source, path, name)
        put(records, other, "c.md", "both")
        assert records.bases.own_blobs(records.bases.get("handbook").id) == ("alone",)
        assert records.bases.own_blobs(records.bases.get("other").id) == ()
        assert records.bases.own_blobs(scene.kb) == ("t",)

    def test_a_blob_of_a_file_is_no_orphan(self, records: Records, clock: ManualClock) -> None:
        """From when it is listed, whether it was synced or not, until it is replaced or removed."""
        source = source_of(records)
        lease = records.jobs.lease(records.jobs.submit(TIDY, WHOLE, {}).id, ELSEWHERE, 600)
        put(records, source, "a.md", "first")
        assert records.retention.orphans(lease, ["first", "second"], 60) == ()
        clock.advance(60)
        put(records, source, "b.md", "second")
        assert records.retention.orphans(lease, ["first", "second"], 60) == ()
        put(records, source, "a.md", "third")
        records.uploads.remove(source, "b.md")
        assert records.retention.orphans(lease, ["first", "second"], 60) == ()
        clock.advance(60)
        assert records.retention.orphans(lease, ["first", "second"], 60) == ("first", "second")

    def test_a_blob_is_deleted_unless_a_file_has_it(self, records: Records) -> None:
        """A file that came since it was found to be nobody's keeps it; one of a base that is going does not."""
        source, deleted = source_of(records), list[str]()
        put(records, source, "a.md", "kept")
        for name in ("kept", "gone"):
            records.uploads.delete_unused(name, deleted.append)
        assert deleted == ["gone"]
        records.bases.hide(records.bases.get("handbook").id)
        records.uploads.delete_unused("kept", deleted.append)
        assert deleted == ["gone", "kept"]

    def test_who_hands_in_and_who_deletes_wait_for_each_other(self, records: Records) -> None:
        """A blob that is being deleted is stored again before it is listed, whoever of the two came first."""
        source, deleting, blobs = source_of(records), Event(), {"same"}

        def delete(name: str) -> None:
            deleting.set()
            assert not stored.wait(0.3)
            blobs.remove(name)

        def store() -> None:
            stored.set()
            blobs.add("same")

        stored = Event()
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(records.uploads.delete_unused, "same", delete)
            assert deleting.wait(NEVER)
            records.uploads.put(source, "a.md", "same", 1, store=store)
            first.result()
            records.uploads.delete_unused("same", blobs.remove)
        assert blobs == {"same"}
