"""What the source says today of who may read each document, those that are gone included. Writes nothing but rules."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from pipelines.domain.knowledge import DocumentVersion, KnowledgeBase
from pipelines.ingestion.lives import LifeReader
from pipelines.ingestion.tally import Tally


def rules_today(
    tally: Tally, ended: Iterable[DocumentVersion], lives: LifeReader, base: KnowledgeBase
) -> dict[int, int]:
    """
    Return document -> today's rule, of documents that were not staged and whose recorded one differs.

    A document that is gone can be read in older versions: its folder's rule of today narrows
    who may, and so does the rule of a new document of the same sync that looks like the same one.

    Args:
        tally: what the sync did.
        ended: the last lives of all documents that are gone, those of this sync included.
        lives: knows the audience of every folder.
        base: the base.

    """
    today = [(life, life.rule) for life in tally.confirmed()]
    today += [(life, lives.narrowed_rule(path, life, base)) for path, life in tally.kept()]
    removed = {life.document for life in tally.removed()}
    successors = _Successors(lives, (life for life in tally.added() if removed and life.rule != base.default_rule))
    for life in ended:
        rule = lives.narrowed_rule(life.path, life, base)
        if life.document in removed:
            for other in successors.rules(life):
                rule = lives.common_rule(rule, other, base)
        today.append((life, rule))
    return {life.document: rule for life, rule in today if rule != life.rule_today}


class _Successors:
    """
    New documents under a rule of their own, any of which may be one that is gone: moved and edited at once.

    It may be if it has its title or file name, or if those of one rule hold half of its lines.
    """

    def __init__(self, lives: LifeReader, added: Iterable[DocumentVersion]) -> None:
        self._lives = lives
        self._by_name: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._by_line: dict[int, set[int]] = defaultdict(set)
        for life in added:
            for name in _names(life):
                self._by_name[name].add(life.rule)
            for line in lives.lines(life):
                self._by_line[line].add(life.rule)

    def rules(self, gone: DocumentVersion) -> tuple[int, ...]:
        """Return the rules of those that may be this document, in order."""
        if not self._by_name:
            return ()
        found = {rule for name in _names(gone) for rule in self._by_name.get(name, ())}
        lines = self._lives.lines(gone)
        shared = Counter(rule for line in lines for rule in self._by_line.get(line, ()))
        return tuple(sorted(found | {rule for rule, count in shared.items() if 2 * count >= len(lines)}))


def _names(life: DocumentVersion) -> Iterator[tuple[str, str]]:
    yield "title", life.title.casefold()
    yield "file", PurePosixPath(life.path).name.casefold()
