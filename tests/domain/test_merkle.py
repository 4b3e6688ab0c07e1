"""The tree against RFC 6962: known hashes, a definition-shaped twin, and every proof of every small size."""

from __future__ import annotations

from hashlib import sha256

import pytest

from backend.domain.merkle import (
    EMPTY,
    Tree,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)

# The eight entries and the roots that Certificate Transparency implementations test with.
ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
SIZES = range(1, 40)
LEAVES = [leaf_hash(str(number).encode()) for number in SIZES]


def by_definition(leaves: list[bytes]) -> bytes:
    """RFC 6962 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return node_hash(by_definition(leaves[:half]), by_definition(leaves[half:]))


def test_known_roots() -> None:
    tree = Tree()
    assert tree.root() == EMPTY == by_definition([])
    for entry, root in zip(ENTRIES, ROOTS, strict=True):
        tree.append(leaf_hash(entry))
        assert tree.root().hex() == root


def test_known_audit_path() -> None:
    tree = Tree(map(leaf_hash, ENTRIES))
    assert [step.hex()[:8] for step in tree.inclusion(0, 8)] == ["96a296d2", "5f083f0a", "6b47aaf2"]


@pytest.mark.proves("AUD-2")
def test_every_proof_of_every_size_holds_and_no_other() -> None:
    tree = Tree(LEAVES)
    for size in SIZES:
        root = by_definition(LEAVES[:size])
        assert tree.root(size) == root
        for index in range(size):
            path = tree.inclusion(index, size)
            assert verify_inclusion(LEAVES[index], index, size, path, root)
            assert not verify_inclusion(LEAVES[index], index + 1, size, path, root)
            assert not verify_inclusion(leaf_hash(b"x"), index, size, path, root)
            assert not verify_inclusion(LEAVES[index], index, size, [*path, root], root)
            assert not path or not verify_inclusion(LEAVES[index], index, size, path[:-1], root)


@pytest.mark.proves("AUD-2")
def test_a_prefix_is_consistent_and_a_rewritten_log_is_not() -> None:
    tree = Tree(LEAVES)
    rewritten = Tree([leaf_hash(b"rewritten"), *LEAVES[1:]])
    for new in SIZES:
        assert verify_consistency(0, new, [], EMPTY, tree.root(new))
        for old in range(1, new + 1):
            path = tree.consistency(old, new)
            assert verify_consistency(old, new, path, tree.root(old), tree.root(new))
            forged = rewritten.consistency(old, new)
            assert not verify_consistency(old, new, forged, tree.root(old), rewritten.root(new))
            assert not verify_consistency(old, new, [*path, EMPTY], tree.root(old), tree.root(new))


def test_sizes_and_indexes_outside_the_tree_are_errors() -> None:
    tree = Tree(LEAVES[:3])
    for wrong in (
        lambda: tree.inclusion(3),
        lambda: tree.root(4),
        lambda: tree.leaf(3),
        lambda: tree.consistency(4),
    ):
        with pytest.raises(ValueError):
            wrong()
    with pytest.raises(ValueError):
        tree.append(b"short")
    assert len(tree) == 3 and tree.leaf(2) == LEAVES[2]
