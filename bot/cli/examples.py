"""One result of every command, for docs/reference/commands.md: what it prints is what `--json` prints."""

from dataclasses import replace
from pathlib import Path

from bot.cli.chat import Exchange, Transcript
from bot.cli.output import Listening, Result
from bot.commands.access import BaseReaders
from bot.commands.answer_rules import BaseAnswerRules
from bot.commands.doctor import Check, Examination, State
from bot.commands.evaluation import EvalReport
from bot.commands.feedback import FeedbackList
from bot.commands.index import GenerationDeleted, IndexMade, IndexRebuilt
from bot.commands.kb import BaseAdded, BaseLine, BaseList, BaseRemoved, BaseStatus, FilesUploaded, RejectedFiles
from bot.commands.move import IndexMoved
from bot.commands.replay import Replayed
from bot.commands.routes import RouteChanged, RouteLine, RouteList
from bot.commands.schedule import BaseSchedule
from bot.commands.sync import SyncReport
from bot.commands.versions import VersionList, VersionShown
from bot.commands.work import WorkDone
from bot.eval_texts import set_not_there
from bot.slack.manifest import SlackManifest
from pipelines.answering.refusing import NOT_SAID
from pipelines.answering.replaying import Replay, ReplayedPassage
from pipelines.domain.answering_rules import AnsweringRules
from pipelines.domain.citations import Citation, Place
from pipelines.domain.conversation import Answer, ClosestDocument, Outcome
from pipelines.domain.feedback import Feedback, GivenFeedback
from pipelines.domain.knowledge import Rejection, SyncResult, Version, VersionState
from pipelines.domain.model_budget import Charge
from pipelines.domain.model_routes import RouteRule
from pipelines.domain.recorded_answer import RecordedAnswer
from pipelines.evaluation.choices import Engine, Mode
from pipelines.evaluation.intervals import Measured
from pipelines.evaluation.set_scores import EvalRequest, SetScores


_TIME = "2026-03-02T09:00:00+00:00"
_MINILM, _E5 = "all-MiniLM-L6-v2-53aa5117-256", "multilingual-e5-large-1024-3c0dfbb0a1"
_SCANNED = Rejection("old/plan.pdf", "no text layer: scanned pages")
_RUN = {
    "ended_at": _TIME,
    "state": "done",
    "error": None,
    "version": 3,
    "added": 1,
    "changed": 1,
    "renamed": 0,
    "removed": 0,
    "unchanged": 13,
    "rejected": 1,
    "chunks_added": 9,
    "chunks_removed": 1,
    "chunks_embedded": 9,
    "duration_ms": 850,
    "promoted": True,
}
_CITATION = Citation(
    number=1,
    kb="handbook",
    title="Leave policy",
    document="policies/leave.md",
    version=3,
    document_version=17,
    place=Place(heading="Leave policy › Parental leave", anchor="parental-leave"),
    quote="Every parent takes up to 24 weeks of paid leave.",
    start=412,
    end=460,
    url="file:///srv/handbook/policies/leave.md#parental-leave",
    date="2026-03-01",
    author="People team",
)
_TIMINGS = {
    "question": 0.2,
    "embed": 6.1,
    "search": 3.4,
    "place": 4.9,
    "gather": 3.3,
    "answer": 21.7,
    "record": 2.5,
}
_ANSWER = Answer(
    Outcome.ANSWER,
    "“Every parent takes up to 24 weeks of paid leave.” [1]",
    citations=(_CITATION,),
    closest=(),
    timings_ms=_TIMINGS,
)
_REFUSAL = Answer(
    Outcome.REFUSAL,
    NOT_SAID,
    closest=(ClosestDocument("handbook", "Travel policy", "policies/travel.md", "file:///srv/policies/travel.md"),),
    timings_ms=_TIMINGS,
)

_ROUTE = RouteRule("handbook-1", share=100, canary="handbook-2", canary_share=5)
_ROUTED = RouteLine("handbook", "group:hr", _ROUTE, RouteRule("handbook-1"))


_REPLAY = Replay(
    RecordedAnswer(
        42, _TIME, "user:anna", "How long is parental leave?", _ANSWER.as_json(), {"stand_alone": "", "passages": []}
    ),
    "How long is parental leave?",
    (
        ReplayedPassage(
            "1b3a5c7d9e1f2a4b6c8d0e2f4a6b8c0d",
            "handbook",
            "policies/leave.md",
            "Parental leave",
            "Every parent takes up to 24 weeks of paid leave.",
            (1, 0.0325),
            (1, 0.0325),
        ),
    ),
    replace(_ANSWER, id=57),
    same_evidence=True,
    same_prompt=None,
    same_text=True,
)


