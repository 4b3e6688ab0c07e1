/**
 * Commands leave through here, in order, each with the id it was born with. An entry goes away only when the server
 * has acknowledged it (2xx) or a person discards it with a reason, and then it stays readable as discarded.
 *
 * | answer | what happens |
 * |---|---|
 * | 2xx | removed |
 * | unreachable, 401, 429, 5xx | stays, everything behind it waits too |
 * | other 4xx | moves to "needs you" with its reasons; the rest goes on |
 */
import { addAttachment } from "../api/calls.ts";
import { ApiProblem, post } from "../api/client.ts";
import type { Problem } from "../api/types.ts";
import { database, type Discarded, type Entry } from "./database.ts";
import { makeId } from "./ids.ts";
import * as shelf from "./shelf.ts";

export type Outcome<T> =
  | { state: "done"; answer: T }
  | { state: "waiting" }
  | { state: "refused"; problem: Problem; id: string };

export type NewEntry = Pick<Entry, "kind" | "path" | "body" | "summary"> & { files?: string[] };
export const UNDO_MS = 8000;

class Outbox {
  entries = $state.raw<Entry[]>([]);
  discarded = $state.raw<Discarded[]>([]);
  sending = $state(false);
  /** How many entries the server has acknowledged since this page was opened. */
  acknowledged = $state(0);
  #personId = "";
  #turn: Promise<void> = Promise.resolve();
  #outcomes = new Map<string, Outcome<unknown>>();
  onArrived: () => void = () => {};
  onStored: () => void = () => {};

  get waiting(): Entry[] {
    return this.entries.filter((entry) => entry.state === "waiting" && entry.undo_until === undefined);
  }

  /** Those that may still be undone: stored like the others, and sent when their time is over. */
  get undoable(): Entry[] {
    return this.entries.filter((entry) => entry.undo_until !== undefined);
  }

  /** Those that this page alone has: the phone is full. */
  get unkept(): Entry[] {
    return this.entries.filter((entry) => entry.unkept);
  }

  get needsYou(): Entry[] {
    return this.entries.filter((entry) => entry.state === "needs_you" && entry.person_id === this.#personId);
  }

  /** Everything of this person that the server has not acknowledged. */
  get mine(): Entry[] {
    return this.entries.filter((entry) => entry.person_id === this.#personId);
  }

  /** Entries of another person on this phone: they wait until that person signs in here again. */
  get ofOthers(): Entry[] {
    return this.entries.filter((entry) => entry.person_id !== this.#personId);
  }

  /** Whose commands these are, and what waits: known before a screen shows what was answered and takes the next answer. */
  async belongTo(personId: string): Promise<void> {
    this.#personId = personId;
    await this.#reload();
  }

  async open(personId: string): Promise<void> {
    await this.belongTo(personId);
    this.#flushLater();
    await this.flush();
  }

  /** Stores the command first, then tries to send it; the outcome says how far it came. */
  async submit<T>(entry: NewEntry): Promise<Outcome<T>> {
    const id = await this.#store(entry);
    await this.flush();
    const outcome = this.#outcomes.get(id) ?? { state: "waiting" };
    this.#outcomes.delete(id);
    return outcome as Outcome<T>;
  }

  /** Stores the command, to be sent after the time in which it may be undone; answers its id. */
  async submitLater(entry: NewEntry): Promise<string> {
    const id = await this.#store(entry, { undo_until: Date.now() + UNDO_MS });
    this.#flushLater();
    return id;
  }

  /** Takes back what has not begun to be sent; false where it is too late. Lines up behind whatever is being sent. */
  async undo(id: string): Promise<boolean> {
    let undone = false;
    const mine = this.#turn.then(() =>
      this.#exclusively(async () => {
        const entry = await shelf.find(id);
        undone = entry?.undo_until !== undefined;
        if (undone) await this.discard(id, "undone");
      }),
    );
    this.#turn = mine.catch(() => {});
    await mine;
    return undone;
  }

