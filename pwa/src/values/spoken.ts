/** The number in what a browser heard: digits, or words one by one, in English and Chinese. */
const WORDS: Readonly<Record<string, string>> = {
  zero: "0", oh: "0", one: "1", two: "2", three: "3", four: "4", five: "5", six: "6", seven: "7", eight: "8", nine: "9",
  ten: "10", point: ".", dot: ".", minus: "-", negative: "-",
  零: "0", 〇: "0", 一: "1", 幺: "1", 二: "2", 两: "2", 三: "3", 四: "4", 五: "5", 六: "6", 七: "7", 八: "8", 九: "9", 点: ".", 點: ".", 负: "-", 負: "-",
};

/** Null where nothing or more than one number was heard: a doubtful reading is said again, never guessed. */
export function numberIn(heard: string): string | null {
  const text = heard.normalize("NFKC").toLowerCase();
  if (/[十百千万萬]/.test(text)) return chineseTens(text);
  const parts = text.match(/[a-z]+|[零〇一幺二两三四五六七八九点點负負]|\d+(?:\.\d+)?|[.\-]/g) ?? [];
  const known = parts.map((part) => (/^[\d.\-]/.test(part) ? part : WORDS[part])).filter((part) => part !== undefined);
  // "four point ten" and "4 5" said as two numbers are not one.
  if (parts.filter((part) => /^\d/.test(part)).length > 1 && !known.includes(".")) return null;
  if (known.filter((part) => part === "10").length > 0 && known.length > 1) return null;
  return decimal(known.join(""));
}

/** Eleven to ninety-nine, as they are said: 十二, 二十, 二十五点三. */
function chineseTens(text: string): string | null {
  const found = /^\D*?(负|負)?([二两三四五六七八九])?十([一二三四五六七八九])?(?:[点點]([零〇一幺二两三四五六七八九]+))?\D*$/.exec(text);
  if (found === null || /[百千万萬]/.test(text)) return null;
  const [, minus, tens, units, fraction] = found;
  const whole = (WORDS[tens ?? "一"] ?? "") + (units === undefined ? "0" : WORDS[units]);
  const rest = fraction === undefined ? "" : "." + [...fraction].map((digit) => WORDS[digit]).join("");
  return decimal((minus === undefined ? "" : "-") + whole + rest);
}

const decimal = (text: string) => (/^-?\d+(\.\d+)?$/.test(text) ? text : null);
