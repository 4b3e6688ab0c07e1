"""The genealogy around a lot as a drawing: raw materials on the left, what was made of them on the right."""

from __future__ import annotations

from html import escape

from backend.domain.genealogy import Trace, TraceNode
from backend.store.reader import Reader
from backend.views.traces import trace

WIDE, HIGH, ACROSS, DOWN, EDGE = 150, 52, 230, 76, 16
MOST_A_COLUMN = 12
"""More lots of one step are told by their number."""
COLOURS = {
    "quarantine": "#b26a00",
    "inspecting": "#1f5fa8",
    "released": "#2e7d32",
    "conditional": "#2e7d32",
    "conceded": "#2e7d32",
    "held": "#b3261e",
    "rejected": "#b3261e",
    "recalled": "#6a3d9a",
}
STYLE = (
    "text{font-family:'Noto Sans SC',sans-serif;font-size:12px;fill:#222}.way{stroke:#888;fill:none}"
    ".lot{fill:#fff;stroke-width:2}.small{font-size:11px;fill:#555}"
)


async def trace_svg(read: Reader, site_id: str, number: str, words: dict[str, str]) -> tuple[str, Trace]:
    """The drawing and what it shows. `words`: status -> word in the reader's language. Raises NotFound."""
    found = await trace(read, site_id, number, "both")
    return draw(found, number, words), found


def draw(found: Trace, number: str, words: dict[str, str]) -> str:
    """Boxes in columns by distance; a line for each use."""
    columns: dict[int, list[TraceNode]] = {}
    for node in found.nodes:
        columns.setdefault(node.depth, []).append(node)
    left = min(columns)
    places: dict[str, tuple[int, int]] = {}
    parts: list[str] = []
    for depth, nodes in sorted(columns.items()):
        nodes.sort(key=lambda node: (node.lot_id != found.lot_id, node.number))
        x = EDGE + (depth - left) * ACROSS
        for row, node in enumerate(nodes[:MOST_A_COLUMN]):
            y = 36 + row * DOWN
            places[node.lot_id] = (x, y)
            parts.append(_box(node, x, y, words, node.lot_id == found.lot_id))
        if len(nodes) > MOST_A_COLUMN:
            parts.append(_text(x, 36 + MOST_A_COLUMN * DOWN + 16, f"+ {len(nodes) - MOST_A_COLUMN}"))
    ways = [
        _way(places[edge.parent], places[edge.child])
        for edge in found.edges
        if edge.parent in places and edge.child in places
    ]
    width = 2 * EDGE + (max(columns) - left) * ACROSS + WIDE
    height = 48 + DOWN * min(MOST_A_COLUMN + 1, max(len(nodes) for nodes in columns.values()))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">'
    title = escape(number)
    return "\n".join(
        [
            head,
            f"<title>{title}</title><style>{STYLE}</style>",
            _text(EDGE, 20, number),
            *ways,
            *parts,
            "</svg>\n",
        ]
    )


def _box(node: TraceNode, x: int, y: int, words: dict[str, str], own: bool) -> str:
    colour = COLOURS.get(node.status, "#555")
    width = 4 if own else 2
    said = words.get(node.status, node.status)
    return (
        f'<rect class="lot" x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" rx="6" stroke="{colour}" '
        f'style="stroke-width:{width}"/>'
        + _text(x + 8, y + 20, node.number)
        + _text(x + 8, y + 40, f"{node.item_code} · {said}", "small")
    )


def _text(x: int, y: int, said: str, kind: str = "") -> str:
    return f'<text x="{x}" y="{y}"{f" class={chr(34)}{kind}{chr(34)}" if kind else ""}>{escape(said)}</text>'


def _way(begin: tuple[int, int], end: tuple[int, int]) -> str:
    x, y, to_x, to_y = begin[0] + WIDE, begin[1] + HIGH // 2, end[0], end[1] + HIGH // 2
    middle = (x + to_x) // 2
    return f'<path class="way" d="M{x} {y} C{middle} {y} {middle} {to_y} {to_x} {to_y}"/>'
