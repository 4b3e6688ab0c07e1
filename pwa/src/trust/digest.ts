/** What is signed on this phone: digest and challenge over the canonical bytes of the record that was shown. */
import type { Json } from "../api/types.ts";
import { canonical } from "./canonical.ts";

export interface Bound {
  /** SHA-256 of the canonical record, hex. */
  digest: string;
  /** SHA-256 of canonical record and nonce: what the passkey signs. */
  challenge: Uint8Array<ArrayBuffer>;
}

export async function bind(record: { [key: string]: Json }, nonce: Uint8Array): Promise<Bound> {
  const bytes = new TextEncoder().encode(canonical(record));
  const both = new Uint8Array(bytes.length + nonce.length);
  both.set(bytes);
  both.set(nonce, bytes.length);
  return { digest: hex(await sha256(bytes)), challenge: await sha256(both) };
}

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw new TypeError("not hex");
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  return fromBase64(text.replaceAll("-", "+").replaceAll("_", "/"));
}

export function toBase64Url(bytes: ArrayBuffer): string {
  return toBase64(new Uint8Array(bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
