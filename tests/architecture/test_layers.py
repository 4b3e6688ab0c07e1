"""The dependency rule of the house holds, and each of its contracts breaks when it is broken on purpose.

A skeleton of the packages (empty modules, the legal imports of one noun) is linted with the product's own
contracts; each row below adds one import that the house refuses.
"""

import configparser
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
CONTRACTS = ROOT / ".importlinter"

SKELETON: dict[str, str] = {
    "backend.channel_senders": "import backend.outside.mail",
    "backend.app": "import backend.web.lots, backend.outside.mail, bot.dispatcher, backend.store.database",
    "backend.cli.main": "import backend.app",
    "backend.web.lots": "import litestar, backend.actions.receive_lot, backend.views.worklist",
    "backend.actions.receive_lot": "import backend.store.lots",
    "backend.actions.sign_release": "import backend.domain.lots",
    "backend.views.worklist": "import backend.store.lots",
    "backend.store.database": "import piccolo",
    "backend.store.lots": "import backend.store.database, backend.domain.lots",
    "backend.domain.lots": "import msgspec",
    "backend.domain.errors": "",
    "backend.outside.mail": "import httpx, backend.domain.lots",
    "backend.verify.lotgate_verify": "import hashlib",
    "bot.main": "import bot.dispatcher, backend.outside.mail, backend.store.database",
    "bot.dispatcher": "import aiogram, backend.actions.receive_lot, backend.views.worklist",
    "scanner.read": "import cv2",
}


class Offence(NamedTuple):
    contract: str
    importer: str
    imported: str


OFFENCES = [
    Offence("layers", "backend.domain.lots", "backend.store.lots"),
    Offence("layers", "backend.store.lots", "backend.actions.receive_lot"),
    Offence("layers", "backend.store.lots", "backend.views.worklist"),
    Offence("layers", "backend.actions.receive_lot", "backend.web.lots"),
    Offence("layers", "backend.views.worklist", "backend.actions.receive_lot"),
    Offence("layers", "backend.actions.receive_lot", "backend.views.worklist"),
    Offence("layers", "backend.actions.receive_lot", "bot.dispatcher"),
    Offence("layers", "backend.web.lots", "backend.app"),
    Offence("layers", "backend.web.lots", "bot.dispatcher"),
    Offence("actions", "backend.actions.sign_release", "backend.actions.receive_lot"),
    Offence("domain", "backend.domain.lots", "litestar"),
    Offence("domain", "backend.domain.lots", "piccolo"),
    Offence("domain", "backend.domain.errors", "asyncpg"),
    Offence("domain", "backend.domain.lots", "aiogram"),
    Offence("domain", "backend.domain.lots", "httpx"),
    Offence("store", "backend.store.lots", "litestar"),
    Offence("outside", "backend.web.lots", "backend.outside.mail"),
    Offence("outside", "backend.actions.receive_lot", "backend.outside.mail"),
    Offence("outside", "bot.dispatcher", "backend.outside.mail"),
    Offence("outside-below", "backend.outside.mail", "backend.views.worklist"),
    Offence("scanner", "scanner.read", "backend.domain.lots"),
    Offence("verify", "backend.verify.lotgate_verify", "backend.domain.lots"),
    Offence("verify", "backend.verify.lotgate_verify", "cryptography"),
    Offence("bot", "bot.dispatcher", "backend.store.lots"),
    Offence("bot", "bot.dispatcher", "piccolo"),
    Offence("bot", "bot.dispatcher", "backend.web.lots"),
    Offence("command-line", "backend.app", "backend.cli.main"),
]


def contract_names() -> dict[str, str]:
    """Identifier -> name of every contract."""
    config = configparser.ConfigParser()
    config.read(CONTRACTS)
    prefix = "importlinter:contract:"
    return {s.removeprefix(prefix): config[s]["name"] for s in config.sections() if s.startswith(prefix)}


def broken_contracts(folder: Path) -> set[str]:
    """The names of the contracts that linting `folder` reports as broken."""
    answer = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache", "--config", CONTRACTS],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "COLUMNS": "400"},
        capture_output=True,
        text=True,
        check=False,
    )
    names = set(re.findall(r"^(.+?) BROKEN", answer.stdout, re.MULTILINE))
    if not re.search(r"^Contracts: \d+ kept, \d+ broken", answer.stdout, re.MULTILINE):
        raise AssertionError(f"the linter did not finish: {answer.stdout}{answer.stderr}")
    return names


def build_skeleton(folder: Path) -> None:
    for module, imports in SKELETON.items():
        path = folder.joinpath(*module.split(".")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(imports + "\n")
        for parent in path.relative_to(folder).parents[:-1]:
            (folder / parent / "__init__.py").touch()


def test_the_house_keeps_its_contracts() -> None:
    assert broken_contracts(ROOT) == set()


def test_the_legal_imports_of_a_noun_break_nothing(tmp_path: Path) -> None:
    build_skeleton(tmp_path)
    assert broken_contracts(tmp_path) == set()


@pytest.mark.parametrize("offence", OFFENCES, ids=lambda o: f"{o.importer}-imports-{o.imported}")
def test_a_contract_broken_on_purpose_is_reported(offence: Offence, tmp_path: Path) -> None:
    build_skeleton(tmp_path)
    path = tmp_path.joinpath(*offence.importer.split(".")).with_suffix(".py")
    path.write_text(path.read_text() + f"import {offence.imported}\n")
    assert contract_names()[offence.contract] in broken_contracts(tmp_path)


def test_every_contract_is_broken_by_some_row() -> None:
    assert {offence.contract for offence in OFFENCES} == set(contract_names())
