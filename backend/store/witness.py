"""The log's memory outside the database: its Merkle tree, leaf hashes on disk, signed heads, proofs.

After each durable group of commands the leaf hashes go to the witness folder at once and a signed head
follows within DEBOUNCE. When the database opens with less than was witnessed (a stale backup) or with
something else, the store is locked: reading goes on, nothing can be changed (BAK-1).

    witness = Witness(folder, vkey, sign)
    witness.attach(store)
    await witness.catch_up(store.read_long)     # once the store is open; compares with the folder
    ...
    await store.close()
    await witness.close()
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from backend.domain.errors import NotFound, Reason, Refused, refuse
from backend.domain.events import Event
from backend.domain.merkle import WIDTH, Tree
from backend.domain.notes import Sign, sign_checkpoint
from backend.store.database import Unavailable
from backend.store.door import Store
from backend.store.reader import Reader
from backend.store.witness_files import Witnessed, WitnessFiles, read_witness

DEBOUNCE = 0.15
"""Seconds from a commit to its signed head on disk."""
HISTORY = 1.0
"""Seconds between heads that are kept for ever."""
CHUNK = 20_000
NEXT = f"select seq, leaf from event where seq >= $1 order by seq limit {CHUNK}"


class Head(msgspec.Struct, frozen=True):
    """The log's newest head: `note` is the signed checkpoint (C2SP), `root` 32 bytes."""

    size: int
    root: bytes
    note: bytes


