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

export type Habit = "gloves" | "left" | "large" | "voice" | "one_by_one";

/** What a person switched on for this phone. */
export function habit(name: Habit): boolean {
  return read(name) === "yes";
}

export function setHabit(name: Habit, on: boolean): void {
  write(name, on ? "yes" : "no");
  applyLook();
}

/** Something that is offered once and was answered: the tour, installing. */
export function isAnswered(name: "tour" | "install"): boolean {
  return read(name) === "answered";
}

export function answer(name: "tour" | "install"): void {
  write(name, "answered");
}

export function applyLook(): void {
  const root = document.documentElement;
  if (theme() === "system") delete root.dataset["theme"];
  else root.dataset["theme"] = theme();
  root.toggleAttribute("data-glove", habit("gloves"));
  root.toggleAttribute("data-left", habit("left"));
  root.toggleAttribute("data-large", habit("large"));
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

/** Whether the scanner at this phone was seen to hand FNC1 on: a scanner does so with each or with none. */
export function scannerSeparates(): boolean {
  return read("scanner_separates") === "yes";
}

export function rememberScannerSeparates(separates: boolean): void {
  write("scanner_separates", separates ? "yes" : "no");
}

export function rememberScannerLayout(layout: "as_typed" | "us"): void {
  write("scanner_layout", layout);
}
