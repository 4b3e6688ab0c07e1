/** A characteristic in one line: limits, class, rule. */
import { plain } from "../../../values/decimal.ts";
import { wordOf } from "../../../words/words.svelte.ts";
import type { Line } from "./calls.ts";
import { say } from "./say.ts";

export function inShort(line: Line): string {
  const parts = [wordOf("severity", line.severity) ?? line.severity, limits(line), rule(line)];
  return parts.filter((part) => part !== "").join(" · ");
}

export function limits({ kind, lower, upper, unit }: Line): string {
  if (kind !== "numeric") return "";
  const range = lower && upper ? `${plain(lower)}–${plain(upper)}` : lower ? `≥ ${plain(lower)}` : upper ? `≤ ${plain(upper)}` : "";
  return `${range} ${unit ?? ""}`.trim();
}

export function rule({ sampling }: Line): string {
  const named = { iso2859_1: "", double: " · 2 n", z1_9: " · s" };
  if (sampling.rule === "iso2859_1" || sampling.rule === "double" || sampling.rule === "z1_9") {
    const standard = "standard" in sampling && sampling.standard && sampling.standard !== "iso2859-1" ? `, ${sampling.standard}` : "";
    return `${sampling.level}, AQL ${sampling.aql}${standard}${named[sampling.rule]}`;
  }
  if (sampling.rule === "c0_lq") return `c = 0, LQ ${sampling.limiting_quality} %`;
  if (sampling.rule === "all") return say("rule_all");
  return `${sampling.rule === "c0" ? "c = 0, " : ""}n = ${sampling.n}`;
}
