/** What the screens of reports ask the server. */
import { ApiProblem, get, post, Unreachable } from "../../../api/client.ts";
import type { components } from "../../../api/schema.d.ts";
import type { Problem } from "../../../api/types.ts";
import { reported } from "./days.ts";

export const KINDS = {
  lot_history: ["lot"],
  batch_record: ["order"],
  supplier_report: ["supplier", "since", "until"],
  audit_extract: ["since", "until", "lot", "person", "type"],
  trace_list: ["lot"],
  recall_report: ["recall"],
  mock_recall_report: ["recall"],
  lot_list: ["since", "until", "lot", "supplier", "item", "line", "equipment", "person"],
} as const;
export type Kind = keyof typeof KINDS;
export type Filter = (typeof KINDS)[Kind][number];
export type Filters = Partial<Record<Filter, string>>;
type S = components["schemas"];
export type Schedule = S["ScheduleLine"];
export type Order = S["ScheduleReport"];
export const listSchedules = () => get<Schedule[]>("/api/report-schedules");
export const orderReport = (body: Order) => post<Schedule[]>("/api/report-schedules", body);
export const steerSchedule = (schedule: string, body: { id: string; step: "pause" | "resume" | "end" }) => post<Schedule[]>(`/api/report-schedules/${schedule}/step`, body);

export const FORMS = ["pdf", "xlsx", "csv", "json"] as const;

/** The filters that this report takes and that say something. */
export function asked(kind: Kind, filters: Filters): Filters {
  const names: readonly Filter[] = KINDS[kind];
  return Object.fromEntries(names.flatMap((name) => (filters[name]?.trim() ? [[name, reported(name, filters[name].trim())]] : [])));
}

/** Fetches a report and hands it to the browser's downloads. */
export async function take(kind: Kind, filters: Filters, form: string, language: string): Promise<void> {
  await save(`/api/reports/${kind}?${new URLSearchParams({ ...asked(kind, filters), form, language })}`, `${kind}.${form}`);
}

export async function save(path: string, name: string): Promise<void> {
  const response = await fetch(path, { credentials: "same-origin" }).catch(() => null);
  if (response === null) throw new Unreachable();
  if (!response.ok) throw new ApiProblem((await response.json()) as Problem);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1] ?? name;
  link.click();
  URL.revokeObjectURL(link.href);
}
