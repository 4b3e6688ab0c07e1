/** What every scheme's elements come to. */
import type { LabelReading, Reason } from "../api/types.ts";
import type { Element } from "./gs1.ts";

export type Identity = Pick<
  LabelReading,
  "device_identifier" | "lot" | "serial" | "production_date" | "expiry" | "quantity" | "package_level"
>;

export const NO_IDENTITY: Identity = {
  device_identifier: null,
  lot: null,
  serial: null,
  production_date: null,
  expiry: null,
  quantity: null,
  package_level: null,
};

/** A code's elements in order and their identity, or the reason why it has none. */
export interface Said {
  elements: Element[];
  identity: Identity;
  error: Reason | null;
}

export function wrong(error: Reason, elements: Element[] = []): Said {
  return { elements, identity: NO_IDENTITY, error };
}

/** The value of one element. */
export function valueOf(elements: Element[], ai: string): string | null {
  return elements.find((each) => each.ai === ai)?.value ?? null;
}
