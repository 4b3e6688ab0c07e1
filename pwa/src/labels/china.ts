/** China's MA and AHM codes; their tables and sources stand in the server's ma.py and ahm.py. */
import type { Reason } from "../api/types.ts";
import { fullDay } from "./days.ts";
import type { Element } from "./gs1.ts";
import { NO_IDENTITY, valueOf, wrong, type Said } from "./said.ts";

const MA = /^(MA\.[0-9]{3}\.[A-Z][0-9]\.[0-9A-Za-z]{6}\.([0-9A-Za-z])[0-9A-Za-z-]{2,20})((?:\.[A-Z][^.\x00-\x20]*)*)$/;
const MA_DAYS = ["M", "P", "E", "V"];
const AHM_FIELD = /(?:[.,;|]|(\())(BN|SN|MD|BD|ED)(\)?)/g;
const AHM_PRODUCT = /^[0-9A-Za-z-]+(?:[.,;|][0-9A-Za-z-]+)*$/;
const AHM_DAYS = ["MD", "BD", "ED"];

export function isMa(text: string): boolean {
  return MA.test(text);
}

export function readMa(text: string, today: string): Said {
  const [, identifier = "", level = null, rest = ""] = MA.exec(text) ?? [];
  const parts = rest.split(".").slice(1);
  const elements = [{ ai: "MA", value: identifier }, ...parts.map((part) => ({ ai: part.charAt(0), value: part.slice(1) }))];
  const error = fault(elements, MA_DAYS, today);
  if (error !== null) return wrong(error, elements);
  const day = (ai: string) => dayIn(elements, ai, today);
  const identity = {
    ...NO_IDENTITY,
    device_identifier: identifier,
    lot: valueOf(elements, "L"),
    serial: valueOf(elements, "S"),
    production_date: day("M") ?? day("P"),
    expiry: day("E") ?? day("V"),
    package_level: level,
  };
  return { elements, identity, error: null };
}

export function isAhm(text: string): boolean {
  return /^(?:\(AHM\)|AHM[0-9.,;|])/.test(text);
}

export function readAhm(text: string, today: string): Said {
  const body = text.replace(/^(?:AHM|\(AHM\))/, "");
  const fields = [...body.matchAll(AHM_FIELD)].filter(([, opened, , closed]) => (opened === "(") === (closed === ")"));
  const product = body.slice(0, fields[0]?.index ?? body.length).replace(/^[.,;|]/, "");
  if (!AHM_PRODUCT.test(product)) return wrong({ code: "not_a_label" });
  const elements = [{ ai: "AHM", value: product }];
  for (const [place, field] of fields.entries()) {
    const value = body.slice(field.index + field[0].length, fields[place + 1]?.index ?? body.length);
    elements.push({ ai: field[2] ?? "", value });
  }
  const error = fault(elements, AHM_DAYS, today);
  if (error !== null) return wrong(error, elements);
  const day = (ai: string) => dayIn(elements, ai, today);
  const identity = {
    ...NO_IDENTITY,
    device_identifier: product,
    lot: valueOf(elements, "BN"),
    serial: valueOf(elements, "SN"),
    production_date: day("MD"),
    expiry: day("ED") ?? day("BD"),
  };
  return { elements, identity, error: null };
}

function dayIn(elements: Element[], ai: string, today: string): string | null {
  const digits = valueOf(elements, ai);
  return digits === null ? null : fullDay(digits, today);
}

/** What is wrong with elements of one letter each: said twice, empty, or no day. */
function fault(elements: Element[], dated: string[], today: string): Reason | null {
  for (const [place, { ai, value }] of elements.entries()) {
    if (elements.slice(0, place).some((one) => one.ai === ai)) return { code: "ai_repeated", facts: { ai } };
    const isDated = dated.includes(ai);
    if (value === "" || (isDated && !/^[0-9]{6}(?:[0-9]{2})?$/.test(value))) return { code: "ai_value_invalid", facts: { ai, value } };
    if (isDated && fullDay(value, today) === null) return { code: "date_impossible", facts: { ai, value } };
  }
  return null;
}
