"""`./run fuzz`: long campaigns by chance, each with a short version in the tests.

./run fuzz labels --count 1000000 --seed 7     valid labels that lost their separators; fails on one wrong reading
./run fuzz readers --count 100000 --seed 7     the reader of GS1 messages against a slow, literal one
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from tests.campaigns import lost_separators, two_readers


def labels(count: int, seed: int) -> bool:
    """Print the shares; whether nothing was wrong."""
    found = lost_separators.lost_separators(count, seed)
    print(lost_separators.table(found))
    return not found.wrong


def readers(count: int, seed: int) -> bool:
    """Print the agreement; whether it is whole."""
    found = two_readers.two_readers(count, seed)
    print(two_readers.table(found))
    return not found.differing


CAMPAIGNS: dict[str, Callable[[int, int], bool]] = {"labels": labels, "readers": readers}


def main() -> int:
    """Run one campaign; 1 where it found something."""
    parser = argparse.ArgumentParser(
        prog="./run fuzz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("campaign", choices=CAMPAIGNS)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    return 0 if CAMPAIGNS[args.campaign](args.count, args.seed) else 1


if __name__ == "__main__":
    sys.exit(main())
