/**
 * From frames to labels: which codes count as a new label. A code stays locked until it has been out of view, so a
 * label held before the camera for a minute is one scan; two codes of one label are gathered for a moment.
 */
import type { Code } from "../../api/types.ts";
import { looksIncomplete, readLabel } from "../../labels/reading.ts";
import type { SeenCode } from "../../worker/decode.ts";

export const UNLOCK_MS = 1500;
export const GATHER_MS = 5000;
/** Retail barcodes carry no error correction worth the name: two frames must agree. */
const TWICE = new Set(["EAN13", "EAN8"]);

export type Seen =
  | { state: "nothing" }
  | { state: "locked" }
  | { state: "gathering"; codes: Code[] }
  | { state: "two_labels" }
  | { state: "label"; codes: Code[] };

export class Attention {
  #locked = new Map<string, number>();
  #votes = new Map<string, number>();
  #gathered = new Map<string, Code>();
  #since = 0;

  /** Takes the codes of one frame at `now` (milliseconds). */
  see(frame: SeenCode[], now: number): Seen {
    for (const [text, last] of this.#locked) if (now - last > UNLOCK_MS) this.#locked.delete(text);
    const believed = frame.filter((code) => this.#believe(code));
    const fresh = believed.filter((code) => !this.#locked.has(code.text));
    for (const code of frame) if (this.#locked.has(code.text)) this.#locked.set(code.text, now);
    if (fresh.length === 0 && this.#gathered.size === 0) return { state: believed.length > 0 ? "locked" : "nothing" };
    if (this.#gathered.size === 0) this.#since = now;
    for (const { text, symbology_id } of fresh) this.#gathered.set(text, { text, symbology_id });
    return this.#decide(now);
  }

  /** While an answer is on the screen nothing new is taken; what stays in view stays locked. */
  hold(frame: SeenCode[], now: number): void {
    for (const code of frame) if (this.#locked.has(code.text)) this.#locked.set(code.text, now);
  }

  /** The person does not want to wait for a second code. */
  take(now: number): Code[] {
    const codes = [...this.#gathered.values()];
    this.#gathered.clear();
    this.#votes.clear();
    for (const code of codes) this.#locked.set(code.text, now);
    return codes;
  }

  #decide(now: number): Seen {
    const codes = [...this.#gathered.values()];
    if (products(codes).size > 1) {
      this.#gathered.clear();
      return { state: "two_labels" };
    }
    if (looksIncomplete(codes) && now - this.#since < GATHER_MS) return { state: "gathering", codes };
    return { state: "label", codes: this.take(now) };
  }

  #believe(code: SeenCode): boolean {
    if (!TWICE.has(code.format)) return true;
    const votes = (this.#votes.get(code.text) ?? 0) + 1;
    this.#votes.set(code.text, votes);
    return votes >= 2;
  }
}

function products(codes: Code[]): Set<string> {
  const found = codes.map((code) => readLabel([code], "2000-01-01").device_identifier);
  return new Set(found.filter((identifier) => identifier !== null));
}
