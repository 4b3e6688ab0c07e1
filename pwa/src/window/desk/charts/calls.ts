/** The server's operations on control charts; fetched with the desk's screens. */
import { get, post } from "../../../api/client.ts";
import type { components } from "../../../api/schema.d.ts";

type S = components["schemas"];
export type Desk = S["ChartDesk"];
export type Material = S["ChartMaterial"];
export type Sheet = S["ChartSheet"];
export type Point = S["PointShown"];
export type SignalLine = S["SignalLine"];
export type SignalSheet = S["SignalSheet"];
export type Supplier = S["ChartSupplier"];

export const listCharts = () => get<Desk>("/api/charts");
export const listItemCharts = (item: string) => get<Material>(`/api/charts/${encodeURIComponent(item)}`);
export const getChart = (item: string, stage: string, characteristic: string, query: URLSearchParams) =>
  get<Sheet>(`/api/charts/${[item, stage, characteristic].map(encodeURIComponent).join("/")}${query.size > 0 ? `?${query}` : ""}`);
export type FactorSheet = S["FactorSheet"];
export type Ranked = S["Ranked"];
export type Unranked = S["Unranked"];

export const getFactors = (item: string, stage: string, characteristic: string) =>
  get<FactorSheet>(`/api/charts/${[item, stage, characteristic].map(encodeURIComponent).join("/")}/factors`);
export const getSignal = (id: string) => get<SignalSheet>(`/api/chart-signals/${id}`);
export const answerSignal = (id: string, body: { id: string; answer: string; reason: string; ncr: string | null; version: number }) =>
  post<SignalSheet>(`/api/chart-signals/${id}/answer`, body);
