"""What records promise of the folders that hold what no other machine sees."""

from concurrent.futures import ThreadPoolExecutor

from pipelines.ports.folders import Folder, Holds
from pipelines.ports.records import Records


FIRST, SECOND = Folder("1" * 16, "one:/data"), Folder("2" * 16, "two:/d\u00e4ta")


class FolderRecordsContract:
    """The promises of `pipelines.ports.folders.FolderRecords`."""

    def test_a_folder_is_named_once(self, records: Records) -> None:
        """Nobody named one; the first word counts, for each thing that is held."""
        assert records.folders.get(Holds.INDEX) is None
        assert records.folders.settle(Holds.INDEX, FIRST) == FIRST
        assert records.folders.settle(Holds.INDEX, SECOND) == FIRST
        assert records.folders.settle(Holds.FILES, SECOND) == SECOND
        assert (records.folders.get(Holds.INDEX), records.folders.get(Holds.FILES)) == (FIRST, SECOND)

    def test_another_folder_takes_its_place(self, records: Records) -> None:
        """Whatever was said before; or none is named any more."""
        for wanted in (FIRST, SECOND, None, None, FIRST):
            records.folders.replace(Holds.FILES, wanted)
            assert records.folders.get(Holds.FILES) == wanted

    def test_of_several_at_once_one_is_named(self, records: Records) -> None:
        """All hear the same answer."""
        some = [Folder(f"{number:016}", "somewhere") for number in range(8)]
        with ThreadPoolExecutor(len(some)) as threads:
            told = set(threads.map(lambda one: records.folders.settle(Holds.INDEX, one), some))
        assert told == {records.folders.get(Holds.INDEX)}
