/**
 * Hand scanners type. A burst of keys faster than any person, ended by Enter, is a scan on every screen, with or
 * without a focused field. GS comes as Ctrl+], as the character 29, or as Alt with the digits 029.
 */
const LONGEST_GAP_MS = 45;
const SHORTEST_SCAN = 6;
const GS = "\x1d";

interface Burst {
  text: string;
  last: number;
  field: HTMLInputElement | HTMLTextAreaElement | null;
  before: string;
}

/** Calls `onScan` with each scanned text; returns the function that stops listening. */
export function listenToWedge(onScan: (text: string) => void): () => void {
  let burst = fresh(0);
  let altDigits = "";

  function keydown(event: KeyboardEvent): void {
    if (event.timeStamp - burst.last > LONGEST_GAP_MS) burst = fresh(event.timeStamp);
    burst.last = event.timeStamp;
    if (event.key === "Enter") return finish(event);
    if (event.altKey && /^\d$/.test(event.key)) altDigits += event.key;
    else burst.text += letterOf(event);
  }

  function keyup(event: KeyboardEvent): void {
    if (event.key !== "Alt") return;
    if (Number(altDigits) === 29) burst.text += GS;
    altDigits = "";
  }

  function finish(event: KeyboardEvent): void {
    const { text, field, before } = burst;
    burst = fresh(event.timeStamp);
    if (text.length < SHORTEST_SCAN || field?.inputMode === "decimal" || field?.type === "password") return;
    event.preventDefault();
    event.stopPropagation();
    // The scanner typed into whatever had the focus: the field gets back what the person had written.
    if (field !== null) {
      field.value = before;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    onScan(text);
  }

  window.addEventListener("keydown", keydown, true);
  window.addEventListener("keyup", keyup, true);
  return () => {
    window.removeEventListener("keydown", keydown, true);
    window.removeEventListener("keyup", keyup, true);
  };
}

function fresh(now: number): Burst {
  const active = document.activeElement;
  const typing = active instanceof HTMLInputElement || active instanceof HTMLTextAreaElement;
  return { text: "", last: now, field: typing ? active : null, before: typing ? active.value : "" };
}

function letterOf(event: KeyboardEvent): string {
  if (event.ctrlKey && (event.key === "]" || event.code === "BracketRight")) return GS;
  if (event.key === GS || event.key === "GroupSeparator") return GS;
  return event.key.length === 1 && !event.ctrlKey && !event.metaKey ? event.key : "";
}
