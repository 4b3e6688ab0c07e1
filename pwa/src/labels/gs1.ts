/** GS1 element strings, raw with FNC1 (as \x1d) and in brackets, and what a lost FNC1 could have meant. */
import type { LabelReading, Reason } from "../api/types.ts";
import { checkValue, identifierAt, IDENTIFIERS } from "./application_identifiers.ts";
import { broken } from "./associations.ts";

export const GS = "\x1d";
const MOST_READINGS = 8;
const LONGEST_UNSEPARATED = 500; // beyond, a message without separators is not searched for its readings
const MOST_STEPS = 5000; // a string made to have millions of readings is given up as ambiguous

export type Element = LabelReading["elements"][number];

/** What a message says. `readings`: more than one way to read it, in brackets; `elements`: what all of them share. */
export interface Elements {
  elements: Element[];
  error: Reason | null;
  readings: string[];
}

export function failed(code: string, facts: NonNullable<Reason["facts"]> = {}, elements: Element[] = []): Elements {
  return { elements, error: { code, facts }, readings: [] };
}

export function ambiguous(readings: string[], elements: Element[] = []): Elements {
  return { elements, error: { code: "label_ambiguous", facts: { readings } }, readings };
}

/**
 * A raw message without symbology identifier. `exactSeparators`: whoever read it hands every FNC1 on, as one in the first
 * place shows; one behind it then proves that every value ends where it says. Otherwise each split into identifiers that
 * keeps the separators there are is a possible reading; more than one, or one that needs a separator which is not there,
 * is for a person to settle.
 */
export function readMessage(text: string, exactSeparators = false): Elements {
  const message = text.startsWith(GS) ? text.slice(1) : text;
  const exact = readAsSeparated(message);
  if (message.includes(GS) && (exactSeparators || text.startsWith(GS))) return exact;
  const { splits, complete } = splitsOf(message);
  const same = splits.length === 1 && inBrackets(splits[0] ?? []) === inBrackets(exact.elements);
  if ((splits.length === 0 && exact.error !== null) || (complete && same)) return exact;
  const sound = splits.filter((split) => checked(split).error === null);
  const readings = [...sound, ...splits.filter((split) => !sound.includes(split))];
  const certain = complete && readings.length > 1 ? shared(readings) : fixedBeginning(exact.elements);
  return ambiguous(readings.map(inBrackets), certain);
}

/** `(01)...(10)...` as printed under a code. A literal bracket in a value is written `\(`. */
export function readBrackets(text: string): Elements {
  const [before = "", ...pieces] = text.split(/(?<!\\)\(([0-9]{2,4})\)/);
  if (before.replaceAll(" ", "") !== "" || pieces.length < 2) return failed("not_a_label");
  const elements: Element[] = [];
  for (let place = 0; place < pieces.length; place += 2) {
    const [ai = "", printed = ""] = pieces.slice(place, place + 2);
    const digits = IDENTIFIERS.get(ai)?.parts.every((part) => part.characters === "N") ?? false;
    const value = digits ? printed.replaceAll(" ", "") : printed.replace(/^ +| +$/g, "");
    if (/(?<!\\)\(/.test(value)) return failed("ai_value_invalid", { ai, value }, elements);
    elements.push({ ai, value: value.replaceAll("\\(", "(") });
  }
  return checked(elements);
}

/** Each value and the message as a whole; the same identifier twice must say the same. */
export function checked(elements: Element[]): Elements {
  for (const { ai, value } of elements) {
    const reason = checkValue(ai, value);
    if (reason !== null) return { elements, error: reason, readings: [] };
  }
  const values = new Map<string, string>();
  for (const { ai, value } of elements) {
    if ((values.get(ai) ?? value) !== value) return failed("ai_repeated", { ai }, elements);
    values.set(ai, value);
  }
  return { elements: Array.from(values, ([ai, value]) => ({ ai, value })), error: broken(values), readings: [] };
}

/** The text that `readBrackets` reads back to these elements. */
export function inBrackets(elements: Element[]): string {
  return elements.map(({ ai, value }) => `(${ai})${value.replaceAll("(", "\\(")}`).join("");
}

function readAsSeparated(message: string): Elements {
  const elements: Element[] = [];
  for (let at = 0; at < message.length; ) {
    const identifier = identifierAt(message, at);
    if (identifier === undefined) return failed("ai_unknown", { ai: message.slice(at, at + 4) }, elements);
    at += identifier.ai.length;
    const separator = message.indexOf(GS, at);
    let end = separator < 0 ? message.length : separator;
    if (!identifier.separated) end = Math.min(end, at + identifier.most);
    elements.push({ ai: identifier.ai, value: message.slice(at, end) });
    at = message[end] === GS ? end + 1 : end;
  }
  return elements.length > 0 ? checked(elements) : failed("not_a_label");
}

/**
 * The ways to split a message without separators, longest values first, and whether these are all. Only the form of the
 * values counts here: a label may break GS1's other rules and still be the one printed.
 */
function splitsOf(message: string): { splits: Element[][]; complete: boolean } {
  const splits: Element[][] = [];
  const ways = message.length <= LONGEST_UNSEPARATED ? waysOf(message) : new Map<number, Element[]>();
  const pending: [number, Element[]][] = [[0, []]];
  for (let steps = 1; pending.length > 0; steps += 1) {
    const [begin, elements] = pending.pop()!;
    const at = message[begin] === GS ? begin + 1 : begin;
    if (at === message.length) splits.push(once(elements));
    else {
      const fitting = (ways.get(at) ?? []).filter((one) => elements.every(({ ai, value }) => ai !== one.ai || value === one.value));
      for (const one of fitting.reverse()) pending.push([at + one.ai.length + one.value.length, [...elements, one]]);
    }
    if (splits.length === MOST_READINGS || steps > MOST_STEPS) return { splits, complete: pending.length === 0 };
  }
  return { splits, complete: ways.size > 0 || message === "" };
}

/** Place -> the elements that may stand there, longest first, where the rest can be read behind them. */
function waysOf(message: string): Map<number, Element[]> {
  const ways = new Map<number, Element[]>();
  const goesOn = (end: number): boolean => {
    const after = message[end] === GS ? end + 1 : end;
    return after === message.length || ways.has(after);
  };
  for (let at = message.length - 1; at >= 0; at -= 1) {
    const identifier = identifierAt(message, at);
    if (identifier === undefined) continue;
    const start = at + identifier.ai.length;
    const fitting: Element[] = [];
    for (let end = Math.min(start + identifier.most, message.length); end >= start + identifier.least; end -= 1) {
      if (!goesOn(end)) continue;
      const element = { ai: identifier.ai, value: message.slice(start, end) };
      if (checkValue(element.ai, element.value) === null) fitting.push(element);
    }
    if (fitting.length > 0) ways.set(at, fitting);
  }
  return ways;
}

function once(elements: Element[]): Element[] {
  return elements.filter(({ ai, value }, place) => elements.findIndex((one) => one.ai === ai && one.value === value) === place);
}

/** The elements at the beginning on which all readings agree. */
function shared(splits: Element[][]): Element[] {
  const [first = [], ...others] = splits;
  const end = first.findIndex((one, place) => others.some((split) => split[place]?.ai !== one.ai || split[place]?.value !== one.value));
  return end < 0 ? first : first.slice(0, end);
}

/** The elements before the first whose end only a separator could tell. */
function fixedBeginning(elements: Element[]): Element[] {
  const end = elements.findIndex(({ ai }) => IDENTIFIERS.get(ai)?.separated ?? true);
  return end < 0 ? elements : elements.slice(0, end);
}
