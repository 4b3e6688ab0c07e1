/**
 * This phone as a witness of the log: it keeps the last head it saw and demands that the next one contains it. A log
 * rewritten with the server's own key is found here, and the page says so until a person has looked into it.
 */
import { getCheckpoint } from "../api/calls.ts";
import { ApiProblem } from "../api/client.ts";
import type { CheckpointAnswer } from "../api/types.ts";
import { database, type Witnessed } from "../outbox/database.ts";

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
      const { compared } = await import("./witness_rules.ts");
      const answer = await headSince(kept?.size ?? 0);
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

/** The newest head. A log shorter than the kept one proves nothing about it; the head itself says so then. */
async function headSince(size: number): Promise<CheckpointAnswer> {
  try {
    return await getCheckpoint(size);
  } catch (error) {
    if (error instanceof ApiProblem && error.has("log_shorter_than_checkpoint")) return getCheckpoint(0);
    throw error;
  }
}

export const witness = new Witness();
