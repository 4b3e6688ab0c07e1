/** Hands frames of a video to the decode worker, one at a time, cut to where the label is likely. */
import type { Decoded, Frame } from "../../worker/decode.ts";
import { lookAfter, type Look } from "./looks.ts";

export type Looked = Pick<Decoded, "codes" | "light" | "milliseconds">;
const BLIND: Looked = { codes: [], light: 255, milliseconds: 0 };

export class Decoder {
  #worker = new Worker(new URL("../../worker/decode.ts", import.meta.url), { type: "module" });
  #turn = 0;
  #fruitless = 0;
  #waiting = new Map<number, (looked: Looked) => void>();

  constructor() {
    this.#worker.addEventListener("message", (event: MessageEvent<Decoded>) => {
      this.#waiting.get(event.data.id)?.(event.data);
      this.#waiting.delete(event.data.id);
    });
  }

  async look(video: HTMLVideoElement): Promise<Looked> {
    if (video.videoWidth === 0 || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return BLIND;
    const look = lookAfter(this.#fruitless);
    const picture = await cut(video, look);
    const id = (this.#turn += 1);
    const looked = await new Promise<Looked>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#worker.postMessage({ id, picture, closer: look.closer, print: look.print } satisfies Frame, [picture]);
    });
    // What a particular look has found it must find again: weak codes need a second frame, the others their lock.
    if (looked.codes.length === 0) this.#fruitless += 1;
    else if (!look.closer && look.print === "plain") this.#fruitless = 0;
    return looked;
  }

  stop(): void {
    this.#worker.terminate();
    this.#waiting.clear();
  }
}

function cut(video: HTMLVideoElement, look: Look): Promise<ImageBitmap> {
  const { videoWidth, videoHeight } = video;
  const width = Math.round(videoWidth * look.width);
  const height = Math.round(videoHeight * look.height);
  const shrink = Math.min(1, look.longest / Math.max(width, height));
  const [left, top] = [(videoWidth - width) / 2, (videoHeight - height) / 2].map(Math.round) as [number, number];
  const size = { resizeWidth: Math.round(width * shrink), resizeHeight: Math.round(height * shrink) };
  return createImageBitmap(video, left, top, width, height, size);
}
