/** The page's words in the reader's language. Only that language is loaded. */
import type { Facts, Language, Words } from "../api/types.ts";
import type { GaugeWords } from "./desk/gauges_en.ts";
import type { Catalogue, Key } from "./en.ts";
import type { Floor } from "./floor_en.ts";
import type { Pack, PackName } from "./packs.ts";
import type { Scanning } from "./scanning_en.ts";

/** Words that only some screens need, each pack fetched when the first of them is shown. */
const fetchPack = async (name: PackName, language: Language): Promise<Pack> => (await import("./packs.ts")).PACKS[name][language]();
/** The groups of codes that do not lie among the codes. */
const GROUPS: Readonly<Record<Exclude<PackName, "codes" | "more">, readonly string[]>> = {
  record: ["record"],
  events: ["event", "event_kind", "job", "action"],
  scanning: ["scan", "differ", "print", "printed_field", "run", "seen", "scan_kind", "scan_hint", "scanner", "scanner_layout", "scanner_separator", "scanner_suffix", "scanner_advice"],
  floor: ["floor", "tour", "voice"],
  labels: ["labels", "label_media"],
  stock: ["stock"],
  dash: ["dash"],
  loop: ["capa", "change", "complaint", "report", "rework"],
  doubles: ["double"],
  looks: ["look", "units", "delegation", "partner", "revoke", "telling", "back", "hook"],
  imports: ["import", "opening"],
  recall: ["ship", "recall", "basis", "tracing", "mock"],
  suppliers: ["supplier"],
  gauges: ["gauges", "assessments", "equipment"],
  charts: ["charts", "nelson"],
  documents: ["doc"],
  plans: ["plan", "plan_reason", "plan_field"],
};
const PACK_OF = new Map(Object.entries(GROUPS).flatMap(([pack, groups]) => groups.map((group) => [group, pack as PackName] as const)));

/** Groups whose rarer words, those of the desk, lie in a pack that is fetched with the first of them. */
const RARER = new Set(["reason", "notice", "event", "event_kind", "job", "action"]);

class Speech {
  language = $state<Language>("en");
  catalogue = $state.raw<Catalogue | null>(null);
  packs = $state.raw<Partial<Record<PackName, Pack>>>({});
}

export const speech = new Speech();

export async function speak(language: Language): Promise<void> {
  const catalogue = language === "zh" ? (await import("./zh.ts")).zh : (await import("./en.ts")).en;
  // Packs follow the language only where they are in use already.
  const names = Object.keys(speech.packs) as PackName[];
  const packs = await Promise.all(names.map(async (name) => [name, await fetchPack(name, language)] as const));
  speech.catalogue = catalogue;
  speech.packs = Object.fromEntries(packs);
  speech.language = language;
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
}

/** Packs on their way, by language and name: a table of a thousand words asks for its pack once. */
const coming = new Map<string, Promise<void>>();

/** A pack of words; by default those of reasons, events and roles. */
export function loadWords(name: PackName = "codes"): Promise<void> {
  if (speech.packs[name] !== undefined) return Promise.resolve();
  const { language } = speech;
  const key = `${language} ${name}`;
  const already = coming.get(key);
  if (already !== undefined) return already;
  const pack = bring(name, language).finally(() => coming.delete(key));
  coming.set(key, pack);
  return pack;
}

async function bring(name: PackName, language: Language): Promise<void> {
  try {
    const pack = await fetchPack(name, language);
    if (language === speech.language) speech.packs = { ...speech.packs, [name]: pack };
    else await loadWords(name);
  } catch {
    // Not to be had just now: reasons are shown in the server's own text until they are.
  }
}

/** The sentence of `key` with its facts. `{n|lot|lots}` picks by number, `{name}` inserts. */
export function t(key: Key | keyof Scanning | keyof GaugeWords | keyof Floor, facts: Facts = {}): string {
  const own = speech.catalogue?.[key as Key];
  if (own !== undefined) return fill(own, facts);
  const [group = "", ...code] = key.split(".");
  return wordOf(group, code.join("."), facts) ?? "";
}

/** The word of a code that the server may invent after this page was built; null when it has none here. */
export function wordOf(group: string, code: string, facts: Facts = {}): string | null {
  const key = `${group}.${code}`;
  const pack = PACK_OF.get(group) ?? "codes";
  const text = speech.catalogue?.[key as Key] ?? speech.packs[pack]?.[key] ?? speech.packs.more?.[key];
  // Whoever shows a code brings its words here; what was shown meanwhile is written anew when they come.
  if (text === undefined && speech.packs[pack] === undefined) void loadWords(pack);
  else if (text === undefined && RARER.has(group) && speech.packs.more === undefined) void loadWords("more");
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
