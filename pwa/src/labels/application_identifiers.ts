/** The GS1 application identifiers, read from the table of facts, and whether a value is one of theirs. */
import type { Reason } from "../api/types.ts";
import { FACTS } from "./facts.ts";
import { CHARACTERS, CHECKS, DATES, RULES } from "./values.ts";

interface Part {
  characters: string;
  least: number;
  most: number;
  optional: boolean;
  rules: string[];
}

export interface Identifier {
  ai: string;
  /** FNC1 must stand behind its value unless it is the last. */
  separated: boolean;
  /** A Digital Link may carry it as an attribute. */
  attribute: boolean;
  parts: Part[];
  /** What else stands on the item, or must not. */
  needs: string[][];
  excludes: string[];
  /** Fewest and most characters of a value. */
  least: number;
  most: number;
}

export const IDENTIFIERS: ReadonlyMap<string, Identifier> = new Map(table());
/** How many digits an identifier has, by its first two. */
const SIZES = new Map(Array.from(IDENTIFIERS.keys(), (ai) => [ai.slice(0, 2), ai.length]));
const compiled = new Map<string, { pattern: RegExp; ruled: [number, string][] }>();

/** The application identifier that begins at this place; none is the beginning of another. */
export function identifierAt(text: string, place: number): Identifier | undefined {
  const size = SIZES.get(text.slice(place, place + 2));
  return size === undefined ? undefined : IDENTIFIERS.get(text.slice(place, place + size));
}

/** What is wrong with a value; null when nothing is. */
export function checkValue(ai: string, value: string): Reason | null {
  const identifier = IDENTIFIERS.get(ai);
  if (identifier === undefined) return { code: "ai_unknown", facts: { ai } };
  const { pattern, ruled } = compile(identifier);
  const found = pattern.exec(value);
  if (found === null) return invalid(ai, value);
  for (const [place, rule] of ruled) {
    const piece = found[place];
    if (piece && !RULES[rule]?.(piece)) return broken(ai, value, rule, piece);
  }
  return null;
}

function broken(ai: string, value: string, rule: string, piece: string): Reason {
  if (DATES.has(rule)) return { code: "date_impossible", facts: { ai, value: piece } };
  const check = CHECKS[rule];
  if (check) return { code: "check_digit_wrong", facts: { ai, value: piece, expected: check(piece) } };
  return invalid(ai, value);
}

function invalid(ai: string, value: string): Reason {
  return { code: "ai_value_invalid", facts: { ai, value: value.slice(0, 90) } };
}

/** A value's form as one expression with a group for each component, and the rules of each group. */
function compile({ ai, parts }: Identifier): { pattern: RegExp; ruled: [number, string][] } {
  const known = compiled.get(ai);
  if (known) return known;
  const form = parts.reduceRight((rest, { characters, least, most, optional }) => {
    const group = `(${CHARACTERS[characters] ?? ""}{${least},${most}})${rest}`;
    return optional ? `(?:${group})?` : group;
  }, "");
  const ruled = parts.flatMap(({ characters, rules }, place) =>
    [...(characters === "Z" ? ["padding"] : []), ...rules].map((rule): [number, string] => [place + 1, rule]),
  );
  const made = { pattern: new RegExp(`^${form}$`), ruled };
  compiled.set(ai, made);
  return made;
}

function* table(): Generator<[string, Identifier]> {
  for (const line of FACTS.trim().split("\n")) {
    const [value = "", marks = "", needs = "", excludes = "", ranges = ""] = line.split("|").map((one) => one.trim());
    const parts = value.split(" ").map(partOf);
    for (const ai of ranges.split(" ").flatMap(spread)) {
      yield [
        ai,
        {
          ai,
          separated: !marks.includes("="),
          attribute: marks.includes("?"),
          parts,
          needs: words(needs).map((group) => group.split("+")),
          excludes: words(excludes).map((one) => (one === "~" ? `${ai.slice(0, 3)}n` : one)),
          least: parts.reduce((sum, part) => sum + (part.optional ? 0 : part.least), 0),
          most: parts.reduce((sum, part) => sum + part.most, 0),
        },
      ];
    }
  }
}

function words(text: string): string[] {
  return text === "" ? [] : text.split(" ");
}

function spread(range: string): string[] {
  const [first = "", last = first] = range.split("-");
  const count = Number(last) - Number(first) + 1;
  return Array.from({ length: count }, (_, step) => String(Number(first) + step).padStart(first.length, "0"));
}

function partOf(text: string): Part {
  const [, characters = "", upTo, size = "", rules = ""] = /^\[?([NXYZ])(\.\.)?(\d+)\]?((?:\.[a-z0-9]+)*)$/.exec(text) ?? [];
  const most = Number(size);
  return { characters, least: upTo ? 1 : most, most, optional: text.startsWith("["), rules: rules.split(".").slice(1) };
}
