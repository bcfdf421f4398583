"""Promises of `kb add`: which source is meant, that it is tried first, and that no secret is kept."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Outcome, Question
from pipelines.domain.source_options import NO_OPTIONS, SourceOptions
from pipelines.errors import BadInput, FootnoteError, SourceUnreadable
from pipelines.settings import Settings, secret_named
from pipelines.wiring import Footnote, open_footnote
from tests.git_repository import GitRepository
from tests.web_server import WebServer


@pytest.fixture
def server() -> Iterator[WebServer]:
    """Serve nothing yet."""
    with WebServer() as running:
        yield running


@pytest.fixture
def footnote(tmp_path: Path, server: WebServer) -> Iterator[Footnote]:
    """An empty installation, by words only, that may reach the server."""
    environ = {
        "FOOTNOTE_DATA_DIR": str(tmp_path / "data"),
        "FOOTNOTE_EMBEDDER": "none",
        "FOOTNOTE_EGRESS": f"127.0.0.1:{server.port}",
        "FOOTNOTE_WEB__PAUSE_MS": "0",
    }
    with open_footnote(Settings.load(environ, env_file=None)) as opened:
        yield opened


def _urls(footnote: Footnote, question: str) -> list[str]:
    answer = footnote.ask(Question(question, OPERATOR))
    assert answer.outcome is Outcome.ANSWER
    return [one.url or "" for one in answer.citations]


@pytest.mark.parametrize(
    ("text", "options", "kind", "location"),
    [
        ("git+https://git.example/a/b", NO_OPTIONS, "git", "https://git.example/a/b"),
        ("https://github.com/a/b.git", SourceOptions(branch="dev", subfolder="/docs/"), "git", None),
        ("git@github.com:a/b.git", SourceOptions(key_file=__file__), "git", "git@github.com:a/b.git"),
        ("git+file:///srv/a.git", NO_OPTIONS, "git", "file:///srv/a.git"),
        ("https://github.com/acme/handbook", NO_OPTIONS, "git", None),
        ("https://github.com/acme/handbook/wiki", NO_OPTIONS, "web", None),
        ("https://acme.github.io/handbook/docs", NO_OPTIONS, "web", None),
        ("https://Docs.example/handbook", NO_OPTIONS, "web", "https://docs.example/handbook"),
        ("upload:", NO_OPTIONS, "upload", "upload:"),
        (str(Path(__file__).parent), SourceOptions(include=("*.md",)), "folder", str(Path(__file__).parent)),
    ],
)
def test_each_kind_of_source_is_recognised(
    footnote: Footnote, text: str, options: SourceOptions, kind: str, location: str | None
) -> None:
    """The text says which kind is meant."""
    found = footnote.sources.recognise(text, options)
    assert (found.kind, found.location) == (kind, location or text)


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("ftp://a.example/", NO_OPTIONS),
        ("https://[::1/", NO_OPTIONS),
        ("https://user:secret@a.example/", NO_OPTIONS),
        ("https://2130706433/", NO_OPTIONS),
        ("/no/such/folder", NO_OPTIONS),
        ("upload:", SourceOptions(branch="main")),
        ("https://a.example/", SourceOptions(subfolder="x")),
        ("git@host.example:a.git", NO_OPTIONS),
        ("git@host.example:a.git", SourceOptions(key_file="/no/key")),
        ("https://a.example/b.git", SourceOptions(key_file=__file__)),
        ("https://a.example/b.git", SourceOptions(branch="--upload-pack=x")),
        ("https://a.example/b.git", SourceOptions(subfolder="../x")),
        ("https://a.example/b.git", SourceOptions(link_template="javascript:{path}")),
    ],
)
def test_what_cannot_be_meant_is_refused(footnote: Footnote, text: str, options: SourceOptions) -> None:
    """Each with one sentence, and without a password that it may hold."""
    with pytest.raises(FootnoteError) as refused:
        footnote.sources.recognise(text, options)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "text", ["https://127.0.0.1/a.git", "http://127.0.0.1:1/", "git+file:///no/such.git", "http://169.254.169.254/"]
)
def test_a_source_that_cannot_be_reached_adds_nothing(footnote: Footnote, text: str) -> None:
    """The look comes before the base."""
    with pytest.raises(SourceUnreadable) as fault:
        footnote.add_base("handbook", text, OPERATOR)
    assert "\n" not in str(fault.value)
    assert footnote.records.bases.all() == ()


def test_a_repository_is_synced_and_cited_at_its_commit(footnote: Footnote, tmp_path: Path) -> None:
    """From `kb add` to the address in an answer; a second sync without a commit changes nothing."""
    repository = GitRepository(tmp_path / "origin.git")
    repository.put("docs/leave.md", b"# Leave\n\n## Parental leave\n\nParental leave lasts sixteen weeks.\n")
    repository.put("docs/old/x.md", b"# Old\n\nParental leave lasted two weeks.\n")
    repository.put("docs/rates.csv", b"city,rate\nBergen,165\nOslo,180\n")
    commit = repository.commit()
    template = "https://git.example/handbook/{commit}/{path}"
    options = SourceOptions(subfolder="docs", exclude=("old/**",), link_template=template)
    footnote.add_base("handbook", f"git+file://{repository.folder}", OPERATOR, options)
    assert footnote.sync("handbook").added == 2
    (url,) = _urls(footnote, "How long does parental leave last?")
    assert url == f"https://git.example/handbook/{commit}/docs/leave.md#parental-leave"
    (row,) = _urls(footnote, "What is the rate in Bergen?")
    assert row == f"https://git.example/handbook/{commit}/docs/rates.csv#L2"
    again = footnote.sync("handbook")
    assert (again.unchanged, again.chunks_added) == (2, 0)
    answer = footnote.ask(Question("How long does parental leave last?", OPERATOR))
    assert answer.citations[0].date == "2025-06-15"


def test_a_site_is_synced_and_cited_at_its_page(footnote: Footnote, server: WebServer) -> None:
    """A page's address, with the quoted words; a page that fails keeps its document."""
    page = b"<html><title>Leave</title><h1 id='leave'>Leave</h1><p>Parental leave lasts sixteen weeks.</p></html>"
    server.pages["/"] = (200, {"Content-Type": "text/html"}, b"<title>Start</title><p>Hello.</p><a href='leave'>l</a>")
    server.pages["/leave"] = (200, {"Content-Type": "text/html"}, page)
    footnote.add_base("handbook", f"{server.url}/", OPERATOR)
    assert footnote.sync("handbook").added == 2
    (url,) = _urls(footnote, "How long does parental leave last?")
    assert url == f"{server.url}/leave#leave:~:text=Parental%20leave%20lasts%20sixteen%20weeks."
    server.pages["/leave"] = (500, {}, b"")
    result = footnote.sync("handbook")
    assert (result.removed, [one.path for one in result.rejected]) == (0, ["leave.html"])
    assert _urls(footnote, "How long does parental leave last?") == [url]
    del server.pages["/leave"]
    assert footnote.sync("handbook").removed == 1


