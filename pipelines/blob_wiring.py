"""Where files that are kept lie, and whose they are: the part of the wiring that knows it. Connects to nothing."""

from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.adapters.folder_blobs import FolderBlobs
from pipelines.adapters.own_blobs import OwnBlobs
from pipelines.adapters.ownership import Ownership
from pipelines.errors import BadSettings
from pipelines.folder_wiring import files_folder
from pipelines.setting_pairs import lacking_key
from pipelines.settings import Settings


if TYPE_CHECKING:
    from pipelines.ports.blobs import Blobs, BlobStore
    from pipelines.ports.records import Records


_AT_ONCE = 1000


def own_blobs(settings: Settings, records: Callable[[], "Records"]) -> "tuple[Blobs, Ownership]":
    """
    Return this installation's blobs, and what tells whose they are.

    Raises:
        BadSettings: a bucket without a key.

    """
    store = blobs_of(settings)
    place = settings.blobs or str(settings.data_dir / "blobs")
    owner = Ownership(
        store,
        place=place,
        setting="FOOTNOTE_BLOBS" if settings.blobs else "FOOTNOTE_DATA_DIR",
        installation=lambda: records().installation,
        ours=lambda: _holds_known(store, records()) is not False,
        folder=files_folder(settings, records, lambda: _may_be_first(store, records())),
    )
    return OwnBlobs(store, owner), owner


def blobs_of(settings: Settings) -> "BlobStore":
    """
    Return the blobs in a bucket, in a folder that several machines share, or in the data folder.

    Raises:
        BadSettings: a bucket without a key.

    """
    place, full = settings.blobs, settings.durability == "full"
    if place is None:
        return FolderBlobs(settings.data_dir / "blobs", full_durability=full)
    if not place.startswith("s3:"):
        return FolderBlobs(Path(place), full_durability=full, setting="FOOTNOTE_BLOBS")
    chosen = settings.s3
    if chosen.access_key is None or chosen.secret_key is None:
        raise BadSettings(str(lacking_key(settings)))
    from pipelines.adapters.s3_blobs import S3Blobs

    bucket, _, prefix = place.removeprefix("s3://").partition("/")
    return S3Blobs(
        bucket,
        prefix,
        endpoint=chosen.address,
        region=chosen.region,
        access_key=chosen.access_key.get_secret_value(),
        secret_key=chosen.secret_key.get_secret_value(),
        seconds=chosen.seconds,
    )


def _may_be_first(store: "Blobs", records: "Records") -> bool:
    """Say whether a place that was never named holds a blob that the records know, or they know none."""
    return bool(_holds_known(store, records)) or not records.retention.refers_to_some()


def _holds_known(store: "Blobs", records: "Records") -> bool | None:
    """Say whether there is a blob that the records know; None where there is none at all."""
    names, found = store.names(), None
    while some := list(islice(names, _AT_ONCE)):
        if records.retention.refers(some):
            return True
        found = False
    return found
