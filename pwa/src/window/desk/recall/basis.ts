/** A basis as the address of a question; what is empty is left out. */
import type { Basis } from "../../../api/types.ts";
import { wordOf } from "../../../words/words.svelte.ts";

export function queryOf(basis: Basis): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(basis)) if (value) query.set(name, value);
  return query.toString();
}

export function sayBasis(basis: Basis): string {
  const days = basis.since || basis.until ? `${basis.since ?? ""} – ${basis.until ?? ""}` : "";
  return [wordOf("basis", basis.kind), basis.value, days, basis.item, basis.supplier].filter(Boolean).join(" ");
}
