/**
 * One way to the server. Three outcomes: the answer, an `ApiProblem` (the server said no and why), or `Unreachable`
 * (nobody knows whether it arrived: only a command with an id may be sent again).
 */
import type { Problem, Reason } from "./types.ts";

const PATIENCE_MS = 15_000;

export class Unreachable extends Error {}

export class ApiProblem extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.code);
    this.problem = problem;
  }

  get status(): number {
    return this.problem.status;
  }

  get code(): string {
    return this.problem.code;
  }

  get reasons(): Reason[] {
    return this.problem.reasons;
  }

  has(code: string): boolean {
    return this.code === code || this.reasons.some((reason) => reason.code === code);
  }
}

type Listener = (reached: boolean) => void;
let csrf = "";
let heard: Listener = () => {};
let heardTrial: (said: string | null) => void = () => {};
let turnedOut: () => void = () => {};
let underWay = 0;

/** The token that every unsafe request of this session carries. */
export function useCsrf(token: string): void {
  csrf = token;
}

/** Tells `listener` after each request whether the server could be reached. */
export function onReach(listener: Listener): void {
  heard = listener;
}

/** Tells `listener` with each answer what the server says of trial runs. */
export function onTrial(listener: (said: string | null) => void): void {
  heardTrial = listener;
}

/** Calls `listener` when the server does not know this session any more: expired, ended, or its person deactivated. */
export function onTurnedOut(listener: () => void): void {
  turnedOut = listener;
}

const PAUSE_MS = 300;

/** Resolves when nothing is being asked: what can wait then takes no line from what a person waits for. */
export async function quiet(): Promise<void> {
  do await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  while (underWay > 0);
}

export function get<T>(path: string): Promise<T> {
  return call<T>("GET", path);
}

export function post<T>(path: string, body: object): Promise<T> {
  return call<T>("POST", path, JSON.stringify(body), "application/json");
}

export function put<T>(path: string, body: object): Promise<T> {
  return call<T>("PUT", path, JSON.stringify(body), "application/json");
}

export function remove<T>(path: string): Promise<T> {
  return call<T>("DELETE", path);
}

/** Sends bytes as they are (a picture), under their own media type. */
export function postBytes<T>(path: string, bytes: Blob): Promise<T> {
  return call<T>("POST", path, bytes, bytes.type || "application/octet-stream");
}

/** Asks for a file: what a command makes to be printed. */
export function postForFile(path: string, body: object): Promise<Blob> {
  return call("POST", path, JSON.stringify(body), "application/json", (response) => response.blob());
}

async function asJson<T>(response: Response): Promise<T> {
  const text = await response.text();
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

async function call<T>(
  method: string,
  path: string,
  body?: string | Blob,
  mediaType?: string,
  read: (response: Response) => Promise<T> = asJson<T>,
): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json, application/problem+json" };
  if (method !== "GET") headers["X-Lotgate-CSRF"] = csrf;
  if (mediaType !== undefined) headers["Content-Type"] = mediaType;
  const signal = AbortSignal.timeout(body instanceof Blob ? PATIENCE_MS * 4 : PATIENCE_MS);
  let response: Response;
  let answer: { value: T } | { problem: string };
  underWay += 1;
  try {
    response = await fetch(path, { method, headers, signal, credentials: "same-origin", ...(body && { body }) });
    answer = response.ok ? { value: await read(response) } : { problem: await response.text() };
  } catch {
    heard(false);
    throw new Unreachable(path);
  } finally {
    underWay -= 1;
  }
  // A gateway that answers in place of the server knows nothing about the command.
  const foreign = response.status >= 502 && response.status <= 504;
  heard(!foreign);
  if (foreign) throw new Unreachable(path);
  heardTrial(response.headers.get("x-lotgate-trial"));
  if (response.status === 401) turnedOut();
  if ("problem" in answer) throw new ApiProblem(readProblem(response.status, answer.problem));
  return answer.value;
}

function readProblem(status: number, text: string): Problem {
  const bare: Problem = { status, title: "", detail: "", code: `http_${status}`, reasons: [] };
  try {
    const read = JSON.parse(text) as Partial<Problem>;
    return { ...bare, ...read, status, reasons: read.reasons ?? [] };
  } catch {
    return bare;
  }
}
