/**
 * A label's text becomes an identity, by the server's own rules, so that a phone without a network recognises what it
 * films and asks where a person must choose. The server reads every code again from its original text.
 *
 * | what was read                                      | scheme             |
 * |----------------------------------------------------|--------------------|
 * | GS1 element strings, raw with FNC1 or in brackets  | gs1                |
 * | https://any.host/01/.../10/...                     | gs1_digital_link   |
 * | 8, 12, 13 or 14 digits                             | gtin               |
 * | LG1:<lot number>                                   | internal           |
 */
import type { Code, LabelReading, Reason } from "../api/types.ts";
import { lastDay } from "./application_identifiers.ts";
import { checkDigit } from "./check_digit.ts";
import { isAddress, readAddress } from "./digital_link.ts";
import { ambiguous, failed, GS, inBrackets, readBrackets, readMessage, type Element, type Elements } from "./gs1.ts";

const INTERNAL = "LG1:";
const GS1_SYMBOLOGIES = ["]d2", "]C1", "]Q3", "]e0", "]e1", "]e2", "]J1"];
const RETAIL_SYMBOLOGIES = ["]E0", "]E4", "]I1"];
const LONGEST = 4000; // more than any symbol holds
const IDENTITY = ["device_identifier", "lot", "serial", "production_date", "expiry", "quantity"] as const;
const NOTHING: LabelReading = {
  scheme: "unknown",
  device_identifier: null,
  lot: null,
  serial: null,
  production_date: null,
  expiry: null,
  quantity: null,
  elements: [],
  valid: false,
  ambiguous: false,
  error: null,
};

/** Reads the codes of one label together; `today` (ISO day of the site) fixes the century of two-digit years. */
export function readLabel(codes: Code[], today: string): LabelReading {
  let together: LabelReading | null = null;
  for (const code of codes) {
    const reading = readCode(code, today);
    if (reading.error !== null) return reading;
    together = together === null ? reading : merge(together, reading);
    if (together === null) return { ...NOTHING, error: { code: "codes_of_different_products" } };
  }
  return together ?? none("not_a_label");
}

/** True when a second code of the same label is likely still missing: a product without a lot, or the reverse. */
export function looksIncomplete(codes: Code[]): boolean {
  const reading = readLabel(codes, "2000-01-01");
  if (reading.error !== null || reading.scheme === "internal") return false;
  return (reading.device_identifier === null) !== (reading.lot === null);
}

export function readCode({ text, symbology_id: symbology }: Pick<Code, "text" | "symbology_id">, today: string): LabelReading {
  let body = text.replace(/^[\r\n\t ]+|[\r\n\t ]+$/g, "").replaceAll("\u241d", GS).replaceAll("{GS}", GS);
  if (/^\][A-Za-z][0-9A-Za-z]/.test(body)) [symbology, body] = [body.slice(0, 3), body.slice(3)];
  if (body === "" || [...body].length > LONGEST) return none("not_a_label");
  if (body.startsWith(INTERNAL)) return internal(body.slice(INTERNAL.length));
  if (isAddress(body)) return identity("gs1_digital_link", readAddress(body), today);
  if (/^[(\uff08]/.test(body)) {
    return identity("gs1", readBrackets(body.replaceAll("\uff08", "(").replaceAll("\uff09", ")")), today);
  }
  if (GS1_SYMBOLOGIES.includes(symbology) || body.includes(GS)) return identity("gs1", readMessage(body), today);
  // UPC-E: eight digits, but not those of a GTIN-8.
  if (symbology === "]E0" && body.length === 8) return none("not_a_label");
  if (/^(?:\d{8}|\d{12,14})$/.test(body)) return gtin(body);
  return RETAIL_SYMBOLOGIES.includes(symbology) ? none("not_a_label") : unmarked(body, today);
}

