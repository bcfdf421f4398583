"""Which folders of this machine the records must mean: the part of the wiring that knows it. Looks at nothing."""

from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.adapters.local_folder import LocalFolder
from pipelines.ports.folders import Folder, Holds
from pipelines.settings import Settings


if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.ports.records import Records

_POSTGRESQL = "postgresql"


def index_folder(
    settings: Settings, records: "Callable[[], Records]", first: "Callable[[], bool]"
) -> LocalFolder | None:
    """
    Return the data folder as that of `index.db`; None where the records lie in it too, and so are alone with it.

    Args:
        settings: name the folder.
        records: gives the records.
        first: says whether the folder holds rows of the index, or the records know of none.

    """
    if not settings.database_url.startswith(_POSTGRESQL):
        return None

    def refusal(known: Folder | None, mark: Path) -> str:
        if known is None:
            return (
                f"the records know of rows in an index, and index.db of {mark.parent} holds none: it is not mounted,"
                " or the index is in the data folder of another machine: mount it, or sync on that machine first"
                f" (FOOTNOTE_DATA_DIR); if the index is lost for good, write a word of your own into {mark}"
            )
        return (
            f"the index of this installation is in index.db of another data folder ({known.shown}), and {mark.parent}"
            " is not that one: move the index to Weaviate there (footnote move index --to weaviate) and set"
            f" WEAVIATE_URL on each machine; if that folder is lost for good, or is this one, write {known.mark} into"
            f" {mark}"
        )

    return LocalFolder(
        Holds.INDEX,
        settings.data_dir,
        setting="FOOTNOTE_DATA_DIR",
        records=lambda: records().folders,
        first=first,
        refusal=refusal,
    )


def files_folder(
    settings: Settings, records: "Callable[[], Records]", first: "Callable[[], bool]"
) -> LocalFolder | None:
    """
    Return the folder of the stored files; None for a bucket, and where it lies beside the records.

    A folder that is named may be a share that is not mounted, wherever the records are.

    Args:
        settings: name the folder.
        records: gives the records.
        first: says whether the folder holds a file that the records know, or they know none.

    """
    place = settings.blobs
    if (place or "").startswith("s3:") or (place is None and not settings.database_url.startswith(_POSTGRESQL)):
        return None
    setting = "FOOTNOTE_BLOBS" if place else "FOOTNOTE_DATA_DIR"

    def refusal(known: Folder | None, mark: Path) -> str:
        if known is None:
            return (
                f"the records know of stored files, and {mark.parent} holds none: it is not mounted, or the files are"
                f" in the folder of another machine: mount it, or name the folder that holds them ({setting}); if they"
                f" are lost for good, write a word of your own into {mark}"
            )
        return (
            f"the stored files of this installation are in another folder ({known.shown}), and {mark.parent} is not"
            " that one: name a place that all machines share (FOOTNOTE_BLOBS), and see that it is mounted; if that"
            f" folder is lost for good, or is this one, write {known.mark} into {mark}"
        )

    return LocalFolder(
        Holds.FILES,
        Path(place) if place else settings.data_dir / "blobs",
        setting=setting,
        records=lambda: records().folders,
        first=first,
        refusal=refusal,
    )
