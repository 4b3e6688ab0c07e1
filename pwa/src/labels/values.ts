/** The rules about values that the table of facts names; what each says stands in the server's gs1_values.py. */
import { checkDigit } from "./check_digit.ts";
import { COUNTRIES, COUNTRY_LETTERS, COUPON, CURRENCIES, PACKAGES, POSITIVE_OFFER } from "./facts.ts";

/** Character sets; where `=` may stand in set 64 is the rule `padding`. */
export const CHARACTERS: Record<string, string> = {
  N: "[0-9]",
  X: "[!\"%&'()*+,\\-./0-9:;<=>?A-Z_a-z]",
  Y: "[#\\-/0-9A-Z]",
  Z: "[0-9A-Za-z_\\-=]",
};
export const DATES = new Set(["yymmd0", "yymmdd", "yyyymmdd"]);

const SET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
const PAIR = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83];
const setOf = (text: string) => new Set(text.trim().split(/\s+/));
const [countries, letters, currencies, packages] = [COUNTRIES, COUNTRY_LETTERS, CURRENCIES, PACKAGES].map(setOf) as [
  Set<string>,
  Set<string>,
  Set<string>,
  Set<string>,
];
const coupon = new RegExp(`^(?:${COUPON})$`);
const positiveOffer = new RegExp(`^(?:${POSITIVE_OFFER})$`);

/** Rules whose answer names the right check characters. */
export const CHECKS: Record<string, (text: string) => string> = {
  csum: (text) => checkDigit(text.slice(0, -1)),
  csumalpha: (text) => (text.length > 2 ? checkPair(text.slice(0, -2)) : ""),
};

export const RULES: Record<string, (text: string) => boolean> = {
  csum: (text) => checkDigit(text.slice(0, -1)) === text.slice(-1),
  csumalpha: (text) => text.length > 2 && checkPair(text.slice(0, -2)) === text.slice(-2),
  gcp1: (text) => /^[0-9]{4}/.test(text),
  gcp2: (text) => /^.[0-9]{4}/.test(text),
  yymmd0: (text) => isDay(text, true),
  yymmdd: (text) => isDay(text),
  yyyymmdd: (text) => isDay(text),
  hh: (text) => Number(text) < 24,
  mi: (text) => Number(text) < 60,
  ss: (text) => Number(text) < 60,
  hhmi: (text) => Number(text.slice(0, 2)) < 24 && Number(text.slice(2)) < 60,
  iso3166: (text) => countries.has(text),
  iso3166999: (text) => text === "999" || countries.has(text),
  iso3166alpha2: (text) => letters.has(text),
  iso4217: (text) => currencies.has(text),
  iban: isIban,
  iso5218: (text) => "0129".includes(text),
  yesno: (text) => "01".includes(text),
  winding: (text) => "019".includes(text),
  latitude: (text) => Number(text) <= 180e7,
  longitude: (text) => Number(text) <= 360e7,
  mediatype: (text) => (Number(text) >= 1 && Number(text) <= 10) || Number(text) >= 80,
  packagetype: (text) => packages.has(text),
  importeridx: (text) => /^[0-9A-Za-z_-]*$/.test(text),
  pcenc: (text) => !/%(?![0-9A-Fa-f]{2})/.test(text),
  hyphen: (text) => /^-+$/.test(text),
  nonzero: (text) => /[1-9]/.test(text),
  zero: (text) => !/[1-9]/.test(text),
  nozeroprefix: (text) => text === "0" || !text.startsWith("0"),
  pieceoftotal: (text) => isPlaceOf(text.slice(0, text.length / 2), text.slice(text.length / 2)),
  posinseqslash: (text) => {
    const [, place, total] = /^([1-9][0-9]*)\/([1-9][0-9]*)$/.exec(text) ?? [];
    return place !== undefined && total !== undefined && isPlaceOf(place, total);
  },
  hasnondigit: (text) => /[^0-9]/.test(text),
  couponcode: isCoupon,
  couponposoffer: (text) => positiveOffer.test(text),
  padding: isPadded,
};

/** The last day of a month, 1 to 12. */
export function lastDay(year: number, month: number): number {
  const last = new Date(0);
  last.setUTCFullYear(year, month, 0);
  return last.getUTCDate();
}

/** The check character pair of a GMN: prime weights from the right, modulo 1021 (General Specifications 7.9.5). */
function checkPair(payload: string): string {
  let total = 0;
  for (let place = 0; place < payload.length; place += 1) {
    total += SET_82.indexOf(payload[payload.length - 1 - place] ?? "") * (PRIMES[place] ?? 0);
  }
  return PAIR.charAt((total % 1021) >> 5) + PAIR.charAt(total % 1021 & 31);
}

/** Whether YYMMDD or YYYYMMDD is a day; `zero`: day 00 stands for the last of its month. */
function isDay(digits: string, zero = false): boolean {
  const year = Number(digits.slice(0, -4)) + (digits.length === 8 ? 0 : 2000);
  const [month, day] = [Number(digits.slice(-4, -2)), Number(digits.slice(-2))];
  if (year < 1 || month < 1 || month > 12 || (day === 0 && !zero)) return false;
  return day <= lastDay(year, month);
}

function isIban(text: string): boolean {
  if (!/^[0-9A-Z]{11,}$/.test(text) || !letters.has(text.slice(0, 2))) return false;
  let rest = 0;
  for (const sign of text.slice(4) + text.slice(0, 4)) {
    const digits = String(parseInt(sign, 36));
    rest = (rest * 10 ** digits.length + Number(digits)) % 97;
  }
  return rest === 1;
}

function isCoupon(text: string): boolean {
  const groups = coupon.exec(text)?.groups;
  if (groups === undefined) return false;
  const days = [groups["start"], groups["expiry"]].filter((day) => day !== undefined);
  return days.every((day) => isDay(day)) && (days.length < 2 || days[0]! <= days[1]!);
}

/** Padding as GS1's engine takes it: at most two `=`, and then a length that three divides. */
function isPadded(text: string): boolean {
  const bare = text.replace(/=+$/, "");
  const pads = text.length - bare.length;
  return !bare.includes("=") && (pads === 0 || (pads <= 2 && text.length % 3 === 0));
}

function isPlaceOf(place: string, total: string): boolean {
  return Number(place) > 0 && Number(place) <= Number(total);
}
