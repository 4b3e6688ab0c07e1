/** Where a scanned label and what is expected do not agree: each by itself, with the ways out that make sense. */
import type { OrderLine, Scan } from "../../api/types.ts";
import { compare, plain } from "../../values/decimal.ts";

export type Way = "take_open" | "take_short" | "take_near" | "count_again" | "expected" | "aside";

export interface Difference {
  code: "over" | "short" | "not_expected" | "wrong_item" | "expired" | "expiry_near";
  facts: Record<string, string | number>;
  ways: Way[];
}

export function differences({ reading, item, deliveries, warnings, kind }: Pick<Scan, "reading" | "item" | "deliveries" | "warnings" | "kind">): Difference[] {
  if (kind === "not_a_label" || kind === "ambiguous" || kind === "internal_lot" || kind === "received") return [];
  const warned = (code: string) => warnings.find((one) => one.code === code)?.facts ?? null;
  const found: Difference[] = [];
  if (kind === "unknown_item") found.push({ code: "wrong_item", facts: {}, ways: ["expected", "aside"] });
  else if (deliveries.length === 0) found.push({ code: "not_expected", facts: {}, ways: ["expected", "aside"] });
  if (reading.quantity !== null && item !== null) found.push(...byQuantity(reading.quantity, item.unit, deliveries));
  const expired = warned("lot_expired");
  if (expired !== null) found.push({ code: "expired", facts: said(expired), ways: ["aside"] });
  const near = warned("expiry_near");
  if (near !== null) found.push({ code: "expiry_near", facts: said(near), ways: deliveries.length > 0 ? ["take_near", "aside"] : ["aside"] });
  return found;
}

/** Of several expected deliveries one may fit; more than each of them is more than was ordered. */
function byQuantity(quantity: string, unit: string, deliveries: OrderLine[]): Difference[] {
  const most = deliveries.reduce<OrderLine | null>((so_far, line) => (so_far === null || compare(line.open, so_far.open) > 0 ? line : so_far), null);
  if (most === null) return [];
  const facts = { quantity: plain(quantity), open: plain(most.open), unit };
  if (compare(quantity, most.open) > 0) return [{ code: "over", facts, ways: ["take_open", "count_again", "aside"] }];
  const isShort = deliveries.length === 1 && compare(quantity, most.open) < 0;
  return isShort ? [{ code: "short", facts, ways: ["take_short", "count_again"] }] : [];
}

const said = (facts: Record<string, unknown>) => Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, typeof value === "number" ? value : String(value)]));
