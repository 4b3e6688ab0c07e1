"""`./run bench`: the product beside a hand-made minimum, on the same tables, in one run.

./run bench                       10 000 lots, both engines, about two minutes; rewrites docs/bench.md
./run bench --long                10 000 and 100 000 lots, longer turns
./run bench opening               opening an inspection as the history of its series grows
./run bench --lots 1000000 --engine sqlite --print
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench.contest import NAMES, Effort, Engine, Name, Result, contest
from bench.factory import LOGGED, copy_to_postgres, make_factory
from bench.log_speed import LogSpeed, log_speed
from bench.lot_graph import lot_graph
from bench.report import Run, report
from tests.postgres import create_database, running_postgres

QUICK = Effort(rounds=3, seconds=1.0, inspections=600)
LONG = Effort(rounds=5, seconds=2.0, inspections=2400)
PAGE = Path(__file__).parent.parent / "docs" / "bench.md"


def main() -> int:
    """Measure, print, keep the table."""
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__.splitlines()[0])
    parser.add_argument("--lots", type=int, action="append", help="size of the factory; several may be given")
    parser.add_argument("--long", action="store_true", help="10 000 and 100 000 lots, longer turns")
    parser.add_argument("--engine", choices=("sqlite", "postgres"), help="one of them only")
    parser.add_argument(
        "--only", choices=NAMES, action="append", help="only these contestants (with minimal)"
    )
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--print", action="store_true", help="leave docs/bench.md as it is")
    args = parser.parse_args()
    sizes = args.lots or ([10_000, 100_000] if args.long else [10_000])
    engines: list[Engine] = [args.engine] if args.engine else ["sqlite", "postgres"]
    effort = LONG if args.long else QUICK
    runs, log = [], None
    before = os.getloadavg()[0]
    for lots in sizes:
        results, speed = _run(lots, engines, effort, args.seed, tuple(args.only or NAMES))
        runs.append(Run(lots, results))
        log = log or speed
    assert log is not None
    text = report(runs, log, (before, os.getloadavg()[0]))
    print(text)
    if not args.print:
        PAGE.write_text(text)
    return 0


def _run(
    lots: int, engines: list[Engine], effort: Effort, seed: int, names: tuple[Name, ...]
) -> tuple[list[Result], LogSpeed]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lotgate-bench-")))
        source = folder / "factory.sqlite3"
        begun = time.perf_counter()
        factory = asyncio.run(make_factory(source, lot_graph(lots, effort.needed(), seed)))
        _say(f"{lots} lots made", begun)
        results = []
        for engine in engines:
            begun = time.perf_counter()
            address = str(source)
            if engine == "postgres":
                at = stack.enter_context(tempfile.TemporaryDirectory(prefix="lotgate-postgres-"))
                server = stack.enter_context(running_postgres(Path(at)))
                address = asyncio.run(create_database(server, "template"))
                asyncio.run(copy_to_postgres(source, address))
            results.append(contest(engine, address, folder / engine, factory, effort, names))
            _say(f"{engine} measured", begun)
        begun = time.perf_counter()
        data = folder / engines[0] / "lotgate"
        database = (
            address.rpartition("/")[0] + "/lotgate" if engines[0] == "postgres" else data / "lotgate.sqlite3"
        )
        log = asyncio.run(log_speed(data, database if lots < LOGGED else None))
        _say("log measured", begun)
        return results, log


def _say(what: str, begun: float) -> None:
    print(f"{what} in {time.perf_counter() - begun:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
