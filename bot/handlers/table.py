"""Which function shows a step, takes a text or a picture at it, and answers a button: the whole dialogue in
four tables."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.handlers import (
    correcting,
    deciding,
    home,
    inspecting,
    inspection_screens,
    looking_up,
    reading_off,
    receiving,
    wishes,
)
from bot.screens import Screen
from bot.talk import (
    Asked,
    Card,
    Correcting,
    Doubted,
    Evidence,
    Finished,
    Fitting,
    Home,
    Judging,
    Label,
    Languages,
    Missing,
    NcrShown,
    Outcome,
    ReadOff,
    Step,
    Wishes,
)
from bot.turn import Turn

Show = Callable[[Turn, Any], Awaitable[Screen]]
Take = Callable[[Turn, Any, str], Awaitable[None]]
TakePicture = Callable[[Turn, Any, str, bytes], Awaitable[None]]
Press = Callable[..., Awaitable[None]]

SHOWS: dict[type[Step], Show] = {
    Home: home.show_home,
    Card: home.show_card,
    Fitting: looking_up.show_fitting,
    Languages: home.show_languages,
    Asked: inspection_screens.show_asked,
    Doubted: inspection_screens.show_doubted,
    Judging: inspection_screens.show_judging,
    Evidence: inspection_screens.show_evidence,
    Finished: inspection_screens.show_finished,
    Correcting: correcting.show_correcting,
    NcrShown: deciding.show_ncr,
    Outcome: deciding.show_outcome,
    Missing: deciding.show_missing,
    Label: receiving.show_label,
    ReadOff: reading_off.show_read_off,
    Wishes: wishes.show_wishes,
}

TEXTS: dict[type[Step], Take] = {
    Asked: inspecting.typed_answer,
    Doubted: inspecting.retyped,
    Judging: inspecting.judged_again,
    Evidence: inspecting.typed_reason,
    Correcting: correcting.typed,
    Outcome: deciding.typed_outcome,
    Missing: deciding.typed_missing,
    ReadOff: reading_off.typed,
}

PICTURES: dict[type[Step], TakePicture] = {
    Asked: reading_off.photo,
    ReadOff: reading_off.photo,
    Doubted: reading_off.photo,
    Judging: reading_off.photo,
    Evidence: reading_off.photo,
    Correcting: correcting.photo,
}
"""Steps at which a picture belongs to an answer; at every other it is a label. The text is its SHA-256."""


async def _confirm(turn: Turn) -> None:
    if isinstance(turn.talk.step, Correcting):
        await correcting.confirm(turn)
    else:
        await inspecting.confirm(turn)


PRESSES: dict[str, Press] = {
    "home": home.go_home,
    "lot": home.open_card,
    "language": home.choose_language,
    "inspection": inspection_screens.open_inspection,
    "all_conform": inspecting.all_conform,
    "some": inspecting.some_do_not,
    "confirm": _confirm,
    "retype": inspecting.retype,
    "reading": inspecting.choose_reading,
    "judged": inspecting.judged,
    "record": inspecting.record_as_is,
    "gauge": inspecting.choose_gauge,
    "read_off": reading_off.take,
    "later": inspecting.put_off,
    "stop": inspecting.stop,
    "back": correcting.back,
    "leave": correcting.leave,
    "ncr": deciding.open_ncr,
    "contain": deciding.contain,
    "decide": deciding.decide,
    "disposition": deciding.choose_disposition,
    "promise": deciding.promise,
    "owners": deciding.more_owners,
    "owner": deciding.choose_owner,
    "due": deciding.choose_due,
    "dispose": deciding.dispose,
    "close": deciding.close,
    "follow_up": deciding.ask_outcome,
    "receive": receiving.receive,
    "quantity": receiving.ask_quantity,
    "code": receiving.choose_code,
    "label": receiving.back_to_label,
    "print_reason": receiving.ask_print_reason,
    "print_same": receiving.print_is_the_same,
    "wishes": wishes.open_wishes,
    "wish": wishes.choose,
    "languages": home.open_languages,
    "trace": looking_up.trace,
}


async def _open_item(turn: Turn) -> None:
    """Back to the open item: whatever the step is, shown again below."""


COMMANDS: dict[str, Press] = {
    "start": _open_item,
    "worklist": home.go_home,
    "tasks": home.go_home,
    "settings": wishes.open_wishes,
    "help": looking_up.say_help,
    "stop": inspecting.stop,
    "later": inspecting.put_off,
    "back": correcting.back,
    "language": home.open_languages,
}


def is_asking(step: Step) -> bool:
    """Whether a text would answer something."""
    if isinstance(step, NcrShown):
        return step.asking in ("containment", "justification", "what")
    if isinstance(step, Wishes):
        return step.asking in ("quiet", "digest")
    return type(step) in TEXTS or (isinstance(step, Label) and bool(step.asking))


async def take_text(turn: Turn, text: str) -> None:
    """A text answers what is asked; where nothing is, it is a lot number, a label, or a call for help."""
    step = turn.talk.step
    if not is_asking(step):
        await looking_up.free_text(turn, text)
    elif isinstance(step, Wishes):
        await wishes.typed(turn, step, text)
    elif isinstance(step, NcrShown):
        await deciding.typed(turn, step, text)
    elif isinstance(step, Label):
        await receiving.typed(turn, step, text)
    else:
        await TEXTS[type(step)](turn, step, text)


async def take_picture(turn: Turn, data: bytes) -> None:
    """A picture belongs to the answer at hand, or it is a label."""
    step = turn.talk.step
    take = PICTURES.get(type(step))
    if take is not None:
        await take(turn, step, await receiving.keep_picture(turn, data), data)
    else:
        await receiving.label_picture(turn, step, data)


async def show(turn: Turn) -> Screen:
    """The screen of the step that the dialogue stands at."""
    return await SHOWS[type(turn.talk.step)](turn, turn.talk.step)
