/**
 * A small reader of GS1 labels for the time without a network: element strings with FNC1 (as \x1d), bracketed text
 * and plain GTIN barcodes. The server reads every code again from its original text; this one only recognises.
 */
import type { Code, LabelReading } from "../api/types.ts";
import { identifierAt } from "./application_identifiers.ts";
import { asGtin14, checkDigitHolds } from "./check_digit.ts";

const GS = "\x1d";
const EMPTY: LabelReading = {
  scheme: null,
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

export interface Element {
  ai: string;
  value: string;
}

class Unreadable extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** Reads the codes of one label together; `today` (ISO day) fixes the century of two-digit years. */
export function readLabel(codes: Code[], today: string): LabelReading {
  try {
    const parts = codes.map((code) => elementsOf(code));
    const elements = parts.flatMap((part) => part.elements);
    const ambiguous = parts.some((part) => part.ambiguous) || contradicts(elements);
    return { ...readElements(elements, today), ambiguous };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { ...EMPTY, error: { code: error.code } };
  }
}

/** True when a second code of the same label is likely still missing: a product without a lot, or the reverse. */
export function looksIncomplete(codes: Code[]): boolean {
  const reading = readLabel(codes, "2000-01-01");
  return reading.error === null && (reading.device_identifier === null) !== (reading.lot === null);
}

function elementsOf(code: Code): { elements: Element[]; ambiguous: boolean } {
  const text = code.text.trim();
  if (text.startsWith("(")) return { elements: bracketed(text), ambiguous: false };
  const isGs1 = ["]d2", "]C1", "]Q3", "]e0"].includes(code.symbology_id);
  const gtin = asGtin14(text);
  if (!isGs1 && gtin !== null) return { elements: [{ ai: "01", value: gtin }], ambiguous: false };
  const bare = text.replace(/^\][A-Za-z]\d/, "");
  if (isGs1 || bare !== text || bare.startsWith(GS)) return elementString(bare.replace(/^\x1d+/, ""));
  throw new Unreadable("not_a_label");
}

function bracketed(text: string): Element[] {
  const elements: Element[] = [];
  for (const match of text.matchAll(/\((\d{2,4})\)([^(]*)/g)) {
    elements.push({ ai: match[1] ?? "", value: (match[2] ?? "").trim() });
  }
  if (elements.length === 0) throw new Unreadable("not_a_label");
  return elements;
}

function elementString(text: string): { elements: Element[]; ambiguous: boolean } {
  const elements: Element[] = [];
  let ambiguous = false;
  for (let place = 0; place < text.length; ) {
    const identifier = identifierAt(text, place);
    if (identifier === null) throw new Unreadable("label_unknown_element");
    const start = place + identifier.ai.length;
    const separator = text.indexOf(GS, start);
    const rest = separator === -1 ? text.length : separator;
    const end = identifier.fixed ? start + identifier.length : rest;
    const value = text.slice(start, end);
    const wrong = identifier.fixed ? value.length !== identifier.length : value.length > identifier.length;
    if (wrong || value === "" || value.includes(GS)) throw new Unreadable("label_element_length");
    // A value that runs to the end and itself ends like a date element may have swallowed a lost separator.
    if (!identifier.fixed && separator === -1 && /1[1-7]\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])/.test(value)) {
      ambiguous = true;
    }
    elements.push({ ai: identifier.ai, value });
    place = text[end] === GS ? end + 1 : end;
  }
  return { elements, ambiguous };
}

function readElements(elements: Element[], today: string): LabelReading {
  const value = (...ais: string[]) => elements.find((element) => ais.includes(element.ai))?.value ?? null;
  const gtin = value("01", "02");
  if (gtin !== null && (gtin.length !== 14 || !checkDigitHolds(gtin))) throw new Unreadable("check_digit");
  const count = value("30", "37");
  return {
    scheme: "gs1",
    device_identifier: gtin,
    lot: value("10"),
    serial: value("21"),
    production_date: labelDay(value("11"), today),
    expiry: labelDay(value("17"), today),
    quantity: count === null ? null : count.replace(/^0+(?=\d)/, ""),
    elements,
    valid: true,
    ambiguous: false,
    error: null,
  };
}

/** The same element twice with different values: two labels in one picture, or a misread. */
function contradicts(elements: Element[]): boolean {
  return elements.some((one) => elements.some((other) => other.ai === one.ai && other.value !== one.value));
}

/** YYMMDD as an ISO day: day 00 is the last of the month, the century is the nearest (7.12). */
export function labelDay(text: string | null, today: string): string | null {
  if (text === null) return null;
  if (!/^\d{6}$/.test(text)) throw new Unreadable("label_date");
  const thisYear = Number(today.slice(0, 4));
  const [yy, month, day] = [Number(text.slice(0, 2)), Number(text.slice(2, 4)), Number(text.slice(4))];
  const gap = yy - (thisYear % 100);
  const century = thisYear - (thisYear % 100) + (gap >= 51 ? -100 : gap <= -50 ? 100 : 0);
  const last = new Date(Date.UTC(century + yy, month, 0)).getUTCDate();
  if (month < 1 || month > 12 || day > last) throw new Unreadable("label_date");
  const pad = (number: number) => String(number).padStart(2, "0");
  return `${century + yy}-${pad(month)}-${pad(day === 0 ? last : day)}`;
}