/** YYMMDD as an ISO day: day 00 is the last of its month, the century is the nearest (7.12); null for a day that never comes. */
export function labelDay(digits: string | undefined, today: string): string | null {
  if (digits === undefined) return null;
  const [yy, month, day] = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)].map(Number) as [number, number, number];
  const thisYear = Number(today.slice(0, 4));
  const gap = yy - (thisYear % 100);
  const year = thisYear - (thisYear % 100) + (gap >= 51 ? -100 : gap <= -50 ? 100 : 0) + yy;
  const last = lastDay(year, month);
  const pad = (number: number, length = 2) => String(number).padStart(length, "0");
  return day <= last ? `${pad(year, 4)}-${pad(month)}-${pad(day || last)}` : null;
}

/** Two codes of one label as one reading; null if they can't be of one product, or neither says which. */
function merge(first: LabelReading, second: LabelReading): LabelReading | null {
  if ([first.scheme, second.scheme].includes("internal")) return null;
  const both = { ...first };
  for (const field of IDENTITY) {
    if (first[field] !== null && second[field] !== null && first[field] !== second[field]) return null;
    both[field] = first[field] ?? second[field];
  }
  if (both.device_identifier === null) return null;
  const more = second.elements.filter(({ ai, value }) => !first.elements.some((one) => one.ai === ai && one.value === value));
  return { ...both, scheme: second.scheme === "gtin" ? first.scheme : second.scheme, elements: [...first.elements, ...more] };
}

/** The identity in the elements; where a person must choose, only what is certain. */
function identity(scheme: string, read: Elements, today: string): LabelReading {
  const asks = read.error?.code === "label_ambiguous";
  if (read.error !== null && !asks) {
    return { ...NOTHING, scheme: read.error.code === "not_a_label" ? "unknown" : scheme, elements: read.elements, error: read.error };
  }
  const values = Object.fromEntries(read.elements.map(({ ai, value }) => [ai, value]));
  const [made, expiry] = [labelDay(values["11"], today), labelDay(values["17"], today)];
  const impossible = values["11"] && made === null ? "11" : values["17"] && expiry === null ? "17" : null;
  if (impossible !== null) {
    const error: Reason = { code: "date_impossible", facts: { ai: impossible, value: values[impossible] ?? "" } };
    return { ...NOTHING, scheme, elements: read.elements, error };
  }
  return {
    scheme,
    device_identifier: values["01"] ?? values["02"] ?? null,
    lot: values["10"] ?? null,
    serial: values["21"] ?? null,
    production_date: made,
    expiry,
    quantity: countOf(values),
    elements: read.elements,
    valid: !asks,
    ambiguous: asks,
    error: read.error,
  };
}

function countOf(values: Record<string, string>): string | null {
  const count = values["37"] ?? values["30"];
  return count === undefined ? null : count.replace(/^0+(?=\d)/, "");
}

/** Text that nothing marks as GS1: a label if a checked key begins it, a question if it only may be one. */
function unmarked(body: string, today: string): LabelReading {
  const read = readMessage(body);
  const keyed = /^0[012]\d{14}/.test(body);
  if (keyed) return identity("gs1", read, today);
  if (read.error !== null && read.error.code !== "label_ambiguous") return none("not_a_label");
  return identity("gs1", ambiguous(read.error === null ? [inBrackets(read.elements)] : read.readings), today);
}

function gtin(digits: string): LabelReading {
  const expected = checkDigit(digits.slice(0, -1));
  if (expected !== digits.slice(-1)) {
    return { ...NOTHING, scheme: "gtin", error: { code: "check_digit_wrong", facts: { value: digits, expected } } };
  }
  const element: Element = { ai: "01", value: digits.padStart(14, "0") };
  return { ...NOTHING, scheme: "gtin", device_identifier: element.value, elements: [element], valid: true };
}

function internal(number: string): LabelReading {
  if (!/^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$/.test(number)) return none("not_a_label");
  return { ...NOTHING, scheme: "internal", lot: number, valid: true };
}

function none(code: string): LabelReading {
  return { ...NOTHING, error: failed(code).error };
}
