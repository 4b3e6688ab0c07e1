/** GS1 check digit (General Specifications 7.9): weights 3 and 1 from the right, sum to a multiple of ten. */
export function checkDigit(body: string): string {
  let sum = 0;
  for (let place = 0; place < body.length; place += 1) {
    sum += Number(body[body.length - 1 - place]) * (place % 2 === 0 ? 3 : 1);
  }
  return String((10 - (sum % 10)) % 10);
}

/** GTIN-8, -12, -13 or -14 as the fourteen digits under which items are known; null when it is none. */
export function asGtin14(number: string): string | null {
  const digits = number.replace(/[\s-]/g, "");
  if (!/^(?:\d{8}|\d{12,14})$/.test(digits) || checkDigit(digits.slice(0, -1)) !== digits.slice(-1)) return null;
  return digits.padStart(14, "0");
}
