"""`lotgate results import`: a dry run names every cell, the import records all or nothing."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pysqlite3 import dbapi2 as sqlite

from backend.demo.factory import load_demo
from backend.store.door import Store
from tests.cli.lotgate import Lotgate
from tests.stores import Templates

LI = "lotgate-demo-li\n"
WAITS = (
    "select i.number from inspection i join plan_version v on v.id = i.plan_version_id where i.status = 'open' "
    """and v.document like '%"LBL"%' order by i.number limit 1"""
)


async def demo(store: Store) -> None:
    """The demo factory."""
    await load_demo(store, lambda: datetime.now(UTC))


def rows(file: Path, query: str) -> list[tuple[object, ...]]:
    """What stands in the database."""
    with closing(sqlite.connect(str(file))) as connection:
        return connection.execute(query).fetchall()


@pytest.mark.proves("RES-9")
async def test_a_file_is_tried_and_then_recorded(
    lotgate: Lotgate, templates: Templates, tmp_path: Path
) -> None:
    await lotgate.on("sqlite", templates, "demo", demo)
    file = lotgate.data / "lotgate.sqlite3"
    number = str(rows(file, WAITS)[0][0])
    wrong, right = tmp_path / "wrong.csv", tmp_path / "right.csv"
    wrong.write_bytes("项目;结果\nLBL;0\nXXX;1\n".encode("gb18030"))
    right.write_bytes(b"Item;Result\nLBL;0\n")
    said = await lotgate("results", "import", number, str(wrong), "--as", "li", "--dry-run", typed=LI)
    assert said.code == 1 and "wrong: line 3, 项目 'XXX': csv item unknown" in said.out
    said = await lotgate("results", "import", number, str(wrong), "--as", "li", typed=LI)
    assert said.code == 1 and "refused: csv item unknown" in said.err
    assert (rows(file, "select count(*) from reading where source = 'instrument'"))[0][0] == 0
    said = await lotgate("results", "import", number, str(right), "--as", "li", typed=LI)
    assert said.code == 0 and f"recorded: 1 results; {number} is in_progress" in said.out, said.err
    assert (rows(file, "select item_key from reading where source = 'instrument'"))[0][0] == "LBL-0"
    said = await lotgate("results", "import", "I99-000001", str(right), "--as", "li", typed=LI)
    assert said.code == 1 and "not found" in said.err
    log = await lotgate("log", "verify")
    assert log.code == 0, log.out
