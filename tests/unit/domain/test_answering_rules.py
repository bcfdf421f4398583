"""What admins say about answers: limits, the glossary's form, and what holds for several bases."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.domain.answering_rules import (
    MOST_ENTRIES,
    MOST_MEANING_CHARS,
    MOST_MONEY,
    MOST_STYLE_CHARS,
    MOST_TOKENS,
    MOST_WORD_CHARS,
    NO_RULES,
    AnsweringRules,
    JointRules,
    checked,
    glossary_lines,
    joint,
    parse_glossary,
    word_key,
)
from pipelines.errors import BadInput


words = st.sampled_from(["PTO", "pto", "Ops", "on-call", "Straße", "有給"])
meanings = st.sampled_from(["paid time off", "the operations team", "power take-off: a shaft"])
glossaries = st.lists(st.tuples(words, meanings), max_size=4, unique_by=lambda entry: word_key(entry[0])).map(tuple)
styles = st.sampled_from(["", "  ", "Short sentences.", "Long sentences."])
rule_sets = st.builds(AnsweringRules, styles, glossaries, st.booleans(), st.none() | st.integers(0, 9))


def test_the_largest_rules_are_taken() -> None:
    """Every limit may be reached, in any script."""
    entries = tuple((f"{number:03}" + "ß" * (MOST_WORD_CHARS - 3), "語" * MOST_MEANING_CHARS) for number in range(200))
    rules = AnsweringRules("é" * MOST_STYLE_CHARS, entries, strict=True, tokens_per_day=0, money_per_day=MOST_MONEY)
    assert checked(rules) == rules
    assert checked(replace(rules, tokens_per_day=MOST_TOKENS, money_per_day=0)).money_per_day == 0


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        (AnsweringRules(style="x" * 2_001), "the style has 2,001 characters, the limit is 2,000"),
        (AnsweringRules(style="a\x00b"), "the style holds control characters: write it as plain text"),
        (AnsweringRules(style="half \ud83d"), "the style holds control characters: write it as plain text"),
        (
            AnsweringRules(glossary=tuple((f"w{number}", "m") for number in range(MOST_ENTRIES + 1))),
            "the glossary has 201 entries, the limit is 200",
        ),
        (
            AnsweringRules(glossary=(("w" * 81, "m"),)),
            f"the word {'w' * 60!r} of the glossary has 81 characters, the limit is 80",
        ),
        (
            AnsweringRules(glossary=(("PTO", "m" * 401),)),
            "the meaning of 'PTO' in the glossary has 401 characters, the limit is 400",
        ),
        (
            AnsweringRules(glossary=(("PTO", "one"), (" pto ", "other"))),
            "the glossary explains 'pto' twice: leave one of both",
        ),
        (AnsweringRules(glossary=(("PTO", " "),)), "the glossary's entry 'PTO: ' lacks its word or its meaning"),
        (AnsweringRules(glossary=(("C: drive", "a disk"),)), "the word 'C: drive' of the glossary holds a colon"),
        (AnsweringRules(glossary=(("PTO", "a\x07b"),)), "the glossary's entry 'PTO' holds control characters"),
        (AnsweringRules(tokens_per_day=-1), "the tokens of a day are -1, the limits are 0 and 999,999,999,999"),
        (AnsweringRules(money_per_day=10**15), "the money of a day, in millionths, are 1,000,000,000,000,000"),
    ],
)
def test_what_passes_a_limit_is_refused_in_one_sentence(rules: AnsweringRules, sentence: str) -> None:
    """It names the thing, the value and the limit."""
    with pytest.raises(BadInput) as caught:
        checked(rules)
    assert str(caught.value).startswith(sentence)


def test_texts_are_stored_without_outer_space() -> None:
    """Line ends are those of Unix; a word and its meaning stand on one line each; the rest stays as it was."""
    given_rules = AnsweringRules(" Short.\r\n\tNo jokes.\r", ((" on  call ", "who\nanswers"),))
    assert checked(given_rules) == AnsweringRules("Short.\n\tNo jokes.", (("on call", "who answers"),))


def test_a_glossary_is_lines_of_word_and_meaning() -> None:
    """The first colon parts them, empty lines are left out, the order stays."""
    text = "PTO: paid time off\n\n  Ops:the operations team: always on call  \r\nÜ : umlaut"
    assert parse_glossary(text) == (
        ("PTO", "paid time off"),
        ("Ops", "the operations team: always on call"),
        ("Ü", "umlaut"),
    )
    assert parse_glossary("") == ()


@pytest.mark.parametrize("line", ["PTO", "PTO:", ": paid time off", " : "])
def test_a_line_of_another_form_is_named(line: str) -> None:
    """Its number and its beginning are told."""
    with pytest.raises(BadInput, match=r"^line 2 of the glossary is .*: write each line as word: meaning$"):
        parse_glossary(f"Ops: a team\n{line}")


@given(st.text())
def test_any_text_is_a_glossary_or_is_refused(text: str) -> None:
    """What is taken comes back from its own lines, and may be stored."""
    try:
        glossary = parse_glossary(text)
    except BadInput:
        return
    assert parse_glossary("\n".join(glossary_lines(glossary))) == glossary
    rules = AnsweringRules(glossary=glossary)
    assert checked(rules) == rules


@given(st.builds(AnsweringRules, st.text(), st.lists(st.tuples(st.text(), st.text()), max_size=4).map(tuple)))
def test_checking_again_changes_nothing(rules: AnsweringRules) -> None:
    """Checked rules are stored as they are."""
    try:
        once = checked(rules)
    except BadInput:
        return
    assert checked(once) == once


def test_rules_of_several_bases() -> None:
    """One strict base is enough; a style holds where no other contradicts; every entry is there once."""
    hr = AnsweringRules("Short.", (("PTO", "paid time off"), ("Ops", "a team")), strict=True)
    it = AnsweringRules(glossary=(("ops", "a team"), ("PTO", "power take-off")))
    assert joint([hr, it, NO_RULES]) == JointRules(
        "Short.", (("PTO", "paid time off"), ("Ops", "a team"), ("PTO", "power take-off")), strict=True
    )
    assert joint([hr, AnsweringRules("Long.")]).style == ""
    assert joint([]) == JointRules()


@given(st.lists(rule_sets, max_size=4), st.randoms(use_true_random=False))
def test_only_the_order_of_entries_depends_on_the_order_of_bases(rules: list[AnsweringRules], random: object) -> None:
    """Style, strictness and what is explained are the same; a base that stands there twice changes nothing."""
    shuffled = list(rules)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = joint(rules), joint(shuffled)
    assert (one.style, one.strict) == (other.style, other.strict)
    assert entries(one) == entries(other)
    assert len(entries(one)) == len(one.glossary)
    assert joint([*rules, *rules]) == one


@given(rule_sets)
def test_the_rules_of_one_base_are_its_own(rules: AnsweringRules) -> None:
    """Nothing is added to them and nothing is lost."""
    alone = joint([rules])
    assert alone == JointRules(rules.style.strip(), rules.glossary, rules.strict)
    assert joint([NO_RULES, rules, NO_RULES]) == alone


def entries(rules: JointRules) -> set[tuple[str, str]]:
    """Return what is explained."""
    return {(word_key(word), meaning) for word, meaning in rules.glossary}
