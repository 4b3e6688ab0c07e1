/** HIBC supplier labels (ANSI/HIBC 2.6); the table of their parts stands in the server's hibc.py. */
import type { Reason } from "../api/types.ts";
import { centuryOf, isoDay } from "./days.ts";
import type { Element } from "./gs1.ts";
import { valueOf, wrong, type Identity, type Said } from "./said.ts";

const SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";
/** Flag behind $$ -> the date that follows; 0 and 1 are digits of the month themselves, 7 says there is none. */
const DATES: Record<string, string> = {
  "0": "MMYY",
  "1": "MMYY",
  "2": "MMDDYY",
  "3": "YYMMDD",
  "4": "YYMMDDHH",
  "5": "YYJJJ",
  "6": "YYJJJHH",
  "7": "",
};
const ADDED: [string, RegExp][] = [
  ["S", /^[A-Z0-9.\- ]{1,20}$/],
  ["16D", /^[0-9]{8}$/],
  ["14D", /^[0-9]{8}$/],
  ["Q", /^[0-9]{1,5}$/],
];
const SIZES: Record<string, number> = { "8": 2, "9": 5 };

class Wrong extends Error {
  readonly reason: Reason;

  constructor(code: string, ai: string, value: string) {
    super(code);
    this.reason = { code, facts: { ai, value } };
  }
}

export function isHibc(text: string): boolean {
  return /^\*?\+[A-Z0-9$]/.test(text);
}

export function readHibc(text: string, today: string): Said {
  let body = text.startsWith("*") && text.endsWith("*") ? text.slice(1, -1) : text;
  if (body.length < 4 || [...body.replace(/_$/, "")].some((sign) => !SIGNS.includes(sign))) return wrong({ code: "not_a_label" });
  if (body.endsWith("_")) body = `${body.slice(0, -1)} `;
  else if (body.endsWith(" ") && checkCharacter(body.slice(0, -1)) !== " ") body = body.slice(0, -1);
  const expected = checkCharacter(body.slice(0, -1));
  const lost = expected !== body.at(-1) && checkCharacter(body) === " "; // a space at the end, or a sign read wrong
  if (lost) return wrong({ code: "label_ambiguous", facts: { readings: [`${body}_`] } });
  if (expected !== body.at(-1)) return wrong({ code: "check_digit_wrong", facts: { value: body, expected } });
  const elements: Element[] = [];
  try {
    for (const element of elementsOf(body.slice(1, -1), expected)) {
      if (valueOf(elements, element.ai) !== null) throw new Wrong("ai_repeated", element.ai, element.value);
      elements.push(element);
    }
    return { elements, identity: identityOf(elements, today), error: null };
  } catch (error) {
    if (error instanceof Wrong) return wrong(error.reason, elements);
    throw error;
  }
}

/** Whether the link of each secondary is the check character of the primary beside it; true where none has one. */
export function linked(first: Element[], second: Element[]): boolean {
  return [[first, second] as const, [second, first] as const].every(([one, other]) => {
    const link = valueOf(one, "LINK");
    return link === null || link === valueOf(other, "CHECK") || valueOf(other, "LINK") !== null;
  });
}

function checkCharacter(text: string): string {
  return SIGNS.charAt([...text].reduce((sum, sign) => sum + SIGNS.indexOf(sign), 0) % SIGNS.length);
}

function* elementsOf(text: string, check: string): Generator<Element> {
  const alone = !/^[A-Z]/.test(text);
  const segments = (alone ? text.slice(0, -1) : text).split("/");
  if (!alone) yield* primary(segments.shift() ?? "");
  for (const [place, segment] of segments.entries()) {
    yield* place === 0 && /^(?:\$|[0-9]{5})/.test(segment) ? secondary(segment) : added(segment);
  }
  if (alone) yield { ai: "LINK", value: text.slice(-1) };
  yield { ai: "CHECK", value: check };
}

function* primary(text: string): Generator<Element> {
  const found = /^([A-Z][A-Z0-9]{3})([A-Z0-9]{1,18})([0-9])$/.exec(text);
  if (found === null) throw new Wrong("ai_value_invalid", "LIC", text);
  for (const [place, ai] of ["LIC", "PCN", "U/M"].entries()) yield { ai, value: found[place + 1] ?? "" };
}

