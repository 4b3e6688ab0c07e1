/**
 * Where commands and pictures lie until the server has them: on the phone, or, where the phone has no room for them or its
 * store is out of order, in this page alone. Those go to the phone as soon as it takes them; until then the page says so.
 */
import { database, type Discarded, type Entry } from "./database.ts";

const entries = new Map<string, Entry>();
const files = new Map<string, Blob>();

/** True where the phone took it. Whatever the store answers, what was given is still here. */
async function taken(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch {
    return false;
  }
}

/** Everything that waits, oldest first. */
export async function all(): Promise<Entry[]> {
  const kept = await (await database()).getAll("outbox");
  return [...kept.filter(({ id }) => !entries.has(id)), ...entries.values()];
}

export async function find(id: string): Promise<Entry | undefined> {
  return entries.get(id) ?? (await database()).getFromIndex("outbox", "id", id);
}

/** Behind what waits already, in the page too: it leaves in the order in which it was given. */
export async function add(entry: Entry): Promise<void> {
  await settle();
  if (entries.size > 0 || !(await taken(async () => (await database()).add("outbox", entry)))) entries.set(entry.id, { ...entry, unkept: true });
}

/** Its newer form in its place. */
export async function change(entry: Entry): Promise<void> {
  if (entry.unkept || !(await taken(async () => (await database()).put("outbox", entry)))) entries.set(entry.id, { ...entry, unkept: true });
}

/** By its id: it may have gone from the page to the phone while it was being sent. */
export async function remove({ id }: Entry): Promise<void> {
  entries.delete(id);
  const db = await database();
  const seq = await db.getKeyFromIndex("outbox", "id", id);
  if (seq !== undefined) await db.delete("outbox", seq);
}

/** Out of the way, but readable: where the phone has no room for it any more, it is at least not sent. */
export async function discard(entry: Entry, reason: string): Promise<void> {
  const row: Discarded = { ...entry, reason, discarded_at: new Date().toISOString() };
  const db = await database();
  const moved = await taken(async () => {
    const move = db.transaction(["outbox", "discarded"], "readwrite");
    await Promise.all([
      move.objectStore("discarded").put(row),
      entry.seq !== undefined && move.objectStore("outbox").delete(entry.seq),
      move.done,
    ]);
  });
  if (moved) entries.delete(entry.id);
  else await remove(entry);
}

export async function addFile(id: string, blob: Blob): Promise<void> {
  if (!(await taken(async () => (await database()).put("files", { id, blob })))) files.set(id, blob);
}

export async function findFile(id: string): Promise<Blob | undefined> {
  return files.get(id) ?? (await (await database()).get("files", id))?.blob;
}

export async function removeFile(id: string): Promise<void> {
  files.delete(id);
  await (await database()).delete("files", id);
}

/** What lies in this page alone goes to the phone, in order, once there is room for it. */
export async function settle(): Promise<void> {
  if (files.size + entries.size === 0) return;
  const db = await database();
  for (const [id, blob] of files) {
    if (!(await taken(() => db.put("files", { id, blob })))) return;
    files.delete(id);
  }
  for (const [id, { unkept: _, ...entry }] of entries) {
    if (!(await taken(() => db.put("outbox", entry)))) return;
    entries.delete(id);
  }
}
