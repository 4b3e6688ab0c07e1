/** A code on the screen whose text is known, scanned by hand scanner: what came of it says how the scanner is set. */
import { GS, type Layout, type Typed } from "../wedge_keys.ts";

/** What the test code says: letters that layouts exchange, signs that they move, both cases, one FNC1. */
export const TEST_TEXT = `010950600013435210Zy-7/Qm_a${GS}21AW+2`;
/** Its rows as a GS1 DataMatrix of 22 x 22 modules, each row a number of 22 bits. */
export const TEST_ROWS =
  "2aaaaa 33c0d7 22950c 2fb949 3b7558 20aa6f 24dd78 2ce56f 39424c 349e59 3b5d6e " +
  "3ab91d 3851f2 3503a1 3e1352 207305 36c06c 23e6b5 36bef8 305499 2b99f0 3fffff";

export interface Finding {
  ok: boolean;
  /** Null: neither reading gives the text of the test code. */
  layout: Layout | null;
  /** What the scanner puts in front: a symbology identifier, or what else. */
  prefix: string;
  scan: Typed;
  /** What to set, or to know; a code each. */
  advice: string[];
}

export function diagnose(scan: Typed): Finding {
  const tidy = (text: string) => text.replaceAll("{GS}", GS).replaceAll("\u241d", GS);
  const bare = TEST_TEXT.replace(GS, "");
  const fits = (text: string) => tidy(text).endsWith(TEST_TEXT) || text.endsWith(bare);
  const spoilt = scan.composed || scan.caps;
  const layout: Layout | null = !spoilt && fits(scan.as_typed) ? "as_typed" : fits(scan.us) ? "us" : null;
  const text = tidy(layout === "as_typed" ? scan.as_typed : scan.us);
  const prefix = layout === null ? "" : text.slice(0, text.length - (text.endsWith(TEST_TEXT) ? TEST_TEXT : bare).length);
  const known = prefix === "" || /^\][A-Za-z]\d$/.test(prefix);
  const advice = [
    layout === null && "text_differs",
    layout === "us" && !spoilt && "layout_us",
    scan.composed && "input_method",
    scan.caps && "caps_lock",
    layout !== null && !known && "prefix_unknown",
    layout !== null && scan.separator === "none" && "separator_missing",
    scan.suffix === "none" && "suffix_missing",
    layout !== null && prefix === "" && "prefix_wanted",
  ].filter((one) => one !== false);
  return { ok: layout !== null && known && scan.separator !== "none", layout, prefix, scan, advice };
}
