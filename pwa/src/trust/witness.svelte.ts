/**
 * This phone as a witness of the log: it keeps the last head it saw and demands that the next one contains it. A log
 * rewritten with the server's own key is found here, and the page says so until a person has looked into it.
 */
import { getCheckpoint } from "../api/calls.ts";
import type { CheckpointAnswer } from "../api/types.ts";
import { database, type Witnessed } from "../outbox/database.ts";
import { fromHex } from "./digest.ts";
import { verifyConsistency } from "./merkle.ts";
import { BadNote, openCheckpoint } from "./note.ts";

class Witness {
  last = $state.raw<Witnessed | null>(null);
  #busy = false;

  async load(): Promise<void> {
    this.last = (await (await database()).get("witness", "log")) ?? null;
  }

  /** Asks for the head of the log and compares it with the kept one. A contradiction is kept beside it. */
  async look(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      const kept = (await (await database()).get("witness", "log")) ?? null;
      const answer = await getCheckpoint(kept?.size ?? 0);
      await this.#store(await compared(kept, answer, new Date().toISOString()));
    } finally {
      this.#busy = false;
    }
  }

  /** Begins anew from the next head; asked for by a person who has read the warning. */
  async startOver(): Promise<void> {
    await (await database()).delete("witness", "log");
    this.last = null;
    await this.look();
  }

  async #store(next: Witnessed): Promise<void> {
    await (await database()).put("witness", next);
    this.last = next;
  }
}

/** What to keep after `answer`: the new head, or the old one with the contradiction. */
export async function compared(kept: Witnessed | null, answer: CheckpointAnswer, at: string): Promise<Witnessed> {
  const code = await faultOf(kept, answer);
  if (code === null) {
    const { size, root, vkey, checkpoint } = answer;
    const contradiction = kept?.contradiction ?? null;
    if (kept !== null && contradiction !== null) return kept;
    return { origin: "log", size, root, vkey, checkpoint, at, contradiction: null };
  }
  const contradiction = { checkpoint: answer.checkpoint, code, at };
  if (kept !== null) return { ...kept, contradiction: kept.contradiction ?? contradiction };
  return { origin: "log", size: 0, root: "", vkey: answer.vkey, checkpoint: "", at, contradiction };
}

async function faultOf(kept: Witnessed | null, answer: CheckpointAnswer): Promise<string | null> {
  try {
    const head = await openCheckpoint(answer.checkpoint, answer.vkey);
    if (head.size !== answer.size || head.root !== answer.root) return "witness_head";
    if (kept === null || kept.size === 0) return null;
    if (kept.vkey !== answer.vkey) return "witness_key";
    if (answer.size < kept.size) return "witness_shorter";
    const path = (answer.consistency ?? []).map(fromHex);
    const holds = await verifyConsistency(kept.size, answer.size, path, fromHex(kept.root), fromHex(answer.root));
    return holds ? null : "witness_rewritten";
  } catch (error) {
    if (error instanceof BadNote || error instanceof TypeError) return "witness_note";
    throw error;
  }
}

export const witness = new Witness();