EXAMPLES: dict[str, Result] = {
    "ask": _ANSWER,
    "chat": Transcript((Exchange("Does the company pay for lunch in Lisbon?", _REFUSAL),)),
    "replay": Replayed(_REPLAY),
    "doctor": Examination(
        (
            Check("python", State.OK, "Python 3.13.5"),
            Check("base handbook", State.WARN, "handbook: not synced yet", "Run:  footnote kb sync handbook"),
        ),
        (("FOOTNOTE_DATA_DIR", "/srv/footnote"), ("REDIS_URL", "set")),
    ),
    "eval run": EvalReport(
        (
            SetScores(
                "northwind",
                EvalRequest((), Engine.SQLITE, Mode.RETRIEVAL, None, 0, Path("/srv/evaluation")),
                questions=246,
                documents=6,
                rejected=0,
                embedders=(("", "all-MiniLM-L6-v2-53aa5117-256"),),
                metrics={"R@5 by page": Measured(0.9254, 0.8872, 0.9604, 201)},
                by_language={},
            ),
        ),
        (set_not_there("squad2", "/srv/sets"),),
        "/srv/evaluation",
    ),
    "kb add": BaseAdded("handbook", "/srv/handbook", ()),
    "kb upload": FilesUploaded("handbook", ("leave.md", "travel.pdf")),
    "kb list": BaseList((BaseLine("handbook", 3, pinned=False, documents=15, chunks=212, source="/srv/handbook"),)),
    "kb sync": SyncReport(
        "handbook",
        dry_run=False,
        result=SyncResult(
            version=3,
            added=1,
            changed=1,
            unchanged=13,
            rejected=(_SCANNED,),
            chunks_added=9,
            chunks_removed=1,
            chunks_embedded=9,
            duration_ms=850,
            promoted=True,
        ),
        before=2,
    ),
    "kb schedule": BaseSchedule("handbook", "6h", _TIME),
    "kb status": BaseStatus(
        "handbook",
        15,
        212,
        version=3,
        pinned=False,
        last_sync=_RUN,
        rejected=1,
        running=False,
        every="6h",
        next_sync=_TIME,
    ),
    "kb failed": RejectedFiles("handbook", (_SCANNED,)),
    "kb remove": BaseRemoved("handbook"),
    "kb versions": VersionList(
        "handbook",
        active=3,
        pinned=False,
        versions=(
            Version(3, VersionState.PROMOTED, _TIME, _TIME, 15, 212),
            Version(2, VersionState.PROMOTED, _TIME, _TIME, 14, 204),
        ),
    ),
    "kb promote": VersionShown("handbook", 3, pinned=False),
    "kb rollback": VersionShown("handbook", 2, pinned=True),
    "kb unpin": VersionShown("handbook", 2, pinned=False),
    "index show": IndexMade(
        _MINILM,
        384,
        "1",
        rows=4242,
        wanted_embedder=_E5,
        wanted_analyser="1",
        current=False,
        other=None,
        other_embedder=None,
        since=_TIME,
    ),
    "index rebuild": IndexRebuilt(_E5, _MINILM, bases=2, rows=4242, written=4242),
    "index confirm": GenerationDeleted(_MINILM),
    "move index": IndexMoved(
        Engine.WEAVIATE,
        bases=2,
        rows=4242,
        copied=4242,
        rebuilt=False,
        compared_rows=40,
        sample_questions=72,
        overlap=0.9625,
    ),
    "manifest slack": SlackManifest("https://bot.example.com/slack/events"),
    "model route list": RouteList((_ROUTED,), "small-1"),
    "model route set": RouteChanged(_ROUTED),
    "model route share": RouteChanged(replace(_ROUTED, rule=replace(_ROUTE, share=50), previous=_ROUTE)),
    "model route off": RouteChanged(replace(_ROUTED, rule=replace(_ROUTE, on=False), previous=_ROUTE)),
    "model route rollback": RouteChanged(replace(_ROUTED, rule=RouteRule("handbook-1"), previous=_ROUTE)),
    "feedback": FeedbackList(
        (
            GivenFeedback(
                Feedback(41, "user:slack:T1:U1", good=False, reason="outdated", detail="It is 14 weeks now."),
                "How many weeks of parental leave does a parent get?",
                _TIME,
            ),
        )
    ),
    "serve": Listening("http://127.0.0.1:8080"),
    "work": WorkDone(done=3, failed=0, put_back=0),
    "kb access": BaseReaders("handbook", ("everyone", "group:hr")),
    "kb answers": BaseAnswerRules(
        "handbook",
        AnsweringRules(
            "Short sentences. Say colleagues, not employees.",
            (("PTO", "paid time off"),),
            strict=True,
            tokens_per_day=200_000,
            money_per_day=2_500_000,
        ),
        Charge(tokens_in=11_800, tokens_out=640, money=2_154, calls=3),
    ),
}
"""Command -> an example of its result."""
