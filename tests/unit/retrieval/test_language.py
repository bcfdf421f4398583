"""Whether a text looks English, on sentences whose language is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.retrieval.language import looks_english, question_looks_english


ENGLISH = [
    "Employees who have been with us for a year may take up to twenty weeks of parental leave.",
    "Claims are paid within thirty days of the date on which they were received.",
    "The café serves a naïve crowd, and it is open on Sundays.",
]
FOREIGN = [
    "Wer seit einem Jahr bei uns ist, kann bis zu zwanzig Wochen Elternzeit nehmen.",
    "Los empleados que llevan un año con nosotros pueden tomar hasta veinte semanas de permiso.",
    "Les remboursements sont faits dans les trente jours qui suivent la date de la demande.",
    "De aanvraag wordt binnen dertig dagen na ontvangst door het bestuur behandeld.",
    "Çalışanlar bir yıl sonra yirmi hafta izin alabilir.",
    "Nhân viên có thể nghỉ phép hai mươi tuần sau một năm làm việc.",
    "Сотрудники могут взять отпуск через год работы.",
    "员工工作一年后可以休二十周的育儿假。",
    "يمكن للموظفين أخذ إجازة بعد سنة.",
]


@pytest.mark.parametrize("text", ENGLISH)
def test_english_prose_looks_english(text: str) -> None:
    """Also with a few accents in it."""
    assert looks_english(text)


@pytest.mark.parametrize("text", FOREIGN)
def test_other_prose_does_not(text: str) -> None:
    """Neither in Latin letters nor in any other."""
    assert not looks_english(text)
    assert not question_looks_english(text)


@pytest.mark.parametrize("text", ["def parse(name: str) -> int:", "12 | 40 | 7.5", "", "SKU-4471 EUR"])
def test_code_and_figures_need_no_grams(text: str) -> None:
    """ASCII without the function words of another language counts as English in a document."""
    assert looks_english(text)


@pytest.mark.parametrize(
    ("question", "english"),
    [
        ("How many days of leave do I get?", True),
        ("what is the notice period", True),
        ("Wie viele Urlaubstage habe ich?", False),
        ("¿Cuántos días de vacaciones tengo?", False),
        ("Elternzeit Dauer", False),
        ("Was machen wir für Kunden heute?", False),
        ("parental leave", False),
        ("", False),
    ],
)
def test_a_question_must_give_evidence(question: str, *, english: bool) -> None:
    """Bare keywords may be any language; a question in English words is English."""
    assert question_looks_english(question) is english


@given(st.text(max_size=80))
def test_case_does_not_matter(text: str) -> None:
    """A text in ASCII capitals is the same language."""
    ascii_text = text.encode("ascii", "ignore").decode()
    assert looks_english(ascii_text.upper()) is looks_english(ascii_text.lower())
    assert question_looks_english(ascii_text.upper()) is question_looks_english(ascii_text.lower())
