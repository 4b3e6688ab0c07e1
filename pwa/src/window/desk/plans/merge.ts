/** Two who wrote on the same draft: what only one of them changed is taken from that one; where both did, mine stays
 *  in the form and theirs is shown beside it. A characteristic is known by its code. */
import type { Line } from "./calls.ts";

export interface Merged {
  lines: Line[];
  /** What they made of characteristics that I changed too; null: they removed it. */
  theirs: { code: string; line: Line | null }[];
}

export function merge(base: Line[], mine: Line[], theirs: Line[]): Merged {
  const [was, now] = [byCode(base), byCode(theirs)];
  const both: Merged["theirs"] = [];
  const lines = mine.flatMap((line) => {
    const [old, other] = [was.get(line.code), now.get(line.code)];
    const changed = old === undefined || !same(old, line);
    if (other === undefined) {
      if (old === undefined) return [line];
      if (changed) both.push({ code: line.code, line: null });
      return changed ? [line] : [];
    }
    if (same(other, line)) return [line];
    if (!changed) return [other];
    if (old === undefined || !same(old, other)) both.push({ code: line.code, line: other });
    return [line];
  });
  const mineNow = new Set(mine.map((line) => line.code));
  for (const [place, line] of theirs.entries()) {
    if (mineNow.has(line.code)) continue;
    const old = was.get(line.code);
    if (old === undefined) lines.splice(place, 0, line);
    else if (!same(old, line)) {
      // I removed what they went on with: it comes back, and is for a person to look at.
      lines.splice(place, 0, line);
      both.push({ code: line.code, line });
    }
  }
  return { lines, theirs: both };
}

const byCode = (lines: Line[]) => new Map(lines.map((line) => [line.code, line]));

/** The server leaves it out. */
const UNSAID = "iso2859-1";

/** The same content, whatever the order of its fields, and whether an absent one is written out. */
export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(ordered(one)) === JSON.stringify(ordered(other));
}

function ordered(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined && inner !== "" && inner !== false && inner !== UNSAID && !(Array.isArray(inner) && inner.length === 0));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, ordered(inner)]));
}
