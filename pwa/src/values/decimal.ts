/** Exact decimals as text: compared and added without a float ever touching them. */
interface Scaled {
  units: bigint;
  scale: number;
}

export function isDecimal(text: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(text);
}

/** Negative, zero or positive as `a` is less than, equal to or more than `b`. */
export function compare(a: string, b: string): number {
  const [one, other] = alike(a, b);
  return one < other ? -1 : one > other ? 1 : 0;
}

export function add(a: string, b: string): string {
  const scale = Math.max(scaled(a).scale, scaled(b).scale);
  const [one, other] = alike(a, b);
  return write({ units: one + other, scale });
}

/** Without the trailing zeros that a person does not need: "500.000" is shown as "500". */
export function plain(text: string): string {
  return isDecimal(text) && text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function alike(a: string, b: string): [bigint, bigint] {
  const [one, other] = [scaled(a), scaled(b)];
  const scale = Math.max(one.scale, other.scale);
  const lift = (value: Scaled) => value.units * 10n ** BigInt(scale - value.scale);
  return [lift(one), lift(other)];
}

function scaled(text: string): Scaled {
  const [whole = "0", fraction = ""] = text.split(".");
  return { units: BigInt(whole + fraction), scale: fraction.length };
}

function write({ units, scale }: Scaled): string {
  const sign = units < 0n ? "-" : "";
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  return scale === 0 ? sign + whole : `${sign}${whole}.${digits.slice(-scale)}`;
}
