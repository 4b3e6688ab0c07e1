/**
 * A label's text becomes an identity, by the server's own rules, so that a phone without a network recognises what it
 * films and asks where a person must choose. The server reads every code again from its original text.
 *
 * | what was read                                      | scheme             |
 * |----------------------------------------------------|--------------------|
 * | GS1 element strings, raw with FNC1 or in brackets  | gs1                |
 * | https://any.host/01/.../10/...                     | gs1_digital_link   |
 * | 8, 12, 13 or 14 digits                             | gtin               |
 * | +A999..., +$$3...                                  | hibc               |
 * | MA.156.M0....                                      | ma                 |
 * | AHM...                                             | ahm                |
 * | LG1:<lot number>                                   | internal           |
 */
import type { Code, LabelReading } from "../api/types.ts";
import { checkDigit } from "./check_digit.ts";
import { isAhm, isMa, readAhm, readMa } from "./china.ts";
import { labelDay } from "./days.ts";
import { isAddress, readAddress } from "./digital_link.ts";
import { isHibc, linked, readHibc } from "./hibc.ts";
import { NO_IDENTITY, type Said } from "./said.ts";
import { ambiguous, checked, failed, GS, inBrackets, readBrackets, readMessage, type Element, type Elements } from "./gs1.ts";

const INTERNAL = "LG1:";
const GS1_SYMBOLOGIES = ["]d2", "]C1", "]Q3", "]e0", "]e1", "]e2", "]J1"];
/** UPC-E is none of these: its eight digits are not those of a GTIN-8, and scanners give it as twelve or thirteen. */
const RETAIL_LENGTHS: Record<string, number[]> = { "]E0": [12, 13], "]E4": [8], "]I1": [14] };
const ONE_FAMILY = ["gs1", "gs1_digital_link", "gtin"];
const DAYS = ["11", "17", "7003", "8008"];
/** The reason that a label's other code may settle. */
const LACKING = "ai_companion_missing";
const LONGEST = 4000; // more than any symbol holds
const IDENTITY = ["device_identifier", "lot", "serial", "production_date", "expiry", "quantity"] as const;
const NOTHING: LabelReading = {
  ...NO_IDENTITY,
  scheme: "unknown",
  elements: [],
  valid: false,
  ambiguous: false,
  error: null,
};

/** Reads the codes of one label together; `today` (ISO day of the site) fixes the century of two-digit years. */
export function readLabel(codes: Code[], today: string): LabelReading {
  let together: LabelReading | null = null;
  const readings = codes.map((code) => readCode(code, today));
  const named = readings.filter((one) => one.device_identifier !== null);
  for (const reading of [...named, ...readings.filter((one) => one.device_identifier === null)]) {
    if (reading.error !== null && reading.error.code !== LACKING) return reading;
    together = together === null ? reading : merge(together, reading);
    if (together === null) return { ...NOTHING, error: { code: "codes_of_different_products" } };
    if (together.error !== null && together.error.code !== LACKING) return together;
  }
  return together ?? none("not_a_label");
}

/** True when a second code of the same label is likely still missing: a product without a lot, or the reverse. */
export function looksIncomplete(codes: Code[]): boolean {
  const reading = readLabel(codes, "2000-01-01");
  if (reading.error?.code === LACKING) return true;
  if (reading.error !== null || reading.scheme === "internal") return false;
  return (reading.device_identifier === null) !== (reading.lot === null);
}

export function readCode({ text, symbology_id: symbology }: Pick<Code, "text" | "symbology_id">, today: string): LabelReading {
  let body = text.replace(/^[\r\n\t ]+|[\r\n\t ]+$/g, "").replaceAll("\u241d", GS).replaceAll("{GS}", GS);
  if (/^\][A-Za-z][0-9A-Za-z]/.test(body)) [symbology, body] = [body.slice(0, 3), body.slice(3)];
  if (body === "" || [...body].length > LONGEST) return none("not_a_label");
  if (body.startsWith(INTERNAL)) return internal(body.slice(INTERNAL.length));
  if (isHibc(body)) return schemed("hibc", readHibc(/ [\r\n\t]*$/.test(text) ? `${body} ` : body, today));
  if (isMa(body)) return schemed("ma", readMa(body, today));
  if (isAhm(body)) return schemed("ahm", readAhm(body, today));
  if (isAddress(body)) return identity("gs1_digital_link", readAddress(body), today);
  if (/^[(\uff08]/.test(body)) {
    return identity("gs1", readBrackets(body.replaceAll("\uff08", "(").replaceAll("\uff09", ")")), today);
  }
  const composite = withoutComposite(body, symbology);
  body = composite ?? body;
  if (GS1_SYMBOLOGIES.includes(symbology) || body.includes(GS) || composite !== null) return identity("gs1", readMessage(body, symbology !== ""), today);
  const lengths = RETAIL_LENGTHS[symbology];
  if (lengths && !lengths.includes([...body].length)) return none("not_a_label");
  if (/^(?:[0-9]{8}|[0-9]{12,14})$/.test(body)) return gtin(body);
  return lengths ? none("not_a_label") : unmarked(body, today);
}

