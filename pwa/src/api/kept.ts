/** Answers kept for the time without a network, per person; wiped when the person signs out. */
import { database } from "../outbox/database.ts";
import { get, Unreachable } from "./client.ts";

export interface Fresh<T> {
  value: T;
  /** Null when it came from the server now, else when it was fetched (ISO). */
  keptAt: string | null;
}

let personId = "";

/** Whose answers are read and written from now on; the empty string before anyone has signed in. */
export function keepFor(person: string): void {
  personId = person;
}

/** The server's answer, kept while it is being shown; what was kept where the server can't be reached. */
export async function getKept<T>(path: string): Promise<Fresh<T>> {
  try {
    const value = await get<T>(path);
    // A phone that is full keeps the older answer, and its time says so.
    keep(path, value).catch(() => {});
    return { value, keptAt: null };
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    const kept = await readKept<T>(path);
    if (kept === null) throw error;
    return kept;
  }
}

export async function keep(path: string, value: unknown): Promise<void> {
  const row = { key: keyOf(path), person_id: personId, value, at: new Date().toISOString() };
  await (await database()).put("kept", row);
}

export async function readKept<T>(path: string): Promise<Fresh<T> | null> {
  const row = await (await database()).get("kept", keyOf(path));
  return row === undefined ? null : { value: row.value as T, keptAt: row.at };
}

export async function forgetKept(): Promise<void> {
  await (await database()).clear("kept");
}

/** Without it nobody is signed in here when there is no network. */
export async function forgetSession(): Promise<void> {
  await (await database()).delete("kept", keyOf("/api/session"));
}

function keyOf(path: string): string {
  // The session is what says who the person is, so it is kept under no person's name.
  return path === "/api/session" ? path : `${personId} ${path}`;
}
