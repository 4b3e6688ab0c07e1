/** Which part of a frame is looked at, and how closely; each fruitless frame goes on to the next row of the table. */
import type { Print } from "../../worker/decode.ts";

export interface Look {
  /** Share of the frame's sides, around its middle. */
  width: number;
  height: number;
  /** Longest side in pixels that the worker gets. */
  longest: number;
  /** Data Matrix off the middle, slanted bars: dear, so on three frames of five. */
  closer: boolean;
  /** Other than plain on two frames of five only. */
  print: Print;
}

const CENTRE = { width: 0.86, height: 0.72, longest: 1280 };
const WHOLE = { width: 1, height: 1, longest: 1920 };

export const LOOKS: readonly Look[] = [
  { ...CENTRE, closer: false, print: "plain" },
  { ...CENTRE, closer: true, print: "plain" },
  { ...CENTRE, closer: false, print: "shaded" },
  { ...WHOLE, closer: true, print: "plain" },
  { ...CENTRE, closer: true, print: "light" },
];

export function lookAfter(fruitless: number): Look {
  return LOOKS[fruitless % LOOKS.length]!;
}

/** What to say after so long with nothing read (milliseconds), at this mean grey level: never nothing. */
export type Hint = "nothing" | "dark" | "distance" | "still" | "other";

const QUIET_MS = 3000;
const EACH_MS = 3000;
const DARK = 40;
const TURNS: readonly Hint[] = ["distance", "still", "other"];

export function hintAfter(dry: number, light: number): Hint {
  if (dry < QUIET_MS) return "nothing";
  if (light < DARK) return "dark";
  return TURNS[Math.floor((dry - QUIET_MS) / EACH_MS) % TURNS.length]!;
}

/** From here on the server's longer look is offered beside the hint. */
export const OFFER_MS = 4000;
