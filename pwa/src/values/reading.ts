/**
 * What a typed answer is, at once and beside the field. The server reads and judges the same text again with the
 * specification's own rule; this is the echo for the person, never the record.
 */
import type { Characteristic, InspectionItem, Verdict } from "../api/types.ts";
import { compare, isDecimal } from "./decimal.ts";

export type Typed =
  | { state: "empty" }
  | { state: "not_a_number" }
  /** Written in a way that this page leaves to the server: it reads more forms, and asks where it must. */
  | { state: "unsure" }
  /** "1,234" is one thing in Berlin and another in Boston: the person says which. */
  | { state: "ambiguous"; readings: [string, string] }
  | { state: "read"; value: string; qualifier: string | null };

const NUMBER = /^(<=|>=|<|>)? *([-+])? *(\d+|\d*[.,]\d+)$/;
const MINUS = /[\u2010-\u2015\u2212\uFE58\uFE63\uFF0D]/g;

export function readTyped(text: string, unit: string | null): Typed {
  let bare = text.replace(MINUS, "-").replaceAll("\u3002", ".").replaceAll("≤", "<=").replaceAll("≥", ">=");
  bare = bare.normalize("NFKC").trim();
  if (bare === "") return { state: "empty" };
  if (unit && bare.toLowerCase().endsWith(unit.toLowerCase())) bare = bare.slice(0, -unit.length).trim();
  if (/^-?[1-9]\d{0,2}[.,]\d{3}$/.test(bare) && bare.includes(",")) {
    return { state: "ambiguous", readings: [bare.replace(",", "."), bare.replace(",", "")] };
  }
  const [, qualifier = null, sign = "", digits = ""] = NUMBER.exec(bare) ?? [];
  const value = (sign === "-" ? "-" : "") + digits.replace(",", ".").replace(/^\./, "0.");
  if (digits !== "" && isDecimal(value)) return { state: "read", value, qualifier };
  return { state: /\d/.test(bare) ? "unsure" : "not_a_number" };
}

export function judgeNumber(value: string, limits: Pick<Characteristic, "lower" | "upper">): Verdict {
  if (limits.lower !== null && compare(value, limits.lower) < 0) return "nonconforming";
  if (limits.upper !== null && compare(value, limits.upper) > 0) return "nonconforming";
  return "conforming";
}

/** Attribute items: `count` of the n units do not conform; up to `accept` are tolerated, from `reject` on none are.
 *  Between them a second sample decides, where there is one. */
export function judgeCount(count: number, item: Pick<InspectionItem, "accept" | "reject" | "more">): Verdict {
  if (count >= item.reject) return "nonconforming";
  return item.more && count > item.accept ? "undecidable" : "conforming";
}
