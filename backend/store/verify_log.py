"""Is everything as it was written? The log against itself, its witness, and every row that rests on it.

| touched                                       | found by                                                    |
|-----------------------------------------------|-------------------------------------------------------------|
| body of an event, or two bodies swapped       | its hash against leaf column and witnessed leaf             |
| another column of an event                    | the body, which repeats it                                  |
| an event taken out, put in, moved             | places counted from 0; witnessed leaves                     |
| the tail cut off, rows put back or not        | witnessed leaves and heads are longer                       |
| the whole log written anew                    | the signed head, which needs the maker's key                |
| the witness too                               | the signed head; beyond that, the heads that phones keep    |
| a business row                                | the events' old and new values, folded (`verify_rows`)      |
| the answer kept for a repeated command        | its digest in the event                                     |
| triggers, indexes, tables                     | the migrations (`verify_schema`)                            |

The witness is read before the database: what it knows was committed before, so a running server that
goes on writing causes no false alarm.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from pathlib import Path

import msgspec

from backend.domain.canonical import EXACT
from backend.domain.events import Event
from backend.domain.merkle import Tree, leaf_hash
from backend.domain.notes import BadNote, Verify, open_checkpoint
from backend.store.database import Row, Unavailable
from backend.store.log import COLUMNS, columns_of
from backend.store.log_report import Finding, LogReport, shown
from backend.store.reader import Reader
from backend.store.snapshot import in_chunks
from backend.store.verify_rows import ExpectedRows
from backend.store.verify_schema import check_schema
from backend.store.witness_files import ABSENT, Witnessed, read_witness


def no_float(text: str) -> float:
    raise ValueError(f"{text} has no canonical form")


_event = msgspec.json.Decoder(Event, float_hook=no_float).decode
_canonical = msgspec.json.Encoder(order="sorted").encode
SELECT = f"select {', '.join(COLUMNS)} from event"


async def verify_log(
    database: AbstractAsyncContextManager[Reader], folder: Path, vkey: str | None, verify: Verify
) -> LogReport:
    """Check all of it: a quick reading that says whether all is well, a strict one where there is any doubt.

    `database`: see `snapshot`; not yet entered. `folder`: the witness. `vkey`: the maker's public key; None
    is a finding, since whoever takes it away can sign heads with a key of his own. Raises Unavailable where the
    database cannot be read, NotMigrated where it is no Lotgate database of this version.
    """
    from backend.store.verify_quick import quick_report  # it is made of this file's parts

    witnessed = read_witness(folder)
    async with database as read:
        findings = await check_schema(read)
        quick = await quick_report(read, witnessed, vkey, verify) if not findings else None
        return quick or await _strict_report(read, witnessed, vkey, verify, findings)


async def _strict_report(
    read: Reader, witnessed: Witnessed, vkey: str | None, verify: Verify, findings: list[Finding]
) -> LogReport:
    """Everything once more, decoded in full: names each event and row that was touched."""
    expected = ExpectedRows(findings)
    log = StrictCheck(witnessed, expected, findings)
    try:
        async for rows in in_chunks(read, SELECT, "seq"):
            for row in rows:
                log.take(row)
    except Unavailable as error:
        findings.append(Finding("table_unreadable", "event", found=str(error)))
    log.finish(vkey, verify)
    return report_of(
        log, witnessed, await expected.compare(read), await expected.compare_answers(read), findings
    )


def report_of(
    log: LogCheck, witnessed: Witnessed, rows: int, answers: int, findings: list[Finding]
) -> LogReport:
    """What was counted and found."""
    head = witnessed.head()
    return LogReport(
        events=log.count,
        rows=rows,
        answers=answers,
        heads=len({size for size, _ in witnessed.history} | ({head.size} if head else set())),
        unproved=max(0, log.count - (head.size if head else 0)),
        findings=findings,
    )


class LogCheck:
    """A log walked in its order, against its witness: what is missing, and the roots at its end."""

    def __init__(self, witnessed: Witnessed, findings: list[Finding]) -> None:
        self.count = 0
        self._next = 0
        self._witnessed, self._findings = witnessed, findings
        self._tree = Tree()
        self._whole = True

    def _missing(self, code: str, end: int) -> None:
        """Events from `_next` to `end` are not there; the witness may know what they hashed to."""
        last = f"{self._next}" if end == self._next + 1 else f"{self._next}..{end - 1}"
        self._find(code, self._next, expected=last)
        for seq in range(self._next, min(end, self._witnessed.size())):
            known = self._witnessed.leaf(seq)
            self._whole = self._whole and known is not None
            self._tree.append(known or ABSENT)
        self._whole = self._whole and len(self._tree) == end
        self._next = end

    def finish(self, vkey: str | None, verify: Verify) -> None:
        """The end of the log, the witness folder, the heads."""
        if self._witnessed.size() > self._next:
            self._missing("log_cut", self._witnessed.size())
        if self.count == 0 and self._witnessed.size() == 0:
            return
        self._check_folder()
        note = self._witnessed.checkpoint
        if vkey is None:
            self._find_witness("witness_missing", "maker.vkey")
        elif note is not None:
            try:
                open_checkpoint(note, vkey, verify)
            except (BadNote, UnicodeDecodeError) as error:
                self._find_witness("checkpoint_untrusted", "checkpoint", found=str(error))
        head = self._witnessed.head()
        if head is not None and self._differs(head.size, head.root):
            found = self._tree.root(head.size).hex()
            self._find_witness("checkpoint_differs", "checkpoint", head.size, head.root.hex(), found)
        for size, root in sorted(self._witnessed.history):
            if self._differs(size, root):
                found = self._tree.root(size).hex()
                self._find_witness("history_differs", "checkpoints", size, root.hex(), found)
                return  # every later head differs with it

    def _differs(self, size: int, root: bytes) -> bool:
        return self._whole and size <= len(self._tree) and self._tree.root(size) != root

    def _check_folder(self) -> None:
        """Files that are missing, cut or spoilt."""
        known, head = self._witnessed, self._witnessed.head()
        for file in known.missing:
            self._find_witness("witness_missing", file)
        if known.checkpoint is not None and head is None:
            self._find_witness("witness_unreadable", "checkpoint")
        for line in known.spoilt:
            self._find_witness("witness_unreadable", "checkpoints", line)
        least = head.size if head is not None else 0
        gap = next((seq for seq in range(least) if known.leaf(seq) is None), None)
        if gap is not None and "leaves" not in known.missing:
            self._find_witness("witness_cut", "leaves", gap, str(least), str(gap))

    def _find(
        self,
        code: str,
        seq: int | None,
        column: str | None = None,
        expected: str | None = None,
        found: str | None = None,
    ) -> None:
        self._findings.append(Finding(code, "event", None, seq, column, expected, found))  # type: ignore[arg-type]

    def _find_witness(
        self,
        code: str,
        file: str,
        seq: int | None = None,
        expected: str | None = None,
        found: str | None = None,
    ) -> None:
        self._findings.append(Finding(code, "witness", file, seq, None, expected, found))  # type: ignore[arg-type]


class StrictCheck(LogCheck):
    """Looks at every part of every event, and names what is not as it was written."""

    def __init__(self, witnessed: Witnessed, expected: ExpectedRows, findings: list[Finding]) -> None:
        super().__init__(witnessed, findings)
        self._expected = expected

    def take(self, row: Row) -> None:
        """One row of the log."""
        seq: int = row[0]
        self.count += 1
        if type(seq) is not int or seq < 0:
            self._find("event_unexpected", None, found=shown(seq))
            return
        if seq > self._next:
            self._missing("event_missing", seq)
        self._next = seq + 1
        body, leaf = row[9], row[10]
        data = body.encode("utf-8", "surrogateescape") if isinstance(body, str) else b""
        hashed = leaf_hash(data)
        self._tree.append(hashed)
        self._check_hash(seq, hashed, leaf)
        try:
            event = _event(data)
            sound = _canonical(event) == data and _small(event)
        except (msgspec.DecodeError, ValueError) as error:
            self._find("event_unreadable", seq, "body", found=str(error))
            return
        if not sound:
            self._find("event_unreadable", seq, "body", found="not canonical")
        self._check_columns(row, event, body, leaf)
        self._expected.take(event)

    def _check_hash(self, seq: int, hashed: bytes, leaf: object) -> None:
        known = self._witnessed.leaf(seq)
        if known is not None and known != hashed:
            self._find("event_altered", seq, "body", known.hex(), hashed.hex())
        if leaf != hashed.hex():
            if known is not None and known == hashed:
                self._find("event_column", seq, "leaf", hashed.hex(), shown(leaf))
            elif known is None:
                self._find("event_altered", seq, "body", shown(leaf), hashed.hex())

    def _check_columns(self, row: Row, event: Event, body: object, leaf: object) -> None:
        wanted = columns_of(event, str(body), str(leaf))
        if wanted == row:
            return
        for name, want, is_ in zip(COLUMNS[:-1], wanted, row, strict=False):
            if want != is_:
                self._find("event_column", row[0], name, shown(want), shown(is_))


def _small(event: Event) -> bool:
    """Whole numbers beyond 2**53 have no canonical form; those of the event itself count its place."""
    return -EXACT < event.seq < EXACT
