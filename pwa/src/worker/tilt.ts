/**
 * Where bars stand at a slant, and how far: the decoder follows rows and columns only, so a linear code that is turned
 * by more than a few degrees is never read. Bars all pull the grey values one way: the structure tensor of a cell
 * (Bigün & Granlund 1987) says which way and how clearly.
 */

export interface Slant {
  /** Middle of the bars, in pixels. */
  x: number;
  y: number;
  /** From the row of pixels to the line across the bars, clockwise as seen, above -90 and up to 90. */
  degrees: number;
}

const CELL = 32;
const STEP = 2;
/** A cell counts when its changes are strong (grey levels squared a sample) and nearly all of one direction. */
const LEAST_CHANGE = 300;
const LEAST_COHERENCE = 0.7;
const LEAST_CELLS = 4;
const BINS = 36;
/** The decoder's own rows still cross a code that is turned less than this. */
const LEVEL_DEGREES = 4;

interface Cell extends Slant {
  weight: number;
}

/** The slanted groups of bars in RGBA pixels, the clearest first, at most `most`; those that stand level are left out. */
export function slants({ data, width, height }: ImageData, most: number): Slant[] {
  const cells = coherentCells(data, width, height);
  const weights = new Float64Array(BINS);
  for (const cell of cells) weights[binOf(cell.degrees)]! += cell.weight;
  const around = (bin: number, by: number) => (bin + by + BINS) % BINS;
  const smooth = Array.from(weights, (weight, bin) => weights[around(bin, -1)]! + weight + weights[around(bin, 1)]!);
  const peaks = smooth
    .map((weight, bin) => ({ weight, bin }))
    .filter(({ weight, bin }) => weight > smooth[around(bin, -1)]! && weight >= smooth[around(bin, 1)]!)
    .sort((a, b) => b.weight - a.weight);
  return peaks
    .map(({ bin }) => middle(cells.filter((cell) => [-1, 0, 1].some((by) => around(bin, by) === binOf(cell.degrees)))))
    .filter((slant): slant is Slant => slant !== null && !isLevel(slant.degrees))
    .slice(0, most);
}

function isLevel(degrees: number): boolean {
  const off = Math.abs(degrees) % 90;
  return Math.min(off, 90 - off) < LEVEL_DEGREES;
}

function binOf(degrees: number): number {
  return Math.floor(((degrees + 180) % 180) / (180 / BINS));
}

function coherentCells(data: Uint8ClampedArray, width: number, height: number): Cell[] {
  const cells: Cell[] = [];
  for (let top = 0; top + CELL < height; top += CELL) {
    for (let left = 0; left + CELL < width; left += CELL) {
      const cell = cellAt(data, width, left, top);
      if (cell !== null) cells.push(cell);
    }
  }
  return cells;
}

function cellAt(data: Uint8ClampedArray, width: number, left: number, top: number): Cell | null {
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let y = top + 1; y < top + CELL; y += STEP) {
    for (let x = left + 1; x < left + CELL; x += STEP) {
      const at = (y * width + x) * 4 + 1; // green stands for grey
      const dx = data[at + 4]! - data[at - 4]!;
      const dy = data[at + 4 * width]! - data[at - 4 * width]!;
      xx += dx * dx;
      yy += dy * dy;
      xy += dx * dy;
    }
  }
  const change = xx + yy;
  if (change < LEAST_CHANGE * (CELL / STEP) ** 2) return null;
  if (Math.hypot(xx - yy, 2 * xy) < LEAST_COHERENCE * change) return null;
  const degrees = (Math.atan2(2 * xy, xx - yy) / 2) * (180 / Math.PI);
  return { x: left + CELL / 2, y: top + CELL / 2, degrees, weight: change };
}

/** Directions repeat after half a turn: they are averaged as the double angle. */
function middle(cells: Cell[]): Slant | null {
  if (cells.length < LEAST_CELLS) return null;
  let [weight, x, y, cos, sin] = [0, 0, 0, 0, 0];
  for (const cell of cells) {
    const double = (cell.degrees * Math.PI) / 90;
    weight += cell.weight;
    x += cell.x * cell.weight;
    y += cell.y * cell.weight;
    cos += Math.cos(double) * cell.weight;
    sin += Math.sin(double) * cell.weight;
  }
  return { x: x / weight, y: y / weight, degrees: (Math.atan2(sin, cos) * 90) / Math.PI };
}