/** A composite symbol's two parts as one message, null where it is none; a retail number becomes its (01). */
function withoutComposite(body: string, symbology: string): string | null {
  const bar = body.indexOf("|]e0");
  if (bar < 0) return null;
  const [linear, second] = [body.slice(0, bar), body.slice(bar + 4)];
  const lengths = RETAIL_LENGTHS[symbology];
  if (lengths === undefined) return linear + GS + second;
  return lengths.includes(linear.length) && /^[0-9]+$/.test(linear) ? `01${linear.padStart(14, "0")}${GS}${second}` : "";
}

/** A code of another scheme: right, wrong for a reason, or one whose last sign was lost. */
function schemed(scheme: string, { elements, identity: known, error }: Said): LabelReading {
  if (error?.code === "not_a_label") return none("not_a_label");
  return { ...NOTHING, ...known, scheme, elements, valid: error === null, ambiguous: error?.code === "label_ambiguous", error };
}

/**
 * Two codes of one label as one reading; null if they can't be of one product, or neither says which. What GS1 wants
 * or excludes beside a value is judged over both.
 */
function merge(first: LabelReading, second: LabelReading): LabelReading | null {
  if ([first.scheme, second.scheme].includes("internal") || !linked(first.elements, second.elements)) return null;
  const oneFamily = [first, second].every(({ scheme }) => ONE_FAMILY.includes(scheme ?? ""));
  if (!oneFamily && first.scheme !== second.scheme) return null;
  const both = { ...first };
  for (const field of IDENTITY) {
    if (first[field] !== null && second[field] !== null && first[field] !== second[field]) return null;
    both[field] = first[field] ?? second[field];
  }
  if (both.device_identifier === null) return null;
  const more = second.elements.filter(({ ai, value }) => !first.elements.some((one) => one.ai === ai && one.value === value));
  const elements = [...first.elements, ...more];
  const scheme = second.scheme === "gtin" ? first.scheme : second.scheme;
  const error = oneFamily ? checked(elements).error : null;
  const level = first.device_identifier ? first.package_level : second.package_level;
  return { ...both, scheme, elements, valid: error === null, error, package_level: level };
}

/** The identity in the elements; where a person must choose, only what is certain. */
function identity(scheme: string, read: Elements, today: string): LabelReading {
  const code = read.error?.code ?? null;
  if (read.error !== null && code !== "label_ambiguous" && code !== LACKING) {
    return { ...NOTHING, scheme: code === "not_a_label" ? "unknown" : scheme, elements: read.elements, error: read.error };
  }
  const values = Object.fromEntries(read.elements.map(({ ai, value }) => [ai, value]));
  const days: Record<string, string | null> = {};
  for (const ai of DAYS) {
    const value = values[ai];
    if (value === undefined) continue;
    days[ai] = labelDay(value.slice(0, 6), today);
    if (days[ai] === null) return { ...NOTHING, scheme, elements: read.elements, error: { code: "date_impossible", facts: { ai, value } } };
  }
  const named = values["01"] ?? values["02"] ?? values["03"] ?? null;
  return {
    scheme,
    device_identifier: named,
    lot: values["10"] ?? null,
    serial: values["21"] ?? null,
    production_date: days["11"] ?? days["8008"] ?? null,
    expiry: days["17"] ?? days["7003"] ?? null,
    quantity: countOf(values),
    elements: read.elements,
    valid: code === null,
    ambiguous: code === "label_ambiguous",
    error: read.error,
    package_level: values["00"] || values["02"] ? "logistic_unit" : (named?.[0] ?? null),
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
  return { ...NOTHING, scheme: "gtin", device_identifier: element.value, elements: [element], valid: true, package_level: element.value[0] ?? null };
}

function internal(number: string): LabelReading {
  if (!/^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$/.test(number)) return none("not_a_label");
  return { ...NOTHING, scheme: "internal", lot: number, valid: true };
}

function none(code: string): LabelReading {
  return { ...NOTHING, error: failed(code).error };
}
