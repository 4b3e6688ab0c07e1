"""Questions in words, trace as a picture, help for where one stands, wishes in chat, a display as an answer."""

from __future__ import annotations

import pytest

from backend.outside.chart_picture import svg_png
from bot.dispatcher import build_dispatcher
from bot.turn import Hands
from scanner.worker import read_print_safely, read_safely
from tests.bot.bot_api import visible
from tests.bot.conftest import BASE_URL, ChatHouse
from tests.bot.display import display
from tests.bot.floor import begin, fail_tubing, readings, until_diameters


async def drawn(svg: str) -> bytes:
    return svg_png(svg)


async def held(house: ChatHouse) -> str:
    rows = await house.rows(
        "select lot.number from lot join hold on hold.lot_id = lot.id where lifted_at is null order by 1 desc limit 1"
    )
    return str(rows[0][0])


async def test_where_is_it_and_what_blocks_it(house: ChatHouse) -> None:
    garcia, novak = await house.phone("garcia"), await house.phone("novak")
    await fail_tubing(house, garcia)
    lot = await held(house)
    said = await novak.say(f"Where is {lot.lower()}?")
    assert lot in said and "📍" in said and "held" in said
    said = await novak.say("what blocks it")
    assert "in the way:" in said and "•" in said and "Novak" in said
    assert "📍" in await novak.say("在哪里")
    assert "no lot L26-999999" in await novak.say("where is L26-999999")
    await novak.say("/worklist")
    assert "Which lot?" in await novak.say("what blocks it?")
    assert "What waits for you" in await novak.say("my tasks")


async def test_a_part_of_a_number_is_enough(house: ChatHouse) -> None:
    novak = await house.phone("novak")
    numbers = [str(number) for (number,) in await house.rows("select number from lot order by number")]
    alone = next(each for each in numbers if sum(each[-4:] in other for other in numbers) == 1)
    assert alone in await novak.say(f"where is {alone[-4:]}?")
    said = await novak.say(numbers[0][4:8])
    assert "Several lots fit" in said
    assert "📍" in await novak.press(numbers[-1])
    assert "no lot" in await novak.say("where is 987654321")


async def test_a_trace_comes_as_a_picture_and_in_words(house: ChatHouse) -> None:
    house.dispatcher = build_dispatcher(house.store, Hands(read_safely, house._keep, BASE_URL, None, drawn))
    novak = await house.phone("novak")
    parent, child = (
        await house.rows(
            "select parent.number, child.number from consumption join lot parent on parent.id = parent_lot_id "
            "join lot child on child.id = child_lot_id order by 1 limit 1"
        )
    )[0]
    said = await novak.say(f"trace {parent}")
    assert "🧬" in said and child in said
    (photo,) = [each for each in house.telegram.shown(novak.user) if "photo" in each]
    assert house.telegram.files[photo["photo"][0]["file_id"]].startswith(b"\x89PNG")
    await novak.say(str(child))
    assert parent in await novak.press("Trace")


async def test_help_knows_where_one_stands(house: ChatHouse) -> None:
    garcia = await house.phone("garcia")
    await garcia.say("/help")
    assert "an item waits for its answer" not in garcia.read()
    await begin(house, garcia)
    assert "an item waits for its answer" in await garcia.say("/help")
    await until_diameters(garcia)
    await garcia.say("4.35")
    assert "you are asked back" in await garcia.say("/help") and "4.35" in garcia.read()


async def test_wishes_are_chosen_or_typed(house: ChatHouse) -> None:
    garcia = await house.phone("garcia")
    await garcia.say("/settings")
    await garcia.press("Quiet hours")
    assert "22:00–06:00" in await garcia.press("22:00-06:00")
    await garcia.press("Quiet hours")
    assert "is no time of the day" in await garcia.say("after lunch")
    assert "21:30–05:45" in await garcia.say("21：30 ~ 5:45")
    await garcia.press("Digest")
    assert "Morning digest: 07:00" in await garcia.press("07:00")
    await garcia.press("Deputy")
    while "Anna Novak" not in "".join(garcia.buttons()):
        await garcia.press("More")
    assert "Deputy: Anna Novak" in await garcia.press("Anna Novak")
    assert await house.rows(
        "select quiet_from, quiet_until, digest_at from telling join person on person.id = person_id "
        "where login = 'garcia'"
    ) == [("21:30", "05:45", "07:00")]
    await garcia.press("Quiet hours")
    assert "Quiet hours: none" in await garcia.press("Off")


@pytest.mark.proves("RES-1")
async def test_a_photo_of_a_display_is_read_echoed_and_recorded_when_confirmed(house: ChatHouse) -> None:
    """A real reading engine; nothing is recorded before the person says so (FRONTS "Chat" 13)."""
    house.dispatcher = build_dispatcher(
        house.store, Hands(read_safely, house._keep, BASE_URL, read_print_safely)
    )
    garcia = await house.phone("garcia")
    number = await begin(house, garcia)
    await until_diameters(garcia)
    before = len(await readings(house, number))
    said = await garcia.photo(display("4.10"))
    assert "I read 4.10 mm" in said and "limits" in said
    assert len(await readings(house, number)) == before
    assert "4.10" in await garcia.press("4.10 mm")
    assert (await readings(house, number))[-1][1] == "4.10"
    evidence = "select attachments from reading order by id desc limit 1"
    assert len((await house.rows(evidence))[0][0]) > 10
    said = await garcia.photo(display("4.35", 2))  # beyond the limits: asked again, like a typed one
    assert "outside" in await garcia.press("4.35 mm")
    await garcia.press("Retype")
    blank = display("", 3)
    assert "no number on that picture" in await garcia.photo(blank)
    assert "3 kept" in visible(garcia.shown()[-1]["text"]) or "kept for this item" in garcia.read()
