"""Our table of facts against GS1's own dictionary, from the folder LOTGATE_CASES."""

from __future__ import annotations

import os
import re
from pathlib import Path

from backend.domain.gs1_digital_link import KEYS
from backend.domain.gs1_identifiers import identifiers

FILE = "gs1_syntax_dictionary.txt"
Entry = tuple[bool, bool, list[str], set[str], set[str]]


def entries() -> tuple[dict[str, Entry], dict[str, set[str]]]:
    """Identifier -> predefined length, attribute, value, needs, excludes; and key -> its rows of qualifiers."""
    found, keys = {}, {}
    for line in (Path(os.environ["LOTGATE_CASES"]) / FILE).read_text("utf-8").splitlines():
        words = line.split("#")[0].split()
        if not words:
            continue
        flags = words.pop(1) if re.fullmatch(r"[*?]+", words[1]) else ""
        facts = dict(word.partition("=")[::2] for word in words if re.match(r"req=|ex=|dlpkey", word))
        value = [word for word in words[1:] if not re.match(r"req=|ex=|dlpkey", word)]
        first, _, last = words[0].partition("-")
        for number in range(int(first), int(last or first) + 1):
            ai = str(number).zfill(len(first))
            needs, excludes = (
                {one for one in facts.get(name, "").split(",") if one} for name in ("req", "ex")
            )
            found[ai] = ("*" in flags, "?" in flags, value, needs, excludes)
            if "dlpkey" in facts:
                keys[ai] = set(facts["dlpkey"].split("|")) - {""}
    return found, keys


def test_every_identifier_is_as_the_dictionary_has_it() -> None:
    ours = {}
    for ai, each in identifiers().items():
        value = []
        for part in each.parts:
            size = f"{part.characters}{'' if part.least == part.most else '..'}{part.most}"
            size = f"[{size}]" if part.optional else size
            rules = [re.sub(r"gcp(\d)", r"gcppos\1", rule) for rule in part.rules]
            value.append(",".join([size, *rules]))
        needs = {"+".join(group) for group in each.needs}
        ours[ai] = (not each.separated, each.attribute, value, needs, set(each.excludes))
    theirs, keys = entries()
    assert len(theirs) > 500
    assert ours == theirs
    assert {key: {",".join(row) for row in rows} for key, rows in KEYS.items()} == keys
