"""
How often the verifier is right, and what it costs: `python tests/bench/verifying.py [--half test]`.

Ordinary runs score the tuning half. The test half is for the figures that are published.
"""

import argparse
import sys
from pathlib import Path
from time import process_time


sys.path.insert(0, str(Path(__file__).parents[2]))

from pipelines.answering.verifying import Verdict, prepare, verify_prepared
from tests.quality.verifier_cases.generator import cases_of
from tests.quality.verifier_cases.shapes import Case
from tests.quality.verifier_cases.sources import HALVES, SET_NAMES, TUNING, sets_folder
from tests.quality.verifier_scores import bars, evidence, lines, verdicts


def main() -> int:
    """Print the table, the costs and the bars; 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--half", choices=HALVES, default=TUNING, help="documents that thresholds were tuned on, or not"
    )
    half = parser.parse_args().half
    absent = [name for name in SET_NAMES if not (sets_folder() / name).is_dir()]
    if absent:
        print(f"no evaluation sets {', '.join(absent)} in {sets_folder()}: set FOOTNOTE_EVALDATA; nothing was measured")
        return 0
    cases = list(cases_of(half))
    table = lines(verdicts(cases))
    print(f"{half} half, {len(cases)} cases        n  contradicted  own words  supported")
    for line in table:
        shares = [line.shares[one] for one in (Verdict.CONTRADICTED, Verdict.OWN_WORDS, Verdict.SUPPORTED)]
        print(f"{line.family:36s} {line.name:70s} {line.cases:5d} " + " ".join(f"{share:6.3f}" for share in shares))
    _print_costs(cases)
    found = bars(table)
    for bar in found:
        sign = ">=" if bar.at_least else "<="
        print(f"{'reached' if bar.is_reached else 'MISSED '} {bar.name:60s} {bar.value:.3f} {sign} {bar.limit}")
    return 0 if all(bar.is_reached for bar in found) else 1


def _print_costs(cases: list[Case]) -> None:
    """Print milliseconds of CPU time for a passage and for a sentence."""
    sources = {case.source.key: case.source for case in cases}
    start = process_time()
    prepared = {key: prepare(evidence(source)) for key, source in sources.items()}
    middle = process_time()
    for case in cases:
        verify_prepared(case.sentence, [prepared[case.source.key]])
    end = process_time()
    passage, sentence = 1000 * (middle - start) / len(sources), 1000 * (end - middle) / len(cases)
    print(f"CPU: {passage:.2f} ms a passage once, {sentence:.2f} ms a sentence")


if __name__ == "__main__":
    sys.exit(main())
