/** The charts' own words. */
import type { Facts } from "../../../api/types.ts";
import type { ChartWords } from "../../../words/desk/charts_en.ts";
import { wordOf } from "../../../words/words.svelte.ts";
import type { Point, SignalLine, Supplier } from "./calls.ts";

type Said = keyof ChartWords extends infer Key ? (Key extends `charts.${infer Rest}` ? Rest : never) : never;

export const say = (key: Said, facts: Facts = {}): string => wordOf("charts", key, facts) ?? "";
export const sayOf = (family: string, code: string): string => wordOf("charts", `${family}_${code}`) ?? code;
export const ruleWord = (rule: number): string => say("rule_says", { rule, says: wordOf("nelson", String(rule)) ?? "" });
export const supplierName = (supplier: Supplier["supplier"]): string => supplier?.name ?? say("own");

export const chartPath = (line: Pick<SignalLine, "item" | "stage" | "characteristic" | "supplier">): string =>
  `#/charts/${encodeURIComponent(line.item)}/${line.stage}/${encodeURIComponent(line.characteristic)}?supplier=${line.supplier?.id ?? "own"}`;

/** Rules of both parts of a point, each once. */
export const rulesOf = (point: Point): number[] => [...new Set([...point.rules, ...point.spread_rules])].sort((a, b) => a - b);
