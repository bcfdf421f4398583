"""Front matter: facts are a comfort, an audience is a rule that fails closed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.domain.reading import Read, Rejected
from pipelines.ingestion.reading.front_matter import split_front_matter
from tests.unit.ingestion.reading.promises import read_as, reading, reason


HIDDEN = (
    "it names an audience that cannot be read: front matter stands before everything else,"
    " as YAML between two lines --- or TOML between two lines +++, with the key audience once and at its top level"
)
RULE = "audience: [group:hr]\n"
BODY = "\n# Salaries\n\nText.\n"
HIDING = {
    "a key twice": f"---\n{RULE}audience: [everyone]\n---\n",
    "a key twice in capitals": f"---\n{RULE}Audience: [everyone]\n---\n",
    "a key twice and invisibly": f"---\n{RULE}audi\u00adence: [everyone]\n---\n",
    "a key twice in TOML": "+++\naudience = ['group:hr']\naudience = ['everyone']\n+++\n",
    "the plural": "---\naudiences: [group:hr]\n---\n",
    "a merge key": "---\nd: &d\n  audience: [group:hr]\n<<: *d\n---\n",
    "nested": "---\nparams:\n  audience: [group:hr]\n---\n",
    "nested by an escape": '---\nparams: {"\\x61udience": [group:hr]}\n---\n',
    "before aliases of aliases": '---\nz: [{"\\x61udience": 1}]\na0: &a0 [x]\n'
    + "".join(f"a{n + 1}: &a{n + 1} [*a{n}, *a{n}]\n" for n in range(40))
    + "---\n",
    "a table of TOML": "+++\ntitle = 'x'\n[params]\naudience = ['group:hr']\n+++\n",
    "a dotted key of TOML": "+++\nparams.audience = ['group:hr']\n+++\n",
    "a list": "---\n- audience: [group:hr]\n---\n",
    "a broken flow": "---\n{title: x: y, audience: [group:hr]}\n---\n",
    "a broken explicit key": "---\n? audience\n: [group:hr]\nx: y: z\n---\n",
    "a broken key with a tag": "---\n!!str audience: [group:hr]\nx: y: z\n---\n",
    "no space": "---\naudience:[group:hr]\n---\n",
    "a full-width colon": "---\naudience\uff1a [group:hr]\n---\n",
    "an invisible beginning": f"\u200b---\n{RULE}---\n",
    "an invisible fence": f"--\u2060-\n{RULE}---\n",
    "longer fences": f"----\n{RULE}----\n",
    "another end": f"---\n{RULE}+++\n",
    "an end of dots": f"---\ntitle: x\n...\n{RULE}---\n",
    "an empty first": f"---\n---\n---\n{RULE}---\n",
    "an opening twice": f"---\n---\n{RULE}---\n",
    "a second": f"---\ntitle: x\n---\n---\n{RULE}---\n",
    "a second after a blank line": f"---\ntitle: x\n---\n\n---\n{RULE}---\n",
    "a second besides the first": f"---\naudience: [everyone]\n---\n---\n{RULE}---\n",
    "after a comment": f"<!-- x -->\n\n<!-- y -->\n---\n{RULE}---\n",
    "in a comment": f"<!--\n{RULE}-->\n",
    "at the beginning of a comment": "<!-- audience: [group:hr] -->\n",
    "form feeds": f"---\ntitle: x\n\f{RULE}---\n",
    "line separators": "---\u2028audience: [group:hr]\u2028---\n",
    "JSON": '{\n"audience": ["group:hr"]\n}\n',
    "JSON in one line": '{"title": "x", "audience": ["group:hr"]}\n',
    "JSON between semicolons": ';;;\n{"audience": ["group:hr"]}\n;;;\n',
}


@pytest.mark.parametrize("head", HIDING.values(), ids=HIDING.keys())
def test_an_audience_that_is_no_rule_rejects_the_document(head: str) -> None:
    """However somebody wrote a restriction at the beginning, the document is not open to every reader."""
    assert reason("md", (head + BODY).encode()).startswith("it names an audience that cannot be read: ")


def test_an_invisible_character_in_the_key_does_not_hide_the_rule() -> None:
    """The key is what its author sees."""
    assert audience("\u200baudience\u00a0: [group:hr]") == ("group:hr",)


@pytest.mark.parametrize(
    "part", ["<!-- x -->", "<!--", "---\n", "-", " ", "{", ",", "? ", "! ", "audience ", "audience]", "a.", "\n", '{"']
)
def test_no_beginning_takes_quadratic_time(part: str) -> None:
    """A quarter of a million of repeated parts is decided; a backtracking search would not end in an hour."""
    assert isinstance(split_front_matter("---\n" + part * (250_000 // len(part))), tuple)
    assert isinstance(split_front_matter(part * (250_000 // len(part)) + "x"), tuple)


def audience(front: str) -> tuple[str, ...] | None:
    """Return the audience of a document with this front matter."""
    return reading("md", f"---\n{front}\n---\nText.\n".encode()).audience


@pytest.mark.parametrize(
    ("front", "readers"),
    [
        ("audience: [group:hr]", ("group:hr",)),
        ("audience:\n  - Group:hr\n  - user:anna", ("group:hr", "user:anna")),
        ("audience: everyone", ("everyone",)),
        ("Audience: [public]", ("public",)),
        ("title: x", None),
    ],
)
def test_a_document_names_its_readers(front: str, readers: tuple[str, ...] | None) -> None:
    """A list or one reader, in their normal form; without the key there is no rule of its own."""
    assert audience(front) == readers


@pytest.mark.parametrize(
    "front",
    [
        "audience: []",
        "audience:",
        "audience: {hr: yes}",
        "audience: [[group:hr]]",
        "audience: [hr]",
        "audience: 'group:'",
    ],
)
def test_a_malformed_audience_rejects_the_document_and_names_the_key(front: str) -> None:
    """A rule that cannot be read must not open the document to those it excludes."""
    assert "the key audience of its front matter" in reason("md", f"---\n{front}\n---\nText.\n".encode())


@pytest.mark.parametrize(
    "text",
    [
        "---\naudience: [group:hr\n---\nText.",
        "---\ntitle: a: b\naudience: [group:hr]\n---\nText.",
        "---\n'audience': [group:hr\n---\nText.",
        "+++\naudience = [group:hr]\n+++\nText.",
        "---\naudience: " + "[" * 3000 + "\n---\nText.",
        "---\naudience: [group:hr]\nx: " + "y" * 70_000 + "\n---\nText.",
    ],
)
def test_front_matter_that_is_broken_and_names_an_audience_is_rejected(text: str) -> None:
    """Broken YAML or TOML is content only as long as it holds no rule."""
    said = reason("md", text.encode())
    assert said.startswith("it names an audience that cannot be read: its front matter is not correct ")


@pytest.mark.parametrize(
    ("before", "end"),
    [
        ("\n\n", "\n"),
        (" \t\r\n", "\r\n"),
        ("\ufeff", "\n"),
        ("\ufeff\n", "\n"),
        ("\n\ufeff", "\n"),
        ("  ", "\n"),
        ("", "\r"),
    ],
)
def test_nothing_that_cannot_be_seen_hides_a_rule(before: str, end: str) -> None:
    """Blank lines, byte-order marks and any line ends leave the front matter what it is."""
    text = before + end.join(["---", "title: T", "audience: [group:hr]", "---", "Text."])
    result = reading("md", b"\xef\xbb\xbf" + text.encode())
    assert (result.title, result.audience, result.text) == ("T", ("group:hr",), "Text.")


@pytest.mark.parametrize("before", ["", "\n", "\ufeff", " "])
@pytest.mark.parametrize("fence", ["---", "+++"])
@pytest.mark.parametrize("rule", ["audience: [group:hr]", "Audience: hr", "audience = ['group:hr']"])
def test_an_unclosed_front_matter_that_names_an_audience_is_rejected(before: str, fence: str, rule: str) -> None:
    """A forgotten fence must not open the document; the reason says how front matter is closed."""
    filler = "x: y\n" * 1000
    said = reason("md", f"{before}{fence}\ntitle: T\n{filler}{rule}\n----\n\n# Salaries\n".encode())
    assert said == HIDDEN


@pytest.mark.parametrize(
    "text",
    [
        "---\n\n# Leave\n\nText.",
        "\n---\nThe audience: all of us.\n\nText.",
        "---\n" + "Words.\n" * 10_000 + "audience: all\n\nText.",
        "# Leave\n\nAudience: all\n\nText.",
        "-----\n\nOur audience: all of us.\n\nText.",
        "Our audience: everyone who travels.\n\n---\n\nText.",
        "audience: everyone who travels.\n\n---\n\nText.",
        "```yaml\n---\naudience: [group:hr]\n---\n```\n\nText.",
        "---\ntitle: T\n---\nThe audience is large.\n\n---\n\nText.",
        "---\ntitle: T\n---\n\nAudience: all\n\n---\n\nText.",
        "---\ntitle: T\nms.audience: all\n# audience: all\nabout: the audience\n---\nText.",
        "<!-- For every audience. -->\n\nAudience: all\n\nText.",
        "{% raw %}\n\nAudience: all\n\nText.",
    ],
)
def test_a_line_across_the_page_is_content(text: str) -> None:
    """Markdown that begins with a thematic break, or names an audience in its text, is read whole."""
    result = reading("md", text.encode())
    assert result.audience is None
    assert result.text.endswith("Text.")


@pytest.mark.parametrize(
    "text", ["---\nJust: a: rule\n---\nText.", "---\n- a\n- b\n---\nText.", "---\nWords.\n\n---\nText."]
)
def test_what_is_no_mapping_is_content(text: str) -> None:
    """A rule above the first paragraph is not taken for front matter, nothing of it is lost."""
    assert "Text." in reading("md", text.encode()).text
    assert len(reading("md", text.encode()).blocks) > 1


def test_toml_is_read_too() -> None:
    """The other usual front matter, between plus signs."""
    result = reading("md", b'+++\ntitle = "Leave"\ndate = 2026-11-21\naudience = ["group:hr"]\n+++\nText.')
    assert (result.title, result.date, result.audience, result.text) == ("Leave", "2026-11-21", ("group:hr",), "Text.")


@pytest.mark.parametrize("value", ["2023-13-45", "!!timestamp x", "!!int ''", "!!python/object:os.system x", "~"])
def test_values_of_any_kind_are_text(value: str) -> None:
    """A date that is none, or a tag of another program, is no fault of the document."""
    assert reading("md", f"---\ndate: {value}\ntitle: T\n---\nText.".encode()).title == "T"


def test_windows_line_ends_and_a_mark_before_it_do_not_matter() -> None:
    """The front matter begins the file as its author sees it."""
    assert reading("md", b"\xef\xbb\xbf---\r\ntitle: T\r\n---\r\nText.").title == "T"


LINES = st.lists(
    st.sampled_from(["audience: [group:hr]", "title: x", "- a", "a: [", "---", "", "%", "\t: x", "...", "é"])
)


@given(LINES)
def test_no_front_matter_drops_a_rule(lines: list[str]) -> None:
    """What begins with a rule line that names an audience is restricted, rejected, or shows that line as text."""
    text = "---\naudience: [group:hr]\n" + "\n".join(lines)
    result = read_as("md", text.encode())
    assert isinstance(result, Rejected) or result.audience == ("group:hr",) or "audience:" in result.text


@given(st.text(alphabet="-+.:[]{}&*!|>%@`'\"#ab \n\t", max_size=200))
def test_no_front_matter_is_too_odd(text: str) -> None:
    """Whatever stands between the fences, there is an outcome."""
    result = split_front_matter(f"---\n{text}\n---\nText.")
    assert isinstance(result, Rejected) or result[1].endswith("Text.")
    assert isinstance(read_as("md", f"+++\n{text}\n+++\nText.".encode()), Read | Rejected)
