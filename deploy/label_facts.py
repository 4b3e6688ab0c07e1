"""The page's facts about labels, written from the server's own tables so that a phone knows what the server knows.

python deploy/label_facts.py            write pwa/src/labels/facts.ts
python deploy/label_facts.py --check    end with 1 when it differs from what would be written
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from backend.domain import gs1_code_lists, gs1_coupons  # noqa: E402
from backend.domain.gs1_associations import KEYS  # noqa: E402
from backend.domain.gs1_digital_link import KEYS as LINK_KEYS  # noqa: E402
from backend.domain.gs1_digital_link import WORDS  # noqa: E402
from backend.domain.gs1_facts import FACTS  # noqa: E402

TARGET = ROOT / "pwa" / "src" / "labels" / "facts.ts"
HEAD = "/** Facts about labels, written by deploy/label_facts.py from the server's tables: change them there. */\n"


def constants() -> dict[str, object]:
    """Name -> value of everything that the page takes over."""
    return {
        "FACTS": FACTS.strip(),
        "KEYS": sorted(KEYS),
        "LINK_KEYS": LINK_KEYS,
        "LINK_WORDS": WORDS,
        "COUNTRIES": gs1_code_lists.COUNTRIES.strip(),
        "COUNTRY_LETTERS": gs1_code_lists.COUNTRY_LETTERS.strip(),
        "CURRENCIES": gs1_code_lists.CURRENCIES.strip(),
        "PACKAGES": gs1_code_lists.PACKAGES.strip(),
        "COUPON": gs1_coupons.COUPON_PATTERN.pattern.replace("(?P<", "(?<"),
        "POSITIVE_OFFER": gs1_coupons.POSITIVE_OFFER_PATTERN.pattern,
    }


def written(name: str, value: object) -> str:
    """One exported constant; a text of several lines stays readable."""
    if isinstance(value, str) and "\n" in value:
        return f"export const {name} = `\n{value}\n`;\n"
    kind = {"LINK_KEYS": ": Record<string, string[][]>", "LINK_WORDS": ": Record<string, string>"}.get(
        name, ""
    )
    return f"export const {name}{kind} = {json.dumps(value)};\n"


def main(arguments: list[str]) -> int:
    text = HEAD + "".join(written(name, value) for name, value in constants().items())
    if arguments != ["--check"]:
        TARGET.write_text(text)
        return 0
    if TARGET.exists() and TARGET.read_text() == text:
        return 0
    print("The facts about labels have changed: ./run fix writes the page's anew.")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
