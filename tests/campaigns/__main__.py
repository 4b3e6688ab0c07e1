"""`./run fuzz`: long campaigns by chance, each with a short version in the tests.

./run fuzz labels --count 1000000 --seed 7     valid labels that lost their separators; fails on one wrong reading
./run fuzz readers --count 100000 --seed 7     the reader of GS1 messages against a slow, literal one
./run fuzz print --count 100 --seed 20261128   labels whose print and code differ in one field, and as many that agree
./run fuzz pictures --count 5000 --seed 7 [--folder PHOTOS]
                                               hostile pictures against the reading processes and a running server
./run fuzz chat --count 10000 --seed 7         random walks over the buttons and texts of conversations
./run fuzz recall --count 100000 --seed 7      random histories: what a recall reaches against a search by brute force
./run fuzz stock --count 100000 --seed 7       random commands on stock, so many on each database; what must hold
./run fuzz exports --count 200 --seed 7        histories of random lots, exported in every form and read back
./run fuzz stock-twins                         the same with each rule broken in turn: every one is caught
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from tests.campaigns import (
    chat_walk,
    code_and_print,
    export_walk,
    hostile_pictures,
    lost_separators,
    recall_walk,
    stock_walk,
    two_readers,
)


def labels(count: int, seed: int, _: Path | None) -> bool:
    """Print the shares; whether nothing was wrong."""
    found = lost_separators.lost_separators(count, seed)
    print(lost_separators.table(found))
    return not found.wrong


def readers(count: int, seed: int, _: Path | None) -> bool:
    """Print the agreement; whether it is whole."""
    found = two_readers.two_readers(count, seed)
    print(two_readers.table(found))
    return not found.differing


def prints(count: int, seed: int, _: Path | None) -> bool:
    """Print what became of them; whether every difference was noticed."""
    found = code_and_print.code_and_print(count, seed)
    print(code_and_print.table(found))
    return not found.differing["passed"]


def pictures(count: int, seed: int, folder: Path | None) -> bool:
    """Print what they cost; whether every one was bounded."""
    one = hostile_pictures.alone(count, seed, folder)
    other = hostile_pictures.served(count // hostile_pictures.SHARE_TO_SERVER, seed, folder)
    print(hostile_pictures.table(one, other))
    return not one.wrong and not other.wrong


def chat(count: int, seed: int, _: Path | None) -> bool:
    """Print what was done; whether there was no dead end and no lost answer."""
    found = chat_walk.chat_walk(count, seed)
    print(chat_walk.table(found))
    return not found.wrong


def stock(count: int, seed: int, _: Path | None) -> bool:
    """Print what was done and refused; whether everything held."""
    campaign = stock_walk.stock_walk(count, seed)
    print(stock_walk.table(campaign))
    return not campaign.found.wrong


def recall(count: int, seed: int, _: Path | None) -> bool:
    """Print what differs; whether nothing does."""
    found = recall_walk.recall_walk(count, seed)
    print(recall_walk.table(count, found))
    return not found


def exports(count: int, seed: int, _: Path | None) -> bool:
    """Print how many were exported; whether each kind was met, and paper and machine forms agree."""
    found = export_walk.export_walk(count, seed)
    print(export_walk.table(found))
    return not found.wrong and not found.never_met()


def stock_twins(_: int, seed: int, __: Path | None) -> bool:
    """Print what was said of each broken twin; whether every one was caught."""
    said = stock_walk.stock_twins()
    print("\n".join(f"{name}: {wrong or 'NOT CAUGHT'}" for name, wrong in said.items()))
    return all(said.values())


CAMPAIGNS: dict[str, Callable[[int, int, Path | None], bool]] = {
    "pictures": pictures,
    "labels": labels,
    "readers": readers,
    "print": prints,
    "stock": stock,
    "chat": chat,
    "recall": recall,
    "exports": exports,
    "stock-twins": stock_twins,
}


def main() -> int:
    """Run one campaign; 1 where it found something."""
    parser = argparse.ArgumentParser(
        prog="./run fuzz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("campaign", choices=CAMPAIGNS)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--folder", type=Path, help="photos to hurt as well, beside our own labels")
    args = parser.parse_args()
    return 0 if CAMPAIGNS[args.campaign](args.count, args.seed, args.folder) else 1


if __name__ == "__main__":
    sys.exit(main())
