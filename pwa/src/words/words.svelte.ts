/** The page's words in the reader's language. Only that language is loaded. */
import type { Facts, Language, Words } from "../api/types.ts";
import type { GaugeWords } from "./desk/gauges_en.ts";
import type { Catalogue, Key } from "./en.ts";
import type { Floor } from "./floor_en.ts";
import type { Scanning } from "./scanning_en.ts";

/** Words that only some screens need, each fetched when the first of them is shown. */
const PACKS = {
  codes: {
    en: async (): Promise<Pack> => (await import("./codes_en.ts")).codesEn,
    zh: async (): Promise<Pack> => (await import("./codes_zh.ts")).codesZh,
  },
  events: {
    en: async (): Promise<Pack> => (await import("./events_en.ts")).eventsEn,
    zh: async (): Promise<Pack> => (await import("./events_zh.ts")).eventsZh,
  },
  scanning: {
    en: async (): Promise<Pack> => (await import("./scanning_en.ts")).scanningEn,
    zh: async (): Promise<Pack> => (await import("./scanning_zh.ts")).scanningZh,
  },
  floor: {
    en: async (): Promise<Pack> => (await import("./floor_en.ts")).floorEn,
    zh: async (): Promise<Pack> => (await import("./floor_zh.ts")).floorZh,
  },
  labels: {
    en: async (): Promise<Pack> => (await import("./labels_en.ts")).labelsEn,
    zh: async (): Promise<Pack> => (await import("./labels_zh.ts")).labelsZh,
  },
  stock: {
    en: async (): Promise<Pack> => (await import("./desk/stock_en.ts")).stockEn,
    zh: async (): Promise<Pack> => (await import("./desk/stock_zh.ts")).stockZh,
  },
  gauges: {
    en: async (): Promise<Pack> => (await import("./desk/gauges_en.ts")).gaugesEn,
    zh: async (): Promise<Pack> => (await import("./desk/gauges_zh.ts")).gaugesZh,
  },
  recall: {
    en: async (): Promise<Pack> => (await import("./desk/recall_en.ts")).recallEn,
    zh: async (): Promise<Pack> => (await import("./desk/recall_zh.ts")).recallZh,
  },
  dash: {
    en: async (): Promise<Pack> => (await import("./desk/dash_en.ts")).dashEn,
    zh: async (): Promise<Pack> => (await import("./desk/dash_zh.ts")).dashZh,
  },
  loop: {
    en: async (): Promise<Pack> => (await import("./desk/loop_en.ts")).loopEn,
    zh: async (): Promise<Pack> => (await import("./desk/loop_zh.ts")).loopZh,
  },
  suppliers: {
    en: async (): Promise<Pack> => (await import("./desk/suppliers_en.ts")).suppliersEn,
    zh: async (): Promise<Pack> => (await import("./desk/suppliers_zh.ts")).suppliersZh,
  },
  looks: {
    en: async (): Promise<Pack> => (await import("./desk/looks_en.ts")).looksEn,
    zh: async (): Promise<Pack> => (await import("./desk/looks_zh.ts")).looksZh,
  },
  imports: {
    en: async (): Promise<Pack> => (await import("./desk/imports_en.ts")).importsEn,
    zh: async (): Promise<Pack> => (await import("./desk/imports_zh.ts")).importsZh,
  },
  charts: {
    en: async (): Promise<Pack> => (await import("./desk/charts_en.ts")).chartsEn,
    zh: async (): Promise<Pack> => (await import("./desk/charts_zh.ts")).chartsZh,
  },
  more: {
    en: async (): Promise<Pack> => (await import("./desk/more_en.ts")).moreEn,
    zh: async (): Promise<Pack> => (await import("./desk/more_zh.ts")).moreZh,
  },
  documents: {
    en: async (): Promise<Pack> => (await import("./desk/documents_en.ts")).documentsEn,
    zh: async (): Promise<Pack> => (await import("./desk/documents_zh.ts")).documentsZh,
  },
  plans: {
    en: async (): Promise<Pack> => (await import("./desk/plans_en.ts")).plansEn,
    zh: async (): Promise<Pack> => (await import("./desk/plans_zh.ts")).plansZh,
  },
};
type Pack = Readonly<Record<string, string>>;
type PackName = keyof typeof PACKS;
/** The groups of codes that do not lie among the codes. */
const GROUPS: Readonly<Record<Exclude<PackName, "codes" | "more">, readonly string[]>> = {
  events: ["event", "event_kind", "job", "action"],
  scanning: ["scan", "differ", "print", "printed_field", "run", "seen", "scan_kind", "scan_hint", "scanner", "scanner_layout", "scanner_separator", "scanner_suffix", "scanner_advice"],
  floor: ["floor", "tour", "voice"],
  labels: ["labels", "label_media"],
  stock: ["stock"],
  dash: ["dash"],
  loop: ["capa", "change", "complaint", "report", "rework"],
  looks: ["look", "units", "delegation", "partner", "revoke", "telling"],
  imports: ["import"],
  recall: ["ship", "recall", "basis", "tracing", "mock"],
  suppliers: ["supplier"],
  gauges: ["gauges", "assessments"],
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
  const packs = await Promise.all(names.map(async (name) => [name, await PACKS[name][language]()] as const));
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
    const pack = await PACKS[name][language]();
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
