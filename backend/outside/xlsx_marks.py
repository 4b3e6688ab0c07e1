"""Marks of an .xlsx workbook, read off its XML (ECMA-376 part 1, 18.3): calamine gives values and merged ranges."""

from __future__ import annotations

import html
import re
import zipfile

from backend.outside.workbook_marks import Marks, attributes, place_of, shows_otherwise

_C = rb"<(?:\w+:)?c\s"
_FORMULA = re.compile(_C + rb"([^>]*)>\s*<(?:\w+:)?f[\s/>]")
_ANY_FORMULA, _ANY_ERROR = re.compile(rb"<(?:\w+:)?f[\s/>]"), re.compile(rb"\bt=[\"']e[\"']")
_ERROR = re.compile(_C + rb"([^>]*?\bt=[\"']e[\"'][^>]*)>")
_FILLED = re.compile(_C + rb"[^>/]*?\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"'][^>/]*>")
_ROW = re.compile(rb"<(?:\w+:)?row\s([^>]*?\bhidden=[\"'](?:1|true)[\"'][^>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\s([^>]*?\bhidden=[\"'](?:1|true)[\"'][^>]*)>")
_AT = re.compile(rb"\br=[\"']([A-Z]{0,3}[0-9]{1,7})[\"']")
_LINES = re.compile(rb"\br=[\"'][A-Z]{0,3}([0-9]{1,7})[\"']")
_NAMES = re.compile(rb"\br=[\"']([A-Z]{1,3})[0-9]")
_NEAR = 5_000_000  # cells that nobody needs to count exactly
_CHUNK = 1 << 20


def xlsx_marks(package: zipfile.ZipFile) -> dict[str, Marks]:
    """By the name of their sheet. Raises KeyError or ValueError for what is none."""
    names = set(package.namelist())
    if "xl/sharedStrings.xml" in names:  # what is read by others is as long as it says, or it ends here
        with package.open("xl/sharedStrings.xml") as texts:
            while texts.read(_CHUNK):
                pass
    odd = _odd_styles(package.read("xl/styles.xml").decode()) if "xl/styles.xml" in names else []
    return {name: sheet_marks(package.read(part), odd) for name, part in _parts(package) if part in names}


def sheet_marks(part: bytes, odd_styles: list[int]) -> Marks:
    """Of one sheet's XML; `odd_styles`: cell formats that show a number as another."""
    formulas = {_at(found) for found in _FORMULA.findall(part)} if _ANY_FORMULA.search(part) else set[str]()
    errors = (
        {_at(found) for found in _ERROR.findall(part)} - formulas if _ANY_ERROR.search(part) else set[str]()
    )
    shown = set[str]()
    if odd_styles:
        styles = "|".join(map(str, odd_styles)).encode()
        for found in re.findall(_C + rb"([^>]*?\bs=[\"'](?:" + styles + rb")[\"'][^>/]*)>", part):
            if not re.search(rb"\bt=[\"'](?!n[\"'])", found):
                shown.add(_at(found))
    hidden = set[int]()
    for found in _COLUMN.findall(part):
        least, most = (int(re.search(rb"\b" + name + rb"=[\"'](\d+)", found)[1]) for name in (b"min", b"max"))  # type: ignore[index]
        hidden.update(range(least - 1, min(most, 16_384)))
    height, width = _reach(part)
    return Marks(
        formulas,
        errors,
        shown,
        {int(_at(found)) for found in _ROW.findall(part)},
        hidden,
        [],
        height,
        width,
    )


def _reach(part: bytes) -> tuple[int, int]:
    """How far the cells reach; where that is far, how far the filled ones do."""
    lines, names = {*_LINES.findall(part)}, {*_NAMES.findall(part)}
    height = max(map(int, lines), default=0)
    width = max((place_of(name.decode()) + 1 for name in names), default=0)
    if height * width <= _NEAR:
        return height, width
    filled = _FILLED.findall(part)
    return (
        max((int(line) for line in {line for _, line in filled}), default=0),
        max((place_of(name.decode()) + 1 for name in {name for name, _ in filled}), default=0),
    )


def _at(attributes: bytes) -> str:
    found = _AT.search(attributes)
    if found is None:
        raise ValueError("a cell that does not say where it is")
    return found[1].decode()


def _odd_styles(text: str) -> list[int]:
    codes = {9: "0%", 10: "0.00%"}
    for tag in re.findall(r"<(?:\w+:)?numFmt\s[^>]*>", text):
        values = attributes(tag)
        codes[int(values["numFmtId"])] = html.unescape(values["formatCode"])
    formats = re.search(r"<(?:\w+:)?cellXfs[\s>].*?</(?:\w+:)?cellXfs>", text, re.DOTALL)
    styles = re.findall(r"<(?:\w+:)?xf[\s/>][^>]*", formats[0]) if formats else []
    said = [codes.get(int(attributes(each).get("numFmtId", "0")), "") for each in styles]
    return [number for number, code in enumerate(said) if shows_otherwise(code)]


def _parts(package: zipfile.ZipFile) -> list[tuple[str, str]]:
    """The sheets of a workbook: name, and the part of the package that holds it."""
    related = package.read("xl/_rels/workbook.xml.rels").decode()
    targets = {}
    for tag in re.findall(r"<(?:\w+:)?Relationship\s[^>]*>", related):
        values = attributes(tag)
        targets[values.get("Id", "")] = values.get("Target", "")
    found = []
    for tag in re.findall(r"<(?:\w+:)?sheet\s[^>]*>", package.read("xl/workbook.xml").decode()):
        values = attributes(tag)
        target = targets.get(next((values[name] for name in values if name.endswith(":id")), ""), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        found.append((html.unescape(values.get("name", "")), part))
    return found
