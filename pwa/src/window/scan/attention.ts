/**
 * From frames to labels: which codes count as a new label. A code stays locked until it has been out of view, so a
 * label held before the camera for a minute is one scan; two codes of one label are gathered for a moment.
 */
import type { Code } from "../../api/types.ts";
import { looksIncomplete, readLabel } from "../../labels/reading.ts";
import type { SeenCode } from "../../worker/decode.ts";
import { isWeak } from "../../worker/symbologies.ts";

export const UNLOCK_MS = 1500;
/** ... and this many looks without it: not every kind of look sees a slanted or small code. */
export const UNLOCK_LOOKS = 5;
export const GATHER_MS = 5000;
/** Two frames agree when they are no further apart than this. */
export const AGREE_MS = 1500;

export type Seen =
  | { state: "nothing" }
  | { state: "locked" }
  | { state: "gathering"; codes: Code[] }
  | { state: "two_labels" }
  | { state: "label"; codes: Code[] };

export class Attention {
  #locked = new Map<string, { last: number; misses: number }>();
  #votes = new Map<string, { count: number; last: number }>();
  #gathered = new Map<string, Code>();
  #since = 0;

  /** Takes the codes of one frame at `now` (milliseconds). */
  see(frame: SeenCode[], now: number): Seen {
    for (const [text, { last, misses }] of this.#locked) {
      if (now - last > UNLOCK_MS && misses >= UNLOCK_LOOKS) this.#locked.delete(text);
    }
    const believed = frame.filter((code) => this.#believe(code, now));
    const fresh = believed.filter((code) => !this.#locked.has(code.text));
    this.hold(frame, now);
    if (fresh.length === 0 && this.#gathered.size === 0) return { state: believed.length > 0 ? "locked" : "nothing" };
    if (this.#gathered.size === 0) this.#since = now;
    for (const { text, symbology_id } of fresh) this.#gathered.set(text, { text, symbology_id });
    return this.#decide(now);
  }

  /** While an answer is on the screen nothing new is taken; what stays in view stays locked. */
  hold(frame: SeenCode[], now: number): void {
    const inView = new Set(frame.map((code) => code.text));
    for (const [text, { last, misses }] of this.#locked) {
      this.#locked.set(text, inView.has(text) ? { last: now, misses: 0 } : { last, misses: misses + 1 });
    }
  }

  /** The person does not want to wait for a second code. */
  take(now: number): Code[] {
    const codes = [...this.#gathered.values()];
    this.#gathered.clear();
    this.#votes.clear();
    for (const code of codes) this.#locked.set(code.text, { last: now, misses: 0 });
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

  #believe({ format, text }: SeenCode, now: number): boolean {
    if (!isWeak(format)) return true;
    const before = this.#votes.get(text);
    const count = before !== undefined && now - before.last <= AGREE_MS ? before.count + 1 : 1;
    this.#votes.set(text, { count, last: now });
    return count >= 2;
  }
}

function products(codes: Code[]): Set<string> {
  const found = codes.map((code) => readLabel([code], "2000-01-01").device_identifier);
  return new Set(found.filter((identifier) => identifier !== null));
}
