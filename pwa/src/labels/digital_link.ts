/** GS1 Digital Link: a web address of any host whose path is an identification key with its qualifiers. */
import type { Reason } from "../api/types.ts";
import { IDENTIFIERS } from "./application_identifiers.ts";
import { LINK_KEYS as KEYS, LINK_WORDS as WORDS } from "./facts.ts";
import { checked, failed, type Element, type Elements } from "./gs1.ts";

const SIGNS = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/;
const HOST = /^[A-Za-z0-9.:[\]-]+$/;

export function isAddress(text: string): boolean {
  return /^(?:https?|HTTPS?):\/\//.test(text);
}

/**
 * Reads a web address. `not_a_label` if its path ends in no GS1 key, `link_compressed` if a compressed one may hold it,
 * `link_attribute` for an identifier in the query that belongs into the path or nowhere.
 */
export function readAddress(text: string): Elements {
  const rest = text.slice(text.indexOf("://") + 3).split("#", 1)[0] ?? "";
  const [before = "", query = ""] = cut(rest, "?");
  const [host = "", path = ""] = cut(before, "/");
  if (!HOST.test(host) || !SIGNS.test(text)) return failed("not_a_label");
  const keyed = pathElements(path.split("/"));
  if (keyed === null) return failed(isCompressed(path) ? "link_compressed" : "not_a_label");
  const attributes = queryElements(query);
  const elements = [...keyed, ...attributes].map(fullLength);
  const error = misplaced(
    keyed.map(({ ai }) => ai),
    attributes.map(({ ai }) => ai),
  );
  return error ? { elements, error, readings: [] } : checked(elements);
}

function misplaced(path: string[], query: string[]): Reason | null {
  const seen = new Set(path);
  const [key = "", ...qualifiers] = path;
  for (const ai of query) {
    const identifier = IDENTIFIERS.get(ai);
    if (identifier === undefined) return { code: "ai_unknown", facts: { ai } };
    if (seen.has(ai)) return { code: "ai_repeated", facts: { ai } };
    const inPath = (KEYS[key] ?? []).some((set) => [...qualifiers, ai].every((one) => set.includes(one)));
    if (!identifier.attribute || inPath) return { code: "link_attribute", facts: { ai } };
    seen.add(ai);
  }
  return null;
}

/** Whether the path ends in base64url whose first byte is the beginning of a key (Digital Link 1.1, chapter 8). */
function isCompressed(path: string): boolean {
  const last = path.slice(path.lastIndexOf("/") + 1);
  if (!/^[A-Za-z0-9_-]{10,}$/.test(last)) return false;
  const first = atob(last.slice(0, 4).replaceAll("-", "+").replaceAll("_", "/")).charCodeAt(0);
  return Object.keys(KEYS).some((key) => key.slice(0, 2) === first.toString(16).padStart(2, "0"));
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
  if (qualifiers.includes("")) return false; // joined, it would look like none
  const sets = KEYS[key] ?? [];
  return sets.some((set) => set.filter((one) => qualifiers.includes(one)).join() === qualifiers.join());
}

function queryElements(query: string): Element[] {
  const elements: Element[] = [];
  for (const pair of query.split("&")) {
    if (!pair.includes("=")) continue;
    const [ai = "", value = ""] = cut(pair, "=");
    if (/^[0-9]+$/.test(ai)) elements.push({ ai, value: unquote(value.replaceAll("+", " ")) });
  }
  return elements;
}

/** A GTIN of 8, 12 or 13 digits may stand in an address; it is the same key with zeros in front. */
function fullLength(element: Element): Element {
  const short = element.ai === "01" && /^(?:\d{8}|\d{12,13})$/.test(element.value);
  return short ? { ...element, value: element.value.padStart(14, "0") } : element;
}

const number = (name: string) => (Object.hasOwn(WORDS, name) ? (WORDS[name] ?? name) : name);

function cut(text: string, at: string): [string, string] {
  const place = text.indexOf(at);
  return place < 0 ? [text, ""] : [text.slice(0, place), text.slice(place + at.length)];
}

/** Whole escapes become bytes of UTF-8; an escape that is none stays, and the value's check judges it. */
function unquote(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (escapes) => {
    const bytes = escapes.slice(1).split("%").map((hex) => parseInt(hex, 16));
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(bytes));
  });
}
