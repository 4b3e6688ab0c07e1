/** Reasons of the server in the reader's words: code and facts, and the server's own text where a code is new. */
import type { Facts, Problem, Reason, Words } from "../api/types.ts";
import { plain } from "../values/decimal.ts";
import { day, moment } from "./moments.ts";
import { named, speech, wordOf } from "./words.svelte.ts";

export function worded(problem: Problem): string[] {
  const reasons = problem.reasons.length > 0 ? problem.reasons : [{ code: problem.code }];
  return [...new Set(reasons.map((reason) => wordReason(reason, problem.detail || problem.title)))];
}

export function wordReason(reason: Reason, fallback = ""): string {
  const facts = readable(reason.facts ?? {});
  // A plan's reasons are worded with the plan editor; whoever is not there never hears of them.
  const text = (speech.packs.plans && wordOf("plan_reason", reason.code, planFacts(reason, facts))) ?? wordOf("reason", reason.code, facts);
  return text ?? wordOf("reason", "unknown", { code: fallback || reason.code }) ?? fallback;
}

/** The field of a plan by its name, and the requirement that a refusal stands for. */
function planFacts(reason: Reason, facts: Facts): Facts {
  const field = reason.field?.replace(/^characteristics\.\d+\./, "") ?? "";
  return { ...facts, code: reason.facts?.["code"], field: wordOf("plan_field", field) ?? field };
}

/** Facts as a person reads them: days and times written out, states and steps by their words. */
export function readable(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, readFact(name, fact)]));
}

function readFact(name: string, fact: unknown): unknown {
  if (Array.isArray(fact)) return fact.map((one) => readFact(name, one));
  // What a person entered is evidence: to the last zero.
  if (["entered", "offered", "old", "new", "text", "grouped", "plain"].includes(name)) return fact;
  if (typeof fact !== "string") return typeof fact !== "object" || fact === null ? fact : "zh" in fact ? named(fact as Words) : JSON.stringify(fact);
  if (/^\d{4}-\d\d-\d\d$/.test(fact)) return day(fact);
  if (/^\d{4}-\d\d-\d\dT/.test(fact)) return moment(fact);
  if (["status", "state", "to", "from"].includes(name)) return wordOf("status", fact) ?? wordOf("ncr", fact) ?? wordOf("standing", fact) ?? fact;
  if (["type", "wanted"].includes(name)) return wordOf("instrument", fact) ?? fact;
  if (["step", "allowed"].includes(name)) return wordOf("step", fact) ?? fact;
  if (["decision", "meaning"].includes(name)) return wordOf("decision", fact) ?? fact;
  if (name === "disposition") return wordOf("disposition", fact) ?? fact;
  if (name === "printed_field") return wordOf("printed_field", fact) ?? fact;
  if (name === "severity") return wordOf("severity", fact) ?? fact;
  if (name === "sampling") return wordOf("sampling", fact) ?? fact;
  if (name === "basis") return fact.replace(/^\w+/, (kind) => wordOf("basis", kind) ?? kind);
  if (["column", "columns"].includes(name)) return wordOf("import", `field.${fact}`) ?? fact;
  if (name === "kind") return wordOf("job", fact) ?? fact;
  if (name === "action") return wordOf("action", fact) ?? fact;
  if (["role", "roles", "begun", "ended"].includes(name)) return wordOf("role", fact) ?? fact;
  if (["reason", "reasons", "code", "codes"].includes(name)) return wordOf("reason", fact) ?? fact;
  return plain(fact);
}
