/** What the screens of being told ask the server. */
import { get, post, put } from "../../api/client.ts";
import type { components } from "../../api/schema.d.ts";

type S = components["schemas"];
export type Telling = S["TellingPage"];
export type Message = S["MessageLine"];
export type ChannelKind = S["AddChannel"]["kind"];
export interface Wish {
  quiet_from: string | null;
  quiet_until: string | null;
  digest_at: string | null;
  deputy_id: string | null;
}
export interface NewChannel {
  kind: ChannelKind;
  name: string;
  address: string;
  secret: string | null;
  urgent_only: boolean;
}

export const getTelling = () => get<Telling>("/api/telling");
export const setTelling = (body: Wish & { id: string }) => put<Telling>("/api/telling", body);
export const addChannel = (body: NewChannel & { id: string }) => post<unknown>("/api/channels", body);
export const addGroup = (body: NewChannel & { id: string; roles: S["AddGroupChannel"]["roles"] }) => post<unknown>("/api/group-channels", body);
export const endChannel = (channel: string, body: { id: string }) => post<Telling>(`/api/channels/${channel}/end`, body);
export const tryChannels = (body: { id: string }) => post<number>("/api/channel-tests", body);
export const listMessages = (only: string) => get<Message[]>(`/api/messages${only ? `?only=${only}` : ""}`);
export const retryMessage = (message: string, body: { id: string }) => post<Message[]>(`/api/messages/${message}/retry`, body);
