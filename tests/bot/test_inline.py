"""Inline: cards for any chat, with numbers and a link and no value; offered to people we know, and to them alone."""

from __future__ import annotations

import pytest

from tests.bot.bot_api import WrongCall, check_call, visible
from tests.bot.conftest import ChatHouse
from tests.bot.fake_telegram import Refusal
from tests.bot.floor import open_tubing


@pytest.mark.proves("SIG-7", "AUD-8")
async def test_a_card_says_what_and_whose_number_and_nothing_else(house: ChatHouse) -> None:
    garcia = await house.phone("garcia")
    number = await open_tubing(house)
    before = len(house.telegram.shown(garcia.user))
    offered = await garcia.ask_inline(number)
    assert (offered["is_personal"], offered["cache_time"]) == ("true", "0")
    (card,) = offered["results"]
    text = visible(card["input_message_content"]["message_text"])
    head, link = text.split("\n")
    assert head == f"🔎 An inspection · {number}" == card["title"]
    assert link.partition("/#/inspections/")[2].count("-") == 4
    assert "PVC" in card["description"] and "PVC" not in text, "only who asks is shown more"
    assert len(house.telegram.shown(garcia.user)) == before, "the dialogue stays where it was"
    lot = (await garcia.ask_inline(f"L{number[1:]}"))["results"][0]
    assert visible(lot["input_message_content"]["message_text"]).endswith(f"/#/lots/L{number[1:]}")


async def test_without_a_text_it_offers_what_waits_for_the_person(house: ChatHouse) -> None:
    garcia = await house.phone("garcia")
    number = await open_tubing(house)
    offered = (await garcia.ask_inline(""))["results"]
    assert any(number in card["title"] for card in offered) and len(offered) <= 10
    assert (await garcia.ask_inline("nothing like this"))["results"] == []


@pytest.mark.proves("AUD-8")
async def test_a_stranger_is_offered_nothing_but_the_way_in(house: ChatHouse) -> None:
    number = await open_tubing(house)
    stranger = house.stranger()
    offered = await stranger.ask_inline(number)
    assert offered["results"] == [] and number not in str(offered)
    assert '"start_parameter": "hello"' in offered["button"].replace('":"', '": "')


async def test_an_answer_that_comes_too_late_stops_nothing(house: ChatHouse) -> None:
    garcia = await house.phone("garcia")
    number = await open_tubing(house)
    house.telegram.refusals["answerInlineQuery"] = [Refusal(400, "Bad Request: query is too old")]
    await garcia.ask_inline(number)
    assert len((await garcia.ask_inline(number))["results"]) == 1


def test_a_card_without_an_id_of_its_own_is_refused_by_the_checker() -> None:
    content = '{"message_text": "x", "parse_mode": "HTML"}'
    card = f'{{"type": "article", "id": "1", "title": "x", "input_message_content": {content}}}'
    check_call("answerInlineQuery", {"inline_query_id": "1", "results": f"[{card}]"})
    with pytest.raises(WrongCall, match="of its own"):
        check_call("answerInlineQuery", {"inline_query_id": "1", "results": f"[{card}, {card}]"})
