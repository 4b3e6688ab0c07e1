"""The page's types of the API, generated from the server's own OpenAPI document.

python deploy/api_types.py            write pwa/src/api/schema.d.ts
python deploy/api_types.py --check    end with 1 when it differs from what would be written
"""

import difflib
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
GENERATOR = ROOT / "pwa" / "node_modules" / ".bin" / "openapi-typescript"
TYPES = ROOT / "pwa" / "src" / "api" / "schema.d.ts"
SHOWN_LINES = 40


def served_document() -> bytes:
    """The OpenAPI document of the present server, as JSON."""
    command: list[str | Path] = [Path(sys.executable).parent / "lotgate", "openapi"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout


def types_of(document: bytes) -> str:
    """The TypeScript declarations that the generator makes of an OpenAPI document."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "openapi.json", Path(folder) / "schema.d.ts"
        source.write_bytes(document)
        subprocess.run([GENERATOR, source, "--output", target], check=True, capture_output=True)
        return target.read_text()


def differences(kept: str, generated: str) -> list[str]:
    lines = difflib.unified_diff(kept.splitlines(), generated.splitlines(), "kept", "generated", lineterm="")
    return list(lines)


def main(arguments: list[str]) -> int:
    try:
        generated = types_of(served_document())
    except subprocess.CalledProcessError as error:
        print(error.stderr.decode(errors="replace") if error.stderr else error)
        return 1
    if arguments != ["--check"]:
        TYPES.parent.mkdir(parents=True, exist_ok=True)
        TYPES.write_text(generated)
        return 0
    changed = differences(TYPES.read_text() if TYPES.exists() else "", generated)
    if changed:
        print("The API has changed: ./run fix writes its types anew.", *changed[:SHOWN_LINES], sep="\n")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
