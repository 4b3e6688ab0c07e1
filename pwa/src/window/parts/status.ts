/** Which colour and icon a status has. The word stands beside them always: colour alone tells nothing. */
import type { IconName } from "./Icon.svelte";

export type Tint = "amber" | "blue" | "green" | "red" | "violet" | "grey";

const LOOKS: Record<string, [tint: Tint, icon: IconName]> = {
  in_production: ["grey", "gear"],
  quarantine: ["amber", "clock"],
  inspecting: ["blue", "lens"],
  released: ["green", "check"],
  production_released: ["amber", "check"],
  production: ["amber", "check"],
  conditional: ["amber", "alert"],
  conceded: ["green", "pen"],
  concession: ["green", "pen"],
  take_over: ["green", "pen"],
  held: ["red", "stop"],
  rejected: ["red", "cross"],
  recalled: ["violet", "recall"],
  consumed: ["grey", "used"],
  open: ["red", "alert"],
  contained: ["amber", "stop"],
  disposed: ["blue", "pen"],
  closed: ["grey", "check"],
  in_progress: ["blue", "lens"],
  passed: ["green", "check"],
  failed: ["red", "cross"],
  conforming: ["green", "check"],
  nonconforming: ["red", "cross"],
  undecidable: ["amber", "alert"],
  release: ["green", "check"],
  reject: ["red", "cross"],
  in_use: ["green", "check"],
  due_soon: ["amber", "clock"],
  overdue: ["red", "clock"],
  locked_out: ["grey", "stop"],
  out_of_tolerance: ["red", "alert"],
  out_of_order: ["red", "stop"],
};

/** An inspection that is open is work to do; a nonconformity that is open is trouble. */
const INSPECTION: typeof LOOKS = { open: ["grey", "clock"] };

export function lookOf(status: string, kind = "status"): [tint: Tint, icon: IconName] {
  return (kind === "inspection" ? INSPECTION[status] : undefined) ?? LOOKS[status] ?? ["grey", "used"];
}
