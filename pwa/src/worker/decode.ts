/** Reads codes from frames, off the page's thread. Only label formats: an empty frame is the slow case. */
import { prepareZXingModule, readBarcodes, type ReaderOptions, type ReadResult } from "zxing-wasm/reader";
import wasmUrl from "zxing-wasm/reader/zxing_reader.wasm?url";

import { lookThroughShadow } from "./shadow.ts";
import { ALL, isPlausible, LINEAR } from "./symbologies.ts";
import { slants, type Slant } from "./tilt.ts";

/** Dark on light; the same in the shadow of a hand or of the phone; light on dark, as lasers mark metal. */
export type Print = "plain" | "shaded" | "light";

export interface Frame {
  id: number;
  picture: ImageBitmap;
  /** Follow every row, not only those around the middle; where nothing is read, turn slanted bars level. */
  closer: boolean;
  print: Print;
}

export interface SeenCode {
  text: string;
  symbology_id: string;
  format: string;
}

export interface Decoded {
  id: number;
  codes: SeenCode[];
  /** Mean grey level, 0 to 255. */
  light: number;
  milliseconds: number;
}

const LIVE: ReaderOptions = {
  formats: ALL,
  // Plain keeps FNC1 as \x1d; the default would print brackets and lose the original.
  textMode: "Plain",
  tryHarder: false,
  tryRotate: true,
  tryInvert: false,
  tryDownscale: true,
  maxNumberOfSymbols: 4,
};
/** Bars that were turned level stand in rows: no other direction is worth its time. */
const LEVELLED: ReaderOptions = { ...LIVE, formats: LINEAR, tryRotate: false, tryDownscale: false };
const WHITE = 255;
const STRIP = { width: 1280, height: 320 };
const MOST_SLANTS = 2;

prepareZXingModule({
  overrides: { locateFile: (path: string, prefix: string) => (path.endsWith(".wasm") ? wasmUrl : prefix + path) },
});

const whole = new OffscreenCanvas(1, 1);
const strip = new OffscreenCanvas(STRIP.width, STRIP.height);

self.addEventListener("message", (event: MessageEvent<Frame>) => void answer(event.data));

async function answer({ id, picture, closer, print }: Frame): Promise<void> {
  const began = performance.now();
  const pixels = draw(picture);
  const light = lightOf(pixels);
  if (print === "shaded") lookThroughShadow(pixels);
  if (print === "light") exchange(pixels);
  let codes = seen(await readBarcodes(pixels, { ...LIVE, tryHarder: closer || print === "shaded" }));
  if (codes.length === 0 && closer) codes = await readSlanted(pixels);
  const milliseconds = performance.now() - began;
  self.postMessage({ id, codes, light, milliseconds } satisfies Decoded);
}

async function readSlanted(pixels: ImageData): Promise<SeenCode[]> {
  for (const slant of slants(pixels, MOST_SLANTS)) {
    const codes = seen(await readBarcodes(levelled(slant), LEVELLED));
    if (codes.length > 0) return codes;
  }
  return [];
}

function seen(results: ReadResult[]): SeenCode[] {
  return results
    .filter(({ isValid, format, text }) => isValid && isPlausible(format, text))
    .map(({ text, symbologyIdentifier, format }) => ({ text, symbology_id: symbologyIdentifier, format }));
}

/** The surroundings of slanted bars, turned until they stand upright in the middle. */
function levelled({ x, y, degrees }: Slant): ImageData {
  const context = contextOf(strip);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillRect(0, 0, STRIP.width, STRIP.height);
  context.translate(STRIP.width / 2, STRIP.height / 2);
  context.rotate((-degrees * Math.PI) / 180);
  context.drawImage(whole, -x, -y);
  return context.getImageData(0, 0, STRIP.width, STRIP.height);
}

function draw(picture: ImageBitmap): ImageData {
  if (whole.width !== picture.width || whole.height !== picture.height) {
    whole.width = picture.width;
    whole.height = picture.height;
  }
  const context = contextOf(whole);
  context.drawImage(picture, 0, 0);
  picture.close();
  return context.getImageData(0, 0, whole.width, whole.height);
}

/** Light and dark, in place and on the canvas that slanted bars are turned from. */
function exchange(pixels: ImageData): void {
  const { data } = pixels;
  for (let at = 0; at < data.length; at += 4) {
    for (let channel = at; channel < at + 3; channel += 1) data[channel] = WHITE - data[channel]!;
  }
  contextOf(whole).putImageData(pixels, 0, 0);
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("no 2d canvas in this worker");
  return context;
}

function lightOf({ data }: ImageData): number {
  let sum = 0;
  let count = 0;
  for (let at = 1; at < data.length; at += 4 * 101) {
    sum += data[at]!;
    count += 1;
  }
  return count === 0 ? 0 : sum / count;
}
