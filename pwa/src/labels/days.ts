/** How a label's short dates become ISO days. */
import { lastDay } from "./values.ts";

/** The full year of a two-digit one: at most 49 years ahead of `today`, at most 50 back (General Specifications 7.12). */
export function centuryOf(year: number, today: string): number {
  const thisYear = Number(today.slice(0, 4));
  const gap = year - (thisYear % 100);
  return thisYear - (thisYear % 100) + (gap >= 51 ? -100 : gap <= -50 ? 100 : 0) + year;
}

/** YYMMDD as an ISO day: day 00 is the last of its month; null for a day that never comes. */
export function labelDay(digits: string, today: string): string | null {
  const [yy, month, day] = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4, 6)].map(Number) as [number, number, number];
  const year = centuryOf(yy, today);
  if (month < 1 || month > 12) return null;
  return isoDay(year, month, day || lastDay(year, month));
}

/** YYMMDD or YYYYMMDD with a real day, as MA and AHM write them; null for anything else. */
export function fullDay(digits: string, today: string): string | null {
  if (digits.length === 6) return digits.endsWith("00") ? null : labelDay(digits, today);
  return isoDay(Number(digits.slice(0, 4)), Number(digits.slice(4, 6)), Number(digits.slice(6)));
}

/** Null for a day that the calendar does not have. */
export function isoDay(year: number, month: number, day: number): string | null {
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > lastDay(year, month)) return null;
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}
