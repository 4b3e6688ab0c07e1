"""`lotgate openapi`: the API's description, from which the page's types are made."""

from __future__ import annotations

import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """No arguments."""
    parser.epilog = "example: lotgate openapi > openapi.json"


def run(args: argparse.Namespace) -> int:
    """Print it."""
    import json
    import os

    from backend.app import create_app
    from backend.settings import read_settings

    app = create_app(read_settings(os.environ))
    print(json.dumps(app.openapi_schema.to_schema(), indent=1, sort_keys=True, ensure_ascii=False))
    return 0
