/** Codes that came from a hand scanner on any screen, on their way to the scan screen. */
import type { Code } from "../../api/types.ts";
import { scannerLayout, scannerSeparates } from "../preferences.ts";
import type { Key, Suffix, Typed } from "../wedge_keys.ts";

class Pending {
  codes = $state.raw<Code[] | null>(null);
  /** The same, for the self-test of the scanner. */
  test = $state.raw<Typed | null>(null);

  /** What a hand scanner typed: for its own test, or a label. What reads keys and labels is fetched with the first scan. */
  async type(keys: Key[], suffix: Suffix, isTest: boolean): Promise<void> {
    const { chosen, typed, whole } = await import("../wedge_keys.ts");
    const scan = typed(keys, suffix);
    if (isTest) return void (this.test = scan);
    let readable = (_: string) => true;
    if (scan.as_typed !== scan.us) {
      const { readCode } = await import("../../labels/reading.ts");
      readable = (text) => readCode({ text, symbology_id: "" }, "2000-01-01").error?.code !== "not_a_label";
    }
    this.offer([{ text: whole(chosen(scan, scannerLayout(), readable), scannerSeparates()), symbology_id: "" }]);
  }

  offer(codes: Code[]): void {
    this.codes = codes;
  }

  take(): Code[] | null {
    const codes = this.codes;
    this.codes = null;
    return codes;
  }
}

export const scanned = new Pending();
