/**
 * The GS1 application identifiers and what their values look like: the server's table once more, and a test holds the
 * two together (tests/pwa/test_units.py).
 *
 * | in a format | means                                                        |
 * |-------------|--------------------------------------------------------------|
 * | N X Y Z     | digits, character set 82, character set 39, base64url        |
 * | ..n, [ ]    | up to n characters, optional                                 |
 * | c           | ends in a check digit                                        |
 * | D, d, y     | YYMMDD with day 00 allowed, YYMMDD, YYYYMMDD                 |
 *
 * GS1 General Specifications, section 3. The first block has a predefined length and needs no separator behind it.
 */
import type { Reason } from "../api/types.ts";
import { checkDigit } from "./check_digit.ts";

const FIXED = `
N18c      00
N14c      01 02 03
N6D       11 12 13 15 16 17
N2        20
N6        3100-3105 3110-3115 3120-3125 3130-3135 3140-3145 3150-3155 3160-3165 3200-3205 3210-3215 3220-3225
N6        3230-3235 3240-3245 3250-3255 3260-3265 3270-3275 3280-3285 3290-3295 3300-3305 3310-3315 3320-3325
N6        3330-3335 3340-3345 3350-3355 3360-3365 3370-3375 3400-3405 3410-3415 3420-3425 3430-3435 3440-3445
N6        3450-3455 3460-3465 3470-3475 3480-3485 3490-3495 3500-3505 3510-3515 3520-3525 3530-3535 3540-3545
N6        3550-3555 3560-3565 3570-3575 3600-3605 3610-3615 3620-3625 3630-3635 3640-3645 3650-3655 3660-3665
N6        3670-3675 3680-3685 3690-3695
N13c      410-417`;
const SEPARATED = `
X..20     10 21 22 243 254 420 4318 7020-7022 710-717 7240 8002 8012
X..28     235
X..30     240 241 250 251 400 401 403 4308 4319 7002 7023 8004 90
X..90     91-99 7256
N..8      30 37
N..6      242
N13c,[X..17]            253
N13c,[N..12]            255
N..15                   3900-3909 3920-3929
N3,N..15                3910-3919 3930-3939
N4                      3940-3943 8111
N6                      3950-3955 8005
N17c                    402
N3,X..9                 421
N3                      422 424 426
N3,[N3],[N3],[N3],[N3]  423 425
X..3                    427 7008
X..35                   4300 4301 4310 4311 4320
X..70                   4302-4306 4312-4316 7257 8110 8112 8200
X2                      4307 4317
N10,N10                 4309
N1                      4321-4323 7252
N6D,N4                  4324 4325
N6d                     4326 7006
N6,[X1]                 4330-4333
N13                     7001
N6d,N4                  7003
N..4                    7004
X..12                   7005
N6d,[N6d]               7007
X..10                   7009 7255
X..2                    7010
N6d,[N4]                7011
N3,X..27                7030-7039
N1,X1,X1,X1             7040
X..4                    7041
X2,X..28                7230-7239
N2                      7241
X..25                   7242 8013 8014 8020
N8y                     7250
N8y,N4                  7251
X..40                   7253 7254 7259
X3                      7258
N4,N5,N3,N1,N1          8001
N1,N13c,[X..16]         8003
N14c,N4                 8006 8026
X..34                   8007
N6d,N2,[N2],[N2]        8008
X..50                   8009
Y..30                   8010
N..12                   8011
N18c                    8017 8018
N..10                   8019
Z..90                   8030
N15                     8040 8041
N32                     8042
N18,[N..2]              8043`;
/** Pairs that a device label can carry and that exclude each other. */
export const EXCLUDED = [["01", "02"], ["01", "37"], ["01", "03"], ["01", "255"], ["21", "235"], ["02", "03"]] as const;

const CHARACTERS: Record<string, RegExp> = {
  N: /^[0-9]*$/,
  X: /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]*$/,
  Y: /^[#\-/0-9A-Z]*$/,
  Z: /^[0-9A-Za-z_-]*=*$/,
};

interface Part {
  characters: string;
  least: number;
  most: number;
  optional: boolean;
  check: string;
}

export interface Identifier {
  ai: string;
  /** FNC1 must stand behind its value unless it is the last. */
  separated: boolean;
  parts: Part[];
  /** Fewest and most characters of a value. */
  least: number;
  most: number;
}

export const IDENTIFIERS: ReadonlyMap<string, Identifier> = new Map([...table(FIXED, false), ...table(SEPARATED, true)]);

/** The application identifier that begins at this place; none is the beginning of another. */
export function identifierAt(text: string, place: number): Identifier | undefined {
  for (const size of [2, 3, 4]) {
    const found = IDENTIFIERS.get(text.slice(place, place + size));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What is wrong with a value; null when nothing is. */
export function checkValue(ai: string, value: string): Reason | null {
  const identifier = IDENTIFIERS.get(ai);
  if (identifier === undefined) return { code: "ai_unknown", facts: { ai } };
  let rest = value;
  for (const part of identifier.parts) {
    const piece = rest.slice(0, part.most);
    rest = rest.slice(part.most);
    if (piece === "" && part.optional) continue;
    if (piece.length < part.least || !CHARACTERS[part.characters]?.test(piece)) return invalid(ai, value);
    const reason = checkPiece(part.check, ai, piece);
    if (reason !== null) return reason;
  }
  return rest === "" ? null : invalid(ai, value);
}

/** The last day of a month, 1 to 12. */
export function lastDay(year: number, month: number): number {
  const last = new Date(0);
  last.setUTCFullYear(year, month, 0);
  return last.getUTCDate();
}

function invalid(ai: string, value: string): Reason {
  return { code: "ai_value_invalid", facts: { ai, value: value.slice(0, 90) } };
}

function checkPiece(check: string, ai: string, piece: string): Reason | null {
  if (check === "c") {
    const expected = checkDigit(piece.slice(0, -1));
    return expected === piece.slice(-1) ? null : { code: "check_digit_wrong", facts: { ai, value: piece, expected } };
  }
  return check === "" || isDate(check, piece) ? null : { code: "date_impossible", facts: { ai, value: piece } };
}

function isDate(check: string, digits: string): boolean {
  const year = check === "y" ? Number(digits.slice(0, 4)) : 2000 + Number(digits.slice(0, 2));
  const [month, day] = [Number(digits.slice(-4, -2)), Number(digits.slice(-2))];
  if (year < 1 || month < 1 || month > 12) return false;
  return (day > 0 || check === "D") && day <= lastDay(year, month);
}

function* table(block: string, separated: boolean): Generator<[string, Identifier]> {
  for (const line of block.trim().split("\n")) {
    const [format = "", ...ranges] = line.split(/ +/);
    const parts = format.split(",").map(partOf);
    const least = parts.reduce((sum, part) => sum + (part.optional ? 0 : part.least), 0);
    const most = parts.reduce((sum, part) => sum + part.most, 0);
    for (const ai of ranges.flatMap(spread)) yield [ai, { ai, separated, parts, least, most }];
  }
}

function spread(range: string): string[] {
  const [first = "", last = first] = range.split("-");
  const count = Number(last) - Number(first) + 1;
  return Array.from({ length: count }, (_, step) => String(Number(first) + step).padStart(first.length, "0"));
}

function partOf(text: string): Part {
  const [, characters = "", upTo, most = "", check = ""] = /^\[?([NXYZ])(\.\.)?(\d+)([cdDy]?)\]?$/.exec(text) ?? [];
  return { characters, least: upTo ? 1 : Number(most), most: Number(most), optional: text.startsWith("["), check };
}
