"""A release with another analyser, which may have the former one still; installations of either, searched by words."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pipelines.ports.chunk_index import TermFields
from pipelines.retrieval.analysers import RELEASED, TODAY, Analyser, Analysers
from pipelines.retrieval.terms import document_terms, question_terms
from pipelines.wiring import Footnote
from tests.rebuilding_scene import Held, held, installation
from tests.three_versions import BASE, answers


WORDS_ONLY = {"FOOTNOTE_EMBEDDER": "none"}


def backwards(terms: TermFields) -> TermFields:
    """Return terms of which none is found by those that they were."""
    fields = (terms.stems, terms.bigrams, terms.grams, terms.title)
    return TermFields(*(tuple(one[::-1] for one in field) for field in fields))


OTHER = Analyser(
    "other", lambda title, text: backwards(document_terms(title, text)), lambda text: backwards(question_terms(text))
)
BEFORE = RELEASED
AFTER = Analysers(OTHER, TODAY)
"""The next release: it makes other terms, and keeps the analyser before."""

LATER = Analysers(OTHER)
"""The one after that, without it."""


@contextmanager
def release(analysers: Analysers, data: Path, environ: Mapping[str, str] = WORDS_ONLY) -> Iterator[Footnote]:
    """Open an installation by a release that has these analysers."""
    with installation(data, environ) as opened:
        opened.analysers = analysers
        yield opened


def in_other_terms(rows: Held) -> Held:
    """Return rows as the other analyser makes them."""
    return {key: (rule, end, backwards(terms), vector) for key, (rule, end, terms, vector) in rows.items()}  # type: ignore[arg-type]


def change_under_a_sync(data: Path, folder: Path, environ: Mapping[str, str]) -> None:
    """Rebuild with the other analyser while a base is synced; check what holds before, during and after."""
    during: list[tuple[bool, bool, int]] = []

    def sync(step: str) -> None:
        if step != "target.stage" or during:
            return
        (folder / "9.md").write_text("# Travel 9\n\nTrain 9 is new.\n", encoding="utf-8")
        with release(AFTER, data, environ) as other:
            result = other.sync(BASE)
            new = {key for key in held(other) if key[1] == result.version}
            during.append((answers(other), new <= held(other, 1).keys(), result.chunks_added))

    with release(AFTER, data, environ) as footnote:
        before = held(footnote)
        assert answers(footnote)
        footnote.generations.rebuild(checkpoint=sync)
        assert during == [(True, True, 1)]
        assert before.items() <= held(footnote, 0).items()
        assert held(footnote) == in_other_terms(held(footnote, 0))
        assert answers(footnote)
        assert footnote.generations.state().current
