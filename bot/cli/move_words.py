"""What a person reads of a move of the index, as lines. The sentences are `bot.move_texts`."""

from bot import move_texts as texts
from bot.cli.shell import command
from bot.commands.move import CopyDeleted, IndexMoved, IndexWhere
from bot.lines import Line, Look
from pipelines.domain.index_places import Copy, Engine


def told(result: IndexWhere | IndexMoved | CopyDeleted) -> list[Line]:
    """Tell where the index is, that it was moved, or that its copy is gone; and what comes next."""
    if isinstance(result, IndexMoved):
        return _moved(result)
    if isinstance(result, CopyDeleted):
        sentence = texts.copy_deleted if result.deleted else texts.copy_forgotten
        return [Line(sentence(result.engine), look=Look.PLAIN if result.deleted else Look.CARE)]
    return _where(result)


def _moved(result: IndexMoved) -> list[Line]:
    compared = texts.compared(result.compared_rows, result.sample_questions, result.overlap)
    copied = None if result.rebuilt else result.copied
    return [
        Line(texts.moved(result.engine, result.bases, result.rows, copied), look=Look.STRONG),
        Line(texts.rebuilt() if result.rebuilt else compared, 2),
        Line(texts.delete_copy_of(result.engine.other, _delete()), 2),
        Line(texts.go_back(_to(result.engine.other)), 2),
    ]


def _where(result: IndexWhere) -> list[Line]:
    other, shown = result.engine.other, [Line(texts.where(result.engine, result.rows), look=Look.STRONG)]
    if result.copy is None:
        return [*shown, Line(texts.move_there(other, _to(other)), 2)]
    if result.copy == Copy.MOVING:
        shown.append(Line(texts.move_unfinished(other, result.since), 2, Look.CARE))
    else:
        shown.append(Line(texts.copy_kept(other, result.since), 2))
    if result.copy_rows is not None:
        shown.append(Line(texts.rows_there(result.copy_rows), 2))
    again = texts.go_on if result.copy == Copy.MOVING else texts.go_back
    return [*shown, Line(again(_to(other)), 2), Line(texts.delete_copy(_delete()), 2)]


def _to(engine: Engine) -> str:
    return command("move index", "", "--to", engine.value)


def _delete() -> str:
    return command("move index", "", "--confirm")
