/** What this phone keeps: commands that wait, answers for offline use, pictures, the last witnessed checkpoint. */
import { openDB, type DBSchema, type IDBPDatabase } from "idb";

import type { Code, Problem } from "../api/types.ts";

export type EntryKind = "receive_lot" | "record_result";

/** What the list of waiting things shows of a command, without asking the server. */
export interface EntrySummary {
  item: string;
  detail: string;
  /** Device identifier and supplier lot of a receipt, so that the same label offline is recognised. */
  label?: string;
  codes?: Code[];
  inspection?: string;
  item_key?: string;
}

export interface Entry {
  seq?: number;
  id: string;
  person_id: string;
  kind: EntryKind;
  path: string;
  body: Record<string, unknown>;
  /** SHA-256 of pictures that must arrive first. */
  files: string[];
  made_at: string;
  summary: EntrySummary;
  state: "waiting" | "needs_you";
  problem: Problem | null;
  attempts: number;
  /** Until then (milliseconds since 1970) it may be undone, and is not sent. */
  undo_until?: number;
  /** The phone had no room for it: it lies in this page alone. */
  unkept?: true;
}

export interface Discarded extends Entry {
  discarded_at: string;
  reason: string;
}

export interface Kept {
  key: string;
  person_id: string;
  value: unknown;
  at: string;
}

export interface Witnessed {
  origin: "log";
  size: number;
  root: string;
  vkey: string;
  checkpoint: string;
  at: string;
  /** The answer that contradicted what was kept; the warning stays until a person has dealt with it. */
  contradiction: { checkpoint: string; code: string; at: string } | null;
}

interface Schema extends DBSchema {
  outbox: { key: number; value: Entry; indexes: { id: string } };
  discarded: { key: string; value: Discarded };
  files: { key: string; value: { id: string; blob: Blob } };
  kept: { key: string; value: Kept };
  witness: { key: string; value: Witnessed };
}

let opened: Promise<IDBPDatabase<Schema>> | undefined;
const forget = () => void (opened = undefined);

export function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>("lotgate", 1, {
    upgrade(db) {
      const outbox = db.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true });
      outbox.createIndex("id", "id", { unique: true });
      db.createObjectStore("discarded", { keyPath: "id" });
      db.createObjectStore("files", { keyPath: "id" });
      db.createObjectStore("kept", { keyPath: "key" });
      db.createObjectStore("witness", { keyPath: "origin" });
    },
    // Closed by the browser: whoever asks next opens it again.
    terminated: forget,
  });
  opened.catch(forget);
  return opened;
}
