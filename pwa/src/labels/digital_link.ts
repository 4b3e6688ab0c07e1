/** GS1 Digital Link: a web address of any host whose path is an identification key with its qualifiers. */
import { IDENTIFIERS } from "./application_identifiers.ts";
import { checked, failed, type Element, type Elements } from "./gs1.ts";

/** Key, then the qualifiers that may follow it, each set in its order (GS1 Digital Link URI Syntax). */
const KEYS: Record<string, string[][]> = {
  "01": [["22", "10", "21"], ["235"]],
  "8006": [["22", "10", "21"]],
  "414": [["254"], ["7040"]],
  "415": [["8020"]],
  "417": [["7040"]],
  "8004": [["7040"]],
  "8010": [["8011"]],
  "8017": [["8019"]],
  "8018": [["8019"]],
  "00": [],
  "253": [],
  "255": [],
  "401": [],
  "402": [],
  "8003": [],
  "8013": [],
};
const WORDS: Record<string, string> = { gtin: "01", lot: "10", ser: "21", cpv: "22", sscc: "00" };

export function isAddress(text: string): boolean {
  return /^(?:https?|HTTPS?):\/\//.test(text);
}

/** Reads a web address; `not_a_label` if its path ends in no GS1 key. */
export function readAddress(text: string): Elements {
  const rest = text.slice(text.indexOf("://") + 3).split("#", 1)[0] ?? "";
  const [before = "", query = ""] = cut(rest, "?");
  const [host = "", path = ""] = cut(before, "/");
  // Control characters are exactly what must not stand in an address.
  if (!/^[A-Za-z0-9.:[\]\-_~%@]+$/.test(host) || /[\s<>{}\\`^|"\x00-\x1f]/.test(rest)) return failed("not_a_label");
  const keyed = pathElements(path.split("/"));
  const attributes = queryElements(query);
  if (keyed === null || attributes === null) return failed("not_a_label");
  const elements = [...keyed, ...attributes].map(fullLength);
  if (new Set(elements.map(({ ai }) => ai)).size < elements.length) return failed("ai_repeated", {}, elements);
  return checked(elements);
}

/** The last key in the path, with what follows it. */
function pathElements(segments: string[]): Element[] | null {
  for (let start = segments.length - 2; start >= 0; start -= 2) {
    const key = number(segments[start] ?? "");
    if (KEYS[key] === undefined) continue;
    const pairs = segments.slice(start);
    const ais = pairs.filter((_, place) => place % 2 === 0).map(number);
    const values = pairs.filter((_, place) => place % 2 === 1).map(unquote);
    if (pairs.length % 2 === 1 || values.includes("") || !inOrder(key, ais.slice(1))) return null;
    return ais.map((ai, place) => ({ ai, value: values[place] ?? "" }));
  }
  return null;
}

/** Whether the qualifiers are some of one of the key's sets, in that set's order. */
function inOrder(key: string, qualifiers: string[]): boolean {
  if (qualifiers.length === 0) return true;
  const sets = KEYS[key] ?? [];
  return sets.some((set) => set.filter((one) => qualifiers.includes(one)).join() === qualifiers.join());
}

function queryElements(query: string): Element[] | null {
  const elements: Element[] = [];
  for (const pair of query.split("&")) {
    if (!pair.includes("=")) continue;
    const [name = "", value = ""] = cut(pair, "=");
    const ai = number(name);
    if (!/^\d+$/.test(ai)) continue;
    if (!IDENTIFIERS.has(ai)) return null;
    elements.push({ ai, value: unquote(value.replaceAll("+", " ")) });
  }
  return elements;
}

/** A GTIN of 8, 12 or 13 digits may stand in an address; it is the same key with zeros in front. */
function fullLength(element: Element): Element {
  const short = ["01", "02"].includes(element.ai) && /^(?:\d{8}|\d{12,13})$/.test(element.value);
  return short ? { ...element, value: element.value.padStart(14, "0") } : element;
}

const number = (name: string) => (Object.hasOwn(WORDS, name) ? (WORDS[name] ?? name) : name);

function cut(text: string, at: string): [string, string] {
  const place = text.indexOf(at);
  return place < 0 ? [text, ""] : [text.slice(0, place), text.slice(place + at.length)];
}

function unquote(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // an escape that is none stays as it is, and the value's check refuses it
  }
}
