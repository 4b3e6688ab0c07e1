/** The server's operations on plans; fetched with the desk's screens, so that no phone carries them. */
import { get, post, put } from "../../../api/client.ts";
import type { components } from "../../../api/schema.d.ts";
import type { Secrets, SigningRequest } from "../../../api/types.ts";

type S = components["schemas"];
export type PlanLine = S["PlanLine"];
export type PlanCard = S["PlanCard"];
export type PlanSheet = S["PlanSheet"];
export type PlanDraft = S["PlanDraft"];
export type Line = S["Characteristic"];
export type Rule = Line["sampling"];
export type SkipLot = S["SkipLotRule"];
export type SeriesLine = S["SeriesLine"];
type Act = SeriesLine["classes"][number]["may"][number];
export type Curve = S["RuleCurve"];
export type TrialPart = S["TrialPart"];
export type Counts = S["TrialCounts"];
export type Difference = S["Difference"];
export type Change = S["CharacteristicChange"];
export type MoveSheet = S["MoveSheet"];
export type Moved = S["Moved"];

interface Signature extends Secrets {
  id: string;
  nonce: string;
  digest: string;
  accountability_accepted: boolean;
}
interface SigningWish {
  id: string;
  passkey: boolean;
  language: string;
}

const version = (id: string) => `/api/plan-versions/${id}`;

export const listPlans = () => get<PlanLine[]>("/api/plans");
export const addPlan = (body: { id: string; item_id: string; stage: string; code: string; name: { en: string; zh: string } }) =>
  post<PlanDraft>("/api/plans", body);
export const getPlan = (id: string) => get<PlanCard>(`/api/plans/${id}`);
export const openDraft = (plan: string, body: { id: string; number: number; from_version_id?: string }) =>
  post<PlanDraft>(`/api/plans/${plan}/drafts`, body);
export const getVersion = (id: string) => get<PlanSheet>(version(id));
export const keepDraft = (id: string, body: { id: string; version: number; document: { characteristics: Line[]; skip_lot?: SkipLot | null } }) =>
  put<PlanDraft>(`${version(id)}/document`, body);
export const getTrial = (id: string, before: string | null) =>
  get<TrialPart>(`${version(id)}/trial${before === null ? "" : `?before=${before}`}`);
export const keepTrial = (id: string, body: { id: string; version: number }) => post<PlanDraft>(`${version(id)}/trial`, body);
export const submitDraft = (id: string, body: { id: string; version: number; change: string }) =>
  post<PlanDraft>(`${version(id)}/submission`, body);
export const returnDraft = (id: string, body: { id: string; version: number; reason: string }) =>
  post<PlanDraft>(`${version(id)}/return`, body);
export const beginApproval = (id: string, body: SigningWish) => post<SigningRequest>(`${version(id)}/signing`, body);
export const approvePlan = (id: string, body: Signature) => post<PlanDraft>(`${version(id)}/approval`, body);
export const getCurve = (characteristic: Line, lot_size: number) => post<Curve>("/api/sampling-curve", { characteristic, lot_size });

export const listSeries = () => get<SeriesLine[]>("/api/series");
export const steerSeries = (series: string, body: { id: string; of: string; act: Act; reason: string }) =>
  post<unknown>(`/api/series/${series}/acts`, body);

export const getMove = (inspection: string) => get<MoveSheet>(`/api/inspections/${inspection}/move`);
export const beginMove = (inspection: string, body: SigningWish) =>
  post<SigningRequest>(`/api/inspections/${inspection}/move/signing`, body);
export const moveInspection = (inspection: string, body: Signature) => post<Moved>(`/api/inspections/${inspection}/move`, body);
