/** Counting by scanning: each label of the same lot adds what stands on it, or one where it says nothing. */
import type { LabelReading } from "../../api/types.ts";
import { add } from "../../values/decimal.ts";

export interface Counted {
  quantity: string;
  serial: string | null;
}

export type Countable = Pick<LabelReading, "device_identifier" | "lot" | "serial" | "quantity" | "expiry">;

/** `other`: another product, lot, or day of expiry (LBL-5); `again`: this very piece was counted; `counted`: one more. */
export type How = "counted" | "again" | "other";

export const counted = ({ quantity, serial }: Countable): Counted => ({ quantity: quantity ?? "1", serial });

export function howCounted(first: Countable, next: Countable, already: Counted[]): How {
  if (next.device_identifier !== first.device_identifier || next.lot !== first.lot) return "other";
  if (next.expiry !== null && first.expiry !== null && next.expiry !== first.expiry) return "other";
  return next.serial !== null && already.some(({ serial }) => serial === next.serial) ? "again" : "counted";
}

export const total = (all: Counted[]): string => all.map(({ quantity }) => quantity).reduce(add, "0");
