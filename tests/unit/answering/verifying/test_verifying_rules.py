"""Each rule of the verifier: what disagrees with a passage, and what may be said otherwise."""

import pytest

from pipelines.answering.verifying import EvidencePassage, Reason, Verdict, verify


LEAVE = EvidencePassage(
    "Every parent gets 130 working days of parental leave on full pay for each child. "
    "Foster parents get 20 working days, unless the placement is planned to last longer than one year. "
    "Leave must be requested by Friday 6 March 2026. Only Anna Keller may approve it. It cannot be paid out.",
    title="Parental leave",
    headings=("Germany",),
)
MONEY = EvidencePassage(
    "A hotel may cost up to €120 per night. Meals above 5% of the budget need the approval of the finance director. "
    "Taxis are paid between 22:00 and 06:00. A certificate is valid for 24 months. "
    "If you have lost a receipt, write a note of your own. All team leads usually answer within two days."
)
TABLE = EvidencePassage("Office | Desks | Lead\nPorto | 40 | Rui Costa\nLeipzig | 85 | Jana Vogel", title="Offices")
LIST = EvidencePassage(
    "You may take the leave on these conditions:\nthe first block begins within four weeks\n"
    "each block is ten days long\nthe last block ends before the second birthday"
)


@pytest.mark.parametrize(
    ("sentence", "passage", "reason"),
    [
        ("Every parent gets 120 working days of parental leave on full pay.", LEAVE, Reason.FIGURE),
        ("Every parent gets 130 working weeks of parental leave on full pay.", LEAVE, Reason.UNIT),
        ("A hotel may cost up to $120 per night.", MONEY, Reason.CURRENCY),
        ("Meals above 5 percentage points of the budget need approval.", MONEY, Reason.UNIT),
        ("Leave must be requested by Friday 6 May 2026.", LEAVE, Reason.DATE),
        ("Leave must be requested by Monday 6 March 2026.", LEAVE, Reason.DATE),
        ("Leave must be requested by Friday 6 March 2027.", LEAVE, Reason.DATE),
        ("Only Pierre Dubois may approve it.", LEAVE, Reason.NAME),
        ("Parental leave on full pay for each child is, by the way, decided in Helsinki.", LEAVE, Reason.NAME),
        ("It can be paid out.", LEAVE, Reason.NEGATION),
        ("A hotel may never cost up to €120 per night.", MONEY, Reason.NEGATION),
        ("Foster parents get 20 working days, if the placement is planned to last longer than one year.", LEAVE, None),
        ("Foster parents get 20 working days.", LEAVE, Reason.CONDITION),
        ("Anna Keller may approve it.", LEAVE, Reason.QUANTIFIER),
        ("Some team leads usually answer within two days.", MONEY, Reason.QUANTIFIER),
        ("A hotel may cost at least €120 per night.", MONEY, Reason.COMPARATIVE),
        ("Leave may be requested by Friday 6 March 2026.", LEAVE, Reason.MODAL),
        ("Meals below 5% of the budget need the approval of the finance director.", MONEY, Reason.OPPOSITE),
        ("For Porto, the desks is 85.", TABLE, Reason.MIXED_ROWS),
        ("The canteen serves soup and fresh bread to all visitors at noon.", LEAVE, Reason.NO_SOURCE),
    ],
)
def test_what_disagrees_with_the_passage_is_contradicted(
    sentence: str, passage: EvidencePassage, reason: Reason | None
) -> None:
    """A fact of a closed class that the passage has otherwise is contradicted, for that reason."""
    found = verify(sentence, [passage])

    assert found.verdict is Verdict.CONTRADICTED, found
    assert reason is None or reason in found.reasons


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        ("It can't be paid out.", LEAVE),
        ("In Germany, every parent gets 130 working days of parental leave on full pay for each child.", LEAVE),
        ("Leave must be requested by Friday 2026-03-06.", LEAVE),
        ("A hotel may cost up to 120 euros per night.", MONEY),
        ("Meals above 5 percent of the budget need the approval of the finance director.", MONEY),
        ("Taxis are paid between 10 p.m. and 6 a.m.", MONEY),
        ("Write a note of your own if you have lost a receipt.", MONEY),
        ("According to the policy, all team leads usually answer within 2 days.", MONEY),
        ("For Porto, the desks is 40 and the lead is Rui Costa.", TABLE),
    ],
)
def test_other_forms_of_the_same_words_are_supported(sentence: str, passage: EvidencePassage) -> None:
    """Contractions, formats of figures and dates, clause order, lead phrases and told rows change nothing."""
    assert verify(sentence, [passage]).verdict is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        ("A certificate stays in force for two years.", MONEY),
        ("Lost a receipt? Simply put the reason on a note yourself.", MONEY),
        ("You may take the leave if the first block begins within four weeks and each block is ten days long.", LIST),
        ("Jeder Vater und jede Mutter bekommt 130 Arbeitstage Elternzeit bei vollem Gehalt.", LEAVE),
        ("Cada padre recibe 130 días laborables de permiso parental con sueldo completo.", LEAVE),
        ("Chaque parent reçoit 130 jours ouvrables de congé parental à plein salaire.", LEAVE),
    ],
)
def test_other_words_are_the_answers_own(sentence: str, passage: EvidencePassage) -> None:
    """Without a disagreement, free wording, a shortened list and another language are own words."""
    assert verify(sentence, [passage]).verdict is Verdict.OWN_WORDS


