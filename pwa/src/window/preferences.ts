/** What belongs to this phone and no record: look, glove mode, last language, last lens. */
import type { Language } from "../api/types.ts";

export type Theme = "system" | "light" | "dark";

const read = (name: string) => window.localStorage.getItem(`lotgate.${name}`);
const write = (name: string, value: string) => window.localStorage.setItem(`lotgate.${name}`, value);

export function theme(): Theme {
  const kept = read("theme");
  return kept === "light" || kept === "dark" ? kept : "system";
}

export function setTheme(value: Theme): void {
  write("theme", value);
  applyLook();
}

export function gloves(): boolean {
  return read("gloves") === "yes";
}

export function setGloves(on: boolean): void {
  write("gloves", on ? "yes" : "no");
  applyLook();
}

export function applyLook(): void {
  const root = document.documentElement;
  if (theme() === "system") delete root.dataset["theme"];
  else root.dataset["theme"] = theme();
  root.toggleAttribute("data-glove", gloves());
}

/** The last language on this phone, else the browser's. */
export function firstLanguage(): Language {
  const kept = read("language");
  if (kept === "en" || kept === "zh") return kept;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export function rememberLanguage(language: Language): void {
  write("language", language);
}

export function lens(): string | null {
  return read("lens");
}

export function rememberLens(deviceId: string): void {
  write("lens", deviceId);
}

/** Labels one after the other, without a tap between them. */
export function continuous(): boolean {
  return read("continuous") === "yes";
}

export function rememberContinuous(on: boolean): void {
  write("continuous", on ? "yes" : "no");
}

/** How the hand scanner of this device types; found out by its self-test. */
export function scannerLayout(): "as_typed" | "us" {
  return read("scanner_layout") === "us" ? "us" : "as_typed";
}

export function rememberScannerLayout(layout: "as_typed" | "us"): void {
  write("scanner_layout", layout);
}
