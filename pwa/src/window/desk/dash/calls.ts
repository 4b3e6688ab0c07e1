/** Calls of the pages of numbers, fetched with them. */
import { get } from "../../../api/client.ts";
import type { components } from "../../../api/schema.d.ts";

type S = components["schemas"];
export type Dashboard = S["DashboardView"];
export type Figure = S["KeyFigure"];
export type Behind = S["RecordsView"];
export type Page = Dashboard["page"];

export const getDashboard = (page: Page, days: number) => get<Dashboard>(`/api/dashboards/${page}?days=${days}`);
export const getBehind = (page: Page, code: string, key: string | null, days: number) =>
  get<Behind>(`/api/dashboards/${page}/${code}?${new URLSearchParams({ days: String(days), ...(key !== null && { key }) })}`);
