"""Outgoing calls checked against the Bot API: names, types, what is required, limits, markup.

`bot_api.json` holds, for the methods that the bot uses, field -> types, with "!" first where it is required;
where the API takes one of several kinds, the one that the bot makes.
"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

API = json.loads((Path(__file__).parent / "bot_api.json").read_text())
TAGS = {"b", "i", "code"}
LONGEST = {"text": 4096, "caption": 1024, "callback_data": 64, "answer": 200}
MOST_BUTTONS = 7
MOST_CARDS = 50


class WrongCall(AssertionError):
    """A call that Telegram would refuse."""


def check_call(method: str, params: dict[str, str]) -> None:
    """Raise WrongCall unless Telegram would take it. `params` as on the wire: text, or JSON of the rest."""
    fields = API["methods"].get(method)
    if fields is None:
        raise WrongCall(f"{method}: not among the methods that were looked up")
    values = {name: _parsed(fields.get(name, []), value) for name, value in params.items()}
    _check_fields(method, fields, values)
    if "text" in values and method != "answerCallbackQuery":
        _check_text(values["text"], values.get("parse_mode"))
    if "caption" in values:
        _check_text(values["caption"], values.get("parse_mode"), "caption")
    if method == "answerCallbackQuery" and len(values.get("text") or "") > LONGEST["answer"]:
        raise WrongCall(f"{method}: text is longer than 200")
    if method in ("sendMessage", "editMessageText") and not values.get("text"):
        raise WrongCall(f"{method}: no text")
    if method == "answerInlineQuery":
        _check_cards(values["results"])
    _check_buttons(values.get("reply_markup"))


def _parsed(types: list[str], value: str) -> object:
    return value if "String" in types else json.loads(value)


def _check_fields(name: str, fields: dict[str, list[str]], values: dict[str, object]) -> None:
    for field, types in fields.items():
        if types[0] == "!" and field not in values:
            raise WrongCall(f"{name}: {field} is required")
    for field, value in values.items():
        if field not in fields:
            raise WrongCall(f"{name}: there is no {field}")
        if not any(_fits(kind, value) for kind in fields[field] if kind != "!"):
            raise WrongCall(f"{name}: {field} is no {fields[field]}: {value!r}")


def _fits(kind: str, value: object) -> bool:
    if kind.startswith("Array of "):
        return isinstance(value, list) and all(_fits(kind.removeprefix("Array of "), each) for each in value)
    if kind in API["types"]:
        if not isinstance(value, dict):
            return False
        _check_fields(kind, API["types"][kind], value)
        return True
    simple = {"String": str, "Integer": int, "Boolean": bool, "True": bool}
    python = simple.get(kind)
    return (
        python is not None and isinstance(value, python) and (python is bool or not isinstance(value, bool))
    )


def _check_text(text: object, parse_mode: object, field: str = "text") -> None:
    if not isinstance(text, str) or len(visible(text)) > LONGEST[field]:
        raise WrongCall(f"the {field} is longer than {LONGEST[field]}")
    if parse_mode != "HTML":
        raise WrongCall("our messages are marked up")
    visible(text)


def _check_cards(results: object) -> None:
    cards = results if isinstance(results, list) else []
    ids = [card["id"] for card in cards]
    if (
        len(cards) > MOST_CARDS
        or len(set(ids)) < len(ids)
        or not all(0 < len(id.encode()) <= 64 for id in ids)
    ):
        raise WrongCall(f"at most {MOST_CARDS} cards, each with an id of its own of 1 to 64 bytes")
    for card in cards:
        _check_text(
            card["input_message_content"]["message_text"], card["input_message_content"].get("parse_mode")
        )


class _Markup(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.said = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS or attrs:
            raise WrongCall(f"a tag that we never write: <{tag}>")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise WrongCall(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        self.said += data


def visible(text: str) -> str:
    """What a person reads of a marked-up text; WrongCall where the markup is not ours."""
    if re.search(r"&(?!lt;|gt;|amp;|quot;)", text):
        raise WrongCall(f"a bare & in {text!r}")
    parser = _Markup()
    parser.feed(text)
    parser.close()
    if parser.open:
        raise WrongCall(f"left open: {parser.open}")
    return parser.said


def _check_buttons(markup: object) -> None:
    if not isinstance(markup, dict):
        return
    buttons = [button for row in markup["inline_keyboard"] for button in row]
    if len(buttons) > MOST_BUTTONS:
        raise WrongCall(f"{len(buttons)} buttons")
    for button in buttons:
        data = button.get("callback_data")
        if data is not None and not 1 <= len(data.encode()) <= LONGEST["callback_data"]:
            raise WrongCall(f"callback_data of {len(data.encode())} bytes")
        if (data is None) == ("url" not in button):
            raise WrongCall("a button does one thing")
