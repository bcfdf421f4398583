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


def index_folder(settings: Settings, records: "Callable[[], Records]") -> LocalFolder | None:
    """Return the data folder as that of `index.db`; None where the records lie in it too, and so are alone with it."""
    if not settings.database_url.startswith(_POSTGRESQL):
        return None

    def refusal(known: Folder, mark: Path) -> str:
        return (
            f"the index of this installation is in index.db of another data folder ({known.shown}), and {mark.parent}"
            " is not that one: move the index to Weaviate there (footnote move index --to weaviate) and set"
            f" WEAVIATE_URL on each machine; if that folder is lost for good, or is this one, write {known.mark} into"
            f" {mark}"
        )

    return LocalFolder(
        Holds.INDEX,
        _data_folders(settings),
        setting="FOOTNOTE_DATA_DIR",
        records=lambda: records().folders,
        refusal=refusal,
    )


def files_folder(settings: Settings, records: "Callable[[], Records]") -> LocalFolder | None:
    """Return the folder of the stored files; None for a bucket, and where only this folder's machine has records."""
    place = settings.blobs
    if not settings.database_url.startswith(_POSTGRESQL) or (place or "").startswith("s3:"):
        return None

    def refusal(known: Folder, mark: Path) -> str:
        return (
            f"the stored files of this installation are in another folder ({known.shown}), and {mark.parent} is not"
            " that one: name a place that all machines share (FOOTNOTE_BLOBS), and see that it is mounted; if that"
            f" folder is lost for good, or is this one, write {known.mark} into {mark}"
        )

    return LocalFolder(
        Holds.FILES,
        [Path(place)] if place else _data_folders(settings),
        setting="FOOTNOTE_BLOBS" if place else "FOOTNOTE_DATA_DIR",
        records=lambda: records().folders,
        refusal=refusal,
    )


def _data_folders(settings: Settings) -> list[Path]:
    """Return where the data folder has its mark: beside the stored files too, which may be moved out of it."""
    return [settings.data_dir] if settings.blobs else [settings.data_dir, settings.data_dir / "blobs"]
