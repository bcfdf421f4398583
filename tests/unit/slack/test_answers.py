"""Any answer becomes messages that Slack takes, with nothing left out and nothing that takes effect."""

import json
import re
from dataclasses import replace
from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering import Page, page
from bot.slack.actions import Action, Pressed, pressed
from bot.slack.blocks.addresses import addresses_of, addresses_of_cards, linkable
from bot.slack.blocks.answers import answer_messages, ending
from bot.slack.blocks.plain_form import plain_messages
from bot.slack.blocks.shapes import size_of
from bot.slack.blocks.showing import Showing
from bot.slack.blocks.sources import source_blocks
from bot.slack.blocks.still import NAMELESS
from bot.slack.blocks.tables import Table, segments, table_blocks
from bot.slack.checks import check_blocks, check_message
from pipelines.answering.writing.inert import JOINER
from pipelines.domain.conversation import Answer, ClosestDocument, Outcome
from pipelines.domain.handed_files import UnreadFile
from tests.fakes.answers import answer, citation
from tests.unit.slack.reading_blocks import blocks_of, links, nodes, shown, squeezed
from tests.unit.slack.strategies import GENTLY, SHOWINGS, answers


LEAVE = "https://kb.example.com/leave"


def words_of(said: Page) -> str:
    """Return all words that a page must show; of what becomes a table the cells, not the headers of each row."""
    addresses = addresses_of_cards(said.sources)
    kept: list[str] = []
    for segment in chain.from_iterable(segments(paragraph) for paragraph in said.paragraphs):
        if isinstance(segment, Table) and table_blocks(segment, addresses, "Sources"):
            kept.extend("".join((*row.cells, row.marks)) for row in segment.rows)
        else:
            kept.extend(segment.lines)
    return squeezed("".join(kept))


def words_shown(blocks: list[dict[str, Any]]) -> str:
    """Return the words of blocks without small print, and without a table's headers and empty cells."""
    kept = [
        shown(block["rows"][1:]).replace(NAMELESS, "") if block["type"] == "table" else shown(block)
        for block in blocks
        if block["type"] != "context"
    ]
    return squeezed("".join(kept))


@GENTLY
@given(answers(), SHOWINGS)
def test_any_answer_becomes_valid_messages(given_answer: Answer, showing: Showing) -> None:
    """Whatever is in an answer, each of its messages passes all checks, and is small enough."""
    messages = answer_messages(page(given_answer), showing)
    assert messages
    for one in messages:
        check_message(one)
        assert len(json.dumps(one.post_arguments(), ensure_ascii=False).encode()) < 9300


@GENTLY
@given(answers(), SHOWINGS)
def test_the_whole_text_is_there(given_answer: Answer, showing: Showing) -> None:
    """Long answers and tables arrive whole, in order, however many messages they need."""
    said = page(replace(given_answer, text=given_answer.text.replace(NAMELESS, "-")))
    assert words_shown(blocks_of(answer_messages(said, showing))).startswith(words_of(said))


@GENTLY
@given(answers(), SHOWINGS)
def test_every_number_has_one_source(given_answer: Answer, showing: Showing) -> None:
    """Each number of an answer is the mark of exactly one entry of the sources, and opens what the mark opens."""
    said = page(given_answer)
    leaves = [one for one in nodes(list(source_blocks(said, showing))) if one.get("type") in ("text", "link")]
    heads = [one for one in leaves if re.match(r"\[\d+\] ", one["text"])]
    assert [one["text"].partition(" ")[0] for one in heads] == [f"[{one.number}]" for one in given_answer.citations]
    ours = addresses_of(given_answer.citations)
    assert [one.get("url", "") for one in heads] == [ours[one.number] for one in given_answer.citations]


@GENTLY
@given(answers(), SHOWINGS)
def test_every_link_is_the_address_of_what_is_cited(given_answer: Answer, showing: Showing) -> None:
    """Nothing opens but addresses of citations and of the closest documents, and a mark opens its own."""
    ours = addresses_of(given_answer.citations)
    others = {linkable(one.url or "") for one in given_answer.closest}
    for text, url in links(blocks_of(answer_messages(page(given_answer), showing))):
        number = re.fullmatch(r"\[(\d+)\]( .*)?", text)
        assert url in others or (number and url == ours[int(number[1])])


@GENTLY
@given(answers(), SHOWINGS, st.integers(0, 7900))
def test_what_follows_a_streamed_text_fits_its_message(given_answer: Answer, showing: Showing, room: int) -> None:
    """Sources, quotes and buttons go below a streamed text as far as there is room, and the rest into more messages."""
    end = ending(page(given_answer), showing, room=room)
    check_blocks(end.blocks)
    assert size_of(end.blocks) <= room + 2
    for message in end.more:
        check_message(message)
    whole = blocks_of(answer_messages(replace(page(given_answer), paragraphs=()), showing))
    without_numbers = [one for one in [*end.blocks, *blocks_of(end.more)] if one["type"] != "context"]
    assert squeezed(shown(without_numbers)) in squeezed(shown([one for one in whole if one["type"] != "context"]))


