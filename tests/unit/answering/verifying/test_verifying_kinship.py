"""What holds of nearness of words and of comparisons for any words."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.answering.verifying.comparing import are_turned, comparison_of
from pipelines.answering.verifying.kinship import are_derived, kin_of, nearness
from pipelines.answering.verifying.tokens import tokens_of


_STEMS = st.text("abdeliorty", min_size=1, max_size=9) | st.sampled_from(
    ["deliv", "deliveri", "qualif", "qualifi", "employe"]
)
_KEYS = st.frozensets(_STEMS, max_size=6)
_THINGS = st.sampled_from(["Wren", "Heron", "Porto", "Leipzig", "laptop", "screen"])
_WORDS = st.sampled_from(["longer", "shorter", "bigger", "cheaper"])


@given(_STEMS, _STEMS)
def test_derivation_has_no_direction(first: str, second: str) -> None:
    """If one word is derived from another, so is the other from the one."""
    assert are_derived(first, second) == are_derived(second, first)


@given(_STEMS, _KEYS)
def test_only_the_word_itself_is_there_in_full(key: str, keys: frozenset[str]) -> None:
    """Nearness is 1 for a word that stands there and for no other, and never more or below 0."""
    near = nearness(key, keys, kin_of(keys))

    assert (near == 1.0) == (key in keys)
    assert 0.0 <= near <= 1.0


@given(_STEMS, _KEYS, _KEYS)
def test_more_words_take_no_nearness_away(key: str, keys: frozenset[str], more: frozenset[str]) -> None:
    """A longer passage holds a word no less."""
    assert nearness(key, keys | more, kin_of(keys | more)) >= nearness(key, keys, kin_of(keys))


@given(_THINGS, _THINGS, _WORDS, _WORDS)
def test_a_comparison_is_turned_by_its_sides_alone(first: str, second: str, word: str, other: str) -> None:
    """Exchanging both sides turns a comparison, whatever its word; leaving them where they are does not."""
    told = comparison_of(tokens_of(f"The {first} is {word} than the {second}."))
    exchanged = comparison_of(tokens_of(f"The {second} is {other} than the {first}."))
    same = comparison_of(tokens_of(f"The {first} is {other} than the {second}."))

    assert told is not None
    assert exchanged is not None
    assert same is not None
    assert are_turned(told, exchanged) == (first != second)
    assert not are_turned(told, same)
