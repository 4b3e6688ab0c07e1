"""The Merkle tree under the log: RFC 6962 hashes and proofs, SHA-256.

| RFC 6962 | here |
|---|---|
| 2.1 leaf = H(0x00 + entry), node = H(0x01 + left + right), empty = H("") | leaf_hash, node_hash, EMPTY |
| 2.1.1 audit path | Tree.inclusion, verify_inclusion (walk as in RFC 9162 2.1.3.2) |
| 2.1.2 consistency proof | Tree.consistency, verify_consistency (walk as in RFC 9162 2.1.4.2) |

A hash is 32 bytes. Indexes count from 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

WIDTH = 32
EMPTY = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Hash of one log entry."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """An append-only tree: for each level one bytearray of the hashes of its complete subtrees.

    1 000 000 leaves take 64 MB; any proof at any past size is read from the levels without hashing more than
    the open right edge.
    """

    def __init__(self, leaf_hashes: Iterable[bytes] = ()) -> None:
        self._levels: list[bytearray] = [bytearray()]
        self._size = 0
        for hashed in leaf_hashes:
            self.append(hashed)

    def __len__(self) -> int:
        return self._size

    def append(self, hashed: bytes) -> int:
        """Add a leaf hash; return its index."""
        if len(hashed) != WIDTH:
            raise ValueError("a leaf hash has 32 bytes")
        index = self._size
        carry, rest, depth, levels = hashed, index, 0, self._levels
        while rest & 1:  # two complete subtrees of this depth now stand side by side
            level = levels[depth]
            carry_up = sha256(b"\x01" + level[-WIDTH:] + carry).digest()
            level += carry
            carry, rest, depth = carry_up, rest >> 1, depth + 1
        if depth == len(levels):
            levels.append(bytearray())
        levels[depth] += carry
        self._size = index + 1
        return index

    def leaf(self, index: int) -> bytes:
        """The leaf hash at `index`."""
        if not 0 <= index < self._size:
            raise ValueError("no such leaf")
        return self._whole(0, index)

    def root(self, size: int | None = None) -> bytes:
        """The root over the first `size` leaves (all, when left out)."""
        size = self._sized(size)
        return self._range(0, size) if size else EMPTY

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """The audit path of leaf `index` in the tree of the first `size` leaves, from the leaf upwards."""
        size = self._sized(size)
        if not 0 <= index < size:
            raise ValueError("the leaf is not in a tree of that size")
        path: list[bytes] = []
        start, end = 0, size
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                path.append(self._range(middle, end))
                end = middle
            else:
                path.append(self._range(start, middle))
                start = middle
        path.reverse()
        return path

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        """The proof that the first `old` leaves are a prefix of the first `new`; empty when trivial."""
        new = self._sized(new)
        if not 0 <= old <= new:
            raise ValueError("the old size is beyond the new one")
        if old in (0, new):
            return []
        path: list[bytes] = []
        start, end, known = 0, new, True  # known: the verifier holds the old root itself
        while old != end:
            middle = start + _split(end - start)
            if old <= middle:
                path.append(self._range(middle, end))
                end = middle
            else:
                path.append(self._range(start, middle))
                start, known = middle, False
        if not known:
            path.append(self._range(start, end))
        path.reverse()
        return path

    def _sized(self, size: int | None) -> int:
        if size is None:
            return self._size
        if not 0 <= size <= self._size:
            raise ValueError("the tree is smaller than that")
        return size

    def _whole(self, depth: int, position: int) -> bytes:
        return bytes(self._levels[depth][position * WIDTH : (position + 1) * WIDTH])

    def _range(self, start: int, end: int) -> bytes:
        """Hash over leaves start..end, where start is a multiple of the next power of two from the width."""
        width = end - start
        if width & (width - 1) == 0:
            depth = width.bit_length() - 1
            return self._whole(depth, start >> depth)
        middle = start + _split(width)
        return node_hash(self._range(start, middle), self._range(middle, end))


def _split(width: int) -> int:
    """The largest power of two smaller than `width`."""
    return 1 << ((width - 1).bit_length() - 1)


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Does `path` lead from the leaf hash at `index` to the root of a tree of `size` leaves?"""
    if not 0 <= index < size or any(len(step) != WIDTH for step in (leaf, root, *path)):
        return False
    place, last, hashed = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            hashed = node_hash(step, hashed)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            hashed = node_hash(hashed, step)
        place, last = place >> 1, last >> 1
    return last == 0 and hashed == root


def verify_consistency(old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Is the tree (old, old_root) a prefix of the tree (new, new_root)?"""
    if not 0 <= old <= new or any(len(step) != WIDTH for step in (old_root, new_root, *path)):
        return False
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path and old_root == EMPTY
    steps = list(path)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    below = above = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            below, above = node_hash(step, below), node_hash(step, above)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            above = node_hash(above, step)
        place, last = place >> 1, last >> 1
    return last == 0 and below == old_root and above == new_root
