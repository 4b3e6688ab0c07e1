/** What a label is, as far as this phone knows by itself: the expected deliveries it keeps and what waits in it. */
import type { Code, LabelReading, OrderLine, Reason, Scan, ScanKind } from "../api/types.ts";
import { readLabel } from "./reading.ts";

const EXPIRY_NEAR_DAYS = 90;

/** A receipt that has not left the phone yet: its label as `labelKey` makes it, and the delivery it names. */
export interface Waiting {
  label: string;
  order_line_id: unknown;
}

export function recognise(codes: Code[], deliveries: OrderLine[], waiting: Waiting[], today: string): Scan {
  const reading = named(readLabel(codes, today));
  const fitting = deliveries.filter((line) => line.identifiers.some((id) => id.value === reading.device_identifier));
  const received = waiting.filter(({ label }) => label === labelKey(reading.device_identifier, reading.lot));
  const taken = new Set(received.map((one) => one.order_line_id));
  const open = fitting.filter((line) => line.status === "open" && !taken.has(line.id));
  return { kind: kindOf(), reading: { ...reading, scheme: reading.scheme ?? "" }, item: fitting[0]?.item ?? null, lot: null, deliveries: open, warnings: [...warnings()] };

  function* warnings(): Generator<Reason> {
    if (reading.error !== null || reading.scheme === "internal") return;
    if (fitting.length === 0) return yield { code: "item_unknown" };
    if (reading.expiry !== null && reading.expiry < today) yield { code: "lot_expired", facts: { expiry: reading.expiry } };
    yield* near();
    if (open.length === 0 && received.length === 0) yield { code: "delivery_not_expected" };
    if (reading.lot === null) yield { code: "supplier_lot_missing" };
  }

  /** The server's own rule: EXPIRY_NEAR in backend/domain/receiving.py. */
  function* near(): Generator<Reason> {
    if (reading.expiry === null || reading.expiry < today) return;
    const days = Math.round((Date.parse(reading.expiry) - Date.parse(today)) / 86_400_000);
    if (days < EXPIRY_NEAR_DAYS) yield { code: "expiry_near", facts: { expiry: reading.expiry, days } };
  }

  function kindOf(): ScanKind {
    if (reading.ambiguous) return "ambiguous";
    if (reading.error !== null) return "not_a_label";
    if (reading.scheme === "internal") return "internal_lot";
    if (received.length > 0) return open.length > 0 ? "known_lot" : "received";
    return fitting.length === 0 ? "unknown_item" : "new_lot";
  }
}

/** A label that names no product can be matched to no delivery. */
function named(reading: LabelReading): LabelReading {
  const nameless = reading.error === null && reading.scheme !== "internal" && reading.device_identifier === null;
  return nameless ? { ...reading, error: { code: "device_identifier_missing" } } : reading;
}

export function labelKey(deviceIdentifier: string | null, lot: string | null): string {
  return `${deviceIdentifier ?? ""}|${lot ?? ""}`;
}
