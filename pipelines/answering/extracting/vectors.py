"""The shape in which vectors come into extraction; where they come from is no matter of it."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray


Vectors: TypeAlias = NDArray[np.float32]
"""One unit vector, shape (dimensions,), or one per text, shape (number of texts, dimensions)."""

EmbedTexts: TypeAlias = Callable[[Sequence[str]], Vectors]
"""Texts to unit vectors of one length, shape (len(texts), dimensions)."""
