/** What the elements of one item demand of each other; the rules are explained in the server's gs1_associations.py. */
import type { Reason } from "../api/types.ts";
import { IDENTIFIERS } from "./application_identifiers.ts";
import { KEYS } from "./facts.ts";

/** Longest values of the keys that may be signed only with their serial part. */
const UNSERIALISED = { "253": 13, "255": 13, "8003": 14 };

/** The first rule that these values break; a code without any key is half a label, of whose needs nothing can be said. */
export function broken(values: ReadonlyMap<string, string>): Reason | null {
  const ais = [...values.keys()];
  const pair = excluded(ais);
  if (pair !== null) return pair;
  return KEYS.some((key) => values.has(key)) ? (lacking(ais) ?? unserialised(values)) : null;
}

function excluded(ais: string[]): Reason | null {
  for (const ai of ais) {
    for (const pattern of IDENTIFIERS.get(ai)?.excludes ?? []) {
      const other = ais.find((each) => each !== ai && isLike(each, pattern));
      if (other !== undefined) return { code: "ai_pair_excluded", facts: { ais: [ai, other].sort() } };
    }
  }
  return null;
}

function lacking(ais: string[]): Reason | null {
  for (const ai of ais) {
    const groups = IDENTIFIERS.get(ai)?.needs ?? [];
    const stands = (group: string[]) => group.every((each) => ais.some((one) => isLike(one, each)));
    if (groups.length > 0 && !groups.some(stands)) {
      const needs = groups.map((group) => group.map((each) => `(${each})`).join(" + "));
      return { code: "ai_companion_missing", facts: { ai, needs } };
    }
  }
  return null;
}

function unserialised(values: ReadonlyMap<string, string>): Reason | null {
  if (!values.has("8030")) return null;
  for (const [ai, most] of Object.entries(UNSERIALISED)) {
    const length = values.get(ai)?.length ?? 0;
    if (length > 0 && length <= most) return { code: "ai_companion_missing", facts: { ai: "8030", needs: [`(${ai}) + serial`] } };
  }
  return null;
}

function isLike(ai: string, pattern: string): boolean {
  if (!pattern.includes("n")) return ai === pattern;
  return ai.length === pattern.length && ai.startsWith(pattern.replace(/n+$/, ""));
}