class Witness:
    """Keeps the tree of one log and its files; one a process, several processes on one folder are fine."""

    def __init__(self, folder: Path, vkey: str, sign: Sign) -> None:
        self.vkey = vkey
        self._folder, self._sign = folder, sign
        self._tree = Tree()
        self._files: WitnessFiles | None = None
        self._store: Store | None = None
        self._written = 0
        self._gap = False
        self._trouble: Reason | None = None
        self._not_written: Reason | None = None
        self._head: Head | None = None
        self._remembered = float("-inf")
        self._catching = asyncio.Lock()
        self._dirty, self._closing = asyncio.Event(), asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def attach(self, store: Store) -> None:
        """Hear of every commit of this process."""
        self._store = store
        store.committed.append(self._committed)

    async def catch_up(self, read: Reader) -> None:
        """Take in what the database holds beyond the tree. The first time also compares with the folder.

        The folder is read first: whatever another process adds to it afterwards is in the database by then.
        """
        async with self._catching:
            witnessed = read_witness(self._folder) if self._files is None else None
            while True:
                rows = await read.rows(NEXT, len(self._tree))
                broken = self._take([(int(seq), str(leaf)) for seq, leaf in rows])
                if len(rows) < CHUNK or broken is not None:
                    break
            if broken is not None:
                self._lock("log_differs_from_witness", seq=broken)
            if witnessed is not None:
                self._compare(witnessed)
                await self._begin()
            elif self._trouble is None and self._written < len(self._tree):
                self._write_leaves()
                self._dirty.set()

    async def head(self) -> Head:
        """The signed head over all that is committed now, by whatever process."""
        await self._current()
        return self._signed_head()

    async def proof(self, seq: int) -> tuple[list[bytes], bytes]:
        """The audit path of event `seq`, and the signed checkpoint that it leads to."""
        await self._current()
        head = self._signed_head()
        if not 0 <= seq < head.size:
            raise NotFound(Reason("not_found", {"kind": "event", "id": str(seq)}))
        return self._tree.inclusion(seq, head.size), head.note

    async def proofs(self, seqs: Sequence[int]) -> tuple[list[list[bytes]], bytes]:
        """The audit paths of several events, all into one signed checkpoint."""
        await self._current()
        head = self._signed_head()
        return [self._tree.inclusion(seq, head.size) for seq in seqs], head.note

    async def consistency(self, old: int, new: int) -> list[bytes]:
        """The proof that the log of `old` events is the beginning of the log of `new` ones."""
        await self._current()
        if not 0 <= old <= new <= len(self._tree):
            raise refuse("log_shorter_than_checkpoint", events=len(self._tree), witnessed=max(old, new))
        return self._tree.consistency(old, new)

    async def close(self) -> None:
        """Write the last head and let go. Reads nothing, so the store may be closed before."""
        self._closing.set()
        self._dirty.set()
        if self._task is not None:
            await self._task
        if self._files is not None:
            self._files.close()
        self._files = self._task = None

    def _lock(self, code: str, **facts: int) -> None:
        """What this process sees is not what was witnessed: from here on nothing is signed or written."""
        if self._trouble is None:
            self._trouble = Reason(code, dict(facts))
            if self._store is not None:
                self._store.locked = self._trouble

    async def _current(self) -> None:
        if self._store is not None and self._trouble is None:
            await self.catch_up(self._store.read)
        if self._trouble is not None:
            raise Refused(self._trouble)  # a second head of one size would be a lie

    def _take(self, rows: list[tuple[int, str]]) -> int | None:
        """Append leaves from the database; returns the place of a missing or unreadable one."""
        for seq, leaf in rows:
            if seq < len(self._tree):
                continue
            try:
                hashed = bytes.fromhex(leaf)
            except ValueError:
                return seq
            if seq > len(self._tree) or len(hashed) != WIDTH:
                return len(self._tree)
            self._tree.append(hashed)
        self._gap = False
        return None

    def _compare(self, witnessed: Witnessed) -> None:
        """The database against the folder, at the opening."""
        size = len(self._tree)
        differs = first_difference(self._tree, witnessed)
        head = witnessed.head()
        if differs is None and witnessed.checkpoint is not None and (head is None or head.size <= size):
            # Ed25519 is deterministic: the same head signed anew is the same note, byte for byte.
            same = head is not None and witnessed.checkpoint == sign_checkpoint(
                self.vkey, head.size, self._tree.root(head.size), self._sign
            )
            differs = None if same else (head.size if head else 0)
        if differs is not None:
            self._lock("log_differs_from_witness", seq=differs)
        elif witnessed.size() > size:
            missing = witnessed.size() - size
            self._lock("log_behind_witness", events=size, witnessed=witnessed.size(), missing=missing)
        if self._trouble is None:
            self._files = WitnessFiles(self._folder)
            self._written = next((seq for seq in range(size) if witnessed.leaf(seq) is None), size)

    async def _begin(self) -> None:
        """The first head stands before the first change."""
        if self._files is not None:
            if not await self._keep_head(last=True):
                self._dirty.set()
            self._task = asyncio.create_task(self._keep_heads(), name="lotgate witness")

    def _committed(self, events: list[Event], leaves: list[bytes]) -> None:
        """After a durable group: never raises, since what is committed is committed."""
        if self._files is None or not events:
            return
        for event, leaf in zip(events, leaves, strict=True):
            if event.seq == len(self._tree):
                self._tree.append(leaf)
            elif event.seq > len(self._tree):
                self._gap = True  # another process wrote in between; catching up reads both
                break
            elif self._tree.leaf(event.seq) != leaf:
                self._lock("log_differs_from_witness", seq=event.seq)
        if self._trouble is None:
            self._write_leaves()
            self._dirty.set()

    def _write_leaves(self) -> None:
        size = len(self._tree)
        if self._files is None or self._written == size:
            return
        leaves = b"".join(self._tree.leaf(seq) for seq in range(self._written, size))
        try:
            self._files.write_leaves(self._written, leaves)
        except OSError as error:
            self._set_not_written(error)
            return
        self._written = size

    def _set_not_written(self, error: OSError | None) -> None:
        """While the witness cannot be written nothing is changed; the next success opens again."""
        if self._store is None or self._store.locked is not self._not_written:
            return  # locked for another reason already
        self._not_written = None
        if error is not None:
            self._not_written = Reason("witness_not_written", {"detail": error.strerror or str(error)})
        self._store.locked = self._not_written

    def _open_anew(self) -> None:
        """After a failure the folder may be another one: all leaves are written again."""
        files = WitnessFiles(self._folder)
        if self._files is not None:
            self._files.close()
        self._files, self._written = files, 0

    def _signed_head(self) -> Head:
        size = len(self._tree)
        if self._head is None or self._head.size != size:
            root = self._tree.root()
            self._head = Head(size, root, sign_checkpoint(self.vkey, size, root, self._sign))
        return self._head

    async def _keep_heads(self) -> None:
        while True:
            await self._dirty.wait()
            await self._pause(DEBOUNCE)
            last = self._closing.is_set()
            self._dirty.clear()
            if not await self._keep_head(last) and not last:
                self._dirty.set()
                await self._pause(HISTORY)
            if last:
                return

    async def _pause(self, seconds: float) -> None:
        """Wait, or until the closing."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closing.wait()

    async def _keep_head(self, last: bool) -> bool:
        """Put the newest head on disk; False: to be tried again."""
        try:
            if self._gap and not last and self._store is not None:
                await self.catch_up(self._store.read)
            if self._files is None or self._trouble is not None:
                return True
            if self._not_written is not None:
                self._open_anew()
            self._write_leaves()
            if self._written < len(self._tree):
                return False
            head, now = self._signed_head(), asyncio.get_running_loop().time()
            remember = last or now - self._remembered >= HISTORY
            await asyncio.to_thread(self._files.keep_head, head.note, head.size, head.root, remember)
        except (OSError, Unavailable) as error:
            if isinstance(error, OSError):
                self._set_not_written(error)
            return False
        self._remembered = now if remember else self._remembered
        self._set_not_written(None)
        return True


def first_difference(tree: Tree, witnessed: Witnessed) -> int | None:
    """The first event whose leaf is not the witnessed one; unwritten places say nothing beyond the head."""
    head = witnessed.head()
    certain = min(head.size if head is not None else 0, len(tree), len(witnessed.leaves) // WIDTH)
    for seq in range(min(len(tree), len(witnessed.leaves) // WIDTH)):
        leaf = witnessed.leaf(seq)
        if leaf != tree.leaf(seq) and (leaf is not None or seq < certain):
            return seq
    return None
