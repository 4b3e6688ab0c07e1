/** Who is signed in on this phone, and what follows from it: language, zone, token, whose outbox is sent. */
import { getSession, setLanguage, signIn, signOut } from "../api/calls.ts";
import { ApiProblem, onReach, onTrial, onTurnedOut, quiet, Unreachable, useCsrf } from "../api/client.ts";
import { forgetKept, forgetSession, keep, keepFor, readKept } from "../api/kept.ts";
import type { Language, Session } from "../api/types.ts";
import { outbox } from "../outbox/outbox.svelte.ts";
import { witness } from "../trust/witness.svelte.ts";
import { useZone } from "../words/moments.ts";
import { loadWords, speak } from "../words/words.svelte.ts";
import { fetchForOffline } from "./offline.ts";
import { rememberLanguage } from "./preferences.ts";
import { trial } from "./trial.svelte.ts";

class Here {
  session = $state.raw<Session | null>(null);
  /** False until it is known whether somebody is signed in. */
  known = $state(false);
  online = $state(navigator.onLine);

  may(action: string): boolean {
    return this.session?.rights.includes(action) ?? false;
  }

  has(...roles: string[]): boolean {
    return this.session?.person.roles.some((role) => roles.includes(role)) ?? false;
  }
}

export const here = new Here();

/** Finds out who is signed in, asked for while words and screens still come; without a network the last one on this phone. */
export async function open(asked: Promise<Session>): Promise<void> {
  try {
    await begin(await asked);
  } catch (error) {
    if (error instanceof Unreachable) {
      const kept = await readKept<Session>("/api/session");
      if (kept !== null) await begin(kept.value);
    } else if (!(error instanceof ApiProblem)) throw error;
  } finally {
    here.known = true;
  }
}

export async function enter(login: string, password: string): Promise<void> {
  await begin(await signIn(login, password));
}

export async function refresh(): Promise<void> {
  const session = await getSession();
  useCsrf(session.csrf);
  here.session = session;
  await keep("/api/session", session);
}

/** Leaves this phone clean for the next person; while something waits in the outbox, nothing but the session is wiped. */
export async function leave(): Promise<void> {
  try {
    await signOut();
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
  }
  await forget();
  here.session = null;
}

/** Whoever is out reads nothing more here, with or without a network; what they will need to send the rest stays. */
const forget = () => Promise.all([outbox.mine.length > 0 ? forgetSession() : forgetKept(), hush()]);

/** Nor are they told anything here any more: the push service says so to the server, which ends the channel. */
async function hush(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  const subscription = await registration?.pushManager?.getSubscription().catch(() => null);
  await subscription?.unsubscribe().catch(() => false);
}

export async function changeLanguage(language: Language): Promise<void> {
  await speak(language);
  rememberLanguage(language);
  if (here.session === null) return;
  try {
    here.session = await setLanguage(language);
    await keep("/api/session", here.session).catch(() => {});
  } catch (error) {
    // The page speaks the new language already; the server hears of it the next time.
    if (!(error instanceof Unreachable)) throw error;
  }
}

async function begin(session: Session): Promise<void> {
  useCsrf(session.csrf);
  useZone(session.site.zone);
  keepFor(session.person.id);
  await Promise.all([speak(session.person.language), outbox.belongTo(session.person.id)]);
  rememberLanguage(session.person.language);
  // Shown first: nothing on the screen waits until the phone's own store has written.
  here.session = session;
  here.known = true;
  // A full phone does not keep whose it is, and knows nobody without a network; all else goes on.
  await keep("/api/session", session).catch(() => {});
  await witness.load();
  void sync(session);
}

/**
 * Sends what waits; once the screen has what it asked for, looks at the log and fetches what work without a network will
 * need.
 */
export async function sync(session: Session | null = here.session): Promise<void> {
  if (session === null) return;
  try {
    await outbox.open(session.person.id);
    await quiet();
    await witness.look();
    await fetchForOffline();
    await loadWords();
  } catch (error) {
    if (!(error instanceof ApiProblem || error instanceof Unreachable)) throw error;
  }
}

const RETRY_MS = 20_000;

/** iOS wakes no page in the background, so every sign of life is a chance to send. */
export function watch(): void {
  onReach((reached) => {
    const back = reached && !here.online;
    here.online = reached;
    // Browsers do not always say that the network is back; the first answer does.
    if (back) void sync();
  });
  onTrial((said) => trial.hear(said));
  onTurnedOut(() => {
    here.session = null;
    void forget();
  });
  window.addEventListener("online", () => void sync());
  window.addEventListener("offline", () => {
    here.online = false;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void sync();
  });
  window.setInterval(() => {
    const worthIt = outbox.waiting.length > 0 || !here.online;
    if (worthIt && document.visibilityState === "visible") void sync();
  }, RETRY_MS);
}
