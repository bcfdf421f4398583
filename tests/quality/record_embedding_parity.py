# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2,<3", "sentence-transformers==6.2.0"]
# ///
"""
Record what sentence-transformers makes of the parity texts. Run once, by hand; no test needs it.

    PYTHONPATH=. uv run tests/quality/record_embedding_parity.py MODEL_FOLDER

The result lies beside this file. Half precision is enough: its rounding costs a
cosine less than 1e-6, the bar is 1e-4.
"""

import hashlib
import sys
from pathlib import Path

import numpy as np
from sentence_transformers import SentenceTransformer

from tests.quality.parity_texts import parity_texts


TOKENS = 256


def main(folder: str) -> None:
    """Embed the texts one by one, so that no padding takes part, and store the vectors."""
    model = SentenceTransformer(folder, device="cpu")
    if model.max_seq_length != TOKENS:
        raise ValueError(f"{folder} cuts off at {model.max_seq_length} tokens, expected are {TOKENS}")
    texts = parity_texts()
    vectors = model.encode(texts, batch_size=1, normalize_embeddings=True)
    lengths = [len(model.tokenizer(text, truncation=False)["input_ids"]) for text in texts]
    np.savez_compressed(
        Path(__file__).with_name("embedding_parity.npz"),
        vectors=vectors.astype(np.float16),
        token_counts=np.array(lengths, np.int32),
        texts_sha256=np.array(hashlib.sha256("\0".join(texts).encode()).hexdigest()),
    )


if __name__ == "__main__":
    main(sys.argv[1])
