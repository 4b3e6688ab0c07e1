/**
 * The phone's decoder as it is built, without a browser: frames in (JSON on standard input), codes and every address
 * that was asked out. What a worker has and Node has not stands here: a canvas that hands back the frame, and a
 * network that knows our own files and nobody else. Without a worker named: zxing-wasm as its package comes.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { dist, worker, library, frames } = JSON.parse(readFileSync(0, "utf8"));
const asked = [];
globalThis.fetch = (address) => {
  asked.push(String(address));
  if (!String(address).startsWith("/")) return Promise.reject(new TypeError("no such host"));
  const headers = { "content-type": "application/wasm" };
  return Promise.resolve(new Response(readFileSync(join(dist, String(address))), { headers }));
};
globalThis.OffscreenCanvas = class {
  getContext() {
    const drawn = (frame) => (this.frame = frame);
    return { drawImage: drawn, getImageData: () => pixels(this.frame), putImageData() {}, setTransform() {}, fillRect() {}, translate() {}, rotate() {} };
  }
};

function pixels({ width, height, grey }) {
  const data = new Uint8ClampedArray(width * height * 4);
  Buffer.from(grey, "base64").forEach((level, at) => data.set([level, level, level, 255], 4 * at));
  return { width, height, data, colorSpace: "srgb" };
}

async function built() {
  let hear, answered;
  globalThis.self = { addEventListener: (_, listener) => (hear = listener), postMessage: (answer) => answered(answer) };
  await import(pathToFileURL(join(dist, worker)));
  const ask = (frame) => new Promise((done) => ((answered = done), hear({ data: frame })));
  const answers = [];
  for (const { closer, print, ...picture } of frames) {
    answers.push((await ask({ id: 1, picture: { ...picture, close() {} }, closer, print })).codes);
  }
  return answers;
}

async function plain() {
  const { readBarcodes } = await import(pathToFileURL(library));
  const answers = [];
  for (const frame of frames) answers.push(await readBarcodes(pixels(frame)).catch(() => []));
  return answers;
}

const codes = await (worker ? built() : plain());
process.stdout.write(JSON.stringify({ asked, codes }));