def test_files_are_handed_in_read_and_erased_with_their_base(footnote: Footnote, tmp_path: Path) -> None:
    """Only such a base takes them; they are Footnote's own copies."""
    file = tmp_path / "leave.md"
    file.write_text("# Leave\n\nParental leave lasts sixteen weeks.\n")
    footnote.add_base("handbook", "upload:", OPERATOR)
    assert footnote.upload("handbook", [file], OPERATOR) == ("leave.md",)
    file.unlink()
    assert footnote.sync("handbook").added == 1
    cited = footnote.ask(Question("How long does parental leave last?", OPERATOR)).citations[0]
    assert (cited.document, cited.url, cited.date) == ("leave.md", None, None)
    near = footnote.ask(Question("What does parental leave in Peru cost?", OPERATOR)).closest
    assert [(one.document, one.url) for one in near] == [("leave.md", None)]
    (name,) = [one.content_hash for one in footnote.source_reader(1).list()]
    assert footnote.blobs.has(name)
    footnote.remove_base("handbook", OPERATOR)
    assert not footnote.blobs.has(name)
    (tmp_path / "folder").mkdir()
    footnote.add_base("other", tmp_path / "folder", OPERATOR)
    with pytest.raises(BadInput, match="has its own source"):
        footnote.upload("other", [], OPERATOR)


def test_only_the_name_of_a_secret_is_kept(footnote: Footnote, tmp_path: Path) -> None:
    """Neither records nor copies hold a token; a variable that is no source's secret is not read at all."""
    environ = {"FOOTNOTE_SECRET_DOCS": "s3cr3t-token", "OPENAI_API_KEY": "other"}
    assert secret_named("FOOTNOTE_SECRET_DOCS", environ, None) == "s3cr3t-token"
    assert secret_named("OPENAI_API_KEY", environ, None) is None
    assert Settings.load({**environ, "FOOTNOTE_DATA_DIR": str(tmp_path / "x")}, env_file=None)
    options = SourceOptions(token_env="FOOTNOTE_SECRET_NOT_SET")  # noqa: S106 - a name
    with pytest.raises(SourceUnreadable, match="FOOTNOTE_SECRET_NOT_SET is not set"):
        footnote.add_base("handbook", "https://git.example/a.git", OPERATOR, options)


def test_options_survive_the_records(footnote: Footnote, tmp_path: Path) -> None:
    """What was said of a source is what a later sync is told; a base without options has none."""
    options = SourceOptions(include=("a/**", "b.md"), exclude=("a/old/**",))
    (tmp_path / "folder").mkdir()
    footnote.add_base("some", tmp_path / "folder", OPERATOR, options)
    footnote.add_base("all", tmp_path / "folder", OPERATOR)
    bases = footnote.records.bases
    assert bases.source(bases.get("some").id).options == options
    assert bases.source(bases.get("all").id).options == NO_OPTIONS
    assert SourceOptions.of(json.loads(json.dumps(options.as_json()))) == options


ODD = st.sampled_from(
    ["~nobody-of-this-name/x", "x" * 5000, "a@b:" + "x" * 5000, "https://[", "git+file://[", "ssh://["]
)
TEXTS = st.text() | ODD | st.builds("".join, st.lists(ODD | st.sampled_from(["git+", "@", ":", "/", ".git"])))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(text=TEXTS, template=TEXTS, key=TEXTS)
def test_whatever_is_named_as_a_source_is_understood_or_refused(
    footnote: Footnote, text: str, template: str, key: str
) -> None:
    """No path that is too long, no unknown home and no broken address is a fault that nobody foresaw."""
    for options in (NO_OPTIONS, SourceOptions(key_file=key), SourceOptions(link_template=template)):
        with suppress(FootnoteError):
            assert footnote.sources.recognise(text, options).location
