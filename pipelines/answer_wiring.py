"""Settings -> the answering graph: the part of the wiring that knows what answers are made with."""

from typing import TYPE_CHECKING

from pipelines.ports.clock import Clock


if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.answering.caching import RememberedAnswers
    from pipelines.answering.components.write import WriteAnswer
    from pipelines.answering.kept_writing import KeptWritings
    from pipelines.answering.pipeline import Answering
    from pipelines.answering.purse import Purse
    from pipelines.answering.routing import Routing
    from pipelines.answering.tuned import TunedWriting
    from pipelines.answering.understanding import Understanding
    from pipelines.part_wiring import FootnoteParts
    from pipelines.ports.model import ChatModel


def open_answering(footnote: "FootnoteParts", clock: Clock) -> "tuple[Answering, Callable[[], None]]":
    """Return the answering graph, and what closes what it opened itself. To be called after a fork."""
    from pipelines.answering.pipeline import Answering

    opened = footnote.chat_models
    routing, tuned, close_tuned = _routes(footnote, clock) if opened else (None, None, _nothing)
    answering = Answering(
        footnote.records,
        footnote.index,
        footnote.generations.embedder,
        footnote.blobs,
        clock,
        question_chars=footnote.settings.limits.question_chars,
        analyser=footnote.generations.analyser_of_questions,
        memory=_memory(footnote, clock, routing),
        writing=_writing(footnote, opened.writing, clock, tuned) if opened else None,
        understanding=_understanding(footnote, opened.once, clock) if opened else None,
    )
    return answering, close_tuned


def _routes(footnote: "FootnoteParts", clock: Clock) -> "tuple[Routing, TunedWriting, Callable[[], None]]":
    """Return which tuned model speaks, what lets it write, and what closes that."""
    from pipelines.tuned_wiring import open_routing, open_tuned

    routing = open_routing(footnote)
    return routing, *open_tuned(footnote, routing, clock)


def _memory(footnote: "FootnoteParts", clock: Clock, routing: "Routing | None") -> "RememberedAnswers | None":
    """Return what stands before the graph; None where it is switched off."""
    settings = footnote.settings
    if not settings.cache.enabled:
        return None
    from pipelines.answering.caching import RememberedAnswers

    return RememberedAnswers(
        footnote.records,
        footnote.comforts.answers,
        clock,
        made_with=footnote.generations.made_with,
        model=settings.model,
        speakers=routing.speakers if routing else None,
        answer_seconds=settings.cache.answer_seconds,
        wait_seconds=settings.cache.wait_seconds,
    )


def _writing(
    footnote: "FootnoteParts", model: "ChatModel", clock: Clock, tuned: "TunedWriting | None"
) -> "WriteAnswer":
    """Return the node that lets the model write."""
    from pipelines.answering.components.write import WriteAnswer, WritingLimits

    wanted, records = footnote.settings.models, footnote.records
    limits = WritingLimits(wanted.first_sentence_seconds, wanted.whole_answer_seconds)
    rules, purse = records.answering_rules, _purse(footnote)
    embedder, kept = footnote.generations.embedder, _kept_writings(footnote, clock)
    return WriteAnswer(model, embedder, rules=rules, purse=purse, clock=clock, limits=limits, tuned=tuned, kept=kept)


def _understanding(footnote: "FootnoteParts", model: "ChatModel", clock: Clock) -> "Understanding":
    """Return what makes follow-ups stand alone."""
    from pipelines.answering.flights import SharedWork
    from pipelines.answering.understanding import ReplyMemory, Understanding

    models, cache = footnote.settings.models, footnote.settings.cache
    # The answer itself needs time as well.
    seconds = min(models.rewriting_seconds, models.first_sentence_seconds / 2)
    work = SharedWork(clock, min(seconds, cache.wait_seconds))
    memory = ReplyMemory(footnote.comforts.answers, work, cache.answer_seconds) if cache.enabled else None
    return Understanding(model, footnote.records, _purse(footnote), seconds=seconds, memory=memory)


def _purse(footnote: "FootnoteParts") -> "Purse":
    """Return what pays for the model's calls."""
    from pipelines.answering.purse import Purse

    wanted = footnote.settings.models
    return Purse(
        footnote.model_usage,
        prices=wanted.prices,
        answer_tokens=wanted.answer_tokens,
        answers_per_person=wanted.answers_per_person,
    )


def _kept_writings(footnote: "FootnoteParts", clock: Clock) -> "KeptWritings | None":
    """Return where written answers are kept with their evidence; None where memory is switched off."""
    cache = footnote.settings.cache
    if not cache.enabled:
        return None
    from pipelines.answering.flights import SharedWork
    from pipelines.answering.kept_writing import KeptWritings

    return KeptWritings(
        footnote.comforts.answers,
        SharedWork(clock, cache.wait_seconds),
        installation=footnote.records.installation,
        seconds=cache.answer_seconds,
    )


def _nothing() -> None:
    """Close nothing."""
