"""What a person reads of the generations of the index, as lines. The sentences are `bot.index_texts`."""

from bot import index_texts as texts
from bot.cli.shell import command
from bot.commands.index import GenerationDeleted, IndexMade, IndexRebuilt
from bot.lines import Line, Look
from pipelines.domain.index_places import Copy


def told(result: IndexMade | IndexRebuilt | GenerationDeleted) -> list[Line]:
    """Tell what the index is made with, that it was rebuilt, or what was deleted; and what comes next."""
    if isinstance(result, IndexRebuilt):
        rebuilt = texts.rebuilt(result.embedder, result.bases, result.rows, result.written)
        shown = [Line(rebuilt, look=Look.STRONG), Line(texts.compared(), 2)]
        return [*shown, Line(texts.delete_former(_confirm()), 2), Line(texts.go_back(_back()), 2)]
    if isinstance(result, GenerationDeleted):
        return [Line(texts.deleted(result.embedder))]
    return _made(result)


def _made(result: IndexMade) -> list[Line]:
    shown = [Line(texts.made_with(result.embedder, result.rows), look=Look.STRONG)]
    if result.current:
        shown.append(Line(texts.is_wanted(), 2))
    else:
        shown += _wanted(result)
    if result.other == Copy.KEPT:
        shown.append(Line(texts.kept(result.other_embedder, result.since), 2))
        shown += [Line(texts.go_back(_back()), 2), Line(texts.delete_former(_confirm()), 2)]
    return shown


def _wanted(result: IndexMade) -> list[Line]:
    shown = []
    if result.wanted_embedder != result.embedder:
        shown.append(Line(texts.wanted(result.wanted_embedder), 2, Look.CARE))
    if result.wanted_analyser != result.analyser:
        shown.append(Line(texts.other_analyser(result.analyser, result.wanted_analyser), 2, Look.CARE))
    if result.other == Copy.MOVING:
        shown.append(Line(texts.unfinished(result.other_embedder, result.since), 2, Look.CARE))
        return [*shown, Line(texts.go_on(_rebuild()), 2)]
    return [*shown, Line(texts.rebuild(_rebuild()), 2)]


def _rebuild() -> str:
    return command("index rebuild", "")


def _back() -> str:
    return command("index rebuild", "", "--back")


def _confirm() -> str:
    return command("index confirm", "")
