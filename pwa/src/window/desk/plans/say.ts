/** The plan editor's own words. */
import type { Facts } from "../../../api/types.ts";
import type { PlanWords } from "../../../words/desk/plans_en.ts";
import { wordOf } from "../../../words/words.svelte.ts";

type Said = keyof PlanWords extends infer Key ? (Key extends `plan.${infer Rest}` ? Rest : never) : never;

export const say = (key: Said, facts: Facts = {}): string => wordOf("plan", key, facts) ?? "";

/** The name of a field by its path (`sampling.aql`), as the form names it. */
export const fieldName = (path: string): string => wordOf("plan_field", path) ?? path;

/** What stands in a field, in words where it is a code. */
export function valueWord(path: string, value: string): string {
  const group = { "sampling.rule": "rule", check: "check", kind: "kind", rounding: "rounding" }[path];
  if (group !== undefined) return wordOf("plan", `${group}_${value}`) ?? value;
  if (path === "severity") return wordOf("severity", value) ?? value;
  return path === "photo_required" ? say("yes") : value;
}
