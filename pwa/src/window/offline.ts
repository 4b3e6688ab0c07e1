/** Fetches, while there is a network, what receiving and inspecting need without one. */
import { ApiProblem } from "../api/client.ts";
import { getKept, readKept } from "../api/kept.ts";
import type { InspectionSheet, OrderLine, Worklist } from "../api/types.ts";

/** Mine and the first in the list are fetched each time, as others may be answering them too; the rest once an hour. */
const NEXT = 12;
const HOUR_MS = 3_600_000;

export const DELIVERIES = "/api/deliveries";
export const WORKLIST = "/api/worklist";
export const sheetPath = (id: string) => `/api/inspections/${id}`;

export async function fetchForOffline(): Promise<void> {
  const [work] = await Promise.all([getKept<Worklist>(WORKLIST), getKept<OrderLine[]>(DELIVERIES)]);
  for (const [place, { id, mine }] of work.value.inspections.entries()) {
    const path = sheetPath(id);
    if (mine || place < NEXT || (await ageOf(path)) > HOUR_MS) await fetchSheet(path);
  }
}

/** One that the server refuses keeps the others from nothing. */
async function fetchSheet(path: string): Promise<void> {
  try {
    await getKept<InspectionSheet>(path);
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
  }
}

/** Those of these inspections that do not open without a network. */
export async function notOnThisPhone(ids: string[]): Promise<Set<string>> {
  const ages = await Promise.all(ids.map((id) => ageOf(sheetPath(id))));
  return new Set(ids.filter((_, place) => ages[place] === Infinity));
}

async function ageOf(path: string): Promise<number> {
  const kept = await readKept(path);
  return kept?.keptAt ? Date.now() - Date.parse(kept.keptAt) : Infinity;
}
