"""Curves and control charts as SVG text: drawn here, in one size, with a title that a screen reader says."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from backend.domain.control_charts import Limits, Signal

WIDTH, HEIGHT, EDGE = 640, 320, 44
STYLE = (
    "text{font-family:'Noto Sans SC',sans-serif;font-size:12px;fill:#222}.axis{stroke:#888}"
    ".curve{fill:none;stroke:#1f5fa8;stroke-width:2}.limit{stroke:#b3261e;stroke-dasharray:6 4}"
    ".centre{stroke:#2e7d32}.point{fill:#1f5fa8}.signal{fill:#b3261e}.specified{stroke:#6a3d9a;stroke-dasharray:2 3}"
)


class _Plot:
    """Data coordinates to picture coordinates, two digits."""

    def __init__(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        self.x, self.y = x, y

    def at(self, x: float, y: float) -> tuple[str, str]:
        """Where a value lies in the picture."""
        across = (x - self.x[0]) / ((self.x[1] - self.x[0]) or 1)
        up = (y - self.y[0]) / ((self.y[1] - self.y[0]) or 1)
        return f"{EDGE + across * (WIDTH - 2 * EDGE):.2f}", f"{HEIGHT - EDGE - up * (HEIGHT - 2 * EDGE):.2f}"

    def level(self, y: float, kind: str, said: str) -> str:
        """A line across, its value at the right end."""
        left, height = self.at(self.x[0], y)
        right, _ = self.at(self.x[1], y)
        line = f'<line class="{kind}" x1="{left}" y1="{height}" x2="{right}" y2="{height}"/>'
        return f'{line}<text x="{float(right) + 8:.2f}" y="{height}">{escape(said)}</text>'


def curve_svg(title: str, across: str, points: Sequence[tuple[float, float]]) -> str:
    """An operating characteristic: quality (percent) across, share of lots accepted (0..1) up."""
    plot = _Plot((0, max(x for x, _ in points)), (0, 1))
    line = " ".join(",".join(plot.at(x, y)) for x, y in points)
    marks = [plot.level(y, "axis", f"{100 * y:g} %") for y in (0, 0.1, 0.5, 0.95)]
    scale = [_mark(plot, plot.x[1] * part / 4) for part in range(5)]
    label = f'<text x="{WIDTH / 2:g}" y="{HEIGHT - 6}" text-anchor="middle">{escape(across)}</text>'
    return _svg(title, [*marks, *scale, f'<polyline class="curve" points="{line}"/>', label])


def chart_svg(
    title: str,
    values: Sequence[float],
    limits: Limits,
    signals: Sequence[Signal] = (),
    labels: Sequence[str] = (),
) -> str:
    """A control chart: points in order, limits, and the points that signal with the numbers of their rules."""
    low, high = min(*values, limits.lower), max(*values, limits.upper)
    plot = _Plot((0, max(1, len(values) - 1)), (low, high))
    line = " ".join(",".join(plot.at(place, value)) for place, value in enumerate(values))
    marks = [
        plot.level(limits.upper, "limit", f"{limits.upper:.4g}"),
        plot.level(limits.centre, "centre", f"{limits.centre:.4g}"),
        plot.level(limits.lower, "limit", f"{limits.lower:.4g}"),
        f'<polyline class="curve" points="{line}"/>',
    ]
    for place, value in enumerate(values):
        rules = ", ".join(str(signal.rule) for signal in signals if signal.point == place)
        x, y = plot.at(place, value)
        said = f"{labels[place] if place < len(labels) else place + 1}: {value:g}"
        kind = "signal" if rules else "point"
        marks.append(f'<circle class="{kind}" cx="{x}" cy="{y}" r="4"><title>{escape(said)}</title></circle>')
        if rules:
            marks.append(f'<text x="{x}" y="{float(y) - 8:.2f}" text-anchor="middle">{rules}</text>')
    return _svg(title, marks)


def _mark(plot: _Plot, x: float) -> str:
    across, bottom = plot.at(x, 0)
    return f'<text x="{across}" y="{float(bottom) + 16:.2f}" text-anchor="middle">{x:.3g}</text>'


def _svg(title: str, parts: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
    said = (
        f'<title>{escape(title)}</title><style>{STYLE}</style><text x="{EDGE}" y="20">{escape(title)}</text>'
    )
    return "\n".join([head, said, *parts, "</svg>\n"])


class Lot(NamedTuple):
    """A point of a live chart: its lot, value, limits of its own, and the rules that it meets."""

    label: str
    value: float
    limits: Limits
    rules: Sequence[int]


def live_svg(title: str, lots: Sequence[Lot], specification: tuple[float | None, float | None]) -> str:
    """A control chart whose limits may differ from lot to lot, with the limits of the specification."""
    levels = [each for each in specification if each is not None]
    low = min(*(min(lot.value, lot.limits.lower) for lot in lots), *levels, lots[0].value)
    high = max(*(max(lot.value, lot.limits.upper) for lot in lots), *levels, lots[0].value)
    plot = _Plot((0, max(1, len(lots) - 1)), (low, high))
    line = " ".join(",".join(plot.at(place, lot.value)) for place, lot in enumerate(lots))
    marks = [plot.level(level, "specified", f"{level:.6g}") for level in levels]
    for name, kind in (("upper", "limit"), ("centre", "centre"), ("lower", "limit")):
        ends = [getattr(lot.limits, name) for lot in lots]
        path = " ".join(",".join(plot.at(place, end)) for place, end in enumerate(ends))
        marks.append(f'<polyline class="{kind}" fill="none" points="{path}"/>')
        right, height = plot.at(plot.x[1], ends[-1])
        marks.append(f'<text x="{float(right) + 8:.2f}" y="{height}">{ends[-1]:.4g}</text>')
    marks.append(f'<polyline class="curve" points="{line}"/>')
    for place, lot in enumerate(lots):
        x, y = plot.at(place, lot.value)
        rules = ", ".join(str(rule) for rule in lot.rules)
        kind = "signal" if rules else "point"
        said = escape(f"{lot.label}: {lot.value:g}")
        marks.append(f'<circle class="{kind}" cx="{x}" cy="{y}" r="4"><title>{said}</title></circle>')
        if rules:
            marks.append(f'<text x="{x}" y="{float(y) - 8:.2f}" text-anchor="middle">{rules}</text>')
    last = f'<text x="{WIDTH - EDGE}" y="{HEIGHT - 14}" text-anchor="end">{escape(lots[-1].label)}</text>'
    first = f'<text x="{EDGE}" y="{HEIGHT - 14}">{escape(lots[0].label)}</text>'
    return _svg(title, [*marks, first, last])
