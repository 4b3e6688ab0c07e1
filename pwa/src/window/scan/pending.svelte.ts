/** Codes that came from a hand scanner on any screen, on their way to the scan screen. */
import type { Code } from "../../api/types.ts";
import { scannerLayout } from "../preferences.ts";
import { chosen, type Typed } from "../wedge_keys.ts";

class Pending {
  codes = $state.raw<Code[] | null>(null);
  /** The same, for the self-test of the scanner. */
  test = $state.raw<Typed | null>(null);

  /** What a hand scanner typed; the label's grammar is fetched only where keys and letters differ. */
  async type(scan: Typed): Promise<void> {
    let readable = (_: string) => true;
    if (scan.as_typed !== scan.us) {
      const { readCode } = await import("../../labels/reading.ts");
      readable = (text) => readCode({ text, symbology_id: "" }, "2000-01-01").error?.code !== "not_a_label";
    }
    this.offer([{ text: chosen(scan, scannerLayout(), readable), symbology_id: "" }]);
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
