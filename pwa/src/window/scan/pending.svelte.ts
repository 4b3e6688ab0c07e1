/** Codes that came from a hand scanner on any screen, on their way to the scan screen. */
import type { Code } from "../../api/types.ts";

class Pending {
  codes = $state.raw<Code[] | null>(null);

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
