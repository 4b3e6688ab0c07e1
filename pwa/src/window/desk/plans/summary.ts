/** A characteristic in one line: limits, class, rule. */
import { plain } from "../../../values/decimal.ts";
import { wordOf } from "../../../words/words.svelte.ts";
import type { Line } from "./calls.ts";
import { say } from "./say.ts";

export function inShort(line: Line): string {
  const how = [line.replicates ? `${line.replicates.count}×` : "", line.formula ? `${say(`of_${line.formula.rule}`)} (${line.formula.of.join(", ")})` : ""];
  const parts = [wordOf("severity", line.severity) ?? line.severity, ...how, limits(line), rule(line)];
  return parts.filter((part) => part !== "").join(" · ");
}

/** Field by field, what is asked beyond one number. */
export function asks({ replicates, detection, formula }: Line): [string, string][] {
  const limits = (["lod", "loq", "uloq"] as const).flatMap((name): [string, string][] => (detection?.[name] ? [[`detection.${name}`, detection[name]]] : []));
  return [
    ...(replicates ? [["replicates.count", `${replicates.count}, ${say(`of_${replicates.rule}`)}`] as [string, string]] : []),
    ...limits,
    ...(limits.length > 0 ? [["detection.rule", say("censored")] as [string, string]] : []),
    ...(formula ? [["formula.rule", `${say(`of_${formula.rule}`)} (${formula.of.join(", ")}), ${say(`over_${formula.over ?? "sample"}`)}`] as [string, string]] : []),
  ];
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
