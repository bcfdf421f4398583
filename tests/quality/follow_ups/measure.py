"""
How well a second question is understood: `python -m tests.quality.follow_ups.measure --data FOLDER [--half tuning]`.

With `--writer NAME` by the path with a model: a server on this machine that writes as `by_model` says.

The folder keeps the three bases from one run to the next; the first run syncs them, which takes
some minutes. Rules are written with `--half tuning` and `--show`; `--half test` is for the end.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from pipelines.answering.follow_up import stand_alone
from pipelines.domain.access import OPERATOR
from pipelines.errors import NotFound
from pipelines.evaluation.report import Figure, exit_code, table
from pipelines.evaluation.running import NOTHING_TO_MEASURE, SETS
from pipelines.settings import Settings
from pipelines.wiring import Footnote, open_footnote
from tests.quality.follow_ups.by_model import WRITERS, rewriting
from tests.quality.follow_ups.conversations import HALVES, HANDBOOKS, Conversation, conversations, folder_of
from tests.quality.follow_ups.scoring import Asker, Recall, Rewrite, Scored


BAR = 0.9


def figures(scored: Sequence[Scored], subject: str) -> list[Figure]:
    """Return recall after rewriting as a share of that by hand, by document and by passage, and what was noticed."""
    return [
        _recall(scored, subject, "documents R@5", lambda one: one.documents),
        _recall(scored, subject, "passages R@5", lambda one: one.passage),
        *_noticed(scored, subject),
    ]


def _recall(scored: Sequence[Scored], subject: str, metric: str, value: Callable[[Recall], float]) -> Figure:
    rewritten, by_hand, bare = (
        sum(value(recall) for recall in recalls) / len(scored)
        for recalls in zip(*((one.found, one.by_hand, one.bare) for one in scored), strict=True)
    )
    beside = (("bare", bare), ("rewritten", rewritten), ("by hand", by_hand))
    return Figure(subject, f"{metric}, share", rewritten / by_hand, BAR, beside=beside)


def _noticed(scored: Sequence[Scored], subject: str) -> list[Figure]:
    found = []
    for metric, change in (("topic change noticed", True), ("follow-up noticed", False)):
        own = [one.noticed for one in scored if one.conversation.topic_change is change]
        if own:
            found.append(Figure(subject, metric, sum(own) / len(own), BAR))
    return found


def _report(scored: Sequence[Scored], *, show: bool) -> int:
    bases = list(dict.fromkeys(one.conversation.base for one in scored))
    lines = figures(scored, "all")
    for base in bases:
        lines += figures([one for one in scored if one.conversation.base == base], base)
    if show:
        _say(*(_told(one) for one in scored if not one.noticed or one.found != one.by_hand))
    _say(table(lines))
    return exit_code(figures(scored, "all"))


def _say(*lines: str) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _told(one: Scored) -> str:
    case = one.conversation
    recalls = (f"{recall.documents:.1f}/{recall.passage:.0f}" for recall in (one.bare, one.found, one.by_hand))
    kind = "new topic" if case.topic_change else "follow-up"
    verdict = "" if one.noticed else " NOT NOTICED"
    return f"{case.id} {kind}{verdict} [{' '.join(recalls)}] {case.first} | {case.second} -> {one.rewritten}"


def _sync(footnote: Footnote, sets: Path, chosen: Sequence[Conversation]) -> None:
    """Bring the bases that are asked up to their folders."""
    for base in dict.fromkeys(one.base for one in chosen):
        try:
            footnote.records.bases.get(base)
        except NotFound:
            footnote.add_base(base, folder_of(base, sets), OPERATOR)
        footnote.sync(base)


def main() -> int:
    """Measure, print the table, return the exit code."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="keep the bases here")
    parser.add_argument("--half", choices=HALVES, help="only this half")
    parser.add_argument("--writer", choices=WRITERS, help="let a scripted model make questions stand alone")
    parser.add_argument("--show", action="store_true", help="print what was not understood")
    options = parser.parse_args()
    loaded = Settings.load()
    sets = loaded.evaldata or SETS
    left_out = [name for name in HANDBOOKS if not (sets / name).is_dir()]
    for name in left_out:
        _say(NOTHING_TO_MEASURE.format(folder=sets / name))
    chosen = [one for one in conversations() if options.half in (None, one.half) and one.base not in left_out]
    environ = {"FOOTNOTE_DATA_DIR": str(options.data), "FOOTNOTE_EMBEDDER": "minilm"}
    with open_footnote(Settings.load(environ, env_file=None)) as footnote:
        _sync(footnote, sets, chosen)
        asker = Asker(footnote)
        with ExitStack() as open_now:
            rewrite: Rewrite = stand_alone
            if options.writer:
                path = rewriting(footnote.records, chosen, WRITERS[options.writer])
                rewrite, _ = open_now.enter_context(path)
            return _report([asker.score(one, rewrite) for one in chosen], show=options.show)


if __name__ == "__main__":
    sys.exit(main())
