"""The story of an inspection as people play it: the same steps for every transport and language."""

from __future__ import annotations

from typing import NamedTuple

TUBING_ITEMS = 10
WORDS = {
    "en": {
        "all": "conform",
        "some": "Some do not",
        "confirm": "Confirm",
        "retype": "Retype",
        "record": "Record without",
        "conforms": "conforms",
        "fails": "does not conform",
        "held": "is held",
        "failed": "failed",
        "place": "{} of 10",
    },
    "zh": {
        "all": "全部合格",
        "some": "有不合格",
        "confirm": "确认",
        "retype": "重新输入",
        "record": "直接记录",
        "conforms": "合格",
        "fails": "不合格",
        "held": "已冻结",
        "failed": "不合格",
        "place": "第 {} 项",
    },
}


class Move(NamedTuple):
    """What a person does (`press` words of a button, or `say` a text), what stands there then, and how many
    readings are on record."""

    act: str
    what: str
    then: str
    readings: int


def moves(language: str) -> list[Move]:
    """A tubing inspection: six attributes, four diameters, of which one is out of limits."""
    w = WORDS[language]
    place = w["place"].format
    return [
        *(Move("press", w["all"], place(number + 1), number) for number in range(1, 5)),
        Move("press", w["some"], place(5), 4),
        Move("say", "0", place(6), 5),
        Move("press", w["all"], place(7), 6),
        Move("say", "4,10", place(8), 7),
        Move("say", "４１", place(8), 7),  # full-width, and a slipped point
        Move("press", w["retype"], place(8), 7),
        Move("say", "4.35", place(8), 7),
        Move("press", w["confirm"], place(8), 7),
        Move("say", "roll 2 is thick & rough <end>", place(9), 8),
        Move("say", "3.00", place(10), 9),
        Move("say", "3.01", w["failed"], 10),
    ]
