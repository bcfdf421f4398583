"""Text to token ids, cut off at the model's limit."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from pipelines.adapters.onnx_embedder.model_files import find_model
from pipelines.adapters.onnx_embedder.tokens import FIRST_CUT, MAX_TOKENS, Tokens
from tests.examples import examples


CLS, SEP = 101, 102
PIECES = [
    "leave",
    "x" * 150,
    "日本語",
    "İ",
    "\x1c",
    "\x85",
    "\u2028",
    "\u00a0",
    " ",
    "\n",
    "e\u0301",
    "ΑΣ",
    "[SEP]",
    "9.5",
]


@pytest.fixture(scope="module")
def definition() -> str:
    return find_model(None, None).tokenizer


@pytest.fixture(scope="module")
def tokens(definition: str) -> Tokens:
    return Tokens(definition)


@pytest.fixture(scope="module")
def reference(definition: str) -> Tokenizer:
    """The same definition, told to read every text whole."""
    tokenizer = Tokenizer.from_str(definition)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def whole(reference: Tokenizer, text: str) -> list[int]:
    """Return what cutting off after reading the whole text gives."""
    ids: list[int] = reference.encode(text).ids
    return ids if len(ids) <= MAX_TOKENS else [*ids[: MAX_TOKENS - 1], SEP]


def test_a_short_text_keeps_its_own_length(tokens: Tokens) -> None:
    """No padding is added: two words are two ids between the marks."""
    ids = tokens.ids("parental leave")
    assert (len(ids), ids[0], ids[-1]) == (4, CLS, SEP)


def test_an_empty_text_has_the_marks(tokens: Tokens) -> None:
    """Nothing at all still has a beginning and an end."""
    assert tokens.ids("") == [CLS, SEP]


def test_a_long_text_is_cut_at_256(tokens: Tokens) -> None:
    """The limit is the model's 256, not the 128 of its tokenizer's file, and the end mark stays."""
    ids = tokens.ids("leave " * 300)
    assert (len(ids), ids[-1]) == (256, SEP)


def test_a_lone_surrogate_is_a_question_mark(tokens: Tokens) -> None:
    """A character that no encoding has is no fault."""
    assert tokens.ids("a\ud800b") == tokens.ids("a?b")


@pytest.mark.parametrize("gap", [" ", "\n", "\x1c", "\u00a0", "", "\r\n\t"])
@pytest.mark.parametrize("length", [1, 90, 2000])
def test_reading_only_the_beginning_changes_nothing(
    tokens: Tokens, reference: Tokenizer, gap: str, length: int
) -> None:
    """Long words, no words and strange gaps: the ids are those of the whole text."""
    text = gap.join(f"{number}{'a' * length}" for number in range(1 + 3 * FIRST_CUT // length))
    assert tokens.ids(text) == whole(reference, text)


@pytest.mark.parametrize("inside", ["", "\x1c", "\u200b"])
def test_a_word_at_the_edge_is_never_cut(tokens: Tokens, reference: Tokenizer, inside: str) -> None:
    """Wherever the first look ends, be it inside the last word that counts, the ids are those of the whole text."""
    words = f"tra{inside}vel " * 400
    for shift in range(300):
        text = " " * shift + words
        assert tokens.ids(text) == whole(reference, text)


@settings(max_examples=examples(60), deadline=None)
@given(pieces=st.lists(st.sampled_from(PIECES), min_size=1, max_size=40), times=st.integers(1, 200))
def test_any_mixture_reads_as_the_whole(tokens: Tokens, reference: Tokenizer, pieces: list[str], times: int) -> None:
    """Whatever words and gaps are mixed, cutting early and cutting late agree."""
    text = "".join(pieces) * times
    assert tokens.ids(text) == whole(reference, text)
