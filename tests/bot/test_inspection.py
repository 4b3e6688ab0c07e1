"""An inspection in chat: one item at a time, each answer recorded at once, questions back, correction, result."""

from __future__ import annotations

import pytest

from backend.actions.record_results import Entry, RecordResults, record_results
from backend.domain.people import RoleGrant
from backend.domain.sampling_rules import Double
from backend.domain.security import Plain, system
from backend.store.change import Change
from tests.actions.plans_in_force import line, put_in_force
from tests.bot.conftest import ChatHouse
from tests.bot.floor import begin, readings, until_diameters
from tests.bot.story import WORDS, moves
from tests.stores import ENGINES


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_whole_inspection_is_answered_in_chat(house: ChatHouse, language: str) -> None:
    phone = await house.phone("garcia", language)
    number = await begin(house, phone)
    for move in moves(language):
        said = await (phone.press(move.what) if move.act == "press" else phone.say(move.what))
        assert move.then in said, move
        assert len(await readings(house, number)) == move.readings, move
    recorded = await readings(house, number)
    assert [entered for _, entered, _ in recorded] == ["0"] * 6 + ["4,10", "4.35", "3.00", "3.01"]
    assert [verdict for _, _, verdict in recorded].count("nonconforming") == 1
    ncr = (await house.rows("select number from ncr order by number desc limit 1"))[0][0]
    everything = "\n".join(phone.texts())
    assert ncr in everything and "Anna Novak" in everything and WORDS[language]["held"] in everything
    reason = await house.rows("select reason from reading where entered = '4.35'")
    assert reason == [("roll 2 is thick & rough <end>",)]


async def test_the_live_message_is_edited_in_place(house: ChatHouse) -> None:
    phone = await house.phone("garcia")
    await begin(house, phone)
    before = len(phone.shown())
    for _ in range(3):
        await phone.press("conform")
    assert len(phone.shown()) == before
    assert "0 of 8 nonconforming" in "\n".join(phone.texts())


async def test_every_press_is_answered(house: ChatHouse) -> None:
    phone = await house.phone("garcia")
    await begin(house, phone)
    for words in ("conform", "Later", "Back", "Stop"):
        answered = len(house.telegram.called("answerCallbackQuery"))
        await phone.press(words)
        assert len(house.telegram.called("answerCallbackQuery")) == answered + 1


async def test_later_comes_back_at_the_end_and_stop_loses_nothing(house: ChatHouse) -> None:
    phone = await house.phone("garcia")
    number = await begin(house, phone)
    assert "2 of 10" in await phone.press("Later")
    for _ in range(5):
        await phone.press("conform")
    await phone.say("/stop")
    assert "5 of 10" in phone.read()
    await phone.press(number)
    assert "1 of 10" in phone.read()
    assert len(await readings(house, number)) == 5


@pytest.mark.proves("RES-5")
async def test_going_back_corrects_with_a_reason(house: ChatHouse) -> None:
    phone = await house.phone("garcia")
    number = await begin(house, phone)
    await until_diameters(phone)
    await phone.say("4.11")
    await phone.press("Back")
    assert "4.11" in phone.read()
    await phone.say("read the wrong line")
    await phone.say("4.12")
    assert "4.11 → 4.12" in phone.read() and "8 of 10" in phone.read()
    rows = await house.rows(
        "select entered, reading.status, reason from reading join inspection on inspection.id = "
        "reading.inspection_id where number = $1 and item_key = 'OD-1' order by reading.id",
        number,
    )
    assert rows == [("4.11", "superseded", None), ("4.12", "current", "read the wrong line")]


