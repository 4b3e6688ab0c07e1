/** The server's operations, one line each, named as their operationId. A command's `id` is made on this phone. */
import { get, post, postBytes, postForFile, put, remove } from "./client.ts";
import type * as T from "./types.ts";

export const signIn = (login: string, password: string) => post<T.Session>("/api/session", { login, password });
export const getSession = () => get<T.Session>("/api/session");
export const signOut = () => remove<undefined>("/api/session");
export const setLanguage = (language: T.Language) => put<T.Session>("/api/session/language", { language });

export const identifyLabel = (codes: T.Code[]) => post<T.Scan>("/api/scan", { codes });
export const readPicture = (picture: Blob) => postBytes<T.PictureScan>("/api/scan/picture", picture);
export const addAttachment = (file: Blob) => postBytes<{ id: string }>("/api/attachments", file);

export const listLots = (query: URLSearchParams) => get<T.LotPage>(`/api/lots?${query}`);
export const search = (text: string) => get<T.Findings>(`/api/search?${new URLSearchParams({ text })}`);
export const getKeeping = (number: string) => get<T.Keeping>(`/api/lots/${encodeURIComponent(number)}/keeping`);
export const captureEpcis = (document: Blob) => postBytes<T.CaptureDone>("/api/epcis/capture", document);
export const listEpcisEvents = (after: string) => get<T.EpcisPage>(`/api/epcis/events?${new URLSearchParams(after ? { after } : {})}`);
export const lotPath = (number: string) => `/api/lots/${encodeURIComponent(number)}/card`;
export const getLotCard = (number: string) => get<T.LotCard>(lotPath(number));
export interface LabelPrint {
  id: string;
  copies: number;
  media: string;
  format: "pdf" | "zpl";
  dpi: number;
  quantity: string | null;
}
export const printLabels = (number: string, body: LabelPrint) =>
  postForFile(`/api/lots/${encodeURIComponent(number)}/labels`, body);
export const reconcileLabels = (lot: string, body: { id: string; reason: string | null } & Record<string, unknown>) =>
  post<T.LotCard["labels"]>(`/api/lots/${lot}/label-counts`, body);
export const acceptMissingLabels = (lot: string, body: { id: string; count: number; reason: string }) =>
  post<T.LotCard["labels"]>(`/api/lots/${lot}/missing-labels`, body);
export const traceLot = (number: string) =>
  get<T.Trace>(`/api/lots/${encodeURIComponent(number)}/trace?direction=both`);
export const movePortion = (portion: string, body: { id: string; location_id: string }) =>
  post<T.LotLine>(`/api/portions/${portion}/move`, body);

export const listProduction = () => get<T.ProductionRun[]>("/api/production");
export const startProduction = (body: { id: string; item_id: string; production_order: string; quantity?: string }) =>
  post<T.ProductionRun>("/api/production", body);
export const consumeLot = (lot: string, body: { id: string; parent_number: string; quantity: string }) =>
  post<{ child: T.ProductionRun; parent: T.LotLine }>(`/api/production/${lot}/consumptions`, body);
export const finishProduction = (
  lot: string,
  body: { id: string; quantity: string; made_on: string; expires_on?: string },
) => post<T.Received>(`/api/production/${lot}/finish`, body);
/** What new things are planned and made of: an alias is not among them. */
export const listItems = async () => (await get<T.ListedItem[]>("/api/items")).filter((one) => (one.kept_code ?? null) === null);

export const correctResult = (
  reading: string,
  body: { id: string; entered: string; reason: string; confirmed: boolean; attachments?: string[] },
) => post<T.Recorded>(`/api/readings/${reading}/correction`, body);

export const listNcrs = () => get<T.NcrLine[]>("/api/ncrs");
export const getNcr = (id: string) => get<T.Ncr>(`/api/ncrs/${id}`);
export const containNcr = (ncr: string, body: { id: string; version: number; containment: string }) =>
  post<T.Ncr>(`/api/ncrs/${ncr}/containment`, body);
