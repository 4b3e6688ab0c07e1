/** Consistency of two heads of the log: RFC 6962 2.1.2, walked as in RFC 9162 2.1.4.2; the root over entries. Hashes are 32 bytes. */
import { hex, sha256 } from "./digest.ts";

type Hash = Uint8Array<ArrayBuffer>;
const WIDTH = 32;

/** Is the tree (oldSize, oldRoot) a prefix of the tree (newSize, newRoot)? */
export async function verifyConsistency(
  oldSize: number,
  newSize: number,
  path: Hash[],
  oldRoot: Hash,
  newRoot: Hash,
): Promise<boolean> {
  if (!(oldSize >= 0 && oldSize <= newSize)) return false;
  if ([oldRoot, newRoot, ...path].some((hash) => hash.length !== WIDTH)) return false;
  if (oldSize === newSize) return path.length === 0 && same(oldRoot, newRoot);
  if (oldSize === 0) return path.length === 0 && same(oldRoot, await sha256(new Uint8Array()));
  const steps = isPowerOfTwo(oldSize) ? [oldRoot, ...path] : path;
  return walk(oldSize - 1, newSize - 1, steps, oldRoot, newRoot);
}

/** The root over leaves (RFC 6962 2.1), each the bytes of one entry. */
export async function rootOf(entries: Hash[]): Promise<Hash> {
  if (entries.length === 0) return sha256(new Uint8Array());
  let level = await Promise.all(entries.map((entry) => sha256(Uint8Array.of(0, ...entry))));
  // Side by side upwards; an odd one out goes up as it is, which is the same tree.
  while (level.length > 1) {
    const pairs = Array.from({ length: Math.ceil(level.length / 2) }, (_, place) => level.slice(2 * place, 2 * place + 2));
    level = await Promise.all(pairs.map(async ([left, right]) => (right === undefined ? left! : node(left!, right))));
  }
  return level[0]!;
}

async function walk(place: number, last: number, steps: Hash[], oldRoot: Hash, newRoot: Hash): Promise<boolean> {
  const [first, ...rest] = steps;
  if (first === undefined) return false;
  while (odd(place)) [place, last] = [half(place), half(last)];
  let [below, above] = [first, first];
  for (const step of rest) {
    if (last === 0) return false;
    if (odd(place) || place === last) {
      [below, above] = [await node(step, below), await node(step, above)];
      while (!odd(place) && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      above = await node(above, step);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && same(below, oldRoot) && same(above, newRoot);
}

function node(left: Hash, right: Hash): Promise<Hash> {
  const bytes = new Uint8Array(1 + 2 * WIDTH);
  bytes[0] = 1;
  bytes.set(left, 1);
  bytes.set(right, 1 + WIDTH);
  return sha256(bytes);
}

// Plain arithmetic and not bit operations: a log may outgrow 2^31 entries.
const odd = (value: number) => value % 2 === 1;
const half = (value: number) => Math.floor(value / 2);
const same = (one: Hash, other: Hash) => hex(one) === hex(other);

function isPowerOfTwo(value: number): boolean {
  while (value > 1 && !odd(value)) value = half(value);
  return value === 1;
}
