/** A draft while somebody writes on it: kept on the server after each pause, and in this browser until it is. */
import { ApiProblem } from "../../../api/client.ts";
import { makeId } from "../../../outbox/ids.ts";
import { loadWords } from "../../../words/words.svelte.ts";
import { here } from "../../session.svelte.ts";
import { getVersion, keepDraft, type Line, type PlanSheet, type SkipLot } from "./calls.ts";
import { merge, type Merged, same } from "./merge.ts";

const PAUSE_MS = 1200;
const NUMBER = /^-?\d+(\.\d+)?$/;
const NUMBERS = ["lower", "upper", "target", "resolution"] as const;
const LIMITS = ["lod", "loq", "uloq"] as const;

export interface Card {
  /** Of the card on the screen: a code may change while it is typed. */
  key: string;
  line: Line;
}

export function blank(): Line {
  return {
    code: "",
    name: { en: "", zh: "" },
    kind: "attribute",
    severity: "major",
    method: { document: "", version: "" },
    sampling: { rule: "iso2859_1", level: "II", aql: "1.0", standard: "iso2859-1" },
    check: "characteristic",
    unit: "",
    rounding: "none",
    photo_required: false,
    defects: [],
  };
}

export class Draft {
  cards = $state<Card[]>([]);
  skip = $state<SkipLot | null>(null);
  sheet = $state.raw<PlanSheet>() as PlanSheet;
  open = $state<string | null>(null);
  removed = $state.raw<{ card: Card; place: number } | null>(null);
  theirs = $state.raw<Merged["theirs"]>([]);
  by = $state("");
  dirty = $state(false);
  busy = $state(false);
  error = $state.raw<unknown>(null);
  #base: Line[] = [];
  #timer: number | undefined;

  constructor(sheet: PlanSheet) {
    this.#take(sheet);
    const left = this.#left();
    if (left !== null && !same(left.lines, sheet.document.characteristics)) {
      // What this browser could not send the last time, on whatever the draft has become since.
      const merged = merge(left.base, left.lines, sheet.document.characteristics);
      this.#show(merged.lines);
      this.theirs = merged.theirs;
      this.touch();
    }
  }

  get lines(): Line[] {
    return this.cards.map((card) => tidy($state.snapshot(card.line) as Line));
  }

  /** The numbers of a card that are none. */
  unreadable(line: Line): string[] {
    const wrong = (text: string | null | undefined) => text && !NUMBER.test(digits(text));
    return [...NUMBERS.filter((field) => wrong(line[field])), ...LIMITS.filter((name) => wrong(line.detection?.[name]))];
  }

  get blocked(): boolean {
    return this.cards.some((card) => this.unreadable(card.line).length > 0);
  }

  touch(): void {
    this.dirty = true;
    localStorage.setItem(this.#place, JSON.stringify({ base: this.#base, lines: this.lines }));
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.save(), PAUSE_MS);
  }

  add(line: Line, place = this.cards.length): void {
    const card = { key: makeId(), line };
    this.cards.splice(place, 0, card);
    this.open = card.key;
    this.touch();
  }

  copy(card: Card): void {
    const line = $state.snapshot(card.line) as Line;
    let count = 2;
    while (this.cards.some((one) => one.line.code === `${line.code}${count}`)) count += 1;
    this.add({ ...line, code: `${line.code}${count}` }, this.cards.indexOf(card) + 1);
  }

  remove(card: Card): void {
    const place = this.cards.indexOf(card);
    this.removed = { card, place };
    this.cards.splice(place, 1);
    this.touch();
  }

  undo(): void {
    const removed = this.removed;
    if (removed === null) return;
    this.removed = null;
    this.cards.splice(removed.place, 0, removed.card);
    this.open = removed.card.key;
    this.touch();
  }

  move(card: Card, by: number): void {
    const place = this.cards.indexOf(card);
    this.cards.splice(place, 1);
    this.cards.splice(place + by, 0, card);
    this.touch();
  }

  takeTheirs(code: string): void {
    const found = this.theirs.find((one) => one.code === code);
    if (found === undefined) return;
    const place = this.cards.findIndex((card) => card.line.code === code);
    if (found.line === null) this.cards.splice(place, 1);
    else if (this.cards[place]) this.cards[place].line = found.line;
    this.keepMine(code);
  }

