"""`lotgate archive` beside a server at work: killed and gone on with, read in a browser from disk, checked without
Lotgate (AUD-10)."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.async_api import expect

from tests.pwa.house import House
from tests.pwa.views import enter

ROOT = Path(__file__).parents[2]
UNTIL = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()


class Said(NamedTuple):
    """What a command ended with and printed."""

    code: int
    text: str


def finished(progress: Path) -> list[bytes]:
    """Lines of the lots that are written."""
    return progress.read_bytes().split(b"\n")[:-1] if progress.exists() else []


async def lotgate(house: House, *words: str, kill_at: Path | None = None) -> Said:
    """In a process of its own; killed once two lots are written, where `kill_at` says how many are."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "backend.cli.main", *words, cwd=ROOT, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, env=os.environ | {"LOTGATE_DATA": str(house.data)},
    )  # fmt: skip
    while kill_at is not None and process.returncode is None:
        if len(finished(kill_at)) >= 2:
            process.kill()
            break
        await asyncio.sleep(0.02)
    out, _ = await process.communicate()
    return Said(process.returncode or 0, out.decode())


def checked(folder: Path) -> Said:
    """By what lies in the folder, in a Python that has nothing but its standard library."""
    done = subprocess.run(
        [sys.executable, "-S", "-E", "-B", folder / "lotgate_archive_verify.py", folder],
        capture_output=True, text=True, check=False, cwd=folder,
    )  # fmt: skip
    return Said(done.returncode, done.stdout + done.stderr)


@pytest.mark.proves("AUD-10", "AUD-9")
async def test_an_archive_is_read_and_checked_without_lotgate(house: House, tmp_path: Path) -> None:
    target = tmp_path / "archive"
    make = ("archive", "--until", UNTIL, "--to", str(target))
    await lotgate(house, *make, kill_at=target / "progress.jsonl")
    assert (await lotgate(house, "archive", "verify", str(target))).code == 2, "not finished"
    with (target / "progress.jsonl").open("ab") as file:
        file.write(b'{"entry":{"site":"')  # what a power cut leaves of a line
    other = await lotgate(house, "archive", "--until", "2026-01-01", "--to", str(target))
    assert other.code == 2 and "begun for" in other.text
    done = json.loads(finished(target / "progress.jsonl")[0])
    first = target / next(name for name in done["sums"] if name.endswith("record.json"))
    written = first.stat().st_mtime_ns

    said = await lotgate(house, *make)
    assert said.code == 0, said.text
    assert first.stat().st_mtime_ns == written, "what was finished is not made again"
    sums = hashlib.sha256((target / "SHA256SUMS").read_bytes()).hexdigest()
    assert sums in said.text
    async with house.phone() as phone:
        await enter(phone, "zhou", "en")
        noted = await phone.api("/api/log?type=archive_made")
        assert [event["facts"]["sha256"] for event in noted] == [sums]
        lots = {lot["number"] for lot in (await phone.api("/api/lots"))["lots"]}
    key = str(house.data / "maker.vkey")
    assert (await lotgate(house, "archive", "verify", str(target), "--key", key)).code == 0
    whole = checked(target)
    assert whole.code == 0, whole.text
    folders = list(target.glob("lots/*/*"))
    assert lots <= {folder.name for folder in folders}
    for folder in folders:
        assert (folder / "record.pdf").read_bytes().startswith(b"%PDF")
        record = json.loads((folder / "record.json").read_bytes())
        assert record["number"] == folder.name and len(record["fields"]) > 20
    proofs = list(target.rglob("certificate-*.lotgate"))
    assert proofs and all(each.with_suffix(".pdf").exists() for each in proofs)
    await _read_in_a_browser(house, target, first.parent)
    _touched(target, tmp_path)


async def _read_in_a_browser(house: House, target: Path, lot: Path) -> None:
    """From file://, the network off: found by a part of its number, its record opened, both languages."""
    program = os.environ.get("LOTGATE_CHROMIUM") or shutil.which("chromium")
    browser = await house.playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
    page = await (await browser.new_context(offline=True, locale="en-US")).new_page()
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    await page.goto((target / "index.html").as_uri())
    await page.get_by_label("Search").fill(lot.name[1:].lower())
    rows = page.locator("#lots > li")
    await expect(rows).to_have_count(1)
    await expect(rows.first).to_contain_text(lot.name)
    link = rows.first.get_by_role("link", name="record: record.json")
    address = f"lots/{lot.parent.name}/{lot.name}/record.json"
    assert await link.get_attribute("href") == address and (target / address).exists()
    await page.get_by_role("button", name="中文").click()
    await expect(page.get_by_role("heading")).to_have_text("批次归档")
    await page.get_by_label("搜索").fill("no such lot")
    await expect(rows).to_have_count(0)
    assert trouble == []
    await browser.close()


def _touched(target: Path, tmp_path: Path) -> None:
    """Each kind of change is found and named; the broken twin looks at the list of digests alone."""
    sums = {line[66:]: line[:64] for line in (target / "SHA256SUMS").read_text().splitlines()}
    events = next(name for name in sums if name.startswith("log/events-"))
    proofs = next(name for name in sums if name.endswith("proofs.json"))
    for name, found in ((events, "root"), (proofs, "does not stand in the log"), ("index.html", "")):
        twin = tmp_path / "twin"
        shutil.copytree(target, twin)
        body = (twin / name).read_bytes()
        place = body.index(b"lot_received") if name != "index.html" else 200
        changed = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
        (twin / name).write_bytes(changed)
        said = checked(twin)
        assert said.code == 1 and f"not as it was written: {name}" in said.text and found in said.text
        listed = (twin / "SHA256SUMS").read_text().replace(sums[name], hashlib.sha256(changed).hexdigest())
        (twin / "SHA256SUMS").write_text(listed)  # a forger puts the list right too
        said = checked(twin)
        assert (said.code == 1) == bool(found), "what the log holds cannot be put right; a page can"
        shutil.rmtree(twin)
    twin = tmp_path / "twin"
    shutil.copytree(target, twin)
    (twin / "files" / "more.txt").parent.mkdir(exist_ok=True)
    (twin / "files" / "more.txt").write_text("x")
    (twin / proofs).unlink()
    said = checked(twin)
    assert said.code == 1 and "files/more.txt" in said.text and f"missing: {proofs}" in said.text
