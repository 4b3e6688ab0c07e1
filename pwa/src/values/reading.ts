/**
 * What a typed answer is, at once and beside the field. The server reads and judges the same text again with the
 * specification's own rule; this is the echo for the person, never the record.
 */
import type { Characteristic, InspectionItem, Verdict } from "../api/types.ts";
import { compare, isDecimal } from "./decimal.ts";

export type Typed =
  | { state: "empty" }
  | { state: "not_a_number" }
  /** "1,234" is one thing in Berlin and another in Boston: the person says which. */
  | { state: "ambiguous"; readings: [string, string] }
  | { state: "read"; value: string; qualifier: "<" | ">" | null };

const MINUS = /^[\u2010-\u2015\u2212\uFE58\uFE63\uFF0D]/;

export function readTyped(text: string, unit: string | null): Typed {
  let bare = text.normalize("NFKC").replace(/\s+/g, "");
  if (bare === "") return { state: "empty" };
  if (unit !== null && bare.toLowerCase().endsWith(unit.toLowerCase())) bare = bare.slice(0, -unit.length);
  const qualifier = bare.startsWith("<") ? "<" : bare.startsWith(">") ? ">" : null;
  if (qualifier !== null) bare = bare.slice(1);
  bare = bare.replace(MINUS, "-").replace(/^\+/, "").replaceAll("、", ".").replaceAll("。", ".");
  if (/^-?[1-9]\d{0,2},\d{3}$/.test(bare)) {
    return { state: "ambiguous", readings: [bare.replace(",", "."), bare.replace(",", "")] };
  }
  const value = bare.replace(",", ".").replace(/^(-?)\./, "$10.").replace(/\.$/, "");
  return isDecimal(value) ? { state: "read", value, qualifier } : { state: "not_a_number" };
}

export function judgeNumber(value: string, limits: Pick<Characteristic, "lower" | "upper">): Verdict {
  if (limits.lower !== null && compare(value, limits.lower) < 0) return "nonconforming";
  if (limits.upper !== null && compare(value, limits.upper) > 0) return "nonconforming";
  return "conforming";
}

/** Attribute items: `count` of the n units do not conform; up to `accept` of them are tolerated by the plan. */
export function judgeCount(count: number, item: Pick<InspectionItem, "accept">): Verdict {
  return count <= item.accept ? "conforming" : "nonconforming";
}