@GENTLY
@given(answers(), SHOWINGS)
def test_the_plain_form_is_always_valid_and_whole(given_answer: Answer, showing: Showing) -> None:
    """Where blocks were refused, bare text shows it all, and Slack finds nothing in it but our addresses."""
    said = page(given_answer)
    messages = plain_messages(said, showing)
    for one in messages:
        check_message(one)
        assert not one.blocks
    text = "".join(one.text for one in messages)
    wanted = squeezed("".join(line for paragraph in said.paragraphs for line in paragraph))
    read = re.sub("<http[^>]*>", "", text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert wanted in squeezed(read)


def test_a_text_that_json_escapes_stays_small_enough() -> None:
    """A quotation mark and a backslash have two bytes each on their way, and count so."""
    said = page(answer("\n\n".join(['"\\' * 480] * 20)))
    for one in (*plain_messages(said, Showing()), *answer_messages(said, Showing())):
        check_message(one)


def test_a_source_is_told_with_all_that_is_known() -> None:
    """Title, place, base, author, date and readers stand behind the mark, which opens the place."""
    shown_at = Showing(bases=("handbook",), readers=(("channel:C1", "everyone", "group:hr"),))
    (message,) = answer_messages(page(answer("You get 24 weeks. [1]", citation(url=LEAVE))), shown_at)
    told = shown(message.blocks)
    known = (
        "Leave policy › Parental leave",
        "handbook",
        "People team",
        "2026-03-01",
        "read by all members, hr, 1 channel",
    )
    assert " · ".join(("[1] Leave policy", *known)) in told
    assert links(message.blocks) == [("[1]", LEAVE), ("[1] Leave policy", LEAVE)]


def test_evidence_is_collapsed_and_verbatim() -> None:
    """The quotes wait in a container until somebody wants to see them."""
    (message,) = answer_messages(page(answer("x [1]", citation(quote="Line one.\n  Line two."))), Showing())
    (container,) = [one for one in message.blocks if one["type"] == "container"]
    assert container["default_collapsed"]
    assert shown(container["child_blocks"]).endswith("Line one.\n  Line two.")


@GENTLY
@given(answers(), SHOWINGS)
def test_every_quote_is_there_whole(given_answer: Answer, showing: Showing) -> None:
    """However many quotes there are, and however long, each waits in a container below its mark."""
    said = page(given_answer)
    containers = [one for one in blocks_of(answer_messages(said, showing)) if one["type"] == "container"]
    quoted = squeezed("".join(shown(one["child_blocks"]) for one in containers))
    wanted = [one for one in said.sources if any(one.quote)]
    assert all(f"{one.mark}" in quoted and squeezed("".join(one.quote)) in quoted for one in wanted)
    assert bool(containers) == bool(wanted)


def test_many_short_quotes_need_a_second_container() -> None:
    """A container holds ten quotes."""
    cited = [citation(number, quote=f"Quote {number}.") for number in range(1, 13)]
    containers = [
        one for one in blocks_of(answer_messages(page(answer("x", *cited)), Showing())) if one["type"] == "container"
    ]
    assert [len(one["child_blocks"]) for one in containers] == [10, 2]
    assert shown(containers[1]["title"]) == "Evidence [11] [12]"


def test_a_private_answer_can_be_shared_and_a_public_one_cannot() -> None:
    """Share is offered where only the asker sees an answer."""
    said = page(answer())
    for private in (True, False):
        (message,) = answer_messages(said, Showing(private=private))
        ids = [one["action_id"] for one in nodes(message.blocks) if "action_id" in one]
        assert (Action.SHARE in ids) is private


def test_choices_are_buttons_that_carry_the_choice() -> None:
    """Whoever picks a choice asks it; a choice too long for a button is listed above numbered buttons."""
    long = "And what about " + "very " * 30 + "long ones?"
    for choices in (("Germany?", "France?"), ("Germany?", long)):
        said = page(Answer(Outcome.CLARIFY, "Which?", choices=choices))
        (message,) = answer_messages(said, Showing(answer=7, delivery=8))
        buttons = [one for one in nodes(message.blocks) if one.get("type") == "button"]
        assert [pressed(one["value"]) for one in buttons] == [Pressed(7, 8, choice) for choice in choices]
        assert all(choice in shown(message.blocks) for choice in choices)
        heard = [one.get("accessibility_label", one["text"]["text"]) for one in buttons]
        assert [one[:20] for one in heard] == [choice[:20] for choice in choices]


def test_a_refusal_names_what_came_near_and_a_person() -> None:
    """A refusal ends in next steps: the closest documents and somebody to ask."""
    said = page(Answer(Outcome.REFUSAL, "Not in it.", closest=(ClosestDocument("hr", "Leave", "l.md", LEAVE),)))
    (message,) = answer_messages(said, Showing("de", person="Anna"))
    assert "Nächstliegende Dokumente\nLeave · hr" in shown(message.blocks)
    assert "Fragen Sie zum Beispiel: Anna" in shown(message.blocks)
    assert links(message.blocks) == [("Leave", LEAVE)]


def test_the_trash_is_seen_by_those_who_may_use_it() -> None:
    """Only the asker and admins see the icon that takes an answer away."""
    (message,) = answer_messages(page(answer()), Showing(removers=("U1", "UADMIN")))
    (trash,) = [one for one in nodes(message.blocks) if one.get("type") == "icon_button"]
    assert trash["visible_to_user_ids"] == ["U1", "UADMIN"]
    (without,) = answer_messages(page(answer()), Showing())
    assert not [one for one in nodes(without.blocks) if one.get("type") == "icon_button"]


def test_rows_become_a_table_that_arrives_whole() -> None:
    """Rows that share their headers are a table; a long one goes on in the next messages below its header."""
    rows = "\n".join(f"Country: Land {number} · Limit: {number} EUR [1]" for number in range(250))
    messages = answer_messages(page(answer(f"Limits: {rows}", citation(url=LEAVE))), Showing())
    tables = [one for one in blocks_of(messages) if one["type"] == "table"]
    assert len(tables) > 2
    cells = [[shown(cell) for cell in row] for table in tables for row in table["rows"][1:]]
    assert cells == [[f"Land {number}", f"{number} EUR", "[1]"] for number in range(250)]
    assert {tuple(shown(cell) for cell in table["rows"][0]) for table in tables} == {("Country", "Limit", "Sources")}


def test_lines_with_bars_keep_their_columns() -> None:
    """What looks like a table without being one is preformatted."""
    (message,) = answer_messages(page(answer("Contract | Days\nFull | 25 [1]", citation())), Showing())
    assert message.blocks[0]["elements"][0]["type"] == "rich_text_preformatted"


def test_messages_are_known_again() -> None:
    """Each message says of which answer and delivery it is, and which part."""
    messages = answer_messages(page(answer("Word. " * 4000)), Showing(answer=5, delivery=6))
    assert [one.metadata["event_payload"]["part"] for one in messages] == list(range(1, len(messages) + 1))
    assert {one.metadata["event_payload"]["delivery"] for one in messages} == {6}
    assert "Part 2 of" in shown(messages[1].blocks)


def test_nothing_is_parsed_or_unfurled() -> None:
    """A message is posted so that Slack looks for nothing in it."""
    (message,) = answer_messages(page(answer("<!here> https://evil.example @channel")), Showing())
    arguments = message.post_arguments()
    assert arguments["text"].replace(JOINER, "+") == "&lt;+!here&gt; https+:+/+/evil+.+example +@+channel"
    assert (arguments["parse"], arguments["link_names"], arguments["unfurl_links"]) == ("none", False, False)


@pytest.mark.parametrize("value", ["", "1", "1:2", "a:1:", "1:-2:", "١:1:", "1" * 40 + ":1:"])
def test_a_value_that_is_not_ours_says_nothing(value: str) -> None:
    """A button's value that we did not write is no answer's."""
    assert pressed(value) is None


def test_an_answer_about_files_can_be_taken_away_and_nothing_else() -> None:
    """It is not recorded: no button would find it. What was not read stands below it, and that nothing is kept."""
    said = page(replace(answer(), unread=(UnreadFile("<!here>.exe", "it is\nno document"),)))
    showing = Showing(delivery=8, removers=("U1",), person="Anna", private=True, of_files=True)
    (message,) = answer_messages(said, showing)
    pressable = [one["action_id"] for one in nodes(message.blocks) if "action_id" in one]
    assert pressable == [str(Action.REMOVE)]
    small_print = [shown(one) for one in message.blocks if one["type"] == "context"]
    assert squeezed(small_print[0]) == squeezed("Not read: <!here>.exe: it is no document")
    assert small_print[1] == "From the attached files alone. Nothing of them is kept."
    (plain,) = plain_messages(said, showing)
    assert "no document" in plain.text
    assert "Nothing of them is kept." in plain.text


def test_a_question_back_about_files_is_a_list() -> None:
    """A button would ask the knowledge bases; how to ask on is said."""
    said = page(Answer(Outcome.CLARIFY, "Which?", choices=("In Spain?", "In France?")))
    (message,) = answer_messages(said, Showing(of_files=True))
    assert not [one for one in nodes(message.blocks) if one.get("type") == "button"]
    assert "ask again, with the file" in shown(message.blocks)
    assert "2. In France?" in shown(message.blocks)


def test_a_refusal_about_files_names_nobody_to_ask() -> None:
    """Who looks after the knowledge bases knows nothing of somebody's file."""
    refused = page(Answer(Outcome.REFUSAL, "The files do not say it."))
    assert "Anna" not in shown(answer_messages(refused, Showing(person="Anna", of_files=True))[0].blocks)
