/**
 * How long the value of a GS1 application identifier is (GS1 General Specifications, section 3 and figure 7.8.5-2).
 * Enough to walk any element string; what a value means is asked only for the few that a receipt needs.
 */
export interface Identifier {
  ai: string;
  /** Characters of the value: exactly this many when `fixed`, else at most. */
  length: number;
  fixed: boolean;
}

/** Two-digit prefixes whose whole element has a predefined length and so needs no separator. */
const PREDEFINED: Record<string, [digits: number, value: number]> = {
  "00": [2, 18],
  "01": [2, 14],
  "02": [2, 14],
  "03": [2, 14],
  "04": [2, 16],
  "11": [2, 6],
  "12": [2, 6],
  "13": [2, 6],
  "14": [2, 6],
  "15": [2, 6],
  "16": [2, 6],
  "17": [2, 6],
  "18": [2, 6],
  "19": [2, 6],
  "20": [2, 2],
  "31": [4, 6],
  "32": [4, 6],
  "33": [4, 6],
  "34": [4, 6],
  "35": [4, 6],
  "36": [4, 6],
  "41": [3, 13],
};

/** Identifiers of varying length: how many digits name them, and how long a value may be. */
const VARYING: [prefix: string, digits: number, longest: number][] = [
  ["10", 2, 20],
  ["21", 2, 20],
  ["22", 2, 20],
  ["235", 3, 28],
  ["30", 2, 8],
  ["37", 2, 8],
  ["24", 3, 30],
  ["25", 3, 30],
  ["39", 4, 18],
  ["40", 3, 30],
  ["42", 3, 20],
  ["43", 4, 90],
  ["70", 4, 90],
  ["71", 3, 20],
  ["72", 4, 90],
  ["80", 4, 90],
  ["81", 4, 70],
  ["82", 4, 70],
];

export function identifierAt(text: string, place: number): Identifier | null {
  const two = text.slice(place, place + 2);
  const predefined = PREDEFINED[two];
  if (predefined !== undefined) {
    const [digits, value] = predefined;
    return named(text, place, digits, value, true);
  }
  const varying = VARYING.find(([prefix]) => text.startsWith(prefix, place));
  if (varying !== undefined) return named(text, place, varying[1], varying[2], false);
  return /^9\d$/.test(two) ? { ai: two, length: 90, fixed: false } : null;
}

function named(text: string, place: number, digits: number, length: number, fixed: boolean): Identifier | null {
  const ai = text.slice(place, place + digits);
  return ai.length === digits && /^\d+$/.test(ai) ? { ai, length, fixed } : null;
}
