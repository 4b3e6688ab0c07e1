"""`lotgate imports`: a dry run names each wrong cell, which stops it all; the same file again changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.lotgate import Lotgate
from tests.cli.test_results import demo, rows
from tests.stores import Templates

ZHOU = "lotgate-demo-zhou\n"
NEW = "select name, status from supplier where code = 'NEW-1'"


@pytest.mark.proves("IMP-1")
async def test_a_file_is_tried_refused_written_and_then_the_same(
    lotgate: Lotgate, templates: Templates, tmp_path: Path
) -> None:
    await lotgate.on("sqlite", templates, "demo", demo)
    file, sheet = lotgate.data / "lotgate.sqlite3", tmp_path / "suppliers.csv"
    command = ("imports", "suppliers", str(sheet), "--as", "zhou")
    sheet.write_bytes("编码;名称;状态\nNEW-1;;合格\n".encode("gb18030"))
    said = await lotgate(*command, typed=ZHOU)
    assert (
        said.code == 1
        and "wrong: B2, 名称 '': Empty, and it has to say something. 为空，必须填写。" in said.out
    )
    sheet.write_bytes("编码;名称;状态\nNEW-1;无锡医塑;合格\n".encode("gb18030"))
    said = await lotgate(*command, "--column", "qty=数量", typed=ZHOU)
    assert said.code == 1 and "wrong: columns: These columns were not found: qty." in said.out
    said = await lotgate(*command, "--dry-run", typed=ZHOU)
    assert said.code == 0 and "1 new, 0 changed, 0 the same" in said.out
    assert rows(file, NEW) == []
    said = await lotgate(*command, typed=ZHOU)
    assert said.code == 0 and "written: 1 new, 0 changed, 0 the same" in said.out, said.err
    assert rows(file, NEW) == [("无锡医塑", "approved")]
    said = await lotgate(*command, typed=ZHOU)
    assert said.code == 0 and "written: 0 new, 0 changed, 1 the same" in said.out
    large = tmp_path / "large.csv"
    with large.open("wb") as opened:
        opened.truncate(100_000_001)
    said = await lotgate("imports", "suppliers", str(large), "--as", "zhou", typed=ZHOU)
    assert said.code == 1 and "The file is too large. Divide it. 文件太大，请拆分。" in said.err
    said = await lotgate(*command, "--column", "name", typed=ZHOU)
    assert said.code == 2 and "FIELD=HEADER is meant" in said.err
    sheet.write_bytes("编码;名称;名称;账号\nNEW-2;甲;乙;6\n".encode("gb18030"))
    said = await lotgate(*command, typed=ZHOU)
    assert said.code == 1 and "Several columns may be name: 名称 · B, 名称 · C." in said.out
    said = await lotgate(*command, "--column", "name=名称 · C", typed=ZHOU)
    assert said.code == 0 and "not read: '名称 · B', '账号'" in said.out
    assert rows(file, NEW.replace("NEW-1", "NEW-2")) == [("乙", "approved")]


@pytest.mark.proves("IMP-1", "QUA-8")
async def test_complaints_come_once_for_each_reference_of_whoever_may_take_them_in(
    lotgate: Lotgate, templates: Templates, tmp_path: Path
) -> None:
    await lotgate.on("sqlite", templates, "demo", demo)
    file, sheet = lotgate.data / "lotgate.sqlite3", tmp_path / "投诉.csv"
    sheet.write_bytes("编号;收到日期;投诉内容;投诉人\nQMS-1;2026-11-20;针尖弯曲;陈医生\n".encode("gb18030"))
    said = await lotgate("imports", "complaints", str(sheet), "--as", "admin", typed="lotgate-demo-admin\n")
    assert said.code == 1 and "take_complaint" in said.err
    for counts in ("1 new, 0 changed, 0 the same", "0 new, 0 changed, 1 the same"):
        said = await lotgate("imports", "complaints", str(sheet), "--as", "zhou", typed=ZHOU)
        assert said.code == 0 and f"written: {counts}" in said.out, said.err
    assert rows(file, "select described, status from complaint where reference = 'QMS-1'") == [
        ("针尖弯曲", "received")
    ]
