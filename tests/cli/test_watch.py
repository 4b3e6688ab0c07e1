"""`lotgate watch`: the command takes what lies in its folder."""

from __future__ import annotations

from pathlib import Path

from tests.actions.test_watch_folder import GOOD
from tests.cli.lotgate import Lotgate
from tests.cli.test_results import demo, rows
from tests.stores import Templates


async def test_the_command_takes_what_lies_there(
    lotgate: Lotgate, templates: Templates, tmp_path: Path
) -> None:
    await lotgate.on("sqlite", templates, "demo", demo)
    folder = tmp_path / "exchange"
    (folder / "suppliers").mkdir(parents=True)
    (folder / "suppliers" / "new.csv").write_bytes(GOOD)
    said = await lotgate(
        "watch", str(folder), "--as", "zhou", "--settle", "0", "--once", typed="lotgate-demo-zhou\n"
    )
    assert said.code == 0 and "done: new." in said.out, said.err
    assert rows(lotgate.data / "lotgate.sqlite3", "select name from supplier where code = 'NEW-1'") == [
        ("无锡医塑",)
    ]