def test_a_wrong_figure_is_found_in_another_language() -> None:
    """Figures are compared in every language."""
    found = verify("Jeder Vater bekommt 140 Arbeitstage Elternzeit bei vollem Gehalt.", [LEAVE])

    assert found.verdict is Verdict.CONTRADICTED
    assert found.reasons == (Reason.FIGURE,)


def test_a_shortened_list_is_said_to_be_one() -> None:
    """Some items told with the lead-in of all of them are marked as incomplete."""
    told = (
        "You may take the leave on these conditions: the first block begins within four weeks, each is ten days long."
    )

    assert Reason.LIST_INCOMPLETE in verify(told, [LIST]).reasons


def test_facts_of_two_cited_passages_may_be_joined() -> None:
    """What neither passage holds alone, both may hold together."""
    one = EvidencePassage("The office in Porto has 40 desks.")
    two = EvidencePassage("The office in Leipzig has 85 desks.")

    found = verify("The office in Porto has 40 desks and the office in Leipzig has 85 desks.", [one, two])

    assert found.verdict is not Verdict.CONTRADICTED
    assert found.quote is not None


def test_without_a_passage_nothing_is_supported() -> None:
    """A sentence that cites nothing has no source."""
    found = verify("Every parent gets 130 days.", [])

    assert (found.verdict, found.reasons, found.quote) == (Verdict.CONTRADICTED, (Reason.NO_SOURCE,), None)


def test_the_quote_is_the_sentence_that_holds_the_fact() -> None:
    """The quote of a reworded sentence is the smallest stretch that holds its facts."""
    found = verify("The certificate is valid for two years.", [LEAVE, MONEY])

    assert found.quote is not None
    assert MONEY.text[found.quote.start : found.quote.end] == "A certificate is valid for 24 months."
    assert found.quote.passage == 1


