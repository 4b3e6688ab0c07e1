"""`lotgate labels`: printed by right, counted, read back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from backend.demo.factory import load_demo
from backend.store.door import Store
from tests.cli.lotgate import Lotgate
from tests.outside.test_label_print import fields, pages, read_back
from tests.stores import Templates

WANG = "lotgate-demo-wang\n"


async def demo(store: Store) -> None:
    """The demo factory."""
    await load_demo(store, lambda: datetime.now(UTC))


@pytest.mark.proves("QUA-9")
async def test_labels_are_printed_by_right_and_read_back(
    lotgate: Lotgate, templates: Templates, tmp_path: Path
) -> None:
    await lotgate.on("sqlite", templates, "demo", demo)
    year = datetime.now(UTC).strftime("%y")
    lots = [f"L{year}-000001", f"L{year}-000002"]
    file = tmp_path / "labels"
    common = ("--as", "wang", "--copies", "2", "--output", str(file))
    said = await lotgate("labels", *lots, *common, "--media", "sheet-a4-3x8", typed=WANG)
    assert (said.code, said.out, said.err) == (0, "", "")
    codes = [text for page in pages(file.read_bytes(), 203) for text, _ in read_back(page)]
    assert sorted(codes) == sorted(f"LG1:{lot}" for lot in lots * 2)
    said = await lotgate("labels", lots[0], *common, "--format", "zpl", "--dpi", "300", typed=WANG)
    assert said.code == 0, said.err
    [(picture, copies)] = fields(file.read_bytes())
    assert copies == 2 and read_back(picture)[0][0] == f"LG1:{lots[0]}"
    log = await lotgate("log", "verify")
    assert log.code == 0, log.out


REFUSED = [
    (("L99-000001", "--as", "wang"), WANG, "lot unknown"),
    (("L26-000001", "--as", "li"), "lotgate-demo-li\n", "not allowed"),
    (("L26-000001", "--as", "wang"), "wrong\n", "sign in failed"),
    (("L26-000001", "--as", "wang", "--copies", "0"), WANG, "label copies wrong"),
    (
        ("L26-000001", "--as", "wang", "--format", "zpl", "--media", "sheet-a4-3x8"),
        WANG,
        "label media needs pdf",
    ),
    (("L26-000001", "--as", "wang", "--quantity", "0"), WANG, "quantity not positive"),
]


@pytest.mark.proves("QUA-9")
async def test_what_is_refused_makes_no_file(lotgate: Lotgate, templates: Templates, tmp_path: Path) -> None:
    await lotgate.on("sqlite", templates, "demo", demo)
    year = datetime.now(UTC).strftime("%y")
    file = tmp_path / "labels.pdf"
    for words, typed, wanted in REFUSED:
        named = (words[0].replace("L26", f"L{year}"), *words[1:], "--output", str(file))
        said = await lotgate("labels", *named, typed=typed)
        assert said.code == 1 and wanted in said.err, (words, said)
        assert not file.exists()
