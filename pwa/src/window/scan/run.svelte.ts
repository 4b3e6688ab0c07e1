/** Continuous mode: labels whose receipt leaves no question are received one after the other, each undone for 8 s. */
import type { Code, OrderLine, Scan } from "../../api/types.ts";
import { labelKey } from "../../labels/recognise.ts";
import type { Entry } from "../../outbox/database.ts";
import { outbox } from "../../outbox/outbox.svelte.ts";
import { compare, plain } from "../../values/decimal.ts";
import { named } from "../../words/words.svelte.ts";

export type RunState = "undo" | "undone" | "done" | "waiting" | "needs_you";

export interface RunLot {
  /** Of the outbox entry. */
  id: string;
  item: string;
  detail: string;
  undone: boolean;
}

/** What fills the screen for a moment. */
export interface Flash {
  tint: "green" | "amber";
  item: string;
  detail: string;
}
const FLASH_MS = 900;

/** Is this very label among those that wait for their undo to end? A second look at it is no second receipt. */
export function isRepeated({ reading }: Scan, undoable: Pick<Entry, "summary">[]): boolean {
  const label = labelKey(reading.device_identifier, reading.lot);
  return reading.lot !== null && undoable.some(({ summary }) => summary.label === label);
}

/** The one delivery that a label means, where neither label nor delivery leaves a question; else null. */
export function unquestioned(scan: Scan, undoable: Pick<Entry, "body">[]): OrderLine | null {
  const { kind, reading, warnings } = scan;
  if (kind !== "new_lot" || warnings.length > 0 || reading.error !== null) return null;
  if (reading.lot === null || reading.quantity === null || reading.expiry === null) return null;
  const [line, ...others] = scan.deliveries;
  if (line === undefined || others.length > 0) return null;
  if (compare(reading.quantity, "0") <= 0 || compare(reading.quantity, line.open) > 0) return null;
  return undoable.some(({ body }) => body["order_line_id"] === line.id) ? null : line;
}

class Run {
  lots = $state.raw<RunLot[]>([]);
  flash = $state.raw<Flash | null>(null);
  #ends: ReturnType<typeof setTimeout> | undefined;

  async receive(scan: Scan, codes: Code[], line: OrderLine): Promise<void> {
    const item = named(line.item.name);
    const detail = `${scan.reading.lot} · ${plain(scan.reading.quantity ?? "")} ${line.item.unit}`;
    const id = await outbox.submitLater({
      kind: "receive_lot",
      path: "/api/receipts",
      body: { codes, order_line_id: line.id },
      summary: { item, detail: `${detail} · ${line.purchase_order}/${line.line}`, label: labelKey(scan.reading.device_identifier, scan.reading.lot), codes },
    });
    this.lots = [{ id, item, detail, undone: false }, ...this.lots];
    this.show({ tint: "green", item, detail });
  }

  show(flash: Flash): void {
    clearTimeout(this.#ends);
    this.flash = flash;
    this.#ends = setTimeout(() => (this.flash = null), FLASH_MS);
  }

  async undo(id: string): Promise<void> {
    const undone = await outbox.undo(id);
    this.lots = this.lots.map((lot) => (lot.id === id ? { ...lot, undone } : lot));
  }

  stateOf({ id, undone }: RunLot): RunState {
    if (undone) return "undone";
    const entry = outbox.entries.find((one) => one.id === id);
    if (entry === undefined) return "done";
    return entry.undo_until !== undefined ? "undo" : entry.state;
  }
}

export const run = new Run();