def test_a_list_whose_lead_in_stands_outside_is_read_with_it() -> None:
    """Items at the beginning of a passage, and a heading above, are read with what introduces them."""
    passage = EvidencePassage(
        "a warm meal in the canteen\na free coffee\n\nVisitors pay for both.",
        headings=("Porto",),
        lead="Employees get:",
    )

    assert verify("In Porto, employees get a warm meal in the canteen.", [passage]).verdict is Verdict.SUPPORTED
    assert verify("Employees get a cold meal in the canteen.", [passage]).verdict is not Verdict.SUPPORTED
    assert verify("Employees pay for both.", [passage]).verdict is not Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("The Wren has a shorter warranty than the Heron.", "The Heron has a longer warranty than the Wren."),
        ("No organ is larger than the aboral organ.", "The largest organ is the aboral organ."),
        ("This policy is no less strict than the law.", "This policy is as strict as the law."),
        ("These tickets are not refundable.", "Tickets of this kind are non-refundable."),
        ("A box that was not used can be returned within 30 days.", "You may return an unused box within 30 days."),
        ("Team leads talk to customers without any detour.", "Team leads talk to customers directly."),
        (
            "You lose access to customer data if you have not passed the training.",
            "You keep your access to customer data only if you have passed the training.",
        ),
        ("Tasks that are left over move to week two.", "What is left over moves to the second week."),
        ("The 4th emperor was Buyantu Khan.", "The fourth emperor was Buyantu Khan."),
        ("Allow between six and twelve months for approvals.", "Approvals may take 6 months to a year."),
        ("It sits on the Danish coast.", "It sits on the coast of Denmark."),
        ("Apple Talk was a suite of protocols.", "In those years AppleTalk was a suite of protocols."),
        ("The museum shows the history of the city up to now.", "The museum shows the city's history until today."),
        ("Your warranty starts when the device is delivered.", "The warranty begins on the day of delivery."),
    ],
)
def test_the_same_said_by_other_means_is_not_contradicted(sentence: str, text: str) -> None:
    """A turned comparison, a denied opposite, a counted order or another form of a name disagrees with nothing."""
    assert verify(sentence, [EvidencePassage(text)]).verdict is not Verdict.CONTRADICTED


@pytest.mark.parametrize(
    ("sentence", "text", "reason"),
    [
        (
            "The Wren has a longer warranty than the Heron.",
            "The Heron has a longer warranty than the Wren.",
            Reason.COMPARATIVE,
        ),
        (
            "A box that was used can be returned within 30 days.",
            "An unused box can be returned within 30 days.",
            Reason.OPPOSITE,
        ),
        (
            "You keep your access to customer data if you have passed the training.",
            "You keep your access to customer data only if you have passed the training.",
            Reason.QUANTIFIER,
        ),
        ("The 5th emperor was Buyantu Khan.", "The fourth emperor was Buyantu Khan.", Reason.FIGURE),
        ("What is left over moves to week three.", "What is left over moves to the second week.", Reason.FIGURE),
        ("It sits on the Swedish coast of the sea.", "It sits on the coast of Denmark by the sea.", Reason.NAME),
    ],
)
def test_the_opposite_said_by_other_means_is_contradicted(sentence: str, text: str, reason: Reason) -> None:
    """What may be told from another side is still contradicted where it is told wrongly."""
    found = verify(sentence, [EvidencePassage(text)])

    assert found.verdict is Verdict.CONTRADICTED
    assert reason in found.reasons


def test_a_sentence_of_the_same_subject_is_no_evidence() -> None:
    """A passage that shares the subject and some words of a sentence, but says something else, is no source of it."""
    passage = EvidencePassage(
        "The recruiter schedules the interviews with the team. Candidates hear about the offer from the recruiter."
    )

    found = verify("The hiring manager writes a justification of the offer for every senior candidate.", [passage])

    assert Reason.NO_SOURCE in found.reasons


def test_a_denial_that_is_left_out_is_never_vouched_for() -> None:
    """All words of a sentence may stand in a passage that denies them: then it is not supported."""
    passage = EvidencePassage("GSA's Logo Policy does not authorize vendors of any kind to use the GSA Star Mark logo.")

    found = verify("Any vendor may use the GSA Star Mark logo under GSA's Logo Policy.", [passage])

    assert found.verdict is not Verdict.SUPPORTED
