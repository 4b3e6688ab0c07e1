/** What a label is, as far as this phone knows by itself: the expected deliveries it keeps and what waits in it. */
import type { Code, OrderLine, Reason, Scan, ScanKind } from "../api/types.ts";
import { readLabel } from "./gs1.ts";

/** `waiting` are the labels of receipts that have not left the phone yet, as `labelKey` makes them. */
export function recognise(codes: Code[], deliveries: OrderLine[], waiting: string[], today: string): Scan {
  const reading = readLabel(codes, today);
  const fitting = deliveries.filter((line) => line.identifiers.some((id) => id.value === reading.device_identifier));
  const open = fitting.filter((line) => line.status === "open");
  const warnings: Reason[] = [];
  if (reading.expiry !== null && reading.expiry < today) {
    warnings.push({ code: "lot_expired", facts: { expiry: reading.expiry } });
  }
  const seen = waiting.includes(labelKey(reading.device_identifier, reading.lot));
  return { kind: kindOf(), reading: { ...reading, scheme: reading.scheme ?? "" }, item: fitting[0]?.item ?? null, lot: null, deliveries: open, warnings };

  function kindOf(): ScanKind {
    if (reading.error !== null) return "not_a_label";
    if (reading.ambiguous) return "ambiguous";
    if (seen) return "received";
    return fitting.length === 0 ? "unknown_item" : "new_lot";
  }
}

export function labelKey(deviceIdentifier: string | null, lot: string | null): string {
  return `${deviceIdentifier ?? ""}|${lot ?? ""}`;
}
