"""Fifty random citations of real handbooks: the file exists, the anchor opens the quote's section, the quote stands."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from itertools import pairwise
from pathlib import Path
from random import Random
from urllib.parse import unquote, urlsplit

import pytest

from pipelines.domain.access import OPERATOR
from pipelines.domain.citations import Citation
from pipelines.domain.conversation import Question
from pipelines.domain.source_options import SourceOptions
from pipelines.evaluation.running import SETS
from pipelines.settings import Settings
from pipelines.wiring import Footnote, open_footnote
from tests.git_repository import GitRepository
from tests.quality.git_history import MadeHistory
from tests.quality.github_anchors import headings, named_places


# Not for a server, for its time.
pytestmark = [pytest.mark.engines, pytest.mark.timeout(1200)]
WANTED = 50
HOST = "https://github.com/example/handbook/blob/"
_SENTENCE = re.compile(r"^[A-Z][^\n|<>\[\]{}#*`:]{50,200}[.]$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Asked:
    """
    A synced handbook, and what it cited.

    Attributes:
        name: of the set.
        files: path -> text of the source.
        cited: the citations, with the stored text of each one's document.
        opened: the text of the file that an address without its fragment opens.

    """

    name: str
    files: Mapping[str, str]
    cited: tuple[tuple[Citation, str], ...]
    opened: Callable[[str], str]


@pytest.fixture(scope="module", params=["handbook18f folder", "handbook_sourcegraph folder", "handbook18f git"])
def asked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """Return a handbook's citations; skip where its set is not at hand."""
    name, kind = request.param.split()
    folder = (Path(os.environ.get("FOOTNOTE_EVALDATA", SETS)) / name / "files").resolve()
    if not folder.is_dir():
        pytest.skip(f"no evaluation set {name} in {folder.parent}: set FOOTNOTE_EVALDATA")
    home = tmp_path_factory.mktemp(name)
    environ = {"FOOTNOTE_DATA_DIR": str(home / "data"), "FOOTNOTE_EMBEDDER": "none"}
    data = {one.relative_to(folder).as_posix(): one.read_bytes() for one in sorted(folder.rglob("*.md"))}
    files = {path: content.decode() for path, content in data.items()}
    with open_footnote(Settings.load(environ, env_file=None)) as footnote:
        if kind == "folder":
            footnote.add_base("handbook", folder, OPERATOR)
            opened: Callable[[str], str] = _file
        else:
            opened = _commit_of(_added_repository(footnote, home, data))
        footnote.sync("handbook")
        yield Asked(name, files, _citations(footnote, files), opened)


def _added_repository(footnote: Footnote, home: Path, data: dict[str, bytes]) -> GitRepository:
    """Add a base over a repository of one commit with these files, which GitHub would show."""
    repository = GitRepository(home / "handbook.git")
    MadeHistory(repository, data, Random(0)).make(1)
    options = SourceOptions(link_template=HOST + "{commit}/{path}")
    footnote.add_base("handbook", f"git+file://{repository.folder}", OPERATOR, options)
    return repository


def _file(address: str) -> str:
    return Path(unquote(urlsplit(address).path)).read_text(encoding="utf-8")


def _commit_of(repository: GitRepository) -> Callable[[str], str]:
    def opened(address: str) -> str:
        assert address.startswith(HOST), address
        commit, _, path = address.removeprefix(HOST).partition("/")
        return repository.git("show", f"{commit}:{unquote(path)}").decode()

    return opened


def _citations(footnote: Footnote, files: Mapping[str, str]) -> tuple[tuple[Citation, str], ...]:
    """Ask for sentences of random files until there are enough citations."""
    chance = Random(50)
    sentences = [one[0] for text in files.values() for one in _SENTENCE.finditer(text)]
    found: list[tuple[Citation, str]] = []
    for sentence in chance.sample(sentences, len(sentences)):
        answer = footnote.ask(Question(sentence, OPERATOR))
        lives = footnote.records.ledger.lives({one.document_version for one in answer.citations})
        found += [(one, footnote.blobs.get(lives[one.document_version].text_hash).decode()) for one in answer.citations]
        if len(found) >= WANTED:
            break
    return tuple(found[:WANTED])


def test_the_cited_files_exist(asked: Asked) -> None:
    """The address of each citation opens the file that it names, as the source has it."""
    assert len(asked.cited) == WANTED
    for citation, _ in asked.cited:
        address = citation.url.partition("#")[0]
        assert asked.opened(address) == asked.files[citation.document], citation


def test_the_anchors_exist(asked: Asked) -> None:
    """Each fragment is an anchor that GitHub makes for that file, or that its author wrote; most citations have one."""
    anchored = [citation for citation, _ in asked.cited if "#" in citation.url]
    for citation in anchored:
        source = asked.files[citation.document]
        known = {name for one in headings(source) for name in (one.anchor, one.written)} | named_places(source)
        assert unquote(citation.url.partition("#")[2]) in known, citation
    assert len(anchored) > WANTED / 2


def test_the_anchors_open_the_section_of_the_quote(asked: Asked) -> None:
    """No heading stands between that of the anchor and the quote."""
    wrong = [citation for citation, _ in asked.cited if not _in_its_section(citation, asked.files[citation.document])]
    assert wrong == []


def test_the_quotes_are_verbatim(asked: Asked) -> None:
    """A quote is its span of the stored text, and stands in the file but for markup."""
    for citation, stored in asked.cited:
        assert stored[citation.start : citation.end] == citation.quote
        assert _letters(citation.quote), citation
        assert _letters(citation.quote) in _letters(_without_markup(asked.files[citation.document])), citation


def _in_its_section(citation: Citation, source: str) -> bool:
    """Say whether the quote stands between the anchor's heading and the one after it."""
    anchor = unquote(citation.url.partition("#")[2])
    found = headings(source)
    stretches = pairwise([0, *(one.at for one in found), len(source)])
    names = [("",), *((one.anchor, one.written) for one in found)]
    sections = [place for known, place in zip(names, stretches, strict=True) if anchor in known]
    wanted = _letters(citation.quote)
    return any(wanted in _letters(_without_markup(source[start:end])) for start, end in sections)


def _without_markup(source: str) -> str:
    """Return Markdown without addresses of links, images, HTML tags, and names of a site generator's commands."""
    source = re.sub(r"\{%-?\s*\w+", "", source)
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", source)
    text = re.sub(r"\]\((?:[^()]|\([^()]*\))*\)|\]\[[^\]]*\]", "]", text)
    return unescape(re.sub(r"</?[A-Za-z!][^>]*>", "", text))


def _letters(text: str) -> str:
    """Return letters and digits alone, which no markup changes."""
    return "".join(char for char in text.lower() if char.isalnum())
