"""The stream parser on very many model outputs: all that is promised of it, at once."""

import pytest
from hypothesis import HealthCheck, given, settings

from tests.model_outputs import CUTS, OUTPUTS, Output, read
from tests.output_promises import check_addresses, check_no_mark_left, check_numbers, check_prose


_OUTPUTS = 20_000
_COUNTED = {"outputs": 0, "sentences": 0, "cited": 0, "unknown": 0, "addresses": 0}


pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600)]


def test_twenty_thousand_outputs_keep_all_promises() -> None:
    """Cut anywhere it reads the same, loses no prose, resolves every number and shows no address to follow."""
    _keeps_all_promises()
    print("\n" + ", ".join(f"{count} {name}" for name, count in _COUNTED.items()))


@settings(max_examples=_OUTPUTS, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(OUTPUTS, CUTS)
def _keeps_all_promises(output: Output, cuts: list[int]) -> None:
    sentences = read(output.text)
    assert read(output.text, cuts) == sentences
    check_prose(output)
    check_numbers(sentences)
    check_no_mark_left(sentences)
    check_addresses(sentences)
    _COUNTED["outputs"] += 1
    _COUNTED["sentences"] += len(sentences)
    _COUNTED["cited"] += sum(len(one.sources) for one in sentences)
    _COUNTED["unknown"] += sum(one.unknown for one in sentences)
    _COUNTED["addresses"] += sum(len(one.addresses) for one in sentences)
