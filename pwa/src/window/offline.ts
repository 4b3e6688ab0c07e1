/** Fetches, while there is a network, what receiving and inspecting need without one. */
import { getKept } from "../api/kept.ts";
import type { InspectionSheet, OrderLine, Worklist } from "../api/types.ts";

const SHEETS = 12;

export const DELIVERIES = "/api/deliveries";
export const WORKLIST = "/api/worklist";
export const sheetPath = (id: string) => `/api/inspections/${id}`;

export async function fetchForOffline(): Promise<void> {
  const [work] = await Promise.all([getKept<Worklist>(WORKLIST), getKept<OrderLine[]>(DELIVERIES)]);
  for (const inspection of work.value.inspections.slice(0, SHEETS)) {
    await getKept<InspectionSheet>(sheetPath(inspection.id));
  }
}