  async #store(entry: NewEntry, more: Partial<Entry> = {}): Promise<string> {
    const id = makeId();
    const now = new Date().toISOString();
    const whole: Entry = {
      ...entry,
      ...more,
      id,
      body: { ...entry.body, id, device_at: now },
      files: entry.files ?? [],
      person_id: this.#personId,
      made_at: now,
      state: "waiting",
      problem: null,
      attempts: 0,
    };
    await shelf.add(whole);
    await this.#reload();
    this.onStored();
    return id;
  }

  #flushLater(): void {
    for (const { undo_until } of this.undoable) {
      // A clock that was set back must not hold an entry for longer than the longest wait.
      setTimeout(() => void this.flush(), Math.min(Math.max(0, (undo_until ?? 0) - Date.now()), UNDO_MS) + 20);
    }
  }

  /** From here on an entry is being sent, and can't be undone any more. */
  async #closeUndo(): Promise<void> {
    const over = (until: number) => until <= Date.now() || until > Date.now() + UNDO_MS;
    for (const { id, undo_until } of this.undoable) {
      if (undo_until === undefined || !over(undo_until)) continue;
      await this.#change(id, ({ undo_until: _, ...entry }) => entry);
    }
  }

  /** Sends what waits, oldest first. Calls line up, and only one tab of this phone sends at a time. */
  flush(): Promise<void> {
    const mine = this.#turn.then(() => this.#exclusively(() => this.#drain()));
    this.#turn = mine.catch(() => {});
    return mine;
  }

  async retry(id: string): Promise<void> {
    await this.#change(id, (entry) => ({ ...entry, state: "waiting", problem: null }));
    await this.flush();
  }

  /** The person's changed version takes the place of a refused one, under an id of its own. */
  async replace<T>(id: string, body: Record<string, unknown>): Promise<Outcome<T>> {
    const old = this.entries.find((entry) => entry.id === id);
    if (old === undefined) return { state: "waiting" };
    const { kind, path, summary, files } = old;
    await this.discard(id, "replaced");
    return this.submit<T>({ kind, path, summary, files, body: { ...old.body, ...body } });
  }

  async discard(id: string, reason: string): Promise<void> {
    const entry = await shelf.find(id);
    if (entry === undefined) return;
    await shelf.discard(entry, reason);
    await this.#reload();
  }

  async #exclusively(work: () => Promise<void>): Promise<void> {
    if (!("locks" in navigator)) return work();
    await navigator.locks.request("lotgate-outbox", work);
  }

  async #drain(): Promise<void> {
    if (this.#personId === "") return;
    await shelf.settle();
    await this.#reload();
    await this.#closeUndo();
    const queue = this.waiting.filter((entry) => entry.person_id === this.#personId);
    if (queue.length === 0) return;
    this.sending = true;
    try {
      for (const entry of queue) if (!(await this.#send(entry))) break;
    } finally {
      this.sending = false;
      await this.#reload();
    }
  }

  /** True when the next entry may follow. */
  async #send(entry: Entry): Promise<boolean> {
    try {
      await uploadFiles(entry.files);
      const answer = await post(entry.path, entry.body);
      await shelf.remove(entry);
      this.#outcomes.set(entry.id, { state: "done", answer });
      this.acknowledged += 1;
      await this.#reload();
      this.onArrived();
      return true;
    } catch (error) {
      if (!(error instanceof ApiProblem)) return false;
      return this.#refused(entry, error);
    }
  }

  async #refused(entry: Entry, error: ApiProblem): Promise<boolean> {
    const final = error.status < 500 && ![401, 408, 429].includes(error.status) && !error.code.includes("csrf");
    await this.#change(entry.id, (old) => ({
      ...old,
      attempts: old.attempts + 1,
      problem: error.problem,
      state: final ? "needs_you" : "waiting",
    }));
    if (final) this.#outcomes.set(entry.id, { state: "refused", problem: error.problem, id: entry.id });
    return final;
  }

  async #change(id: string, change: (entry: Entry) => Entry): Promise<void> {
    const entry = await shelf.find(id);
    if (entry !== undefined) await shelf.change(change(entry));
    await this.#reload();
  }

  async #reload(): Promise<void> {
    this.entries = await shelf.all();
    this.discarded = await (await database()).getAll("discarded");
  }
}

export const outbox = new Outbox();

/** Keeps a picture under the hash of its bytes, which is also its id on the server. */
export async function keepFile(blob: Blob): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
  const id = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
  await shelf.addFile(id, blob);
  return id;
}

async function uploadFiles(ids: string[]): Promise<void> {
  for (const id of ids) {
    const file = await shelf.findFile(id);
    if (file === undefined) continue;
    await addAttachment(file);
    await shelf.removeFile(id);
  }
}
