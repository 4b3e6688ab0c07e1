"""`lotgate verify FILE --key MAKER.vkey`: the offline verifier, as one command."""

from __future__ import annotations

import argparse

from backend.verify import lotgate_verify

HELP = "check a released lot's certificate, offline"
EPILOG = """\
examples:
  lotgate verify TB-2611-07.lotgate --key maker.vkey
  lotgate verify TB-2611-07.lotgate --pdf TB-2611-07.pdf --key maker.vkey --lang zh
  lotgate verify TB-2611-07.lotgate --key maker.vkey --json

ends with 0 genuine, 1 not genuine, 2 not a proof file, 3 consistent but the key is not the one you named
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    lotgate_verify.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Check, print, return the exit code."""
    return lotgate_verify.run(args)
