"""The whole walk over HTTP: a label, a lot, two inspections, a nonconformity, signatures, a product, a proof.

Read it from the top: each paragraph is one person's turn at the phone.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from backend.domain.merkle import verify_consistency
from backend.domain.notes import open_checkpoint
from backend.outside.maker_key import verify_ed25519
from backend.verify.page import SCRIPT
from tests.web.served import Phone, Served
from tests.web.walk import begin, by_passkey, by_password, enrol_passkey, inspect

SETS = {"TUB-30": "150", "NDL-21": "100", "PCH-15": "100", "LUR-06": "100", "DRC-20": "100"}


@pytest.mark.proves("LOT-12", "REL-2", "SIG-1", "SIG-2", "SIG-3", "SIG-5", "QUA-1", "AUD-7")
async def test_a_lot_goes_from_its_label_to_a_proof_that_a_stranger_can_check(
    served: Served, tmp_path: Path
) -> None:
    wang, li, sun = [await served.by(login) for login in ("wang", "li", "sun")]
    witnessed = await li.get("/api/log/checkpoint")

    # Wang Fang at the dock: the label says what it is and which delivery it belongs to; one tap receives it.
    label = await served.label("0412/2")
    seen = await wang.scan(label.text)
    assert (seen["kind"], seen["item"]["code"], seen["reading"]["lot"]) == ("new_lot", "NDL-21", label.lot)
    received = await served.receive("0412/2")
    needles = received["lot"]["number"]
    assert (received["lot"]["status"], received["location"]["kind"]) == ("quarantine", "quarantine")

    # Li Na measures, one item after the other; everything conforms.
    waiting = await li.get("/api/worklist")
    assert needles in [each["lot_number"] for each in waiting["inspections"]]
    recorded = await inspect(li, received["received"]["inspection"]["id"])
    assert recorded["sheet"]["status"] == "passed"

    # Sun Mei makes a passkey, reads the sheet, and signs exactly what she was shown.
    passkey = await enrol_passkey(sun)
    receipt = received["received"]["receipt_id"]
    sheet = await sun.get(f"/api/receipts/{receipt}/release")
    assert sheet["blockers"] == []
    begun = await begin(sun, receipt)
    assert begun["password_needed"] and begun["passkey"]["rp_id"] == "localhost"
    body = by_passkey(passkey, receipt, begun, password="lotgate-demo-sun")
    released = await sun.post("/api/releases", **body)
    assert (released["decision"], released["printed_name"]) == ("release", "孙梅")
    assert released["lot"]["status"] == "released"

    # Tubing measures too wide: the lot is held, a nonconformity opens, quality decides and follows up.
    tubing = await _nonconforming_tubing_is_accepted(served)

    # Zhao Qiang makes a hundred sets of released lots.
    made = await _sets_made(served, {"NDL-21": needles, "TUB-30": tubing})
    number = made["lot"]["number"]
    await inspect(li, made["received"]["inspection"]["id"])
    product = await begin(sun, made["received"]["receipt_id"])
    assert not product["password_needed"]  # the second signature of the session
    release = await sun.post("/api/releases", **by_passkey(passkey, made["received"]["receipt_id"], product))

    # From the needles to the sets, and back.
    down = await li.get(f"/api/lots/{needles}/trace")
    assert (number, 1) in [(node["number"], node["depth"]) for node in down["nodes"]]
    up = await li.get(f"/api/lots/{number}/trace")
    assert {needles, tubing} <= {node["number"] for node in up["nodes"] if node["depth"] == -1}

    # A stranger checks the certificate alone, and what was forged does not pass.
    await _proof_holds_and_forgeries_do_not(sun, release["release_id"], tmp_path)

    # Li Na's phone demands that the log she saw in the morning is the beginning of the one it is now.
    await _log_has_only_grown(li, witnessed)


async def _nonconforming_tubing_is_accepted(served: Served) -> str:
    li, novak, zhou = [await served.by(login) for login in ("li", "novak", "zhou")]
    received = await served.receive("0412/1")
    recorded = await inspect(li, received["received"]["inspection"]["id"], fail="OD-2")
    assert recorded["lot"]["status"] == "held"
    number = recorded["lot"]["number"]
    report = next(each for each in await novak.get("/api/ncrs") if each["lot_number"] == number)
    ncr = f"/api/ncrs/{report['id']}"

    contained = await novak.post(f"{ncr}/containment", version=report["version"], containment="Set aside.")
    assert await novak.refused(412, f"{ncr}/containment", version=report["version"], containment="Again.")
    promise = {"what": "Ask for the record", "owner_id": novak.session["person"]["id"],
               "due_on": (await served.store.today(novak.session["site"]["id"])).isoformat()}  # fmt: skip
    disposed = await novak.post(
        f"{ncr}/disposition",
        version=contained["version"],
        disposition="use_as_is",
        justification="0.02 mm over; the joint holds 21 N.",
        follow_ups=[promise],
    )
    assert await novak.refused(409, f"{ncr}/closure") == ["follow_up_open"]
    done = f"/api/follow-ups/{disposed['follow_ups'][0]['id']}/completion"
    await novak.post(done, outcome="Die cleaned.")
    assert (await novak.post(f"{ncr}/closure"))["status"] == "closed"

    # The quality manager has no passkey: password and one-time code, and the server attests it.
    receipt = received["received"]["receipt_id"]
    terms = {"condition": "for sets of line 1 only", "ends_on": "2099-12-31"}
    begun = await begin(zhou, receipt, meaning="concession", **terms)
    assert begun["passkey"] is None and begun["totp"]
    released = await zhou.post("/api/releases", **by_password(zhou, receipt, begun))
    assert released["lot"]["status"] == "conceded"
    return str(number)


async def _sets_made(served: Served, parents: dict[str, str]) -> Any:
    zhao = await served.by("zhao")
    item = next(each for each in await zhao.get("/api/items") if each["kind"] == "finished")
    run = await zhao.post("/api/production", item_id=item["id"], production_order="MO-HTTP-1")
    path = f"/api/production/{run['lot']['id']}"
    in_stock = (await zhao.get("/api/lots", status="released"))["lots"]
    for code, quantity in SETS.items():
        lot = next(each for each in in_stock if each["item"]["code"] == code)
        parent = parents.get(code, lot["number"])
        taken = await zhao.post(f"{path}/consumptions", parent_number=parent, quantity=quantity)
        assert parent in [line["parent_number"] for line in taken["child"]["consumed"]]
    return await zhao.post(f"{path}/finish", quantity="100", made_on=served.clock()[:10])


async def _proof_holds_and_forgeries_do_not(phone: Phone, release_id: str, folder: Path) -> None:
    pdf = await phone.client.get(f"/api/releases/{release_id}/certificate.pdf")
    proof = await phone.client.get(f"/api/releases/{release_id}/proof")
    key = await phone.client.get("/api/maker.vkey")
    assert pdf.content.startswith(b"%PDF-")
    for name, answer in (("c.pdf", pdf), ("c.lotgate", proof), ("maker.vkey", key)):
        (folder / name).write_bytes(answer.content)
    assert _verdict(folder, "c.lotgate", "--pdf", str(folder / "c.pdf")) == 0

    forged = proof.content.replace(b'"quantity":"100"', b'"quantity":"900"')
    assert forged != proof.content
    (folder / "forged.lotgate").write_bytes(forged)
    assert _verdict(folder, "forged.lotgate") == 1
    (folder / "changed.pdf").write_bytes(pdf.content + b" ")
    assert _verdict(folder, "c.lotgate", "--pdf", str(folder / "changed.pdf")) == 1


def _verdict(folder: Path, name: str, *more: str) -> int:
    """The exit code of the stranger's one file, on nothing but Python."""
    command = [sys.executable, "-I", str(SCRIPT), str(folder / name), "--key", str(folder / "maker.vkey")]
    return subprocess.run([*command, *more], capture_output=True, check=False).returncode


async def _log_has_only_grown(phone: Phone, witnessed: Any) -> None:
    head = await phone.get("/api/log/checkpoint", **{"from": witnessed["size"]})
    signed = open_checkpoint(head["checkpoint"].encode(), head["vkey"], verify_ed25519)
    assert (signed.size, signed.root.hex()) == (head["size"], head["root"])
    proof = [bytes.fromhex(each) for each in head["consistency"]]
    roots = [bytes.fromhex(each["root"]) for each in (witnessed, head)]
    assert witnessed["size"] < head["size"]
    assert verify_consistency(witnessed["size"], head["size"], proof, *roots)
    assert not verify_consistency(witnessed["size"], head["size"], proof, bytes(32), roots[1])
