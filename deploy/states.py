"""docs/states.md, written from the step tables that the actions obey.

python deploy/states.py            write it
python deploy/states.py --check    end with 1 when it differs from what would be written
"""

import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from backend.domain.capas import CAPA_STEPS  # noqa: E402
from backend.domain.change_requests import CHANGE_STEPS  # noqa: E402
from backend.domain.chart_signals import SIGNAL_STEPS  # noqa: E402
from backend.domain.complaints import COMPLAINT_STEPS  # noqa: E402
from backend.domain.dividing import MERGED, TAKEN_FROM  # noqa: E402
from backend.domain.documents import DOCUMENT_STEPS  # noqa: E402
from backend.domain.equipment import EQUIPMENT_STEPS  # noqa: E402
from backend.domain.gauges import ASSESSMENT_STEPS, GAUGE_STEPS  # noqa: E402
from backend.domain.holds import LIFTS  # noqa: E402
from backend.domain.inspections import INSPECTION_STEPS  # noqa: E402
from backend.domain.ledger import COLUMN_OF, HEAP_OF  # noqa: E402
from backend.domain.lots import PORTION_STEPS, SHIPPABLE, USABLE  # noqa: E402
from backend.domain.ncrs import DISPOSITION_STEP, NCR_STEPS  # noqa: E402
from backend.domain.part_decisions import DEMANDED  # noqa: E402
from backend.domain.plan_versions import PLAN_STEPS  # noqa: E402
from backend.domain.proposals import PROPOSAL_STEPS  # noqa: E402
from backend.domain.qualifications import QUALIFICATION_STEPS  # noqa: E402
from backend.domain.recalls import MOCK_STEPS, RECALL_STEPS  # noqa: E402
from backend.domain.releases import REJECT_WAITS_FOR, WAIVED  # noqa: E402
from backend.domain.report_schedules import REPORT_STEPS  # noqa: E402
from backend.domain.revocations import REVOCATION_STEPS  # noqa: E402
from backend.domain.reworks import REWORK_STEPS  # noqa: E402
from backend.domain.steps import Step  # noqa: E402

TARGET = ROOT / "docs" / "states.md"
HEAD = """# States and steps

Written by `./run fix` from the tables that the actions obey; `./run check` fails where it differs.
A step that a table does not hold is refused with what would be allowed (REL-1).
"""
MACHINES: tuple[tuple[str, str, tuple[Step, ...]], ...] = (
    ("A portion of stock", "backend/domain/lots.py", PORTION_STEPS),
    ("An inspection", "backend/domain/inspections.py", INSPECTION_STEPS),
    ("A nonconformity report", "backend/domain/ncrs.py", NCR_STEPS),
    ("A rework", "backend/domain/reworks.py", REWORK_STEPS),
    ("A corrective or preventive action", "backend/domain/capas.py", CAPA_STEPS),
    ("A change request", "backend/domain/change_requests.py", CHANGE_STEPS),
    ("A complaint", "backend/domain/complaints.py", COMPLAINT_STEPS),
    ("A version of an inspection plan", "backend/domain/plan_versions.py", PLAN_STEPS),
    ("A version of a controlled document", "backend/domain/documents.py", DOCUMENT_STEPS),
    ("A gauge", "backend/domain/gauges.py", GAUGE_STEPS),
    ("A line or a machine", "backend/domain/equipment.py", EQUIPMENT_STEPS),
    ("An assessment of what a gauge out of tolerance measured", "backend/domain/gauges.py", ASSESSMENT_STEPS),
    ("A proposal about results, decided by a second person", "backend/domain/proposals.py", PROPOSAL_STEPS),
    ("The revocation of a release", "backend/domain/revocations.py", REVOCATION_STEPS),
    ("What a supplier is qualified for", "backend/domain/qualifications.py", QUALIFICATION_STEPS),
    ("A report that is made by itself", "backend/domain/report_schedules.py", REPORT_STEPS),
    ("A recall", "backend/domain/recalls.py", RECALL_STEPS),
    ("A mock recall", "backend/domain/recalls.py", MOCK_STEPS),
    (
        "A signal of a control chart: advice, read by no verdict",
        "backend/domain/chart_signals.py",
        SIGNAL_STEPS,
    ),
)


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table of Markdown."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def written() -> str:
    """The whole document."""
    parts = [HEAD]
    for title, source, steps in MACHINES:
        rows = [(step.name, ", ".join(step.sources), step.target) for step in steps]
        parts.append(f"## {title}\n\n`{source}`\n\n{table(('step', 'from', 'to'), rows)}\n")
    parts.append(
        "## Decisions (REL-6)\n\n"
        + table(
            ("meaning", "needs a condition", "needs a last day", "does not wait for"),
            [
                (
                    meaning,
                    yes(needs[0]),
                    yes(needs[1]),
                    ", ".join(sorted(WAIVED.get(meaning, ()))) or dash(meaning),
                )
                for meaning, needs in DEMANDED.items()
            ],
        )
        + f"\n\nProduction draws on {', '.join(USABLE)}, in this order (LOT-11); "
        f"what may be shipped is {', '.join(SHIPPABLE)} (REL-6, REL-9).\n"
    )
    parts.append(
        "## Dispositions of a nonconformity, and merging (LOT-4)\n\n"
        + table(("disposition", "step of the portions"), list(DISPOSITION_STEP.items()))
        + "\n\n"
        + table(
            ("stock with these statuses", "merges into"),
            [(", ".join(sorted(among)), status) for among, status in MERGED],
        )
        + "\n\nThe first row that holds them all counts; what no row holds does not merge.\n"
    )
    parts.append(
        "## What the end of a hold restores\n\n"
        + table(
            ("hold", "ended by", "its stock"), [(each.code, each.ended_by, each.restores) for each in LIFTS]
        )
        + "\n\nas_decided: each portion as its decision in force has it, undecided stock undecided. anew: inspecting, "
        "until a new signature. A disposition may reject instead. Stock under several holds waits for all; one that "
        "asks for a new decision is enough.\n"
    )
    parts.append(
        "## The ledger (LOT-9)\n\n"
        + table(
            ("movement", "counts as"), [(kind, column or "nothing") for kind, column in COLUMN_OF.items()]
        )
        + "\n\n"
        + table(("stock with this status", "counts as"), list(HEAP_OF.items()))
        + "\n\n"
        + table(
            ("taken out as", "from stock that is"), [(fate, ", ".join(of)) for fate, of in TAKEN_FROM.items()]
        )
        + "\n"
    )
    return "\n".join(parts)


def yes(needed: bool) -> str:
    return "yes" if needed else "no"


def dash(meaning: str) -> str:
    return f"anything but {', '.join(REJECT_WAITS_FOR)}" if meaning == "reject" else "–"


def main(arguments: list[str]) -> int:
    text = written()
    if arguments != ["--check"]:
        TARGET.write_text(text)
        return 0
    if TARGET.exists() and TARGET.read_text() == text:
        return 0
    print("The step tables have changed: ./run fix writes docs/states.md anew.")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
