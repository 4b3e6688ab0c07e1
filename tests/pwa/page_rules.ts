/**
 * The page's pure rules, asked from outside: reads [[name, ...arguments], ...] as JSON and writes the answers. Beside
 * each safety rule stands the naive version that the tests must be able to tell from it.
 */
import { readFileSync } from "node:fs";

import { IDENTIFIERS } from "../../pwa/src/labels/application_identifiers.ts";
import { recognise } from "../../pwa/src/labels/recognise.ts";
import { readCode, readLabel } from "../../pwa/src/labels/reading.ts";
import { makeId } from "../../pwa/src/outbox/ids.ts";
import { canonical } from "../../pwa/src/trust/canonical.ts";
import { bind, fromHex, hex } from "../../pwa/src/trust/digest.ts";
import { verifyConsistency } from "../../pwa/src/trust/merkle.ts";
import { BadNote, openCheckpoint } from "../../pwa/src/trust/note.ts";
import { compared } from "../../pwa/src/trust/witness_rules.ts";
import { add, compare } from "../../pwa/src/values/decimal.ts";
import { numberIn } from "../../pwa/src/values/spoken.ts";
import { judgeNumber, readTyped } from "../../pwa/src/values/reading.ts";
import { pieces } from "../../pwa/src/window/chat/markup.ts";
import { linesOf, stepsOf } from "../../pwa/src/window/release/record.ts";
import { Attention } from "../../pwa/src/window/scan/attention.ts";
import { counted, howCounted, total, type Countable } from "../../pwa/src/window/scan/counting.ts";
import { differences } from "../../pwa/src/window/scan/differences.ts";
import { hintAfter } from "../../pwa/src/window/scan/looks.ts";
import { diagnose } from "../../pwa/src/window/scan/self_test.ts";
import { chosen, typed } from "../../pwa/src/window/wedge_keys.ts";
import { layOut } from "../../pwa/src/window/desk/trace/layout.ts";
import { codesEn } from "../../pwa/src/words/codes_en.ts";
import { codesZh } from "../../pwa/src/words/codes_zh.ts";
import { eventsEn } from "../../pwa/src/words/events_en.ts";
import { eventsZh } from "../../pwa/src/words/events_zh.ts";
import { floorEn } from "../../pwa/src/words/floor_en.ts";
import { floorZh } from "../../pwa/src/words/floor_zh.ts";
import { labelsEn } from "../../pwa/src/words/labels_en.ts";
import { labelsZh } from "../../pwa/src/words/labels_zh.ts";
import { chartsEn } from "../../pwa/src/words/desk/charts_en.ts";
import { chartsZh } from "../../pwa/src/words/desk/charts_zh.ts";
import { gaugesEn } from "../../pwa/src/words/desk/gauges_en.ts";
import { gaugesZh } from "../../pwa/src/words/desk/gauges_zh.ts";
import { looksEn } from "../../pwa/src/words/desk/looks_en.ts";
import { looksZh } from "../../pwa/src/words/desk/looks_zh.ts";
import { moreEn } from "../../pwa/src/words/desk/more_en.ts";
import { moreZh } from "../../pwa/src/words/desk/more_zh.ts";
import { plansEn } from "../../pwa/src/words/desk/plans_en.ts";
import { plansZh } from "../../pwa/src/words/desk/plans_zh.ts";
import { recordEn } from "../../pwa/src/words/record_en.ts";
import { recordZh } from "../../pwa/src/words/record_zh.ts";
import { scanningEn } from "../../pwa/src/words/scanning_en.ts";
import { scanningZh } from "../../pwa/src/words/scanning_zh.ts";
import { en } from "../../pwa/src/words/en.ts";
import { zh } from "../../pwa/src/words/zh.ts";

type Frame = { at: number; codes: { text: string; symbology_id: string; format: string }[] };

function watch(frames: Frame[]): string[] {
  const attention = new Attention();
  return frames.flatMap(({ at, codes }) => {
    const seen = attention.see(codes, at);
    return seen.state === "label" ? [seen.codes.map((code) => code.text).join("+")] : [];
  });
}

