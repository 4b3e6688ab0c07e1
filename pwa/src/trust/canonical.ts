/**
 * RFC 8785 (JSON Canonicalization Scheme) for records without fractions: measured values are decimals and travel as
 * text, so a number that is no safe integer is a mistake and is refused, as the server does.
 */
import type { Json } from "../api/types.ts";

export function canonical(value: Json): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return text(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new TypeError(`not canonical: ${value}`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  // The default order of sort() is by UTF-16 code units, which is what 3.2.3 asks for.
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${text(key)}:${canonical(value[key] ?? null)}`).join(",")}}`;
}

function text(value: string): string {
  if (/\p{Surrogate}/u.test(value)) throw new TypeError("not canonical: lone surrogate");
  return JSON.stringify(value);
}
