"""`lotgate sampling`: how many units, and what the plan lets pass."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.domain.double_sampling import DoublePlan

EXAMPLES = """examples:
  lotgate sampling --lot-size 1200 --aql 1.0
  lotgate sampling --lot-size 1200 --level S-2 --aql 0.65 --severity tightened --json
  lotgate sampling --lot-size 501-1200 --aql 4.0 --severity reduced --standard z1.4
  lotgate sampling --lot-size 1200 --aql 1.0 --double
  lotgate sampling --lot-size 1200 --aql 1.0 --svg curve.svg
  lotgate sampling --batch plans.csv > answers.csv

plans.csv has the columns type, level, lot_size, aql; others are passed over. type is the severity (normal,
tightened, reduced); a lot size is a number, a band (281-500) or open (500001-). n is as tabulated;
inspect_all is true where n is as large as the lot, of a band: as its largest lot. UTF-8, UTF-16 or GB18030,
columns apart by comma, semicolon or tab.

standards: iso2859-1 (1999), gb-t2828.1 (2012), z1.4 (ANSI/ASQ Z1.4, MIL-STD-105E); double sampling: z1.4
exit status: 0 answered, 2 not printed in the standard or not readable (nothing is answered then)
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `sampling`."""
    parser.description = "Sampling plans of ISO 2859-1, GB/T 2828.1 and ANSI/ASQ Z1.4."
    parser.epilog = EXAMPLES
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    asked = parser.add_mutually_exclusive_group(required=True)
    asked.add_argument("--lot-size", metavar="N", help="units in the lot, or a band: 281-500, 500001-")
    asked.add_argument("--batch", type=Path, metavar="FILE.csv", help="answer every line of a table")
    parser.add_argument("--level", help="inspection level: S-1 to S-4, I, II (unless said), III")
    parser.add_argument("--aql", metavar="AQL", help="acceptance quality limit as printed, for example 0.65")
    parser.add_argument("--severity", help="normal (unless said), tightened or reduced")
    parser.add_argument("--standard", help="iso2859-1 (unless --double), gb-t2828.1 or z1.4")
    parser.add_argument("--double", action="store_true", help="the double sampling plan")
    parser.add_argument("--svg", type=Path, metavar="FILE.svg", help="draw what the plan lets pass")
    parser.add_argument("--json", action="store_true", help="JSON; with --batch one object a line")
    parser.add_argument("--lang", choices=("en", "zh"), default=language())


def run(args: argparse.Namespace) -> int:
    """Answer one plan or a table of them; returns the exit status."""
    from backend.cli.sampling_batch import Unreadable, answer_file
    from backend.cli.sampling_words import SAY, why
    from backend.domain.errors import Refused

    try:
        if args.batch is not None:
            if args.double:
                print(SAY["double_batch"].in_language(args.lang), file=sys.stderr)
                return 2
            beside = [f"--{name}" for name in ("level", "aql", "severity", "svg") if getattr(args, name)]
            if beside:
                said = SAY["beside_batch"].in_language(args.lang)
                print(said.format(options=", ".join(beside)), file=sys.stderr)
            sys.stdout.write(answer_file(args.batch, args.standard or "iso2859-1", as_json=args.json))
            return 0
        if args.aql is None:
            print(SAY["aql_missing"].in_language(args.lang), file=sys.stderr)
            return 2
        _answer(args)
        return 0
    except Unreadable as unreadable:
        for problem in unreadable.problems:
            print(problem.sentence(args.lang), file=sys.stderr)
    except OSError as error:
        print(f"{args.svg}: {error.strerror}", file=sys.stderr)
    except Refused as refused:
        print(why(refused.reasons[0], args.lang), file=sys.stderr)
    return 2


def _answer(args: argparse.Namespace) -> None:
    import msgspec

    from backend.cli.sampling_report import Asked, curve, report, report_double
    from backend.domain.lot_bands import double_plan_of_band, plan_of_band, read_lot_band
    from backend.domain.operating_characteristic import Stage

    standard = args.standard or ("z1.4" if args.double else "iso2859-1")
    level, severity = args.level or "II", args.severity or "normal"
    asked = Asked(args.lot_size, level, args.aql, severity, standard)
    band = read_lot_band(args.lot_size)
    if args.double:
        double = double_plan_of_band(band, level, args.aql, severity, standard)
        if args.svg:
            args.svg.write_text(curve(double.stages, asked, args.lang), encoding="utf-8")
        print(_flat(double) if args.json else report_double(double, asked, args.lang))
        return
    plan = plan_of_band(band, level, args.aql, severity, standard)
    if args.svg:
        stages = (Stage(plan.sample_size, plan.accept, plan.reject),)
        args.svg.write_text(curve(stages, asked, args.lang), encoding="utf-8")
    print(msgspec.json.encode(plan).decode() if args.json else report(plan, asked, args.lang))


def _flat(plan: DoublePlan) -> str:
    """One object: n1, ac1, re1, and the second sample's, null where the standard wants the single plan."""
    import json

    first, second = plan.stages[0], plan.stages[1] if len(plan.stages) > 1 else None
    numbers = {"n1": first.n, "ac1": first.accept, "re1": first.reject}
    more = {
        "n2": second.n if second else None,
        "ac2": second.accept if second else None,
        "re2": second.reject if second else None,
    }
    return json.dumps({"code_letter": plan.code_letter, **numbers, **more, "inspect_all": plan.inspect_all})


def language() -> str:
    """The language of this terminal, as its settings say."""
    tongue = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if tongue.startswith("zh") else "en"