/** Takes what differs from the frame before: a code that flickers is received again and again. */
function watchWithoutLock(frames: Frame[]): string[] {
  let before = "";
  return frames.flatMap(({ codes }) => {
    const now = codes.map((code) => code.text).join("+");
    const fresh = now !== "" && now !== before;
    before = now;
    return fresh ? [now] : [];
  });
}

/** Forgets what it has not seen for a moment, however few looks there were. */
function watchByTimeAlone(frames: Frame[]): string[] {
  const last = new Map<string, number>();
  return frames.flatMap(({ at, codes }) => {
    const fresh = codes.filter(({ text }) => at - (last.get(text) ?? -Infinity) > 1500);
    for (const { text } of codes) last.set(text, at);
    return fresh.map(({ text }) => text);
  });
}

/** Labels of one delivery in the order in which they were scanned: what became of each, and what they come to. */
function counts(labels: Countable[], how: typeof howCounted = howCounted): [string[], string] {
  const [first, ...others] = labels as [Countable, ...Countable[]];
  const all = [counted(first)];
  const said = others.map((next) => {
    const what = how(first, next, all);
    if (what === "counted") all.push(counted(next));
    return what;
  });
  return [said, total(all)];
}

function canonicalOrRefused(value: never): string {
  try {
    return canonical(value);
  } catch {
    return "refused";
  }
}

async function checkpoint(note: string, vkey: string): Promise<unknown> {
  try {
    return await openCheckpoint(note, vkey);
  } catch (error) {
    if (error instanceof BadNote) return error.code;
    throw error;
  }
}

const RULES: Record<string, (...given: never[]) => unknown> = {
  add,
  compare,
  canonical: canonicalOrRefused,
  canonicalWithoutOrder: (value: never) => JSON.stringify(value),
  checkpoint,
  compared,
  consistency: (old: number, size: number, path: string[], oldRoot: string, root: string) =>
    verifyConsistency(old, size, path.map(fromHex), fromHex(oldRoot), fromHex(root)),
  /** Believes any log that did not shrink. */
  consistencyBySize: (old: number, size: number) => size >= old,
  bind: async (record: never, nonce: string) => {
    const bound = await bind(record, fromHex(nonce));
    return [bound.digest, hex(bound.challenge)];
  },
  counts: (labels: Countable[]) => counts(labels),
  /** Adds whatever is scanned. */
  countsAnything: (labels: Countable[]) => counts(labels, () => "counted"),
  diagnose,
  differences,
  hintAfter,
  identifiers: () => [...IDENTIFIERS.values()],
  judgeNumber,
  layOut,
  linesOf,
  stepsOf,
  makeId: (now: number, random: string) => makeId(now, fromHex(random)),
  numberIn,
  pieces,
  recognise,
  readCode: (text: string, symbology_id: string, today: string) => readCode({ text, symbology_id }, today),
  readLabel: (texts: string[], today: string) => readLabel(texts.map((text) => ({ text, symbology_id: "" })), today),
  readTyped,
  watch,
  /** The keys of a scan, the text that is acted on. */
  scannedText: (keys: never[], layout: "us" | "as_typed") =>
    chosen(typed(keys, "enter"), layout, (text) => readCode({ text, symbology_id: "" }, "2026-11-25").error === null),
  typed,
  watchByTimeAlone,
  watchWithoutLock,
  words: () => ({
    en: { ...en, ...codesEn, ...eventsEn, ...scanningEn, ...floorEn, ...labelsEn, ...plansEn, ...gaugesEn, ...moreEn, ...looksEn, ...chartsEn, ...recordEn },
    zh: { ...zh, ...codesZh, ...eventsZh, ...scanningZh, ...floorZh, ...labelsZh, ...plansZh, ...gaugesZh, ...moreZh, ...looksZh, ...chartsZh, ...recordZh },
  }),
};

const asked = JSON.parse(readFileSync(0, "utf8")) as [string, ...never[]][];
const answers: unknown[] = [];
for (const [name, ...given] of asked) {
  const rule = RULES[name];
  if (rule === undefined) throw new Error(`no rule ${name}`);
  answers.push((await rule(...given)) ?? null);
}
process.stdout.write(JSON.stringify(answers));
