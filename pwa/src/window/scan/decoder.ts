/** Hands frames of a video to the decode worker, one at a time, cut to the middle where the label is. */
import type { Decoded, Frame, SeenCode } from "../../worker/decode.ts";

/** Share of the frame that is looked at, and the longest side that the worker gets. */
const CROP = { width: 0.86, height: 0.72 };
const LONGEST_SIDE = 1280;

export class Decoder {
  #worker = new Worker(new URL("../../worker/decode.ts", import.meta.url), { type: "module" });
  #turn = 0;
  #waiting = new Map<number, (codes: SeenCode[]) => void>();

  constructor() {
    this.#worker.addEventListener("message", (event: MessageEvent<Decoded>) => {
      this.#waiting.get(event.data.id)?.(event.data.codes);
      this.#waiting.delete(event.data.id);
    });
  }

  async look(video: HTMLVideoElement): Promise<SeenCode[]> {
    const { videoWidth, videoHeight } = video;
    if (videoWidth === 0 || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return [];
    const width = Math.round(videoWidth * CROP.width);
    const height = Math.round(videoHeight * CROP.height);
    const shrink = Math.min(1, LONGEST_SIDE / Math.max(width, height));
    const picture = await createImageBitmap(
      video,
      Math.round((videoWidth - width) / 2),
      Math.round((videoHeight - height) / 2),
      width,
      height,
      { resizeWidth: Math.round(width * shrink), resizeHeight: Math.round(height * shrink) },
    );
    const id = (this.#turn += 1);
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#worker.postMessage({ id, picture } satisfies Frame, [picture]);
    });
  }

  stop(): void {
    this.#worker.terminate();
    this.#waiting.clear();
  }
}
