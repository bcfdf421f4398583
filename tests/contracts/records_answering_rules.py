"""What records promise of the rules that admins give for answers."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from pipelines.domain.access import OPERATOR
from pipelines.domain.answering_rules import MOST_MONEY, MOST_TOKENS, NO_RULES, AnsweringRules
from pipelines.errors import BadInput, NotFound
from pipelines.ports.records import Records
from tests.contracts.ledger_scene import Scene


RULES = AnsweringRules(
    "Short.\nNo jokes: \U0001f642", (("Straße", "“a road”"), ("PTO", "時間")), strict=True, tokens_per_day=10
)


def rights(records: Records, kb: int) -> int:
    """Return the number that grows when a base may answer otherwise."""
    return records.access.scope(OPERATOR).rights[kb]


class AnsweringRuleRecordsContract:
    """The promises of `pipelines.ports.answering_rules.AnsweringRuleRecords`."""

    @pytest.fixture
    def asked(self, records: Records) -> int:
        """Return a base that can be searched."""
        scene = Scene(records)
        scene.publish(scene.draft("a.md", "text"))
        return scene.kb

    def test_a_base_of_which_nothing_was_said_has_no_rules(self, records: Records, asked: int) -> None:
        """So has one that is not there; they come in the order in which they were named."""
        assert records.answering_rules.of([asked + 7, asked]) == {asked + 7: NO_RULES, asked: NO_RULES}
        assert list(records.answering_rules.of([asked + 7, asked])) == [asked + 7, asked]
        assert records.answering_rules.of([]) == {}

    @pytest.mark.parametrize(
        "rules", [RULES, NO_RULES, AnsweringRules(tokens_per_day=MOST_TOKENS, money_per_day=MOST_MONEY)]
    )
    def test_rules_come_back_as_they_were_given(self, records: Records, asked: int, rules: AnsweringRules) -> None:
        """In any script, to the largest numbers; another base has its own."""
        other = Scene(records, "other").kb
        first = replace(RULES, style="before")
        assert records.answering_rules.change(asked, lambda _: first) == (NO_RULES, first)
        assert records.answering_rules.change(asked, lambda _: rules) == (first, rules)
        assert records.answering_rules.of([asked, other]) == {asked: rules, other: NO_RULES}

    def test_a_change_is_an_answer_otherwise(self, records: Records, asked: int) -> None:
        """Its number grows with each change, and not where nothing changed; another base's never."""
        scene = Scene(records, "other")
        scene.publish(scene.draft("a.md", "text"))
        before, others = rights(records, asked), rights(records, scene.kb)
        records.answering_rules.change(asked, lambda _: RULES)
        assert rights(records, asked) == before + 1
        records.answering_rules.change(asked, lambda rules: replace(rules, style=" Short.\r\nNo jokes: \U0001f642 "))
        assert rights(records, asked) == before + 1
        records.answering_rules.change(asked, lambda rules: replace(rules, tokens_per_day=None))
        assert rights(records, asked) == before + 2
        assert rights(records, scene.kb) == others

    def test_rules_beyond_a_limit_change_nothing(self, records: Records, asked: int) -> None:
        """Neither the rules nor the number of the base, whoever asks for them."""
        records.answering_rules.change(asked, lambda _: RULES)
        before = rights(records, asked)
        with pytest.raises(BadInput, match=r"the style has 2,001 characters, the limit is 2,000"):
            records.answering_rules.change(asked, lambda rules: replace(rules, style="x" * 2001))
        assert (records.answering_rules.of([asked])[asked], rights(records, asked)) == (RULES, before)

    def test_a_removed_base_takes_no_rules(self, records: Records, asked: int) -> None:
        """Once it is erased nothing is left of those that it had; nor does a base take any that never was."""
        records.answering_rules.change(asked, lambda _: RULES)
        records.bases.hide(asked)
        for wrong in (asked, asked + 7):
            with pytest.raises(NotFound, match="was removed"):
                records.answering_rules.change(wrong, lambda _: NO_RULES)
        assert records.answering_rules.of([asked]) == {asked: RULES}
        records.bases.erase(asked)
        assert records.answering_rules.of([asked]) == {asked: NO_RULES}

    def test_of_changes_at_once_none_is_lost(self, records: Records, asked: int) -> None:
        """Each sees what the one before it left."""
        before = rights(records, asked)

        def one_more(rules: AnsweringRules) -> AnsweringRules:
            return replace(rules, tokens_per_day=(rules.tokens_per_day or 0) + 1)

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(records.answering_rules.change, [asked] * 20, [one_more] * 20))
        assert records.answering_rules.of([asked])[asked].tokens_per_day == 20
        assert rights(records, asked) == before + 20
