/** Days and times for people: a day is never shifted by a zone, a time is shown in the site's zone. */
import { speech } from "./words.svelte.ts";

let zone = "UTC";

export function useZone(name: string): void {
  zone = name;
}

export function siteZone(): string {
  return zone;
}

const locale = () => (speech.language === "zh" ? "zh-CN" : "en-GB");

/** "30 Nov 2026" or "2026年11月30日" of an ISO day. */
export function day(iso: string | null | undefined): string {
  if (!iso) return "–";
  const moment = new Date(`${iso.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(moment.getTime())
    ? iso
    : new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeZone: "UTC" }).format(moment);
}

/** Day and minute of a UTC time, in the site's zone. */
export function moment(iso: string | null | undefined): string {
  if (!iso) return "–";
  const at = new Date(iso);
  return Number.isNaN(at.getTime())
    ? iso
    : new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short", timeZone: zone }).format(at);
}

export function clock(iso: string): string {
  return new Intl.DateTimeFormat(locale(), { timeStyle: "short", timeZone: zone }).format(new Date(iso));
}

/** Today at the site as an ISO day. */
export function today(): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short" }).format(new Date());
}