function* secondary(text: string): Generator<Element> {
  let rest = text.replace(/^\${1,2}/, "");
  const dollars = text.length - rest.length;
  const serial = dollars > 0 && rest.startsWith("+");
  if (serial) rest = rest.slice(1);
  if (dollars === 0) {
    yield dated("YYJJJ", "YYJJJ", rest);
    rest = rest.slice(5);
  } else if (dollars === 2) {
    const size = serial ? undefined : SIZES[rest.charAt(0)];
    if (size !== undefined) {
      yield quantity(`$$${rest.charAt(0)}`, rest.slice(1, 1 + size), size);
      rest = rest.slice(1 + size);
    }
    const [digit, flag] = [rest.charAt(0), serial ? "$$+" : "$$"];
    const form = DATES[digit];
    if (form === undefined && rest !== "") throw new Wrong("ai_value_invalid", "$$", text);
    if (form !== "MMYY") rest = rest.slice(1);
    if (form) {
      yield dated(form === "MMYY" ? flag : flag + digit, form, rest);
      rest = rest.slice(form.length);
    }
  }
  const ai = serial ? "SN" : "LOT";
  if (!/^[A-Z0-9.\- ]{0,18}$/.test(rest)) throw new Wrong("ai_value_invalid", ai, rest);
  if (rest !== "") yield { ai, value: rest };
}

function* added(text: string): Generator<Element> {
  const known = ADDED.find(([name]) => text.startsWith(name));
  if (known === undefined) throw new Wrong("ai_unknown", text.slice(0, 3), text);
  const [ai, form] = known;
  const value = text.slice(ai.length);
  if (!form.test(value)) throw new Wrong("ai_value_invalid", ai, value);
  if (ai.endsWith("D") && dayOf("YYYYMMDD", value, 0) === null) throw new Wrong("date_impossible", ai, value);
  yield { ai, value };
}

function quantity(ai: string, digits: string, size: number): Element {
  if (digits.length !== size || !/^[0-9]+$/.test(digits)) throw new Wrong("ai_value_invalid", ai, digits);
  return { ai, value: digits };
}

function dated(ai: string, form: string, text: string): Element {
  const digits = text.slice(0, form.length);
  if (digits.length !== form.length || !/^[0-9]+$/.test(digits)) throw new Wrong("ai_value_invalid", ai, digits);
  if (dayOf(form, digits, 2000) === null) throw new Wrong("date_impossible", ai, digits);
  return { ai, value: digits };
}

function identityOf(elements: Element[], today: string): Identity {
  const value = (ai: string) => valueOf(elements, ai);
  const date = elements.find(({ ai }) => ai === "YYJJJ" || /^\$\$\+?[2-6]?$/.test(ai));
  const iso = (digits: string | null) => (digits === null ? null : dayOf("YYYYMMDD", digits, 0));
  const count = (digits: string | null) => (digits === null ? null : digits.replace(/^0+(?=[0-9])/, ""));
  const identifier = ["LIC", "PCN", "U/M"].map((ai) => value(ai) ?? "").join("");
  return {
    device_identifier: identifier || null,
    lot: value("LOT"),
    serial: one("S", value("SN"), value("S")),
    production_date: iso(value("16D")),
    expiry: one("14D", date === undefined ? null : expiryOf(date, today), iso(value("14D"))),
    quantity: one("Q", count(value("$$8") ?? value("$$9")), count(value("Q"))),
    package_level: value("U/M"),
  };
}

/** The same field from two parts must say the same. */
function one(ai: string, first: string | null, second: string | null): string | null {
  if (first && second && first !== second) throw new Wrong("ai_repeated", ai, second);
  return first ?? second;
}

function expiryOf({ ai, value }: Element, today: string): string {
  const form = ai === "YYJJJ" ? ai : (DATES[ai.slice(-1)] ?? "MMYY");
  const year = centuryOf(Number(picked(form, value, "Y")), today);
  const day = dayOf(form, value, year - (year % 100));
  if (day === null) throw new Wrong("date_impossible", ai, value);
  return day;
}

/** The ISO day that `digits` are in this form; null for a day that never comes. MMYY is its month's last day. */
function dayOf(form: string, digits: string, century: number): string | null {
  const part = (letter: string) => Number(picked(form, digits, letter));
  const year = form.startsWith("YYYY") ? part("Y") : century + part("Y");
  if (part("H") > 23 || year < 1) return null;
  if (form.includes("J")) {
    const day = new Date(0);
    day.setUTCFullYear(year, 0, part("J"));
    return day.getUTCFullYear() === year ? day.toISOString().slice(0, 10) : null;
  }
  if (form.includes("D")) return isoDay(year, part("M"), part("D"));
  return [31, 30, 29, 28].map((day) => isoDay(year, part("M"), day)).find((day) => day !== null) ?? null;
}

function picked(form: string, digits: string, letter: string): string {
  return [...digits].filter((_, place) => form[place] === letter).join("");
}
