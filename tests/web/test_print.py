"""A photo sent to the server: its print is read beside its code, and a difference is refused by HTTP as well."""

from __future__ import annotations

import cv2
import pytest

import scanner.worker
from scanner.draw import draw_label
from tests.web.served import Served, scanned


async def test_a_photo_whose_print_and_code_differ_is_not_received_without_a_reason(served: Served) -> None:
    wang, label = await served.by("wang"), await served.label("0412/2")
    drawn = draw_label(["批号 LOT: X99-87"], label.text, "DataMatrix")
    body = bytes(cv2.imencode(".png", drawn)[1])
    answer = await wang.client.post("/api/scan/picture", content=body, headers={"content-type": "image/png"})
    assert answer.status_code == 200, answer.text
    read = answer.json()
    [row] = [row for row in read["scan"]["print"] if row["field"] == "lot"]
    assert (row["verdict"], row["code"], row["printed"]) == ("disagree", label.lot, "X99-87")
    assert read["scan"]["warnings"][0]["code"] == "print_differs"
    assert [each["text"] for each in read["printed"] if each["field"] == "lot"] == ["X99-87"]
    receipt = {
        "codes": [scanned(label.text) | {"picture": read["picture"]}],
        "order_line_id": label.order_line_id,
    }
    assert await wang.refused(409, "/api/receipts", **receipt) == ["print_differs"]
    assert await wang.refused(409, "/api/receipts", **receipt, print_looked=True) == ["print_differs"]
    await wang.post("/api/receipts", **receipt, print_reason="relabelled, note of the supplier")


async def test_print_that_could_not_be_read_is_said_and_not_passed_over(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    wang, label = await served.by("wang"), await served.label("0412/2")
    drawn = draw_label(["LOT: X99-87"], label.text, "DataMatrix")
    body = bytes(cv2.imencode(".png", drawn)[1])
    monkeypatch.setattr(scanner.worker.read_print_safely, "__kwdefaults__", {"timeout_s": 0.001})
    answer = await wang.client.post("/api/scan/picture", content=body, headers={"content-type": "image/png"})
    assert answer.status_code == 200, answer.text
    assert [each["code"] for each in answer.json()["scan"]["warnings"]] == ["print_unread"]
    monkeypatch.undo()
    answer = await wang.client.post("/api/scan/picture", content=body, headers={"content-type": "image/png"})
    assert "print_unread" not in [each["code"] for each in answer.json()["scan"]["warnings"]]
