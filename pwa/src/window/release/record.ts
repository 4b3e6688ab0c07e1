/** A record to be signed as lines on the screen: every value of it, in canonical order, and nothing else. */
import type { Json } from "../../api/types.ts";

export interface Line {
  path: string;
  value: string;
}

export function linesOf(value: Json, path = ""): Line[] {
  if (Array.isArray(value)) {
    if (value.length === 0) return [{ path, value: "[]" }];
    return value.flatMap((one, place) => linesOf(one, `${path}[${place + 1}]`));
  }
  if (typeof value === "object" && value !== null) {
    const keys = Object.keys(value).sort();
    if (keys.length === 0) return [{ path, value: "{}" }];
    return keys.flatMap((key) => linesOf(value[key] ?? null, path === "" ? key : `${path}.${key}`));
  }
  return [{ path, value: String(value) }];
}

/** `inspections[2].results[1].limits` as its steps, each with its places in lists. */
export function stepsOf(path: string): { name: string; places: string[] }[] {
  return path.split(".").map((step) => ({ name: step.replace(/\[.*/, ""), places: step.match(/\d+(?=\])/g) ?? [] }));
}
