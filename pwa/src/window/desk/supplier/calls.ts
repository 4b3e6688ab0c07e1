/** What the screens of suppliers ask the server. */
import { get, post } from "../../../api/client.ts";
import type { components } from "../../../api/schema.d.ts";

type S = components["schemas"];
export type Suppliers = S["SuppliersPage"];
export type SupplierRow = S["SupplierRow"];
export type Supplier = S["SupplierView"];
export type Qualification = S["QualificationLine"];
export type Stock = S["SuspendedStock"];
export type Card = S["Scorecard"];
export type Figure = S["Figure"];
interface Command {
  id: string;
}

export const listSuppliers = () => get<Suppliers>("/api/suppliers");
export const getSupplier = (supplier: string) => get<Supplier>(`/api/suppliers/${supplier}`);
export const getScorecard = (supplier: string, days: number) => get<Card>(`/api/suppliers/${supplier}/scorecard?days=${days}`);
export const qualify = (supplier: string, body: Command & { item_id: string; expires_on: string; reason: string }) =>
  post<Supplier>(`/api/suppliers/${supplier}/qualifications`, body);
export const suspend = (qualification: string, body: Command & { step: "suspend" | "withdraw"; reason: string }) =>
  post<Stock>(`/api/qualifications/${qualification}/suspension`, body);
export const addCertificate = (supplier: string, body: Command & { kind: string; number: string; valid_until: string; file: string | null }) =>
  post<Supplier>(`/api/suppliers/${supplier}/certificates`, body);
export const noteChange = (supplier: string, body: Command & { what: string; said_on: string; item_ids: string[] }) =>
  post<Supplier>(`/api/suppliers/${supplier}/changes`, body);
export const evaluate = (change: string, body: Command & { result: "qualified_still" | "not_qualified"; finding: string }) =>
  post<Stock>(`/api/supplier-changes/${change}/re-evaluation`, body);
export const block = (supplier: string, body: Command & { reason: string }) => post<Stock>(`/api/suppliers/${supplier}/block`, body);
export const unblock = (supplier: string, body: Command & { reason: string }) => post<Supplier>(`/api/suppliers/${supplier}/unblock`, body);