export interface Disposal {
  id: string;
  version: number;
  disposition: string;
  justification: string;
  follow_ups: { what: string; owner_id: string; due_on: string }[];
}
export const disposeNcr = (ncr: string, body: Disposal) => post<T.Ncr>(`/api/ncrs/${ncr}/disposition`, body);
export const completeFollowUp = (followUp: string, body: { id: string; outcome: string }) =>
  post<T.Ncr>(`/api/follow-ups/${followUp}/completion`, body);
export const closeNcr = (ncr: string, body: { id: string; version: number }) =>
  post<T.Ncr>(`/api/ncrs/${ncr}/closure`, body);

export interface StockShare {
  portion_id: string;
  quantity: string;
}
interface StockWish {
  id: string;
  lot_number: string;
  reason: string;
}
export const splitLot = (body: StockWish & { shares: StockShare[] }) =>
  post<{ parent: T.LotLine; child: T.LotLine }>("/api/lot-splits", body);
export const mergeLots = (body: { id: string; numbers: string[]; reason: string }) =>
  post<T.LotLine>("/api/lot-mergers", body);
export const takeOut = (body: StockWish & { fate: "sampled" | "scrapped" | "returned_out"; shares: StockShare[] }) =>
  post<T.LotLine>("/api/lot-outs", body);
export const holdLot = (body: StockWish) => post<{ lot: T.LotLine; descendants: number }>("/api/lot-holds", body);
export const liftHold = (body: StockWish & { code: string }) => post<T.LotLine>("/api/lot-hold-lifts", body);
export const getSecondLook = (inspection: string) => get<T.SecondLook>(`/api/inspections/${inspection}/second-look`);
export const proposeInvalidation = (reading: string, body: { id: string; cause: string; reason: string }) =>
  post<T.SecondLook>(`/api/readings/${reading}/invalidation`, body);
export const proposeResample = (inspection: string, body: { id: string; reason: string }) =>
  post<T.SecondLook>(`/api/inspections/${inspection}/resample`, body);
export const decideProposal = (proposal: string, body: { id: string; approve: boolean; note: string }) =>
  post<T.SecondLook>(`/api/proposals/${proposal}/decision`, body);
export const listDelegations = () => get<T.DelegationLine[]>("/api/delegations");
export const delegateDecision = (body: { id: string; to_id: string; from_on: string; until: string; reason: string }) =>
  post<T.DelegationLine[]>("/api/delegations", body);
export const endDelegation = (delegation: string, body: { id: string; reason: string }) =>
  post<T.DelegationLine[]>(`/api/delegations/${delegation}/end`, body);
export const addPartner = (body: { id: string; name: T.Words }) => post<unknown>("/api/partners", body);
export const setOrganisation = (person: string, body: { id: string; organisation_id: string | null; reason: string }) =>
  post<T.PersonLine[]>(`/api/people/${person}/organisation`, body);
export const listConsignees = () => get<T.Consignee[]>("/api/consignees");
export const keepConsignee = (body: { id: string; consignee_id: string | null } & Omit<T.Consignee, "id" | "site_id" | "version">) =>
  post<T.Consignee[]>("/api/consignees", body);
export const listShipments = () => get<T.ShipmentRow[]>("/api/shipments");
export const getShipment = (shipment: string) => get<T.Shipment>(`/api/shipments/${shipment}`);
export interface ShipmentWish {
  id: string;
  consignee_id: string;
  lines: { lot_number: string; quantity: string }[];
  order_number: string;
  carrier: string;
  waybill: string;
  papers: string[];
}
export const shipLots = (body: ShipmentWish) => post<T.Shipment>("/api/shipments", body);
export const takeReturn = (line: string, body: { id: string; quantity: string; reason: string }) =>
  post<T.Shipment>(`/api/shipment-lines/${line}/returns`, body);
