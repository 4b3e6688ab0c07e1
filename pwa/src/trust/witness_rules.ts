/** What a witness of the log keeps after it has seen a new head, and what speaks against that head. */
import type { CheckpointAnswer } from "../api/types.ts";
import type { Witnessed } from "../outbox/database.ts";
import { fromHex } from "./digest.ts";
import { verifyConsistency } from "./merkle.ts";
import { BadNote, openCheckpoint } from "./note.ts";

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
