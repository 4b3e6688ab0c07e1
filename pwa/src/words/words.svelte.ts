/** The page's words in the reader's language. Only that language is loaded. */
import type { Facts, Language, Words } from "../api/types.ts";
import type { Codes } from "./codes_en.ts";
import type { Catalogue, Key } from "./en.ts";

class Speech {
  language = $state<Language>("en");
  catalogue = $state.raw<Catalogue | null>(null);
  codes = $state.raw<Codes | null>(null);
}

export const speech = new Speech();

export async function speak(language: Language): Promise<void> {
  const catalogue = language === "zh" ? (await import("./zh.ts")).zh : (await import("./en.ts")).en;
  // Words of codes follow the language only where they are in use already.
  const codes = speech.codes === null ? null : await fetchCodes(language);
  speech.catalogue = catalogue;
  speech.codes = codes;
  speech.language = language;
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
}

/** The words of reasons, events and roles: fetched when the first of them is shown. */
export async function loadCodes(): Promise<void> {
  try {
    speech.codes ??= await fetchCodes(speech.language);
  } catch {
    // Not to be had just now: reasons are shown in the server's own text until they are.
  }
}

async function fetchCodes(language: Language): Promise<Codes> {
  return language === "zh" ? (await import("./codes_zh.ts")).codesZh : (await import("./codes_en.ts")).codesEn;
}

/** The sentence of `key` with its facts. `{n|lot|lots}` picks by number, `{name}` inserts. */
export function t(key: Key, facts: Facts = {}): string {
  return fill(speech.catalogue?.[key] ?? "", facts);
}

/** The word of a code that the server may invent after this page was built; null when it has none here. */
export function wordOf(group: string, code: string, facts: Facts = {}): string | null {
  const key = `${group}.${code}`;
  const text = speech.catalogue?.[key as Key] ?? speech.codes?.[key as keyof Codes];
  // Whoever shows a code brings its words here; what was shown meanwhile is written anew when they come.
  if (text === undefined && speech.codes === null) void loadCodes();
  return text === undefined ? null : fill(text, facts);
}

/** A name of master data in the reader's language. */
export function named(words: Words | string | null | undefined): string {
  if (words === null || words === undefined) return "";
  return typeof words === "string" ? words : words[speech.language] || words.en;
}

function fill(text: string, facts: Facts): string {
  return text.replace(/\{(\w+)(?:\|([^|{}]*)\|([^|{}]*))?\}/g, (_, name: string, one?: string, many?: string) => {
    const fact = facts[name];
    if (one !== undefined && many !== undefined) return Number(fact) === 1 ? one : many;
    return write(fact);
  });
}

function write(fact: unknown): string {
  if (fact === null || fact === undefined) return "–";
  return Array.isArray(fact) ? fact.map(write).join(speech.language === "zh" ? "、" : ", ") : String(fact);
}
