/** Calls of the quality loop, fetched with its screens. */
import { get, post } from "../../../api/client.ts";
import type { components } from "../../../api/schema.d.ts";
import type { Language, Secrets, SigningRequest } from "../../../api/types.ts";

type S = components["schemas"];
export type LoopLine = S["LoopLine"];
export type Capa = S["CapaView"];
export type Change = S["ChangeView"];
export type Complaint = S["ComplaintView"];
export type Cause = S["capas_Cause"];
export type Origin = S["Origin"];
export type Affected = S["Affected"];
export type Planned = { what: string; owner_id: string; due_on: string };
type Step = { id: string; version: number };
type Wish = { id: string; passkey: boolean; language: Language };
type Signed = Secrets & { id: string; nonce: string; digest: string; accountability_accepted: boolean };

export const listCapas = () => get<LoopLine[]>("/api/capas");
export const getCapa = (capa: string) => get<Capa>(`/api/capas/${capa}`);
export const openCapa = (body: { id: string; title: string; problem: string; sources: Origin[] }) => post<Capa>("/api/capas", body);
export const analyseCapa = (capa: string, body: Step & { whys: string[]; causes: Cause[]; root_cause: string }) => post<Capa>(`/api/capas/${capa}/cause`, body);
export const planCapa = (capa: string, body: Step & { actions: Planned[]; adverse: string; criterion: string; waits_until: string }) => post<Capa>(`/api/capas/${capa}/plan`, body);
export const carryOutCapa = (capa: string, body: Step) => post<Capa>(`/api/capas/${capa}/carrying-out`, body);
export const judgeCapa = (capa: string, body: Step & { effective: boolean; evidence: string; attachments: string[] }) => post<Capa>(`/api/capas/${capa}/effect`, body);
export const withdrawCapa = (capa: string, body: Step & { reason: string }) => post<Capa>(`/api/capas/${capa}/withdrawal`, body);
export const beginCapaClose = (capa: string, body: Wish) => post<SigningRequest>(`/api/capas/${capa}/signing`, body);
export const closeCapa = (capa: string, body: Signed) => post<Capa>(`/api/capas/${capa}/close`, body);

export interface ChangeDraft {
  title: string;
  why: string;
  risk: string;
  affected: Affected[];
  told: string[];
  trained: string[];
  due_on: string;
}
export const listChanges = () => get<LoopLine[]>("/api/changes");
export const getChange = (change: string) => get<Change>(`/api/changes/${change}`);
export const openChange = (body: { id: string; title: string }) => post<Change>("/api/changes", body);
export const keepChange = (change: string, body: Step & ChangeDraft) => post<Change>(`/api/changes/${change}/draft`, body);
export const submitChange = (change: string, body: Step & { actions: Planned[] }) => post<Change>(`/api/changes/${change}/submission`, body);
export const returnChange = (change: string, body: Step & { reason: string }) => post<Change>(`/api/changes/${change}/return`, body);
export const withdrawChange = (change: string, body: Step & { reason: string }) => post<Change>(`/api/changes/${change}/withdrawal`, body);
export const beginChangeApproval = (change: string, body: Wish) => post<SigningRequest>(`/api/changes/${change}/signing`, body);
export const approveChange = (change: string, body: Signed) => post<Change>(`/api/changes/${change}/approval`, body);
export const closeChange = (change: string, body: Step & { conclusion: string }) => post<Change>(`/api/changes/${change}/close`, body);

export interface Intake {
  received_on: string;
  described: string;
  reporter: string;
  lot_number: string | null;
  serial: string | null;
  quantity: string | null;
  consignee_id: string | null;
  attachments: string[];
  reference: string | null;
}
export const listComplaints = () => get<LoopLine[]>("/api/complaints");
export const getComplaint = (complaint: string) => get<Complaint>(`/api/complaints/${complaint}`);
export const takeComplaint = (body: Intake & { id: string }) => post<Complaint>("/api/complaints", body);
export const assessComplaint = (complaint: string, body: Step & { harm: string; reportable: boolean; lot_number: string | null }) => post<Complaint>(`/api/complaints/${complaint}/assessment`, body);
export const investigateComplaint = (complaint: string, body: Step & { findings: string; justified: boolean; report: string | null; receipt_id: string | null }) => post<Complaint>(`/api/complaints/${complaint}/findings`, body);
export const answerComplaint = (complaint: string, body: Step & { reply: string }) => post<Complaint>(`/api/complaints/${complaint}/reply`, body);
export const closeComplaint = (complaint: string, body: Step) => post<Complaint>(`/api/complaints/${complaint}/close`, body);

export interface Report {
  lot_number: string;
  what: string;
  severity: string;
  quantity: string | null;
  receipt_id: string | null;
  attachments: string[];
}
export const reportNonconformity = (body: Report & { id: string }) => post<S["NcrReport"]>("/api/ncrs", body);
