"""From FOOTNOTE_BLOBS to a store: folders, buckets, and what is refused."""

from pathlib import Path

import pytest

from pipelines.adapters.folder_blobs import FolderBlobs
from pipelines.adapters.s3_blobs import S3Blobs
from pipelines.blob_wiring import blobs_of
from pipelines.errors import BadSettings, TransientError
from pipelines.settings import Settings


KEY = {"FOOTNOTE_S3__ACCESS_KEY": "name-of-the-key", "FOOTNOTE_S3__SECRET_KEY": "the-key-itself"}


def settings(tmp_path: Path, **variables: str) -> Settings:
    """Return settings with a data folder of the test's."""
    return Settings.load({"FOOTNOTE_DATA_DIR": str(tmp_path / "data"), **variables}, env_file=None)


def test_without_the_setting_files_lie_in_the_data_folder(tmp_path: Path) -> None:
    """The embedded default needs nothing."""
    name = blobs_of(settings(tmp_path)).put(b"x")
    assert (tmp_path / "data" / "blobs" / name[:2] / name).read_bytes() == b"x"


def test_a_shared_folder_is_used_and_named(tmp_path: Path) -> None:
    """Files lie in the folder that is named, and its faults name the setting."""
    blobs = blobs_of(settings(tmp_path, FOOTNOTE_BLOBS=str(tmp_path / "shared")))
    name = blobs.put(b"x")
    assert isinstance(blobs, FolderBlobs)
    stored = tmp_path / "shared" / name[:2] / name
    assert stored.read_bytes() == b"x"
    stored.unlink()
    stored.mkdir()
    with pytest.raises(TransientError, match="FOOTNOTE_BLOBS"):
        blobs.get(name)


@pytest.mark.parametrize("place", ["s3://footnote", "s3://footnote/files/of/ours", "s3://footnote/"])
def test_a_bucket_is_used(tmp_path: Path, place: str) -> None:
    """A bucket with or without a prefix becomes a store; nothing is connected."""
    assert isinstance(blobs_of(settings(tmp_path, FOOTNOTE_BLOBS=place, **KEY)), S3Blobs)


@pytest.mark.parametrize("missing", KEY)
def test_a_bucket_without_a_key_is_refused(tmp_path: Path, missing: str) -> None:
    """When the settings are read, before anything begins: one sentence names both and not the key that is there."""
    there = {name: value for name, value in KEY.items() if name != missing}
    with pytest.raises(BadSettings, match="FOOTNOTE_S3__ACCESS_KEY and FOOTNOTE_S3__SECRET_KEY") as fault:
        settings(tmp_path, FOOTNOTE_BLOBS="s3://footnote", **there)
    assert not any(value in str(fault.value) for value in KEY.values())


@pytest.mark.parametrize(
    "place", ["s3://", "s3:/footnote", "s3://UPPER/x", "s3://a", "s3://foot note", "s3://footnote/ä"]
)
def test_a_bucket_that_cannot_be_is_refused(tmp_path: Path, place: str) -> None:
    """A malformed place is a fault of the setting, not a folder of that name."""
    with pytest.raises(BadSettings, match="FOOTNOTE_BLOBS: expected s3://BUCKET"):
        settings(tmp_path, FOOTNOTE_BLOBS=place)


@pytest.mark.parametrize(
    "address", ["store:9000", "http://", "https://key@store", "https://store/bucket", "ftp://store"]
)
def test_an_address_of_a_store_is_host_and_port_alone(tmp_path: Path, address: str) -> None:
    """What else stands in it, a key among that, would be lost or shown."""
    with pytest.raises(BadSettings, match="FOOTNOTE_S3__ENDPOINT"):
        settings(tmp_path, FOOTNOTE_S3__ENDPOINT=address)


def test_the_key_is_never_shown(tmp_path: Path) -> None:
    """The settings that `doctor` shows say that a key is set, and not which."""
    shown = dict(settings(tmp_path, FOOTNOTE_BLOBS="s3://footnote", **KEY).chosen())
    assert {shown[name] for name in KEY} == {"set"}