export const listProcess = (number: string) => get<T.ProcessFact[]>(`/api/lots/${encodeURIComponent(number)}/process`);
export const stateProcess = (lot: string, body: { id: string; facts: { kind: string; code: string; value: string; unit: string }[] }) =>
  post<T.ProcessFact[]>(`/api/production/${lot}/process`, body);
export const traceFrom = (query: string) => get<T.Trace>(`/api/trace?${query}`);
export const commonCauses = (query: string) => get<T.CommonCauses>(`/api/common-causes?${query}`);
export const previewRecall = (query: string) => get<T.RecallPreview>(`/api/recall-preview?${query}`);
export const listRecalls = () => get<T.RecallRow[]>("/api/recalls");
export const getRecall = (recall: string) => get<T.Recall>(`/api/recalls/${recall}`);
interface RecallBegin {
  recall_id: string | null;
  basis: T.Basis | null;
}
export const beginRecall = (body: RecallBegin & { id: string; reason: string; passkey: boolean; language: T.Language }) =>
  post<T.SigningRequest>("/api/recalls/signing", body);
export const startRecall = (body: RecallBegin & Signature) => post<T.Recall>("/api/recalls", body);
export const withdrawRecall = (recall: string, body: { id: string; reason: string }) =>
  post<T.Recall>(`/api/recalls/${recall}/withdrawal`, body);
export const closeRecall = (recall: string, body: { id: string; reason: string }) =>
  post<T.Recall>(`/api/recalls/${recall}/close`, body);
export const noteRecallLetter = (recall: string, consignee: string, body: { id: string; channel: string }) =>
  post<T.Recall>(`/api/recalls/${recall}/consignees/${consignee}/letter`, body);
export interface RecallAnswer {
  id: string;
  answer: string;
  lines: { line_id: string; returned: string; destroyed: string; used: string; lost: string }[];
}
export const recordRecallAnswer = (recall: string, consignee: string, body: RecallAnswer) =>
  post<T.Recall>(`/api/recalls/${recall}/consignees/${consignee}/answer`, body);
export const getMockRecall = (mock: string) => get<T.MockRecall>(`/api/mock-recalls/${mock}`);
export const startMockRecall = (body: { id: string; basis: T.Basis; reason: string }) => post<T.MockRecall>("/api/mock-recalls", body);
export const finishMockRecall = (
  mock: string,
  body: { id: string; counted: { lot: string; found: string }[]; reached: string[]; note: string },
) => post<T.MockRecall>(`/api/mock-recalls/${mock}/finish`, body);
export const getRelease = (release: string) => get<T.ReleaseStanding>(`/api/releases/${release}`);
export const beginRevocation = (release: string, body: { id: string; reason: string; passkey: boolean; language: T.Language }) =>
  post<T.SigningRequest>(`/api/releases/${release}/revocation/signing`, body);
export const revokeRelease = (release: string, body: Signature) =>
  post<T.ReleaseStanding>(`/api/releases/${release}/revocation`, body);
export const closeRevocation = (revocation: string, body: { id: string; conclusion: string | null; reason: string }) =>
  post<T.ReleaseStanding>(`/api/revocations/${revocation}/closure`, body);
export const openRetest = (body: { id: string; lot_number: string; plan_id?: string }) =>
  post<{ id: string; number: string }>("/api/retests", body);
export const setRetestDate = (body: StockWish & { retest_on: string }) => post<T.LotLine>("/api/retest-dates", body);
export const listItemRules = () => get<T.ItemRulesPage>("/api/item-rules");
export const changeItemRules = (
  item: string,
  body: { id: string; retest_days: number | null; contract_maker_id: string | null; reason: string },
) => post<T.ItemRulesPage>(`/api/items/${item}/rules`, body);
export const listItemUnits = (item: string) => get<T.ItemUnits>(`/api/items/${item}/units`);
export const setItemUnits = (
  item: string,
  body: { id: string; units: { unit: string; count: string; stock: string }[]; inspection_unit?: string; reason: string },
) => post<T.ItemUnits>(`/api/items/${item}/units`, body);
export const listGauges = () => get<T.GaugeLine[]>("/api/gauges");
export const getGauge = (id: string) => get<T.GaugeCard>(`/api/gauges/${id}`);
export const addGauge = (body: { id: string } & Record<string, unknown>) => post<T.GaugeCard>("/api/gauges", body);
export const recordCalibration = (gauge: string, body: { id: string } & Record<string, unknown>) =>
  post<T.GaugeCard>(`/api/gauges/${gauge}/calibrations`, body);
