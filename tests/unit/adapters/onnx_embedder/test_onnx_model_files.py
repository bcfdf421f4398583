"""Finding the model's files and checking that they are the right ones."""

import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

from pipelines.adapters.onnx_embedder import OnnxEmbedder
from pipelines.adapters.onnx_embedder.model_files import (
    PACKAGE,
    TOKENIZER,
    WEIGHTS,
    WEIGHTS_SHA256,
    find_model,
)
from pipelines.adapters.onnx_embedder.stamp import Stamp
from pipelines.errors import PermanentError


@pytest.fixture
def installed() -> Path:
    files = metadata.distribution(PACKAGE).files or []
    (weights,) = (file for file in files if file.name == WEIGHTS)
    return Path(str(weights.locate())).parent


@pytest.fixture
def damaged(tmp_path: Path, installed: Path) -> Path:
    """A folder whose tokenizer is right and whose weights are not."""
    (tmp_path / TOKENIZER).write_bytes((installed / TOKENIZER).read_bytes())
    (tmp_path / WEIGHTS).write_bytes(b"not a model")
    return tmp_path


def test_the_installed_package_is_found(installed: Path) -> None:
    """Without a folder, the files are those that the package's own list names."""
    assert find_model(None, None).weights == installed / WEIGHTS


def test_the_package_is_never_imported() -> None:
    """Embedding a text runs no line of the package that carries the weights."""
    program = (
        "import sys; from pipelines.adapters.onnx_embedder import OnnxEmbedder; "
        "OnnxEmbedder().embed(['one text']); "
        f"sys.exit({PACKAGE.replace('-', '_')!r} in sys.modules)"
    )
    finished = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, check=False)
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, b"", b"")


@pytest.mark.parametrize("way_out", ["make demo", "FOOTNOTE_EMBED_DIR", "FOOTNOTE_EMBEDDER=none", "no-such-model"])
def test_a_missing_package_names_the_ways_out(way_out: str) -> None:
    """Who has not installed the model learns which package is missing and three things to do."""
    with pytest.raises(PermanentError, match=way_out):
        find_model(None, None, package="no-such-model")


def test_a_package_without_weights_counts_as_missing() -> None:
    """A package that lists no weights is no model, however it is called."""
    with pytest.raises(PermanentError, match="the package pytest is not installed"):
        find_model(None, None, package="pytest")


def test_a_folder_without_the_files_is_named(tmp_path: Path) -> None:
    """A wrong folder ends in one sentence with the file that is missing and the setting that named it."""
    with pytest.raises(PermanentError, match=r"tokenizer\.json cannot be read .*FOOTNOTE_EMBED_DIR") as caught:
        find_model(tmp_path, None)
    assert str(tmp_path) in str(caught.value)


def test_a_folder_in_place_of_the_weights_is_one_sentence(damaged: Path) -> None:
    """A folder called model.safetensors is named like any file that cannot be read."""
    (damaged / WEIGHTS).unlink()
    (damaged / WEIGHTS).mkdir()
    with pytest.raises(PermanentError, match=r"model\.safetensors cannot be read"):
        find_model(damaged, None)


@pytest.mark.parametrize("name", [WEIGHTS, TOKENIZER])
def test_another_file_under_the_same_name_is_refused(damaged: Path, name: str) -> None:
    """Weights or a tokenizer with another hash are refused by name, with both hashes."""
    if name == TOKENIZER:
        (damaged / TOKENIZER).write_bytes(b"{}")
    with pytest.raises(PermanentError, match=f"{name} is not the file of all-MiniLM-L6-v2"):
        find_model(damaged, None)


def test_a_note_saves_the_check_and_a_change_undoes_the_note(damaged: Path) -> None:
    """Weights that are noted as right are not read again, until anything about the file changes."""
    stamp = Stamp(damaged / "checked")
    with (damaged / WEIGHTS).open("rb") as weights:
        stamp.remember(weights, WEIGHTS_SHA256)
    settled = (damaged / WEIGHTS).stat().st_ctime + 3
    os.utime(damaged / "checked", (settled, settled))
    assert find_model(damaged, stamp).weights == damaged / WEIGHTS
    (damaged / WEIGHTS).write_bytes(b"not a model either")
    with pytest.raises(PermanentError, match="is not the file"):
        find_model(damaged, stamp)


def test_right_weights_are_noted(tmp_path: Path) -> None:
    """The first start writes the note, so that the next one can trust it."""
    find_model(None, Stamp(tmp_path / "checked"))
    assert (tmp_path / "checked").read_text().startswith(WEIGHTS_SHA256)


def test_wrong_weights_are_not_noted(damaged: Path) -> None:
    """A failed check leaves no note."""
    with pytest.raises(PermanentError):
        find_model(damaged, Stamp(damaged / "checked"))
    assert not (damaged / "checked").exists()


def test_links_into_another_folder_are_followed(tmp_path: Path, installed: Path) -> None:
    """A folder of links, as model caches keep them, gives the same vectors as the files themselves."""
    for name in (WEIGHTS, TOKENIZER):
        (tmp_path / name).symlink_to(installed / name)
    texts = ["Links are followed.", "Parental leave is twelve weeks."]
    assert np.array_equal(OnnxEmbedder(tmp_path).embed(texts), OnnxEmbedder(installed).embed(texts))


def test_nothing_is_read_before_the_first_text(tmp_path: Path) -> None:
    """A missing model is no fault for who only asks its name, or embeds no text."""
    embedder = OnnxEmbedder(tmp_path / "missing")
    assert embedder.name == "all-MiniLM-L6-v2-53aa5117-256"
    assert embedder.embed([]).shape == (0, embedder.dimensions)
    with pytest.raises(PermanentError):
        embedder.load()
