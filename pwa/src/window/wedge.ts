/**
 * Hand scanners type. A burst of keys faster than any person, ended by Enter, Tab or silence, is a scan on every screen,
 * with or without a focused field.
 */
import type { Key, Suffix } from "./wedge_keys.ts";

const LONGEST_GAP_MS = 45;
/** Radio and a busy phone make a scanner pause: the rest is no scan of its own, whose beginning would be missing. */
const LONGEST_PAUSE_MS = 250;
/** Keys at a scanner's speed after which a pause is taken for its own, and not for the end of what a person typed. */
const SHORTEST_RUN = 4;
const SHORTEST_SCAN = 6;
/** Without a suffix only a long burst is a scan: rolling fingers manage five or six letters. */
const SHORTEST_WITHOUT_SUFFIX = 12;
const SILENCE_MS = LONGEST_PAUSE_MS + 20;

interface Burst {
  keys: Key[];
  last: number;
  /** Keys since the last pause. */
  run: number;
  field: HTMLInputElement | HTMLTextAreaElement | null;
  before: string;
}

/** Calls `onScan` with each scan; returns the function that stops listening. */
export function listenToWedge(onScan: (keys: Key[], suffix: Suffix) => void): () => void {
  let burst = fresh(0);
  let silence: ReturnType<typeof setTimeout> | undefined;

  function keydown(event: KeyboardEvent): void {
    if (event.key === "Shift" || event.key === "Control" || event.key === "Alt" || event.key === "AltGraph") return;
    const gap = event.timeStamp - burst.last;
    if (gap > LONGEST_PAUSE_MS || (gap > LONGEST_GAP_MS && burst.run < SHORTEST_RUN)) burst = fresh(event.timeStamp);
    else if (gap > LONGEST_GAP_MS) burst.run = 0;
    burst.last = event.timeStamp;
    clearTimeout(silence);
    const suffix = suffixOf(event);
    if (suffix !== "none") return finish(suffix, event);
    burst.keys.push(keyOf(event));
    burst.run += 1;
    silence = setTimeout(() => finish("none", null), SILENCE_MS);
  }

  function finish(suffix: Suffix, event: KeyboardEvent | null): void {
    const { keys, field, before } = burst;
    burst = fresh(event?.timeStamp ?? 0);
    if (keys.length < (suffix === "none" ? SHORTEST_WITHOUT_SUFFIX : SHORTEST_SCAN)) return;
    if (field?.inputMode === "decimal" || field?.type === "password" || field?.dataset["scan"] === "own") return;
    event?.preventDefault();
    event?.stopPropagation();
    // The scanner typed into whatever had the focus: the field gets back what the person had written.
    if (field !== null) giveBack(field, before, keys.some(({ key }) => key === "Process"));
    onScan(keys, suffix);
  }

  window.addEventListener("keydown", keydown, true);
  return () => {
    clearTimeout(silence);
    window.removeEventListener("keydown", keydown, true);
  };
}

function giveBack(field: HTMLInputElement | HTMLTextAreaElement, before: string, composed: boolean): void {
  const restore = () => {
    field.value = before;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  // An input method hands over what it holds when the field is left.
  if (composed) {
    field.blur();
    setTimeout(restore);
  }
  restore();
}

function fresh(now: number): Burst {
  const active = document.activeElement;
  const typing = active instanceof HTMLInputElement || active instanceof HTMLTextAreaElement;
  return { keys: [], last: now, run: 0, field: typing ? active : null, before: typing ? active.value : "" };
}

function suffixOf({ key, code }: KeyboardEvent): Suffix {
  if (key === "Enter" || code === "Enter" || code === "NumpadEnter") return "enter";
  return key === "Tab" || code === "Tab" ? "tab" : "none";
}

function keyOf(event: KeyboardEvent): Key {
  const { key, code, shiftKey, ctrlKey, altKey } = event;
  // AltGr is Ctrl and Alt at once: the letter it makes is a letter.
  const graph = event.getModifierState("AltGraph") || (ctrlKey && altKey && key.length === 1);
  const caps = event.getModifierState("CapsLock");
  return { key, code, shift: shiftKey, ctrl: ctrlKey && !graph, alt: altKey && !graph, caps };
}