export const changeGaugeStatus = (gauge: string, body: { id: string; step: string; reason: string; version: number }) =>
  post<T.GaugeCard>(`/api/gauges/${gauge}/status`, body);
export const listAssessments = () => get<T.AssessmentLine[]>("/api/assessments");
export const getAssessment = (id: string) => get<T.Assessment>(`/api/assessments/${id}`);
export const closeAssessment = (
  assessment: string,
  body: { id: string; conclusion: string; reason: string; version: number },
) => post<T.Assessment>(`/api/assessments/${assessment}/closure`, body);

export const getReleaseSheet = (receipt: string) => get<T.ReleaseSheet>(`/api/receipts/${receipt}/release`);
/** What is to be decided: about all that is undecided where no shares are named. */
export interface DecisionWish {
  meaning: T.Meaning;
  shares?: StockShare[];
  condition?: string;
  ends_on?: string;
  stands?: Stand[];
}
export interface Stand {
  inspection: string;
  reason: string;
}
export interface SigningWish extends DecisionWish {
  id: string;
  subject_id: string;
  passkey: boolean;
  language: T.Language;
}
export const beginSigning = (body: SigningWish) => post<T.SigningRequest>("/api/signing", body);
interface Signature extends T.Secrets {
  id: string;
  nonce: string;
  digest: string;
  accountability_accepted: boolean;
}
export const signRelease = (body: Signature & { receipt_id: string; meaning: T.Meaning }) =>
  post<T.Released>("/api/releases", body);

export const listKeys = () => get<T.Keys>("/api/me/keys");
export const beginPasskey = (body: { id: string; password: string }) =>
  post<PublicKeyCredentialCreationOptionsJSON>("/api/me/passkeys/options", body);
export const addPasskey = (body: { id: string; name: string; credential: object }) =>
  post<T.Keys>("/api/me/passkeys", body);
export const revokePasskey = (id: string) => remove<T.Keys>(`/api/me/passkeys/${id}`);
export const beginTotp = (body: { id: string; password: string }) =>
  post<T.TotpSetUp>("/api/me/totp", body);
export const confirmTotp = (body: { id: string; code: string }) =>
  post<T.Keys>("/api/me/totp/confirmation", body);
export const makeBindingCode = () => post<{ code: string; expires_at: string }>("/api/me/chat/code", {});

export const listNotices = () => get<T.Notice[]>("/api/notices");
export const seeNotices = (body: { id: string; notice_ids: string[] }) => post<unknown>("/api/notices/seen", body);
export const getCheckpoint = (from: number) => get<T.CheckpointAnswer>(`/api/log/checkpoint?from=${from}`);
export const listEvents = (query: URLSearchParams) => get<T.LogLine[]>(`/api/log?${query}`);
export const listRights = () => get<T.Rights>("/api/rights");
export const beginRightChange = (
  right: string,
  body: { id: string; allowed: boolean; passkey: boolean; language: T.Language },
) => post<T.SigningRequest>(`/api/rights/${right}/signing`, body);
export const changeRight = (right: string, body: Signature) => put<T.Rights>(`/api/rights/${right}`, body);
export const listPeople = () => get<T.PersonLine[]>("/api/people");
export const deactivatePerson = (person: string, body: { id: string; reason: string }) =>
  post<unknown>(`/api/people/${person}/deactivation`, body);
