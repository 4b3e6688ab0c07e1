/**
 * What a hand scanner typed, as pure data. A scanner presses the keys of the layout it is set to (as delivered: US); the
 * system turns them into the letters of its own layout, or hands them to an input method. `code` names the key itself:
 * read as a US keyboard it gives what the scanner meant, whatever the system made of it.
 *
 * | FNC1 arrives as            | name         |
 * |----------------------------|--------------|
 * | Ctrl and ]                 | ctrl         |
 * | the character 29           | character    |
 * | Alt with the digits 029    | alt          |
 * | the key F8                 | f8           |
 * | the text {GS} or ␝         | text         |
 * | nothing at all             | none         |
 */
export interface Key {
  key: string;
  code: string;
  shift: boolean;
  ctrl: boolean;
  alt: boolean;
  caps: boolean;
}

export type Separator = "ctrl" | "character" | "alt" | "f8" | "text" | "none";
export type Suffix = "enter" | "tab" | "none";
export type Layout = "as_typed" | "us";

export interface Typed {
  /** As the system's layout has it; \x1d for FNC1. */
  as_typed: string;
  /** The same keys on a US keyboard. */
  us: string;
  separator: Separator;
  suffix: Suffix;
  /** An input method took the keys. */
  composed: boolean;
  caps: boolean;
}

export const GS = "\x1d";
const PLAIN = "`1234567890-=[]\\;',./ ";
const SHIFTED = '~!@#$%^&*()_+{}|:"<>? ';
const CODES =
  "Backquote Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Digit7 Digit8 Digit9 Digit0 Minus Equal BracketLeft " +
  "BracketRight Backslash Semicolon Quote Comma Period Slash Space";
const US = new Map(CODES.split(" ").map((code, place) => [code, [PLAIN[place]!, SHIFTED[place]!] as const]));

export function typed(keys: Key[], suffix: Suffix): Typed {
  let [asTyped, us, digits] = ["", "", ""];
  let separator: Separator = "none";
  for (const key of [...keys, null]) {
    if (key?.alt && /^(Digit|Numpad)\d$/.test(key.code || `Digit${key.key}`)) {
      digits += (key.code || key.key).slice(-1);
      continue;
    }
    if (digits !== "") {
      const letter = String.fromCharCode(Number(digits));
      if (letter === GS) separator = "alt";
      [asTyped, us, digits] = [asTyped + letter, us + letter, ""];
    }
    if (key === null) break;
    const how = separatorOf(key);
    if (how !== null) separator = how;
    asTyped += how === null ? letterOf(key) : GS;
    us += how === null ? usLetterOf(key) : GS;
  }
  if (separator === "none" && /\{GS\}|\u241d/.test(asTyped + us)) separator = "text";
  const composed = keys.some(({ key }) => key === "Process" || key === "Unidentified");
  const caps = keys.some((key) => key.caps);
  return { as_typed: asTyped, us, separator, suffix, composed, caps };
}

function separatorOf({ key, code, ctrl }: Key): Separator | null {
  if (ctrl && (key === "]" || code === "BracketRight")) return "ctrl";
  if (key === GS || key === "GroupSeparator") return "character";
  return key === "F8" ? "f8" : null;
}

function letterOf({ key, ctrl }: Key): string {
  return [...key].length === 1 && !ctrl ? key : "";
}

function usLetterOf(key: Key): string {
  if (key.ctrl) return "";
  const letter = /^Key([A-Z])$/.exec(key.code)?.[1];
  if (letter !== undefined) return key.shift ? letter : letter.toLowerCase();
  const number = /^Numpad(\d)$/.exec(key.code)?.[1];
  return number ?? US.get(key.code)?.[key.shift ? 1 : 0] ?? letterOf(key);
}

/**
 * From a scanner that is known to hand FNC1 on: a separator in the text proves that none was lost, which an FNC1 in the
 * first place says. Without one it may be no GS1 code at all, and is read as any text is.
 */
export function whole(text: string, separates: boolean): string {
  return separates && /^[^\]\x1d].*(\x1d|\u241d|\{GS\})/.test(text) ? GS + text : text;
}

/** The text to act on; `readable` says whether a text is a label at all. */
export function chosen(scan: Typed, layout: Layout, readable: (text: string) => boolean): string {
  // What an input method or the caps lock has made of the keys says nothing about the label.
  if (layout === "us" || scan.composed || scan.caps) return scan.us;
  if (scan.as_typed === scan.us || readable(scan.as_typed)) return scan.as_typed;
  return readable(scan.us) ? scan.us : scan.as_typed;
}
