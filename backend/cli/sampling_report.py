"""A sampling plan for a reader: its numbers, and what it lets pass."""

from __future__ import annotations

from backend.cli.sampling_words import SAY, SEVERITY, STANDARD
from backend.domain.operating_characteristic import Model, Stage, chances, outgoing_quality_limit, quality_at
from backend.domain.sampling import SamplingPlan

SHARES = (0.99, 0.95, 0.5, 0.1, 0.05)
LARGEST_PERCENT = 10  # AQLs above it count nonconformities per 100 units (ISO 2859-1, 5.2)


def report(
    plan: SamplingPlan, lot: str, level: str, aql: str, severity: str, standard: str, language: str
) -> str:
    """Several lines of text, no trailing newline."""

    def say(key: str, **facts: object) -> str:
        return SAY[key].in_language(language).format(**facts)

    head = say(
        "title",
        standard=STANDARD[standard],
        level=level,
        aql=aql,
        severity=SEVERITY[severity].in_language(language),
        lot=lot,
    )
    numbers = (
        ("letter", plan.code_letter),
        ("sample", plan.sample_size),
        ("accept", plan.accept),
        ("reject", plan.reject),
    )
    lines = [head, "  " + "   ".join(f"{say(key)} {value}" for key, value in numbers)]
    if plan.inspect_all:
        return "\n".join([*lines, "  " + say("whole_lot")])
    if plan.reject > plan.accept + 1:
        lines.append("  " + say("gap"))
    model: Model = "binomial" if float(aql) <= LARGEST_PERCENT else "poisson"
    unit = say("percent" if model == "binomial" else "per_hundred")
    stages = [Stage(plan.sample_size, plan.reject - 1, plan.reject)]
    lines.append(f"{say('passes')} ({unit})")
    at_aql = chances(stages, float(aql) / 100, model).accepted
    points = [(f"{100 * at_aql:.1f}", float(aql) / 100)]
    points += [(f"{100 * share:g}", quality_at(stages, share, model)) for share in SHARES]
    lines += [say("point", share=share, quality=_percent(quality)) for share, quality in points]
    return "\n".join([*lines, say("worst", quality=_percent(outgoing_quality_limit(stages, model)[0]))])


def _percent(quality: float) -> str:
    return f"{100 * quality:.3g}"
