"""
What remembered answers save: CPU of a hit of either level beside an answer made anew, and how often people hit.

    python tests/bench/memory.py [--share 2] [--people 200] [--questions 3000]

People of differing rights ask over part of an evaluation set in which every fifth document is
for one of four teams. Which of 300 questions is asked is drawn as people ask: few often, most
seldom (Zipf, exponent 1). Every hundred questions one document changes and the base is synced,
which ends the first level. Words only, and a model that answers at once: neither is in the times.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random


sys.path.insert(0, str(Path(__file__).parents[2]))

from pipelines.adapters.memory_answer_cache import MemoryAnswerCache
from pipelines.adapters.system_clock import SystemClock
from pipelines.domain.access import OPERATOR, principal_as
from pipelines.domain.conversation import Principal
from tests.bench.asking import SET, some_files, texts_to_ask
from tests.fakes.model_behaviour import Behaviour
from tests.fakes.model_writers import extractive
from tests.fakes.scripted_model import ScriptedModel
from tests.remembering import Remembering
from tests.small_base import SmallBase, open_parts


TEAMS = 4
QUESTIONS = 300
BETWEEN_SYNCS = 100
AT_ONCE = 200
LEVELS = ("first level", "second level", "made anew")


def share_out(folder: Path) -> None:
    """Put every fifth document into a folder that one team may read."""
    rules = [f'{{pattern: "team{number}/**", readers: ["group:team{number}"]}}' for number in range(TEAMS)]
    for number, file in enumerate(sorted(folder.glob("*.md"))[::5]):
        within = folder / f"team{number % TEAMS}"
        within.mkdir(exist_ok=True)
        file.rename(within / file.name)
    (folder / ".footnote.yaml").write_text(f"audience: [{', '.join(rules)}]", encoding="utf-8")


def people(count: int, chance: Random) -> list[Principal]:
    """Return people of none, some or all of the teams."""
    return [
        principal_as([f"user:{number}", *(f"group:team{one}" for one in range(TEAMS) if chance.random() < 0.3)])
        for number in range(count)
    ]


def asked(process: Remembering, model: ScriptedModel, text: str, who: Principal) -> tuple[str, float]:
    """Ask; return the level that answered, and milliseconds of CPU."""
    before, began = (len(process.runs), len(model.calls)), time.thread_time()
    process.ask(text, who)
    took = (time.thread_time() - began) * 1000
    return LEVELS[(len(process.runs) > before[0]) + (len(model.calls) > before[1])], took


def measure(base: SmallBase, texts: Sequence[str], count: int, crowd: int) -> dict[str, list[float]]:
    """Ask so many questions, with a sync now and then; return level -> milliseconds of CPU."""
    chance, model = Random(11), ScriptedModel(default=Behaviour(write=extractive))
    process = Remembering(base, MemoryAnswerCache(SystemClock(), max_bytes=64 << 20), model=model)
    everybody = people(crowd, chance)
    weights = [1 / rank for rank in range(1, len(texts) + 1)]
    found = defaultdict(list)
    for number, text in enumerate(chance.choices(texts, weights, k=count), 1):
        level, took = asked(process, model, text, chance.choice(everybody))
        found[level].append(took)
        if number % BETWEEN_SYNCS == 0:
            changed = chance.choice(sorted(base.folder.rglob("*.md")))
            changed.write_text(changed.read_text(encoding="utf-8") + f"\nNote {number}.\n", encoding="utf-8")
            base.sync()
    return found


def calls_at_once(base: SmallBase, text: str) -> int:
    """Return how often the model is called when many ask the same at once."""
    model = ScriptedModel(default=Behaviour(write=extractive, pause_s=0.005))
    process = Remembering(base, MemoryAnswerCache(SystemClock(), max_bytes=64 << 20), model=model)
    crowd = people(AT_ONCE, Random(12))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda who: process.ask(text, who), crowd))
    return len(model.calls)


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description="What remembered answers save.")
    parser.add_argument("--share", type=int, default=2, help="take one file of so many")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--questions", type=int, default=3000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made, open_parts(Path(made), words_only=True) as parts:
        folder = Path(made, "files")
        folder.mkdir()
        if not some_files(options.share, folder):
            print(f"no evaluation set {SET}: set FOOTNOTE_EVALDATA")
            return
        texts = texts_to_ask(folder, QUESTIONS)
        share_out(folder)
        base = SmallBase(parts, folder)
        parts.records.access.set_readers(base.kb, ["everyone"], OPERATOR)
        base.sync()
        found = measure(base, texts, options.questions, options.people)
        calls = calls_at_once(base, texts[0])
    for level in LEVELS:
        times = sorted(found[level]) or [0.0]
        p95 = times[int(len(times) * 0.95)]
        share = len(found[level]) / options.questions
        print(f"{level:12}  {share:4.0%} of questions, CPU p50 {statistics.median(times):.2f}, p95 {p95:.2f} ms")
    print(f"{AT_ONCE} equal questions at once, of people with differing rights: {calls} model call(s)")


if __name__ == "__main__":
    main()
