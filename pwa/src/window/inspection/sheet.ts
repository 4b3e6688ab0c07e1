/** The sheet as the person sees it: what the server has, and on top what still waits in this phone. */
import type { InspectionItem, InspectionSheet } from "../../api/types.ts";
import type { Entry } from "../../outbox/database.ts";

export interface Asked {
  item: InspectionItem;
  /** The answer that has not reached the server yet. */
  waiting: Entry | null;
}

export function asked(sheet: InspectionSheet, entries: Entry[]): Asked[] {
  return sheet.items.map((item) => ({ item, waiting: item.reading === null ? waitingFor(sheet.id, item.key, entries) : null }));
}

export function isAnswered({ item, waiting }: Asked): boolean {
  return item.reading !== null || waiting !== null;
}

/** Where to go on: the first open item after `from`, else the first open one, else nowhere (-1). */
export function nextOpen(items: Asked[], from: number): number {
  const after = items.findIndex((one, place) => place > from && !isAnswered(one));
  return after >= 0 ? after : items.findIndex((one) => !isAnswered(one));
}

function waitingFor(inspection: string, key: string, entries: Entry[]): Entry | null {
  const mine = entries.filter(({ summary, state }) => summary.inspection === inspection && summary.item_key === key && state === "waiting");
  return mine.at(-1) ?? null;
}

/** The gauge that this answer is taken with: chosen here, waiting with another answer, or used here before. */
export function gaugeOf(item: InspectionItem, items: Asked[], chosen: Record<string, string>): string | null {
  if (item.instrument === null) return null;
  const { type, gauge_id } = item.instrument;
  const waiting = items.filter((one) => one.item.instrument?.type === type).map((one) => one.waiting?.body["gauge_id"]);
  const kept = waiting.findLast((id) => typeof id === "string") as string | undefined;
  return (chosen[type] ?? kept ?? gauge_id) || null;
}
