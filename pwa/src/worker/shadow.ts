/**
 * A frame without the shadow that a hand or the phone throws on it: each pixel as a share of the paper around it. Paper is
 * the grey-scale closing (Serra 1982), which keeps a shadow's edge where it lies; a mean of the neighbourhood smears it, and
 * a code across it is lost. As `scanner/views.py` does on the server, at half the size.
 */

/** Of halved pixels, in doubling steps: what is dark over more than their sum is taken for paper. */
const STEPS = [1, 2, 4, 8];

/** RGBA pixels, in place; grey afterwards. */
export function lookThroughShadow({ data, width, height }: ImageData): void {
  const columns = (width + 1) >> 1;
  const rows = (height + 1) >> 1;
  const paper = new Uint8Array(columns * rows);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y >> 1) * columns + (x >> 1);
      const level = data[(y * width + x) * 4 + 1]!; // green stands for grey
      if (level > paper[at]!) paper[at] = level;
    }
  }
  close(paper, columns);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4;
      const share = (data[at + 1]! * 255) / Math.max(1, paper[(y >> 1) * columns + (x >> 1)]!);
      data[at] = data[at + 1] = data[at + 2] = share;
    }
  }
}

/** Lightest within a square, then darkest of those within the mirrored square: nothing moves. */
function close(levels: Uint8Array, columns: number): void {
  for (const step of STEPS) {
    for (let at = 0; at < levels.length; at += 1) {
      if ((at % columns) + step < columns && levels[at + step]! > levels[at]!) levels[at] = levels[at + step]!;
    }
    const down = step * columns;
    for (let at = 0; at + down < levels.length; at += 1) {
      if (levels[at + down]! > levels[at]!) levels[at] = levels[at + down]!;
    }
  }
  for (const step of STEPS) {
    for (let at = levels.length - 1; at >= 0; at -= 1) {
      if (at % columns >= step && levels[at - step]! < levels[at]!) levels[at] = levels[at - step]!;
    }
    const up = step * columns;
    for (let at = levels.length - 1; at >= up; at -= 1) {
      if (levels[at - up]! < levels[at]!) levels[at] = levels[at - up]!;
    }
  }
}
