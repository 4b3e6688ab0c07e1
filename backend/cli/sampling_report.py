"""A sampling plan for a reader: its numbers, and what it lets pass."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from backend.cli.sampling_words import SAY, SEVERITY, STANDARD
from backend.domain.double_sampling import DoublePlan
from backend.domain.operating_characteristic import Model, Stage, chances, outgoing_quality_limit, quality_at
from backend.domain.sampling import SamplingPlan

SHARES = (0.99, 0.95, 0.5, 0.1, 0.05)
LEAST_DRAWN, POINTS = 0.005, 100
LARGEST_PERCENT = 10  # AQLs above it count nonconformities per 100 units (ISO 2859-1, 5.2)


class Asked(NamedTuple):
    """What was asked, as it was typed."""

    lot: str
    level: str
    aql: str
    severity: str
    standard: str


def report(plan: SamplingPlan, asked: Asked, language: str) -> str:
    """A single plan as lines of text, no trailing newline."""
    stages = (Stage(plan.sample_size, plan.accept, plan.reject),)
    return _report(plan.code_letter, stages, plan.inspect_all, asked, language)


def report_double(plan: DoublePlan, asked: Asked, language: str) -> str:
    """A double plan likewise, each sample on its line."""
    return _report(plan.code_letter, plan.stages, plan.inspect_all, asked, language)


def curve(stages: tuple[Stage, ...], asked: Asked, language: str) -> str:
    """The plan's operating characteristic as SVG."""
    from backend.views.drawings import curve_svg

    counted, model, unit = _counted(stages, asked)
    top = quality_at(counted, LEAST_DRAWN, model)
    places = [top * step / POINTS for step in range(POINTS + 1)]
    points = [(100 * quality, chances(counted, quality, model).accepted) for quality in places]
    return curve_svg(_title(asked, language), SAY[unit].in_language(language), points)


def _title(asked: Asked, language: str) -> str:
    severity = SEVERITY[asked.severity].in_language(language)
    named = asked._replace(severity=severity, standard=STANDARD[asked.standard])
    return SAY["title"].in_language(language).format(**named._asdict())


def _counted(stages: tuple[Stage, ...], asked: Asked) -> tuple[tuple[Stage, ...], Model, str]:
    """The stages as they accept lots (a count in the last gap does), the model, and what quality counts."""
    last = msgspec.structs.replace(stages[-1], accept=stages[-1].reject - 1)
    percent = float(asked.aql) <= LARGEST_PERCENT
    return (*stages[:-1], last), "binomial" if percent else "poisson", "percent" if percent else "per_hundred"


def _report(letter: str, stages: tuple[Stage, ...], inspect_all: bool, asked: Asked, language: str) -> str:
    def say(key: str, **facts: object) -> str:
        return SAY[key].in_language(language).format(**facts)

    lines = [_title(asked, language), f"  {say('letter')} {letter}"]
    for place, stage in enumerate(stages):
        sample = say("sample" if len(stages) == 1 else ("sample_1", "sample_2")[place])
        numbers = f"{say('accept')} {stage.accept}   {say('reject')} {stage.reject}"
        lines.append(f"  {sample} {stage.n}   {numbers}")
    if inspect_all:
        return "\n".join([*lines, "  " + say("whole_lot")])
    if stages[-1].reject > stages[-1].accept + 1:
        lines.append("  " + say("gap"))
    counted, model, unit = _counted(stages, asked)
    lines.append(f"{say('passes')} ({say(unit)})")
    at_aql = chances(counted, float(asked.aql) / 100, model)
    points = [(f"{100 * at_aql.accepted:.1f}", float(asked.aql) / 100)]
    points += [(f"{100 * share:g}", quality_at(counted, share, model)) for share in SHARES]
    lines += [say("point", share=share, quality=_percent(quality)) for share, quality in points]
    lines.append(say("worst", quality=_percent(outgoing_quality_limit(counted, model)[0])))
    if len(stages) > 1:
        lines.append(say("sample_number", units=f"{at_aql.sample_number:.1f}"))
    return "\n".join(lines)


def _percent(quality: float) -> str:
    return f"{100 * quality:.3g}"
