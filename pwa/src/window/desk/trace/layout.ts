/** Places the lots of a trace in columns by depth, raw materials left, and orders each column to cross few lines. */
import type { Trace, TraceNode } from "../../../api/types.ts";

export const BOX = { width: 142, height: 80, gapX: 44, gapY: 16, margin: 10 };

export interface Placed {
  node: TraceNode;
  x: number;
  y: number;
}

export interface Drawing {
  boxes: Placed[];
  lines: { from: Placed; to: Placed; quantity: string }[];
  width: number;
  height: number;
}

export function layOut(trace: Trace): Drawing {
  const layers = order(layersOf(trace.nodes), trace);
  const longest = Math.max(1, ...layers.map((layer) => layer.length));
  const height = longest * (BOX.height + BOX.gapY) - BOX.gapY + 2 * BOX.margin;
  const placed = new Map<string, Placed>();
  layers.forEach((layer, column) => {
    const used = layer.length * (BOX.height + BOX.gapY) - BOX.gapY;
    layer.forEach((node, row) => {
      const y = (height - used) / 2 + row * (BOX.height + BOX.gapY);
      placed.set(node.lot_id, { node, x: BOX.margin + column * (BOX.width + BOX.gapX), y });
    });
  });
  const lines = trace.edges.flatMap((edge) => {
    const [from, to] = [placed.get(edge.parent), placed.get(edge.child)];
    return from && to ? [{ from, to, quantity: edge.quantity }] : [];
  });
  const width = layers.length * (BOX.width + BOX.gapX) - BOX.gapX + 2 * BOX.margin;
  return { boxes: [...placed.values()], lines, width, height };
}

function layersOf(nodes: TraceNode[]): TraceNode[][] {
  const depths = [...new Set(nodes.map((node) => node.depth))].sort((one, other) => one - other);
  return depths.map((depth) => nodes.filter((node) => node.depth === depth));
}

/** Two sweeps of the barycentre rule: each lot stands near the middle of what it is tied to. */
function order(layers: TraceNode[][], { edges }: Trace): TraceNode[][] {
  const place = new Map<string, number>();
  const note = (layer: TraceNode[]) => layer.forEach((node, index) => place.set(node.lot_id, index - layer.length / 2));
  layers.forEach(note);
  const ties = new Map<string, string[]>(layers.flat().map((node) => [node.lot_id, []]));
  for (const { parent, child } of edges) {
    ties.get(parent)?.push(child);
    ties.get(child)?.push(parent);
  }
  const middle = (id: string): number => {
    const places = (ties.get(id) ?? []).map((tie) => place.get(tie) ?? 0);
    return places.length === 0 ? (place.get(id) ?? 0) : places.reduce((sum, one) => sum + one, 0) / places.length;
  };
  const sorted = layers.map((layer) => [...layer]);
  for (const layer of [...sorted, ...[...sorted].reverse()]) {
    const middles = new Map(layer.map((node) => [node.lot_id, middle(node.lot_id)]));
    layer.sort((one, other) => (middles.get(one.lot_id) ?? 0) - (middles.get(other.lot_id) ?? 0));
    note(layer);
  }
  return sorted;
}
