/** Reads codes from frames, off the page's thread. Only label formats: an empty frame is the slow case. */
import { prepareZXingModule, readBarcodes, type ReaderOptions } from "zxing-wasm/reader";
import wasmUrl from "zxing-wasm/reader/zxing_reader.wasm?url";

export interface Frame {
  id: number;
  picture: ImageBitmap;
}

export interface SeenCode {
  text: string;
  symbology_id: string;
  format: string;
  /** Middle of the code in the frame, 0..1 each way. */
  x: number;
  y: number;
}

export interface Decoded {
  id: number;
  codes: SeenCode[];
  milliseconds: number;
}

const OPTIONS: ReaderOptions = {
  formats: ["DataMatrix", "Code128", "QRCode", "EAN13", "EAN8"],
  // Plain keeps FNC1 as \x1d; the default would print brackets and lose the original.
  textMode: "Plain",
  tryHarder: false,
  tryRotate: true,
  tryInvert: false,
  tryDownscale: true,
  maxNumberOfSymbols: 4,
};

prepareZXingModule({
  overrides: { locateFile: (path: string, prefix: string) => (path.endsWith(".wasm") ? wasmUrl : prefix + path) },
});

let canvas: OffscreenCanvas | undefined;
let turn = 0;

self.addEventListener("message", (event: MessageEvent<Frame>) => void answer(event.data));

async function answer({ id, picture }: Frame): Promise<void> {
  const began = performance.now();
  const { width, height } = picture;
  const results = await readBarcodes(pixels(picture), {
    ...OPTIONS,
    // Every fourth frame looks closer: small or slanted prints are worth the wait, not each time.
    tryHarder: (turn += 1) % 4 === 0,
  });
  const codes = results
    .filter((result) => result.isValid && result.text !== "")
    .map((result): SeenCode => {
      const { topLeft, bottomRight } = result.position;
      return {
        text: result.text,
        symbology_id: result.symbologyIdentifier,
        format: result.format,
        x: (topLeft.x + bottomRight.x) / 2 / width,
        y: (topLeft.y + bottomRight.y) / 2 / height,
      };
    });
  self.postMessage({ id, codes, milliseconds: performance.now() - began } satisfies Decoded);
}

function pixels(picture: ImageBitmap): ImageData {
  if (canvas?.width !== picture.width || canvas.height !== picture.height) {
    canvas = new OffscreenCanvas(picture.width, picture.height);
  }
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("no 2d canvas in this worker");
  context.drawImage(picture, 0, 0);
  picture.close();
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