async def test_somebody_faster_is_named_with_what_they_entered(house: ChatHouse) -> None:
    phone = await house.phone("garcia")
    number = await begin(house, phone)
    inspection = (await house.rows("select id from inspection where number = $1", number))[0][0]
    entry = Entry(item_key="LBL-0", entered="0")
    command = RecordResults(id=house.store.new_id(), inspection_id=inspection, entries=[entry])
    await record_results(house.store, await house.who("li"), command)
    said = await phone.press("conform")
    assert "李娜" in said and "2 of 10" in said
    assert len(await readings(house, number)) == 1


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("abc", "is no number"),
        ("4.1 N", "Measure in mm"),
        ("4.1 abc", "The unit here is mm"),
        ("1,234,567", "several ways"),
        ("<LOD", "detection limit"),
        ("9e99", "too large"),
        ("x" * 5000, "is no number"),
        ("<b>4.1</b>", "is no number"),
    ],
)
async def test_text_that_is_no_reading_is_explained(house: ChatHouse, typed: str, expected: str) -> None:
    phone = await house.phone("garcia")
    number = await begin(house, phone)
    await until_diameters(phone)
    said = await phone.say(typed)
    assert expected in said and "7 of 10" in said
    assert len(await readings(house, number)) == 6


async def test_an_ambiguous_number_is_asked_back(house: ChatHouse) -> None:
    phone = await house.phone("garcia")
    number = await begin(house, phone)
    await until_diameters(phone)
    await phone.say("4,100")
    assert {"4.100", "4100"} <= set(phone.buttons())
    await phone.press("4.100")
    assert (await readings(house, number))[-1] == ("OD-1", "4.100", "conforming")


async def test_a_photo_stays_with_its_item(house: ChatHouse) -> None:
    phone = await house.phone("garcia")
    await begin(house, phone)
    await phone.press("Some do not")
    await phone.say("1")
    assert "does not conform" in phone.read()
    await phone.photo(b"\xff\xd8\xff\xe0 a photo of a label")
    assert "1 kept" in phone.read()
    await phone.say("torn")
    (kept,) = house.files
    rows = await house.rows("select attachments, reason from reading where reason = 'torn'")
    assert rows == [(f'["{kept}"]', "torn")]
    assert await house.rows("select id from attachment where id = $1", kept) == [(kept,)]


async def test_people_without_the_right_are_told_so(house: ChatHouse) -> None:
    phone = await house.phone("garcia")
    number = await begin(house, phone)
    inspection = (await house.rows("select id from inspection where number = $1", number))[0][0]
    await _end_role(house, "garcia", "inspector")
    said = await phone.press("conform")
    assert "Your roles do not allow this" in said
    assert await house.rows("select count(*) from reading where inspection_id = $1", inspection) == [(0,)]


async def _end_role(house: ChatHouse, login: str, role: str) -> None:
    """Take a role away, as an administrator's action will."""
    who = await house.who(login)

    async def end(tx: Change) -> None:
        for grant in await tx.all(RoleGrant, "person_id = $1 and role = $2", who.person_id, role):
            tx.update(grant, ended_at=tx.now)
        tx.record("role_ended", "person", who.person_id, role=role)

    await house.store.change(system(who.site_id), "end_role", Plain(house.store.new_id()), end, None)


@pytest.mark.proves("SMP-2")
@pytest.mark.parametrize(
    ("language", "further", "many"), [("en", "further pieces", "Some"), ("zh", "再抽取", "有")]
)
async def test_a_second_sample_is_asked_for_by_itself(
    house: ChatHouse, language: str, further: str, many: str
) -> None:
    await put_in_force(house, "TUB-30", [line("SUR", Double("S-4", "6.5"))])
    phone = await house.phone("garcia", language)
    number = await begin(house, phone)
    await phone.press(next(button for button in phone.buttons() if button.startswith(many)))
    await phone.say("3")
    assert further in phone.read()
    assert await readings(house, number) == [("SUR-0", "3", "undecidable")]
    await phone.press("conform" if language == "en" else "全部合格")
    assert (await readings(house, number))[1:] == [("SUR-0.2", "0", "conforming")]
    status = await house.rows("select status from inspection where number = $1", number)
    assert status == [("passed",)]
