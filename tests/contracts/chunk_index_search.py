"""What every index promises about its two lists and who sees what in them."""

import numpy as np
import pytest

from pipelines.errors import BadInput
from pipelines.ports.chunk_index import ChunkIndex, IndexRow, SearchLists, SearchRequest, TermFields
from tests.contracts.chunk_index_rows import DIMENSIONS, KB, RULE, chunk, numbers, question, row, words


ODD_TERMS = (
    "IT",
    "it",
    "r&d",
    "rd",
    '"quoted"',
    "quoted",
    "a'b",
    "a*",
    "a",
    "-not",
    "not",
    "NOT",
    "OR",
    "NEAR(a",
    "{stems}",
    "stems:a",
    "^a",
    "é",
    "e\u0301",
    "e",
    "É",
    "ß",
    "ss",
    "straße",
    "नमस्ते",
    "नमस",
    "日本",
    "👩‍👩‍👧",
    "👩",
    "🏳️‍🌈",
    "🏳",
    "\u200b",
    "nul\x00nul",
    "nul",
    "\x1b[31m",
    "a_b",
    "~abc",
    "abc",
    "%",
    "_",
    "=",
    "=3d=",
    "x" * 5000,
    "x" * 5001,
)


class SearchContract:
    """The promises of `ChunkIndex.search`."""

    def test_an_empty_index_finds_nothing(self, index: ChunkIndex) -> None:
        """Nothing is there, so both lists are empty."""
        assert index.search(question("word", at=[1])) == SearchLists({}, {})

    def test_an_index_says_whether_it_has_rows(self, index: ChunkIndex) -> None:
        """Before the first row, after an empty search, and with a row."""
        assert not index.has_rows()
        index.search(question("leave"))
        assert not index.has_rows()
        index.stage([row(1, "parental leave")])
        assert index.has_rows()

    def test_words_are_found_by_words(self, index: ChunkIndex) -> None:
        """A chunk that holds a term of the question is found, one that does not is not; scores are above zero."""
        index.stage([row(1, "parental leave"), row(2, "printer toner"), row(3, "unpaid leave of absence")])
        found = index.search(question("leave"))
        assert words(found) == {1, 3}
        assert all(score > 0 for score in found.words.values())
        assert found.vectors == {}

    def test_more_of_the_question_ranks_higher(self, index: ChunkIndex) -> None:
        """Two rare terms beat one; the list is best first."""
        index.stage([row(n, f"filler{n} text about nothing") for n in range(3, 20)])
        index.stage([row(1, "parental nothing about text"), row(2, "parental leave about text")])
        found = index.search(question("parental leave"))
        assert numbers(found.words) == [2, 1]
        assert list(found.words.values()) == sorted(found.words.values(), reverse=True)

    def test_a_title_is_found(self, index: ChunkIndex) -> None:
        """A term that stands in the title alone is found."""
        index.stage([row(1, "twelve weeks", title="parental leave"), row(2, "twelve months")])
        assert words(index.search(question("leave"))) == {1}

    def test_a_field_is_searched_for_its_own_terms(self, index: ChunkIndex) -> None:
        """A gram of the question does not find a stem of the same spelling."""
        index.stage([row(1, "the"), row(2, "other")])
        asked = question("other")
        asked = SearchRequest(TermFields(("other",), grams=("the",)), None, asked.access, asked.versions)
        assert words(index.search(asked)) == {2}

    def test_vectors_are_found_by_their_cosine(self, index: ChunkIndex) -> None:
        """The list of vectors holds every visible vector with its exact cosine, best first."""
        index.stage([row(1, at=[1]), row(2, at=[0.6, 0.8]), row(3, at=[-1]), row(4)])
        found = index.search(question(at=[1]))
        assert numbers(found.vectors) == [1, 2, 3]
        assert list(found.vectors.values()) == pytest.approx([1, 0.6, -1])
        assert found.words == {}

    def test_both_lists_come_from_one_search(self, index: ChunkIndex) -> None:
        """Each list finds its own; neither leaks into the other."""
        index.stage([row(1, "leave"), row(2, "toner", at=[1]), row(3, "leave", at=[0, 1])])
        found = index.search(question("leave", at=[1]))
        assert words(found) == {1, 3}
        assert numbers(found.vectors) == [2, 3]

    def test_no_stems_and_no_vector_find_nothing(self, index: ChunkIndex) -> None:
        """An empty question has two empty lists."""
        index.stage([row(1, "leave", at=[1])])
        assert index.search(question("")) == SearchLists({}, {})

    def test_a_question_of_unknown_words_finds_nothing(self, index: ChunkIndex) -> None:
        """Words that no chunk holds have an empty list."""
        index.stage([row(1, "leave")])
        assert index.search(question("zebra")).words == {}

    def test_a_list_ends_at_its_limit_and_ties_by_chunk_id(self, index: ChunkIndex) -> None:
        """Of a hundred and fifty equals the first by chunk id are kept, a hundred of them at most."""
        index.stage([row(n, "leave", at=[1]) for n in reversed(range(150))])
        for limit in (1, 7, 100):
            found = index.search(question("leave", at=[1], limit=limit))
            assert numbers(found.words) == list(range(limit))
            assert numbers(found.vectors) == list(range(limit))

    def test_the_lists_are_filtered_before_they_are_cut(self, index: ChunkIndex) -> None:
        """A reader's only chunk is found behind three hundred better ones that they may not read."""
        index.stage([row(n, "leave leave", rule=99, at=[1]) for n in range(300)])
        index.stage([row(1000, "leave among many other words", at=[0.1])])
        found = index.search(question("leave", at=[1]))
        assert numbers(found.words) == [1000]
        assert numbers(found.vectors) == [1000]

    def test_no_rules_see_nothing(self, index: ChunkIndex) -> None:
        """A reader who satisfies no rule finds nothing at all."""
        index.stage([row(1, "leave", at=[1])])
        assert index.search(question("leave", at=[1], rules={})) == SearchLists({}, {})

    def test_a_rule_counts_in_its_own_base_only(self, index: ChunkIndex) -> None:
        """Rights in one base open nothing in another, and a base without a version is not searched."""
        index.stage([row(1, "leave", at=[1]), row(2, "leave", kb=2, rule=20, at=[1])])
        rights = {KB: {RULE}, 2: {20}}
        assert words(index.search(question("leave", rules=rights, versions={KB: 1, 2: 1}))) == {1, 2}
        assert words(index.search(question("leave", rules=rights, versions={2: 1}))) == {2}
        crossed = index.search(question("leave", at=[1], rules={KB: {20}, 2: {RULE}}, versions={KB: 1, 2: 1}))
        assert crossed == SearchLists({}, {})

    def test_bases_are_searched_at_versions_of_their_own(self, index: ChunkIndex) -> None:
        """One search sees base 1 at version 1 and base 2 at version 5."""
        index.stage([row(1, "leave", at=[1]), row(2, "leave", added_in=2, at=[1])])
        index.stage([row(n, "leave", kb=2, rule=20, added_in=n, at=[1]) for n in (4, 5, 6)])
        found = index.search(question("leave", at=[1], rules={KB: {RULE}, 2: {20}}, versions={KB: 1, 2: 5}))
        assert words(found) == {1, 4, 5}
        assert set(numbers(found.vectors)) == {1, 4, 5}

    @pytest.mark.parametrize("held", [1, 3, 40, 300])
    def test_three_hundred_rules(self, index: ChunkIndex, held: int) -> None:
        """With a rule per document a reader of some of them finds theirs, however many they hold."""
        index.stage([row(n, "leave", rule=1000 + n, at=[1]) for n in range(300)])
        rights = {KB: {1000 + n for n in range(0, 300, 300 // held)}}
        expected = [n for n in range(300) if 1000 + n in rights[KB]][:100]
        found = index.search(question("leave", at=[1], rules=rights))
        assert numbers(found.words) == expected
        assert numbers(found.vectors) == expected

    def test_a_reader_with_five_thousand_rules(self, index: ChunkIndex) -> None:
        """Five thousand rules, most of which govern nothing, open what they open and no more."""
        index.stage([row(n, "leave", rule=n, at=[1]) for n in (1, 2500, 4999, 5000, 5001)])
        found = index.search(question("leave", at=[1], rules={KB: set(range(5000))}))
        assert words(found) == {1, 2500, 4999}
        assert numbers(found.vectors) == [1, 2500, 4999]

    @pytest.mark.parametrize("asked", ODD_TERMS, ids=ascii)
    def test_a_term_finds_itself_and_nothing_else(self, index: ChunkIndex, asked: str) -> None:
        """Case, accents, quotes, operators, emoji and very long terms are plain terms."""
        access = question().access
        index.stage([with_terms(n, (term,)) for n, term in enumerate(ODD_TERMS)])
        found = index.search(SearchRequest(TermFields((asked,)), None, access, {KB: 1}))
        assert words(found) == {ODD_TERMS.index(asked)}

    def test_empty_terms_are_no_terms(self, index: ChunkIndex) -> None:
        """An empty string neither finds nor is found."""
        index.stage([with_terms(1, ("",)), with_terms(2, ("", "leave"))])
        access = question().access
        assert words(index.search(SearchRequest(TermFields(("", "leave")), None, access, {KB: 1}))) == {2}
        assert index.search(SearchRequest(TermFields(("",)), None, access, {KB: 1})).words == {}

    def test_a_question_of_many_words_is_answered(self, index: ChunkIndex) -> None:
        """A pasted page of two thousand words is a question, too."""
        index.stage([row(1, "word5 leave"), row(2, "toner")])
        assert words(index.search(question(" ".join(f"word{n}" for n in range(2000))))) == {1}

    @pytest.mark.parametrize("length", [0, DIMENSIONS - 1, DIMENSIONS + 1, 2 * DIMENSIONS])
    def test_a_vector_of_another_length_is_refused(self, index: ChunkIndex, length: int) -> None:
        """A vector from another embedder is an error of the caller, not a wrong answer; nothing is written."""
        other = np.ones(length, np.float32)
        asked = question()
        with pytest.raises(BadInput, match=str(DIMENSIONS)):
            index.search(SearchRequest(asked.terms, other, asked.access, asked.versions))
        with pytest.raises(BadInput, match=str(DIMENSIONS)):
            index.stage([row(1), IndexRow(chunk(2), KB, RULE, 1, TermFields(("word",)), other)])
        assert index.count(KB) == 0

    def test_a_vector_that_is_no_number_is_refused(self, index: ChunkIndex) -> None:
        """Not-a-number has no place in an order."""
        with pytest.raises(BadInput):
            index.stage([row(1, at=[float("nan")])])
        with pytest.raises(BadInput):
            index.search(question(at=[float("inf")]))


def with_terms(number: int, stems: tuple[str, ...]) -> IndexRow:
    """Return a row of these very terms."""
    return IndexRow(chunk(number), KB, RULE, 1, TermFields(stems))
