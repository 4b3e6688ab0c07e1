"""Abuse from outside: huge bodies in flat memory, addresses that climb, payloads that would like to be code."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from backend.web.headers import HEADERS
from backend.web.session import HEADER
from tests.web.served import PAGE, Served, codes


@pytest.fixture
def engine() -> str:
    """What comes from outside is refused before either engine sees it."""
    return "sqlite"


MEGABYTE = 2**20
UPLOAD = 50 * MEGABYTE


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """`lotgate demo` itself: address and process id."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    folder = tmp_path_factory.mktemp("demo")
    environment = os.environ | {
        "LOTGATE_PORT": str(port),
        "LOTGATE_DATA": str(folder),
        "LOTGATE_PAGE": str(PAGE),
    }
    command = [Path(sys.executable).parent / "lotgate", "demo", "--no-phone"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if "Ctrl-C" in line:
            break
    yield f"http://localhost:{port}", process.pid
    process.send_signal(signal.SIGTERM)
    rest = process.stdout.read()
    assert process.wait(timeout=20) == 0 and "has ended" in rest
    process.stdout.close()


def peak_memory(pid: int) -> int:
    """The most that a process has ever held, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) * 1024


async def zeros(most: int) -> AsyncIterator[bytes]:
    """A body that never says how long it is."""
    for _ in range(most // MEGABYTE):
        yield bytes(MEGABYTE)
        await asyncio.sleep(0)


@pytest.mark.parametrize("path", ["/api/attachments", "/api/scan/picture", "/api/receipts"])
async def test_fifty_megabytes_are_refused_in_flat_memory_and_the_server_goes_on(
    server: tuple[str, int], path: str
) -> None:
    address, pid = server
    async with httpx.AsyncClient(base_url=address, timeout=30) as client:
        session = (
            await client.post("/api/session", json={"login": "li", "password": "lotgate-demo-li"})
        ).json()
        client.headers[HEADER] = session["csrf"]
        before = peak_memory(pid)
        for _ in range(3):
            assert await _status(client, path, bytes(UPLOAD)) == 413
            assert await _status(client, path, zeros(UPLOAD)) == 413
        assert peak_memory(pid) - before < 60 * MEGABYTE  # six uploads are 300
        assert (await client.get("/healthz")).text == "ok"


async def _status(client: httpx.AsyncClient, path: str, body: Any) -> int:
    """The status; a server that has answered may close while the rest is still on its way."""
    try:
        return (await client.post(path, content=body)).status_code
    except (httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError):
        return 413 if (await client.get("/healthz")).status_code == 200 else 0


CLIMBING = [
    "/../../etc/passwd", "/..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/..%2f..%2fserved.py",
    "/assets/%2e%2e/%2e%2e/served.py", "/..%5c..%5cserved.py", "//etc/passwd", "/assets//../../served.py",
    "/%2fetc%2fpasswd", "/assets/../../served.py%00.js", "/....//....//etc/passwd", "/api/..%2f..%2fserved.py",
]  # fmt: skip


@pytest.mark.parametrize("path", CLIMBING)
async def test_no_address_climbs_out_of_the_page_folder(shared: Served, path: str) -> None:
    answer = await shared.phone().client.get(path)
    assert answer.status_code in (200, 400, 404)
    assert answer.status_code != 200 or answer.text == (PAGE / "index.html").read_text()
    assert "root:" not in answer.text and "def serving" not in answer.text


def naive_file(folder: Path, name: str) -> Path:
    """The broken twin of the page's file lookup: it takes the address at its word."""
    return folder / name


def test_the_naive_lookup_climbs() -> None:
    assert naive_file(PAGE, "../served.py").is_file(), "the twin gives out what is not the page"


async def test_every_answer_carries_the_security_headers(shared: Served) -> None:
    li, stranger = await shared.by("li"), shared.phone()
    answers = [
        await stranger.client.get("/"),
        await stranger.client.get("/assets/app.js"),
        await stranger.client.get("/api/session"),
        await stranger.client.get("/api/nothing"),
        await stranger.client.post("/api/session", content=b"{"),
        await stranger.client.get("/api/verifier.html"),
        await stranger.client.get("/schema/openapi.json"),
        await li.client.get("/api/worklist"),
        await li.client.post("/api/receipts", json={}),
        await li.client.get("/api/lots/%00"),
    ]
    assert {answer.status_code for answer in answers} == {200, 400, 401, 404}
    for answer in answers:
        assert HEADERS.items() <= dict(answer.headers).items(), answer.url
    policy = HEADERS["content-security-policy"]
    assert "'unsafe-eval'" not in policy and "script-src 'self' 'wasm-unsafe-eval';" in policy


PAYLOADS = [
    "x'; drop table lot; --", "<script>alert(1)</script>", "=HYPERLINK(\"http://e/\",\"x\")", "^XA^FDx^FS^XZ",
    "\u202eabc", "${jndi:ldap://e/x}", "{{7*7}}", "%s%n", "\x1b[31mred",
]  # fmt: skip


@pytest.mark.proves("LBL-8")
async def test_what_a_label_says_stays_text_in_database_log_and_answer(served: Served) -> None:
    wang, label = await served.by("wang"), await served.label("0412/2")
    for payload in PAYLOADS:
        assert (await wang.scan(payload))["kind"] == "not_a_label"
        body = {"order_line_id": label.order_line_id, "supplier_lot": payload, "quantity": "1"}
        number = (await wang.post("/api/receipts", **body))["lot"]["number"]
        assert [lot["number"] for lot in (await wang.get("/api/lots", search=payload))["lots"]] == [number]
        card = await wang.client.get(f"/api/lots/{number}/card")
        assert card.json()["supplier_lot"] == payload
        assert card.headers["content-type"].startswith("application/json")
        history = await wang.get(f"/api/lots/{number}/history")
        rows = [change["new"] for event in history for change in event["changes"] if change["table"] == "lot"]
        assert rows[0]["supplier_lot"] == payload


@pytest.mark.proves("LBL-8")
async def test_a_log_line_stays_one_line_and_holds_no_secret(
    served: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    phone = await served.phone().sign_in("li")
    served.app.state.parts.page = None  # type: ignore[assignment]  # something that nobody expected
    answer = await phone.client.get("/a%0Ab%1b[31m")
    assert (answer.status_code, codes(answer.json())) == (500, ["unexpected"])
    assert "Traceback" not in answer.text and "NoneType" not in answer.text
    written = capsys.readouterr().out
    assert len(written.splitlines()) == 1 and "\x1b" not in written
    assert phone.cookie not in written and phone.session["csrf"] not in written


@pytest.mark.proves("AUD-6")
@pytest.mark.parametrize(("ahead", "flag"), [(0, None), (119, None), (300, 300), (-300, -300)])
async def test_a_device_clock_that_is_off_is_flagged_and_reorders_nothing(
    served: Served, ahead: int, flag: int | None
) -> None:
    told = (datetime.fromisoformat(served.clock()) + timedelta(seconds=ahead)).isoformat()
    received = await served.receive("0412/2", device_at=told, quantity="1")
    number = received["lot"]["number"]
    event = (await served.events(type="lot_received", subject=received["lot"]["id"]))[0]
    assert event["device_at"] == told
    skew = event["facts"].get("skew_seconds")
    assert skew is None if flag is None else abs(skew - flag) <= 20
    history = await (await served.by("wang")).get(f"/api/lots/{number}/history")
    assert [each["at"] for each in history] == sorted(each["at"] for each in history)
