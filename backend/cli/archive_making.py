"""What `lotgate archive` does: each lot with its files, certificates and proofs, then the log and what checks it."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from backend.actions.note_archive import NoteArchive, note_archive
from backend.app import ORIGIN
from backend.domain.archives import (
    EVENTS_A_FILE,
    FORMAT,
    ArchiveHead,
    File,
    LotEntry,
    file_path,
    hashes_in,
    log_path,
    lot_folder,
)
from backend.domain.merkle import Tree
from backend.domain.notes import sign_checkpoint
from backend.domain.proofs import build_proof
from backend.domain.record_exports import RecordExport, as_csv, as_json
from backend.domain.security import system
from backend.outside.archive_folder import ArchiveFolder, begin
from backend.outside.maker_key import maker_key
from backend.outside.record_pdf import record_pdf
from backend.settings import Settings
from backend.store.attachment_files import path_of
from backend.store.door import Store
from backend.store.witness import Witness
from backend.verify import lotgate_archive_verify
from backend.verify.page import SCRIPT, verify_page
from backend.views.archives import LotRow, attachments_of, decisions_of, events_from, leaves, lots_until
from backend.views.certificates import signed_release
from backend.views.record_exports import lot_events, lot_export
from backend.views.retention import keeping


class Making(NamedTuple):
    """An archive at work. `tree` and `checkpoint` are the log as it was when the archive was begun."""

    store: Store
    settings: Settings
    folder: ArchiveFolder
    tree: Tree
    checkpoint: bytes
    vkey: str


async def make(
    store: Store,
    witness: Witness,
    settings: Settings,
    until: date,
    to: Path,
    language: Literal["en", "zh"],
    shown: Callable[[int, int, str], None],
) -> str:
    """Make it, or go on; returns what is said at the end. Raises NotThisArchive, Refused, Unavailable, OSError."""
    read = store.read_long
    head, rows = await witness.head(), await lots_until(read, until)
    maker = (await read.rows("select name from organisation order by id limit 1"))[0][0]
    folder = begin(to, ArchiveHead(FORMAT, until.isoformat(), language, store.clock(), head.size, maker))
    tree = Tree([leaf async for leaf in leaves(read, folder.head.events)])
    # The same key signs the same text alike, so an archive that is gone on with has the checkpoint that it began with.
    key = maker_key(settings.data, ORIGIN)
    checkpoint = sign_checkpoint(witness.vkey, folder.head.events, tree.root(), key.sign)
    making = Making(store, settings, folder, tree, checkpoint, witness.vkey)
    for place, row in enumerate(rows, start=1):
        if not folder.has(row.site, row.number):
            await _lot(making, row)
        shown(place, len(rows), row.number)
    await _log(making)
    _checkers(making)
    digest = folder.finish()
    for site_id in dict.fromkeys(row.site_id for row in rows):
        command = NoteArchive(
            id=store.new_id(), site_id=site_id, until=folder.head.until, lots=len(folder), sha256=digest
        )
        await note_archive(store, system(site_id), command)
    return f"{to}: {len(folder)} lots, {folder.head.events} events; SHA256SUMS {digest}"


async def _lot(making: Making, row: LotRow) -> None:
    """Everything of one lot; it is in the archive as a whole or not at all."""
    read, head, at = making.store.read_long, making.folder.head, lot_folder(row.site, row.number)
    export = await lot_export(read, row.site_id, row.number, head.made_at, head.maker)
    paper = await asyncio.to_thread(record_pdf, export, head.language)
    made = {
        f"{at}/record.pdf": paper,
        f"{at}/record.json": as_json(export),
        f"{at}/record.csv": as_csv(export),
    }
    files = [File(name.rpartition("/")[2], name, "record") for name in made]
    made[f"{at}/proofs.json"] = await _proofs(making, row)
    files.append(File("proofs.json", f"{at}/proofs.json", "proof"))
    for place, release_id in enumerate(await decisions_of(read, row.id), start=1):
        written, listed = await _certificate(making, row, release_id, f"{at}/certificate-{place}")
        made |= written
        files += listed
    kept, listed = await _attachments(making, export)
    until = (await keeping(read, row.site_id, row.number)).until or ""
    entry = LotEntry(
        row.site, row.number, row.item, row.name, row.supplier, row.supplier_lot, row.order, row.status, row.day,
        until, [*files, *listed],
    )  # fmt: skip
    making.folder.lot(entry, made, kept)


async def _attachments(making: Making, export: RecordExport) -> tuple[dict[str, Path], list[File]]:
    """Files that the record names; one whose bytes are gone is listed as missing."""
    kept: dict[str, Path] = {}
    listed = []
    for each in await attachments_of(making.store.read_long, hashes_in(export)):
        source, target = (
            path_of(making.settings.attachments, each.sha256),
            file_path(each.sha256, each.media_type),
        )
        if source.exists():
            kept[target] = source
        listed.append(
            File(each.name or each.sha256[:12], target, "attachment" if source.exists() else "missing")
        )
    return kept, listed


async def _proofs(making: Making, row: LotRow) -> bytes:
    """Each event of the lot with its audit path, so that this folder alone can be handed on."""
    events = [
        {"seq": seq, "event": body, "path": [b64encode(step).decode() for step in making.tree.inclusion(seq)]}
        for seq, body in await lot_events(making.store.read_long, row.id)
        if seq < len(making.tree)
    ]
    return msgspec.json.encode({"checkpoint": making.checkpoint.decode(), "events": events})


async def _certificate(
    making: Making, row: LotRow, release_id: str, at: str
) -> tuple[dict[str, bytes], list[File]]:
    """Paper and proof file of a decision; nothing where it was not issued yet when the archive was begun."""
    signed = await signed_release(making.store.read_long, release_id, row.site_id)
    if signed.event is None or signed.event_seq is None or signed.event_seq >= len(making.tree):
        return {}, []
    path = path_of(making.settings.attachments, signed.release.certificate_pdf or "")
    name = at.rpartition("/")[2]
    if not path.exists():
        return {}, [File(f"{name}.pdf", f"{at}.pdf", "missing")]
    proof = build_proof(
        signed.signature.record,
        signed.signature.evidence,
        signed.event,
        making.tree.inclusion(signed.event_seq),
        making.checkpoint,
        making.vkey,
    )
    return {f"{at}.pdf": path.read_bytes(), f"{at}.lotgate": proof}, [
        File(f"{name}.pdf", f"{at}.pdf", "certificate"),
        File(f"{name}.lotgate", f"{at}.lotgate", "proof"),
    ]


async def _log(making: Making) -> None:
    size = making.folder.head.events
    for first in range(0, size, EVENTS_A_FILE):
        bodies = await events_from(making.store.read_long, first, size)
        making.folder.write(log_path(first), "".join(f"{body}\n" for body in bodies).encode())
    making.folder.write("log/checkpoint", making.checkpoint)


def _checkers(making: Making) -> None:
    """What checks it all without us."""
    folder, vkey = making.folder, making.vkey
    folder.write("maker.vkey", f"{vkey}\n".encode())
    folder.write("verify.html", verify_page([vkey]).encode())
    folder.write("lotgate_verify.py", SCRIPT.read_bytes())
    folder.write("lotgate_archive_verify.py", Path(lotgate_archive_verify.__file__).read_bytes())
