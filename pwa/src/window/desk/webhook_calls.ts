/** What the screen of webhooks asks the server. */
import { get, post } from "../../api/client.ts";
import type { components } from "../../api/schema.d.ts";

type S = components["schemas"];
export type Webhooks = S["WebhookPage"];
export type Webhook = S["WebhookLine"];
export type Delivery = S["DeliveryLine"];
type Secret = S["WebhookSecret"];

export const listWebhooks = () => get<Webhooks>("/api/webhooks");
export const addWebhook = (body: { id: string; name: string; address: string; types: string[] }) => post<Secret>("/api/webhooks", body);
export const changeWebhook = (webhook: string, body: { id: string; types: string[]; active: boolean }) => post<Webhooks>(`/api/webhooks/${webhook}`, body);
export const rotateSecret = (webhook: string, body: { id: string; at_once: boolean }) => post<Secret>(`/api/webhooks/${webhook}/secret`, body);
export const tryWebhook = (webhook: string, body: { id: string }) => post<string>(`/api/webhooks/${webhook}/trial`, body);
export const listDeliveries = (webhook: string) => get<Delivery[]>(`/api/webhooks/${webhook}/deliveries`);
