"""Bytes to text: marks, UTF-8, what a file declares, and the guess."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingestion.reading.decoding import decode


GERMAN = "Die Kündigungsfrist beträgt drei Monate – für Ältere länger. Größe: 5 €."
FRENCH = "Les congés payés sont accordés à tous les salariés où qu'ils soient."
CZECH = "Příliš žluťoučký kůň úpěl ďábelské ódy. Zaměstnanec má nárok na dovolenou."
POLISH = "Pracownik ma prawo do urlopu. Żółta łódź płynęła wśród trzcin, a wąż się skrył."
RUSSIAN = "Сотрудник имеет право на отпуск продолжительностью двадцать восемь дней."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "utf-8"),
        (GERMAN, "utf-8-sig"),
        (GERMAN, "utf-16"),
        (GERMAN, "utf-16-le"),
        (GERMAN, "utf-16-be"),
        (GERMAN, "utf-32"),
        (GERMAN, "cp1252"),
        (FRENCH, "cp1252"),
        (CZECH, "cp1250"),
        (POLISH, "cp1250"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
    ],
)
def test_usual_encodings_are_recognised(text: str, encoding: str) -> None:
    """With or without a mark, the text is the text."""
    assert decode(text.encode(encoding)) == text


def test_utf_8_wins_over_a_wrong_declaration() -> None:
    """Nothing else is valid UTF-8 by chance, so a page that lies about it is still read."""
    assert decode(GERMAN.encode(), "iso-8859-1") == GERMAN


def test_a_declaration_decides_where_bytes_do_not() -> None:
    """What is no UTF-8 is read as the file says."""
    assert decode(RUSSIAN.encode("iso8859_5"), "iso-8859-5") == RUSSIAN


def test_one_broken_letter_does_not_change_the_encoding() -> None:
    """A file of UTF-8 with one bad byte loses that letter, not all the others."""
    assert decode(GERMAN.encode() * 3 + b"\xff") == GERMAN * 3 + "\ufffd"


@pytest.mark.parametrize("data", [bytes(range(256)), b"\x7fELF\x02\x01\x01\0\0\0\0", b"\x01\x02\x03" * 50])
def test_programs_are_no_text(data: bytes) -> None:
    """Control characters and zero bytes give a program away."""
    assert decode(data) is None


def test_an_unknown_declaration_is_passed_over() -> None:
    """A name that is no encoding, or none of text, does not stop the reading."""
    assert decode(GERMAN.encode("cp1252"), "x-klingon") == GERMAN
    assert decode(GERMAN.encode("cp1252"), "base64") == GERMAN


@given(st.binary(max_size=300), st.sampled_from([None, "utf-7", "idna", "iso-2022-jp", "utf-16", "rot13"]))
def test_no_bytes_are_too_odd(data: bytes, declared: str | None) -> None:
    """Whatever the bytes and the declaration, the result is a text or none."""
    assert isinstance(decode(data, declared), str | None)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"))))
def test_marked_text_is_exact(text: str) -> None:
    """With a byte-order mark every text survives."""
    assert decode(codecs.BOM_UTF8 + text.encode()) == text
