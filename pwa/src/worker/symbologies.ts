/**
 * The symbologies that a label may carry, as the scanner on the server has them, and how far one reading is sure.
 *
 * | symbology                     | error detection            | believed after |
 * |-------------------------------|----------------------------|----------------|
 * | Data Matrix, QR, Micro QR     | Reed-Solomon               | one frame      |
 * | Code 128                      | modulo 103                 | one frame      |
 * | EAN/UPC                       | one digit, modulo 10       | two frames     |
 * | ITF, only as GS1's ITF-14     | one digit, modulo 10       | two frames     |
 * | Code 39                       | none of its own            | two frames     |
 */
import type { ReadInputBarcodeFormat } from "zxing-wasm/reader";

import { checkDigit } from "../labels/check_digit.ts";

export const LINEAR: ReadInputBarcodeFormat[] = ["Code128", "EAN13", "EAN8", "UPCA", "UPCE", "ITF", "Code39Std"];
export const ALL: ReadInputBarcodeFormat[] = ["DataMatrix", "QRCode", "MicroQRCode", ...LINEAR];

/** Two frames must agree on one of these. */
export function isWeak(format: string): boolean {
  return /^(EAN|UPC|ITF|Code39)/.test(format);
}

/** False for what is no label's: ITF finds "codes" of four and six digits in stripes of any kind. */
export function isPlausible(format: string, text: string): boolean {
  if (text === "") return false;
  return !format.startsWith("ITF") || (/^\d{14}$/.test(text) && checkDigit(text.slice(0, -1)) === text.slice(-1));
}
