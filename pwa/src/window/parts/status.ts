/** Which colour and icon a status has. The word stands beside them always: colour alone tells nothing. */
import type { IconName } from "./Icon.svelte";

export type Tint = "amber" | "blue" | "green" | "red" | "violet" | "grey";

const LOOKS: Record<string, [tint: Tint, icon: IconName]> = {
  in_production: ["grey", "gear"],
  quarantine: ["amber", "clock"],
  inspecting: ["blue", "lens"],
  released: ["green", "check"],
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
};

export function lookOf(status: string): [tint: Tint, icon: IconName] {
  return LOOKS[status] ?? ["grey", "used"];
}
