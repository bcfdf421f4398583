"""What holds for anything that a model may write, however it is cut."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.model_outputs import CUTS, NOISE, OUTPUTS, Output, read
from tests.output_promises import (
    check_addresses,
    check_cuts,
    check_no_mark_left,
    check_numbers,
    check_prose,
)


@settings(max_examples=examples(300), deadline=None)
@given(OUTPUTS, CUTS)
def test_an_output_reads_the_same_however_it_is_cut(output: Output, cuts: list[int]) -> None:
    """The pieces in which an answer streams change nothing of what is given out."""
    check_cuts(output.text, cuts)


@settings(max_examples=examples(300), deadline=None)
@given(NOISE, CUTS)
def test_any_text_reads_the_same_however_it_is_cut(text: str, cuts: list[int]) -> None:
    """Broken Markdown, halves of characters and line ends of any kind make no difference to that."""
    check_cuts(text, [cut % 60 for cut in cuts])


@settings(max_examples=examples(300), deadline=None)
@given(OUTPUTS)
def test_no_prose_is_lost(output: Output) -> None:
    """All letters and digits outside marks and targets of links are shown, in their order, and no others."""
    check_prose(output)


@settings(max_examples=examples(300), deadline=None)
@given(OUTPUTS)
def test_no_mark_is_left(output: Output) -> None:
    """Nothing that a reader would take for a citation stays in the text, known or not."""
    check_no_mark_left(read(output.text))


@settings(max_examples=examples(300), deadline=None)
@given(st.one_of(OUTPUTS.map(lambda output: output.text), NOISE))
def test_every_number_resolves(text: str) -> None:
    """A sentence cites numbers that the prompt gave, each once."""
    check_numbers(read(text))


@settings(max_examples=examples(300), deadline=None)
@given(st.one_of(OUTPUTS.map(lambda output: output.text), NOISE))
def test_an_inert_text_holds_no_address(text: str) -> None:
    """No linkifier finds anything in what is shown, and without its joiners it is what was written."""
    check_addresses(read(text))
