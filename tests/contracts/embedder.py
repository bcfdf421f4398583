"""What every embedder promises. Each subclass names one embedder in its `embedder` fixture."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.ports.embedder import Embedder
from tests.examples import examples


TEXTS = (
    "Parental leave is twelve weeks, fully paid.",
    "",
    "The printer on the second floor needs magenta toner.",
    "How long is parental leave, and is it paid?",
    "Rotate the signing keys every ninety days. " * 40,
    "x",
)
ODD_TEXTS = (
    "\x00",
    " \t\r\n ",
    "\u200b\u200d\ufeff",
    "\ud800 a lone surrogate \udfff",
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "e\u0301\u0302\u0303" * 50,
    "\u202emirrored\u202c שלום עולם مرحبا",
    "日本語のとても長い文章" * 60,
    "\U0010ffff\ufffe\uffff",
    "[CLS] [SEP] [PAD] [MASK] [UNK]",
)
TOLERANCE = 1e-6


class EmbedderContract:
    """The promises of `pipelines.ports.embedder.Embedder`."""

    def test_one_row_per_text(self, embedder: Embedder) -> None:
        """Six texts give six float32 rows of the promised length."""
        vectors = embedder.embed(TEXTS)
        assert vectors.shape == (len(TEXTS), embedder.dimensions)
        assert vectors.dtype == np.float32

    def test_no_text_gives_no_row(self, embedder: Embedder) -> None:
        """An empty list gives an empty matrix whose rows would have the promised length."""
        assert embedder.embed([]).shape == (0, embedder.dimensions)

    def test_every_vector_has_length_one(self, embedder: Embedder) -> None:
        """Short, long and empty texts all become unit vectors."""
        assert_unit(embedder, TEXTS)

    def test_odd_text_is_text(self, embedder: Embedder) -> None:
        """Control characters, lone surrogates, emoji and other scripts become unit vectors, too."""
        assert_unit(embedder, ODD_TEXTS)

    # Every embedder runs this test in a class of its own; that is what the health check warns of.
    @settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.differing_executors])
    @given(texts=st.lists(st.text(st.characters(categories=("L", "N", "P", "S", "Z", "C")), max_size=300), max_size=5))
    def test_any_text_at_all(self, embedder: Embedder, texts: list[str]) -> None:
        """Whatever characters come, surrogates included, the result is unit vectors."""
        assert_unit(embedder, tuple(texts))

    def test_a_very_long_text_is_embedded(self, embedder: Embedder) -> None:
        """A million characters are cut off where the model ends; none of them is a fault."""
        assert_unit(embedder, ("The rule has many words. " * 40_000, "y" * 1_000_000))

    def test_rows_are_in_the_order_of_the_texts(self, embedder: Embedder) -> None:
        """Row n belongs to text n, however the embedder groups them inside."""
        together = embedder.embed(TEXTS)
        alone = np.concatenate([embedder.embed([text]) for text in TEXTS])
        np.testing.assert_allclose(together, alone, atol=TOLERANCE)

    def test_a_vector_does_not_depend_on_its_neighbours(self, embedder: Embedder) -> None:
        """One text has one vector: first or last, among short texts or long ones, or twice."""
        text = TEXTS[0]
        alone = embedder.embed([text])[0]
        crowd = embedder.embed([text, *TEXTS, *TEXTS, text])
        for place in (0, 1, 7, 13):
            np.testing.assert_allclose(crowd[place], alone, atol=TOLERANCE)

    def test_the_same_call_gives_the_same_bits(self, embedder: Embedder) -> None:
        """The same texts give the very same numbers again."""
        assert np.array_equal(embedder.embed(TEXTS), embedder.embed(TEXTS))

    def test_texts_that_share_words_are_near(self, embedder: Embedder) -> None:
        """A question lies nearer to its answer than to a text about something else."""
        leave, _, printer, question, _, _ = embedder.embed(TEXTS)
        assert question @ leave > question @ printer + 0.2

    def test_threads_do_not_disturb_each_other(self, embedder: Embedder) -> None:
        """Sixteen calls at once give what sixteen calls in turn give."""
        texts = TEXTS[:4]
        expected = embedder.embed(texts)
        with ThreadPoolExecutor(4) as pool:
            for vectors in pool.map(lambda _: embedder.embed(texts), range(16)):
                np.testing.assert_allclose(vectors, expected, atol=TOLERANCE)

    def test_the_name_is_one_word(self, embedder: Embedder) -> None:
        """The name is the key of stored vectors: not empty and without white space."""
        assert embedder.name
        assert embedder.name.split() == [embedder.name]


def assert_unit(embedder: Embedder, texts: tuple[str, ...]) -> None:
    """Assert that all texts give finite vectors of length one."""
    lengths = np.linalg.norm(embedder.embed(texts), axis=1)
    np.testing.assert_allclose(lengths, np.ones(len(texts)), atol=1e-5)
