"""Values of sensors from a CSV file: columns by their headers, what is wrong by its cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from backend.domain.environment import StatedValue
from backend.domain.errors import Reason, refuse
from backend.domain.sheets import Table, address, header_name

HEADERS = {
    "place": ["place", "location", "equipment", "machine", "line", "room", "sensor", "地点", "位置", "设备", "产线"],
    "quantity": ["quantity", "measurement", "parameter", "channel", "测量项", "参数", "项目", "指标"],
    "unit": ["unit", "uom", "单位"],
    "at": ["at", "time", "timestamp", "datetime", "date", "时间", "日期时间", "采样时间"],
    "value": ["value", "reading", "值", "数值", "读数"],
}  # fmt: skip
_LOOK = 30  # rows among which the header is


class StatedFile(NamedTuple):
    """The rows of a file, and of each the cells by field."""

    values: list[StatedValue]
    cells: list[dict[str, str]]

    def placed(self, reasons: Sequence[Reason]) -> list[Reason]:
        """What is wrong with `values.3.at`, by its cell."""
        return [msgspec.structs.replace(each, field=self._cell(each.field or "")) for each in reasons]

    def _cell(self, field: str) -> str:
        list_name, _, rest = field.partition(".")
        number, _, name = rest.partition(".")
        if list_name != "values" or not number.isdigit():
            return field
        return self.cells[int(number)][name]


def stated_of(table: Table) -> StatedFile:
    """The rows of a CSV file, by their headers.

    Refuses `csv_empty`, `csv_columns_missing`, `import_column_twice`, and `csv_row_broken` where a row has more cells
    than there are headers: a comma in a value has moved what stands behind it.
    """
    if not any(cell.strip() for _, cells in table.rows for cell in cells):
        raise refuse("csv_empty", field="file")
    head, places = _header(table)
    width = max(place + 1 for place, cell in enumerate(table.rows[head][1]) if cell.strip())
    values, cells = [], []
    for line, row in table.rows[head + 1 :]:
        if not any(cell.strip() for cell in row):
            continue
        beyond = next((place for place in range(width, len(row)) if row[place].strip()), None)
        if beyond is not None:
            raise refuse("csv_row_broken", field=address(line, beyond), line=line)
        said = {field: row[place] if place < len(row) else "" for field, place in places.items()}
        values.append(StatedValue(**said))
        cells.append({field: address(line, place) for field, place in places.items()})
    return StatedFile(values, cells)


def _header(table: Table) -> tuple[int, dict[str, int]]:
    missing = list(HEADERS)
    for head, (_, cells) in enumerate(table.rows[:_LOOK]):
        names = [header_name(cell).rstrip("：") for cell in cells]
        places = {
            field: [place for place, name in enumerate(names) if name in known]
            for field, known in HEADERS.items()
        }
        without = [field for field in HEADERS if not places[field]]
        if not without:
            for field, several in places.items():
                if len(several) > 1:
                    headers = [cells[place] for place in several]
                    raise refuse("import_column_twice", field="file", column=field, headers=headers)
            return head, {field: several[0] for field, several in places.items()}
        missing = min(missing, without, key=len)
    raise refuse("csv_columns_missing", field="file", columns=missing)
