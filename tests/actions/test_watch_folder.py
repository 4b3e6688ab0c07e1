"""The watched folder: what lies still is imported and moved with its report; killed anywhere, nothing is lost and
nothing is there twice."""

from __future__ import annotations

import ast
import csv
import os
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from backend.demo.people import BY_LOGIN
from backend.exchange import folder as watch_folder
from backend.exchange.folder import WatchedFolder
from backend.exchange.keeping import Exchange, Keeper, _look
from backend.exchange.lock import FolderLock
from backend.exchange.out import lay_out
from backend.exchange.words import SENTENCES
from backend.outside.workbook import read_table
from backend.views.stuck import stuck_webhooks
from tests.actions.floor import Floor
from tests.outside.workbooks import workbook

ROOT = Path(__file__).parents[2]
GOOD = "编码;名称;状态\nNEW-1;无锡医塑;合格\n".encode("gb18030")


class Kill(BaseException):
    """The process ends here."""


class Watching:
    """A watched folder whose seconds the test counts."""

    def __init__(self, floor: Floor, root: Path) -> None:
        self.floor, self.root, self.now = floor, root, 0.0

    async def begin(self) -> Watching:
        """A process of its own."""
        who = await self.floor.who("zhou")
        self.folder = WatchedFolder(self.floor.store, who, self.root, read_table, 5.0, lambda: self.now)
        return self

    async def look(self, later: float = 6.0) -> list[str]:
        """What was handled, as FOLDER/NAME, seen once and looked at once more some seconds later."""
        seen = await self.folder.look()
        self.now += later
        return [f"{each.file.parent.name}/{each.file.name}" for each in [*seen, *await self.folder.look()]]

    def put(self, name: str, data: bytes) -> Path:
        """A file, as another system writes it."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def lying(self) -> list[str]:
        """All files but the mark of what was laid out."""
        return sorted(str(each.relative_to(self.root)) for each in self.root.rglob("*") if each.is_file())


@pytest.fixture
async def watching(floor: Floor, tmp_path: Path) -> Watching:
    return await Watching(floor, tmp_path / "exchange").begin()


async def suppliers(floor: Floor) -> list[Any]:
    return [
        tuple(row)
        for row in await floor.store.read.rows("select name, status from supplier where code = 'NEW-1'")
    ]


async def imports(floor: Floor) -> int:
    return int(
        (await floor.store.read.rows("select count(*) from event where type = 'sheet_imported'"))[0][0]
    )


@pytest.mark.proves("IMP-1")
async def test_a_file_is_imported_once_it_lies_still_and_the_same_again_is_the_same_import(
    floor: Floor, watching: Watching
) -> None:
    before = await imports(floor)
    watching.put("suppliers/half.csv.part", GOOD)
    file = watching.put("suppliers/new.csv", GOOD[:20])
    assert await watching.look(4) == []
    file.write_bytes(GOOD)  # its writer goes on
    assert await watching.look(4) == [] and file.exists()
    (done,) = await watching.look(4)
    assert await suppliers(floor) == [("无锡医塑", "approved")]
    report = (watching.root / f"{done}.report.txt").read_text()
    assert "imported as suppliers. 1 rows: 1 new" in report and "已作为供应商导入" in report
    watching.put("suppliers/new.csv", GOOD)
    assert await watching.look() == [done]
    assert "this very file was imported at" in (watching.root / f"{done}.report.txt").read_text()
    assert await imports(floor) == before + 1
    assert (watching.root / "suppliers/half.csv.part").exists()


@pytest.mark.proves("IMP-1", "QUA-8")
async def test_complaints_of_another_system_come_by_folder_once_each(
    floor: Floor, watching: Watching
) -> None:
    head, day = "投诉编号,收到日期,投诉内容,投诉人,客户编码", floor.clock.now.date() - timedelta(days=2)
    row = f"QMS-1,{day},针尖弯曲,陈医生,"
    kept = "complaint where reference = 'QMS-1'"
    watching.put("投诉 一.csv", f"{head}\n{row}\n".encode("gb18030"))
    (done,) = await watching.look()
    report = (watching.root / f"{done}.report.txt").read_text()
    assert "imported as complaints. 1 rows: 1 new" in report and "已作为投诉导入" in report
    watching.put("complaints/two.csv", f"{head}\n{row}\n".encode())
    (done,) = await watching.look()
    assert "0 new, 0 changed, 1 the same" in (watching.root / f"{done}.report.txt").read_text()
    watching.put("complaints/three.csv", f"{head}\n{row.replace('针尖', '针管')}H-99\n".encode())
    (failed,) = await watching.look()
    report = (watching.root / f"{failed}.report.txt").read_text()
    assert "C2 投诉内容 '针管弯曲': Taken in already as Q" in report and "已受理为 Q" in report
    assert failed.startswith("failed/") and "2 cells are wrong" in report
    assert await floor.count(kept) == 1


async def test_what_is_wrong_is_named_by_cell_in_both_languages_and_nothing_is_written(
    floor: Floor, watching: Watching
) -> None:
    book = workbook([["编码", "名称", "状态"], ["NEW-1", "", "合格"], ["NEW-2", "X", "maybe"]])
    watching.put("供应商 2026.xlsx", book)
    watching.put("suppliers/none.csv", b"a;b\n1;2\n")
    watching.put("notes.csv", GOOD)
    watching.put("orders/picture.png", b"\x89PNG")
    handled = await watching.look()
    assert len(handled) == 4 and all(each.startswith("failed/") for each in handled)
    reports = {each.split(".")[0]: (watching.root / f"{each}.report.txt").read_text() for each in handled}
    assert "2 cells are wrong" in reports["failed/供应商 2026"]
    assert (
        "B2 名称 '': Empty" in reports["failed/供应商 2026"]
        and "B2 名称 ''：为空" in reports["failed/供应商 2026"]
    )
    assert "columns were not found: code, name" in reports["failed/none"]
    assert "Put it into suppliers/" in reports["failed/notes"]
    assert await suppliers(floor) == []


async def test_a_file_of_any_name_is_taken_and_keeps_no_other_from_it(
    floor: Floor, watching: Watching
) -> None:
    def good(number: int) -> bytes:
        return GOOD.replace(b"NEW-1", f"NEW-{number}".encode())

    for number, name in enumerate(
        ["供应商一.csv".encode("gbk"), ("供" * 83 + ".csv").encode(), b"a" * 251 + b".csv"]
    ):
        watching.put(f"suppliers/{os.fsdecode(name)}", good(number + 2))
    watching.put("suppliers/z.csv", good(1))
    handled = await watching.look()
    assert len(handled) == 4 and all(each.startswith("done/") for each in handled), handled
    assert any(each.startswith("done/供应商一.") for each in handled)
    assert await suppliers(floor) == [("无锡医塑", "approved")]
    assert not [each for each in watching.lying() if each.startswith(("suppliers/", "working/"))]


async def test_a_file_that_was_cut_off_or_is_too_large_is_refused(
    floor: Floor, watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    watching.put("suppliers/cut.csv", GOOD[:27])
    (cut,) = await watching.look()
    assert cut.startswith("failed/")
    assert "C2" in (watching.root / f"{cut}.report.txt").read_text()
    monkeypatch.setattr(watch_folder, "MOST_BYTES", 20)
    watching.put("suppliers/large.csv", GOOD)
    (large,) = await watching.look()
    assert "The file is too large" in (watching.root / f"{large}.report.txt").read_text()
    assert await suppliers(floor) == []


async def test_headers_that_are_not_known_are_told_once_for_the_folder(
    floor: Floor, watching: Watching
) -> None:
    watching.put("columns.json", b'{"suppliers": {"code": "Nr", "name": "Firma"}}')
    watching.put("suppliers/lieferanten.csv", b"Nr;Firma;status\nNEW-1;Wuxi;approved\n")
    (done,) = await watching.look()
    watching.put("suppliers/other.csv", b"code;name\nNEW-2;Wuxi\n")
    assert [each.split("/")[0] for each in await watching.look()] == ["done"], "it has headers that are known"
    assert done.startswith("done/") and await suppliers(floor) == [("Wuxi", "approved")]


@pytest.mark.parametrize("place", ["rename", "import_sheet", "imported", "report", "replace"])
async def test_killed_at_any_moment_nothing_is_lost_and_nothing_is_there_twice(
    floor: Floor, watching: Watching, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    before = await imports(floor)
    watching.put("suppliers/new.csv", GOOD)
    real = watch_folder.import_sheet

    def killed(*_: Any) -> Any:
        raise Kill

    async def then_killed(*args: Any) -> Any:
        await real(*args)
        raise Kill

    with monkeypatch.context() as patched, pytest.raises(Kill):
        if place in ("rename", "replace"):
            patched.setattr(watch_folder.os, place, killed)
        elif place == "report":
            patched.setattr(watch_folder, "write_whole", killed)
        else:
            patched.setattr(watch_folder, "import_sheet", killed if place == "import_sheet" else then_killed)
        await watching.look()
    again = await Watching(floor, watching.root).begin()
    handled = await again.look()
    assert [each.split("/")[0] for each in handled] == ["done"]
    assert await imports(floor) == before + 1 and await suppliers(floor) == [("无锡医塑", "approved")]
    assert [each for each in again.lying() if not each.startswith("done/")] == []


async def test_a_watcher_that_reads_what_is_still_written_is_caught(floor: Floor, tmp_path: Path) -> None:
    """The broken twin: no waiting; half a file is taken for a whole one."""
    watching = Watching(floor, tmp_path / "exchange")
    who = await floor.who("zhou")
    watching.folder = WatchedFolder(floor.store, who, watching.root, read_table, 0.0, lambda: 0.0)
    file = watching.put("suppliers/new.csv", GOOD + b"NEW-2;")
    (half,) = [each for each in await watching.look() if each]
    assert half.startswith("failed/") and not file.exists()


async def test_what_was_decided_lies_there_day_by_day(floor: Floor, tmp_path: Path) -> None:
    out = tmp_path / "out"
    days = await lay_out(floor.store, floor.site_id, out)
    assert days and await lay_out(floor.store, floor.site_id, out) == []
    lines = [
        line
        for day in days
        for line in csv.DictReader((out / f"decisions-{day}.csv").read_text("utf-8-sig").splitlines())
    ]
    said = await floor.store.read.rows("select count(*), count(distinct lot_id) from release")
    assert (len(lines), len({line["lot"] for line in lines})) == tuple(said[0])
    assert {line["decision"] for line in lines} <= {
        "release",
        "reject",
        "conditional",
        "concession",
        "production",
    }
    kept = {each.name: each.read_bytes() for each in out.iterdir()}
    os.remove(out / ".upto")
    assert await lay_out(floor.store, floor.site_id, out) == days
    assert {each.name: each.read_bytes() for each in out.iterdir()} == kept, "made of the records alone"


async def test_a_folder_that_is_away_is_said_once_not_made_and_taken_up_again(
    floor: Floor, tmp_path: Path
) -> None:
    """A share that is not mounted is no folder to be made on the local disk."""
    password, share = tmp_path / "password", tmp_path / "share"
    password.write_text(BY_LOGIN["zhou"].password)
    keeper = Keeper(floor.store, Exchange(share, "zhou", password, 0.0), read_table)

    async def looked() -> str | None:
        trouble = await _look(keeper)
        await keeper.say(trouble)
        return trouble

    assert [await looked(), await looked()] == ["folder_unreachable"] * 2
    assert not share.exists()
    told = "event where type in ('folder_trouble', 'folder_watched')"
    stuck = [each.number for each in await stuck_webhooks(floor.store.read, floor.site_id)]
    assert (await floor.count(told), stuck) == (1, [str(share)])
    share.mkdir()
    (share / "suppliers.csv").write_bytes(GOOD)
    assert [await looked(), await looked()] == [None, None]
    assert await suppliers(floor) == [("无锡医塑", "approved")]
    assert await stuck_webhooks(floor.store.read, floor.site_id) == []
    shutil.rmtree(share)
    assert await looked() == "folder_unreachable"
    share.mkdir()
    second = FolderLock(share)
    assert second.take(), "who lost the folder holds it no more"
    second.leave()
    assert await looked() is None
    assert await floor.count(told) == 4
    keeper.lock.leave()


def test_every_reason_of_an_import_has_words() -> None:
    sources = (
        "domain/imports.py",
        "domain/import_cells.py",
        "domain/import_columns.py",
        "store/importing.py",
        "store/weighing.py",
        "store/opening_stock.py",
        "store/complaint_rows.py",
        "domain/sheets.py",
        "outside/workbook.py",
        "exchange/folder.py",
    )
    codes = set()
    for source in sources:
        for node in ast.walk(ast.parse((ROOT / "backend" / source).read_text())):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                place = {"refuse": 0, "Reason": 0, "fault": 3}.get(name)
                if name in ("refuse", "refuse_unknown") and isinstance(node.func, ast.Attribute):
                    place = 2
                if place is not None and len(node.args) > place:
                    value = node.args[place]
                    codes |= {
                        each.value
                        for each in ast.walk(value)
                        if isinstance(each, ast.Constant) and isinstance(each.value, str)
                    }
    assert len(codes) > 20 and codes - SENTENCES.keys() == set()
