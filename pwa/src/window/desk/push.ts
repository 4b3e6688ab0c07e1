/** This browser as a channel: notices that come while the page is shut. */
import { get } from "../../api/client.ts";
import type { components } from "../../api/schema.d.ts";
import { fromBase64Url, toBase64Url } from "../../trust/digest.ts";

export interface PushAddress {
  address: string;
  secret: string;
}
/** Why this browser cannot be told, as a word code; null when it can. */
export function pushObstacle(): "push_insecure" | "push_install" | "push_unsupported" | "push_denied" | null {
  if (!window.isSecureContext) return "push_insecure";
  if (!("PushManager" in window) || !("Notification" in window)) {
    // iOS has it for what was put on the home screen only.
    return /iPhone|iPad/.test(navigator.userAgent) ? "push_install" : "push_unsupported";
  }
  return Notification.permission === "denied" ? "push_denied" : null;
}

/** Asks the person, then the browser's push service. Throws the word code of what stands in the way. */
export async function subscribe(): Promise<PushAddress> {
  if ((await Notification.requestPermission()) !== "granted") throw "push_denied";
  const { key } = await get<components["schemas"]["PushFor"]>("/api/push-key");
  const { pushManager } = await navigator.serviceWorker.ready;
  let found: PushSubscription;
  try {
    // One for another house, or for a key that is no more, is of no use.
    await (await pushManager.getSubscription())?.unsubscribe();
    found = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: fromBase64Url(key) });
  } catch {
    throw "push_unreachable";
  }
  const [p256dh, auth] = [found.getKey("p256dh"), found.getKey("auth")];
  if (p256dh === null || auth === null) throw "push_unreachable";
  return { address: found.endpoint, secret: `${toBase64Url(p256dh)}.${toBase64Url(auth)}` };
}