  keepMine(code: string): void {
    this.theirs = this.theirs.filter((one) => one.code !== code);
    this.touch();
  }

  /** Sends what was written; true: the server has all of it. */
  async save(): Promise<boolean> {
    window.clearTimeout(this.#timer);
    if (!this.dirty) return true;
    if (this.blocked || this.theirs.length > 0) return false;
    if (this.busy) {
      this.#timer = window.setTimeout(() => void this.save(), PAUSE_MS);
      return false;
    }
    this.busy = true;
    const lines = this.lines;
    const skip = $state.snapshot(this.skip);
    try {
      await keepDraft(this.sheet.id, { id: makeId(), version: this.sheet.version, document: { characteristics: lines, skip_lot: skip } });
      this.error = null;
      await this.#after(lines, skip);
      return !this.dirty;
    } catch (error) {
      if (error instanceof ApiProblem && error.has("plan_draft_changed")) await this.#meet(error);
      else {
        await loadWords();
        this.error = error;
      }
      return false;
    } finally {
      this.busy = false;
    }
  }

  async #after(sent: Line[], skip: SkipLot | null): Promise<void> {
    this.sheet = await getVersion(this.sheet.id);
    this.#base = this.sheet.document.characteristics;
    this.dirty = !same([sent, skip], [this.lines, $state.snapshot(this.skip)]);
    if (this.dirty) this.touch();
    else localStorage.removeItem(this.#place);
  }

  async #meet(problem: ApiProblem): Promise<void> {
    const mine = this.lines;
    const before = this.#base;
    this.by = String(problem.reasons[0]?.facts?.["by"] ?? "");
    const sheet = await getVersion(this.sheet.id);
    const merged = merge(before, mine, sheet.document.characteristics);
    this.sheet = sheet;
    this.#base = sheet.document.characteristics;
    this.#show(merged.lines);
    this.theirs = merged.theirs;
    this.touch();
  }

  refresh(sheet: PlanSheet): void {
    this.sheet = sheet;
    this.#base = sheet.document.characteristics;
  }

  #take(sheet: PlanSheet): void {
    this.sheet = sheet;
    this.#base = sheet.document.characteristics;
    this.skip = sheet.document.skip_lot ?? null;
    this.#show(this.#base);
  }

  #show(lines: Line[]): void {
    this.cards = lines.map((line) => ({ key: makeId(), line: structuredClone(line) }));
  }

  get #place(): string {
    return `lotgate.plan.${here.session?.person.id}.${this.sheet.id}`;
  }

  #left(): { base: Line[]; lines: Line[] } | null {
    const text = localStorage.getItem(this.#place);
    return text === null ? null : (JSON.parse(text) as { base: Line[]; lines: Line[] });
  }
}

function digits(text: string | null | undefined): string {
  return (text ?? "").normalize("NFKC").trim().replace(",", ".").replace("−", "-");
}

function detection(of: Line["detection"]): NonNullable<Line["detection"]> | null {
  const limit = (text: string | null | undefined) => (text && NUMBER.test(digits(text)) ? digits(text) : null);
  const limits = { lod: limit(of?.lod), loq: limit(of?.loq), uloq: limit(of?.uloq) };
  return of && Object.values(limits).some((one) => one !== null) ? { ...limits, rule: of.rule ?? "interval" } : null;
}

/** As the server takes it: an empty number is none, what its kind has not is left out. */
function tidy(line: Line): Line {
  const numeric = line.kind === "numeric";
  const numbers = Object.fromEntries(NUMBERS.map((field) => [field, (numeric || field === "resolution") && line[field] ? digits(line[field]) : null]));
  const point = line.sampling_point;
  return {
    ...line,
    ...numbers,
    code: line.code.trim(),
    unit: numeric ? (line.unit ?? "").trim() : "",
    rounding: numeric ? line.rounding : "none",
    resolution: numeric ? (numbers["resolution"] ?? null) : null,
    instrument_type: line.instrument_type?.trim() || null,
    detection: numeric ? detection(line.detection) : null,
    replicates: numeric ? (line.replicates ?? null) : null,
    formula: numeric ? (line.formula ?? null) : null,
    defects: line.kind === "attribute" ? (line.defects ?? []) : [],
    sampling_point: point && (point.en.trim() || point.zh.trim()) ? point : null,
  };
}
