/** Places the lots of a trace in layers by depth, raw materials on top, and orders each layer to cross few lines. */
import type { Trace, TraceNode } from "../../api/types.ts";

export const BOX = { width: 168, height: 84, gapX: 20, gapY: 56 };

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
  const widest = Math.max(1, ...layers.map((layer) => layer.length));
  const width = widest * (BOX.width + BOX.gapX) + BOX.gapX;
  const placed = new Map<string, Placed>();
  layers.forEach((layer, row) => {
    const used = layer.length * (BOX.width + BOX.gapX) - BOX.gapX;
    layer.forEach((node, column) => {
      const x = (width - used) / 2 + column * (BOX.width + BOX.gapX);
      placed.set(node.lot_id, { node, x, y: BOX.gapX + row * (BOX.height + BOX.gapY) });
    });
  });
  const lines = trace.edges.flatMap((edge) => {
    const [from, to] = [placed.get(edge.parent), placed.get(edge.child)];
    return from && to ? [{ from, to, quantity: edge.quantity }] : [];
  });
  const height = layers.length * (BOX.height + BOX.gapY) - BOX.gapY + 2 * BOX.gapX;
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
  const middle = (id: string): number => {
    const ties = edges.flatMap((edge) => (edge.parent === id ? [edge.child] : edge.child === id ? [edge.parent] : []));
    const places = ties.map((tie) => place.get(tie) ?? 0);
    return places.length === 0 ? (place.get(id) ?? 0) : places.reduce((sum, one) => sum + one, 0) / places.length;
  };
  const sorted = layers.map((layer) => [...layer]);
  for (const layer of [...sorted, ...[...sorted].reverse()]) {
    layer.sort((one, other) => middle(one.lot_id) - middle(other.lot_id));
    note(layer);
  }
  return sorted;
}
