/**
 * Registers the offline shell. Without HTTPS or localhost a browser has no service worker; the page then works
 * online only. A newer build that was waiting takes over while the page is opening, never under a person's hands: to an
 * open page it is offered.
 */
import { update } from "./update.svelte.ts";

export async function registerServiceWorker(): Promise<void> {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register("/sw.js");
  update.watch(registration);
  if (registration.waiting === null) return;
  navigator.serviceWorker.addEventListener("controllerchange", () => window.location.reload(), { once: true });
  registration.waiting.postMessage("take-over");
}
