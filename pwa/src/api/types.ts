/**
 * What travels between page and server, as the HTTP contract names it. Decimals are text, days are
 * `2026-11-30`, times are UTC ISO.
 */
export type Language = "en" | "zh";
export type Fact = string | number | boolean | null | string[];
export type Facts = Record<string, unknown>;

export interface Words {
  en: string;
  zh: string;
}

export interface Reason {
  code: string;
  facts?: Facts;
  field?: string | null;
}

export interface Problem {
  status: number;
  title: string;
  detail: string;
  code: string;
  reasons: Reason[];
  instance?: string;
}

export interface Person {
  id: string;
  login: string;
  printed_name: string;
  language: Language;
  roles: string[];
  site_id: string;
}

export interface Session {
  person: Person;
  csrf: string;
  site: { id: string; code: string; name: Words; zone: string };
  signing: { password_needed: boolean; passkeys: number; totp: boolean; accountability_accepted: boolean };
  rights: string[];
}

export interface ItemName {
  id: string;
  code: string;
  name: Words;
  unit: string;
  kind?: string;
}

export interface SupplierName {
  id: string;
  code: string;
  name: string;
}

export type LotStatus =
  | "in_production"
  | "quarantine"
  | "inspecting"
  | "released"
  | "held"
  | "rejected"
  | "recalled"
  | "consumed";

export interface LotLine {
  id: string;
  number: string;
  item: ItemName;
  supplier: SupplierName | null;
  supplier_lot: string | null;
  status: LotStatus;
  quantity: string;
  made_on: string | null;
  expires_on: string | null;
  created_at: string;
}

export interface OrderLine {
  id: string;
  purchase_order: string;
  line: number;
  item: ItemName;
  supplier: SupplierName;
  quantity: string;
  received: string;
  open: string;
  carrier: string;
  transport_batch: string;
  expected_on: string;
  status: string;
  identifiers: { scheme: string; value: string }[];
}

export interface Code {
  text: string;
  symbology_id: string;
  picture?: string | null;
}

export type ScanKind =
  | "unknown_item"
  | "new_lot"
  | "known_lot"
  | "received"
  | "ambiguous"
  | "not_a_label"
  | "internal_lot";

export interface LabelReading {
  scheme: string | null;
  device_identifier: string | null;
  lot: string | null;
  serial: string | null;
  production_date: string | null;
  expiry: string | null;
  quantity: string | null;
  elements: { ai: string; value: string }[];
  valid: boolean;
  ambiguous: boolean;
  error: Reason | null;
}

export interface Scan {
  kind: ScanKind;
  reading: LabelReading;
  item: ItemName | null;
  lot: LotLine | null;
  deliveries: OrderLine[];
  warnings: Reason[];
}

export interface PictureCode {
  format: string;
  text: string;
  symbology_id: string;
  confirmed: boolean;
}

export interface PictureScan {
  codes: PictureCode[];
  scan: Scan | null;
  picture: string;
}

export interface LocationName {
  id: string;
  code: string;
  name: Words;
  kind?: string;
}

export interface Received {
  receipt_id: string;
  lot: LotLine;
  inspection: { id: string; number: string; sample_size: number } | null;
  location: LocationName;
  quantity: string;
  repeated: boolean;
}

export interface ReceiptRow {
  id: string;
  source: string;
  quantity: string;
  received_at: string;
  received_by: string;
  order: { purchase_order: string; line: number; carrier: string; transport_batch: string } | null;
  inspection: { id: string; number: string; status: string; stage: string } | null;
  release: { id: string; decision: string; decided_at: string; by: string; certificate: boolean } | null;
}

export interface Happening {
  seq: number;
  at: string;
  person: string | null;
  type: string;
  reason: string | null;
  facts: Facts;
}

export interface LotCard extends LotLine {
  portions: { id: string; quantity: string; status: LotStatus; location: LocationName; container: string | null }[];
  receipts: ReceiptRow[];
  open_inspections: { id: string; number: string; status: string; stage: string }[];
  holds: { code: string; opened_at: string; ncr_number: string | null }[];
  ncrs: { id: string; number: string; status: string }[];
  timeline: Happening[];
}

export interface LotPage {
  lots: LotLine[];
  next: string | null;
}

export interface TraceNode {
  lot_id: string;
  number: string;
  item_code: string;
  item_name: Words;
  status: LotStatus;
  supplier: string | null;
  supplier_lot: string | null;
  expires_on: string | null;
  depth: number;
}

export interface TraceEdge {
  parent: string;
  child: string;
  quantity: string;
}

export interface Trace {
  lot_id: string;
  direction: string;
  nodes: TraceNode[];
  edges: TraceEdge[];
}

export interface ProductionRun {
  lot: LotLine;
  consumed: { parent_number: string; item: ItemName; quantity: string; unit: string }[];
}

export interface WaitingInspection {
  id: string;
  number: string;
  lot_number: string;
  item: ItemName;
  stage: string;
  status: string;
  answered: number;
  total: number;
  opened_at: string;
  supplier: SupplierName | null;
}

export interface NcrLine {
  id: string;
  number: string;
  lot_number: string;
  item: ItemName;
  characteristic: Words;
  severity: string;
  status: string;
  quantity: string;
  unit: string;
  owner: string | null;
  due_on: string;
  opened_at: string;
  version: number;
}

export interface Worklist {
  inspections: WaitingInspection[];
  ncrs: NcrLine[];
  releases: { receipt_id: string; lot_number: string; item: ItemName; quantity: string; unit: string; ready: boolean }[];
  follow_ups: { id: string; ncr_number: string; what: string; due_on: string; ncr_id?: string }[];
  notices_unseen: number;
}

export interface Characteristic {
  code: string;
  name: Words;
  kind: "numeric" | "attribute" | "text";
  unit: string | null;
  lower: string | null;
  upper: string | null;
  target: string | null;
  resolution: string | null;
  severity: string;
  method: string | null;
  photo_required: boolean;
}

export type Verdict = "conforming" | "nonconforming" | "undecidable";

export interface Reading {
  id: string;
  entered: string;
  value: string | null;
  qualifier: string | null;
  verdict: Verdict;
  by: string;
  at: string;
  source: string;
  corrected: boolean;
  attachments: string[];
  reason: string | null;
}

export interface InspectionItem {
  key: string;
  characteristic: Characteristic;
  sample_number: number;
  unit_position: number | null;
  n: number;
  accept: number;
  reject: number;
  reading: Reading | null;
}

export interface InspectionSheet {
  id: string;
  number: string;
  stage: string;
  status: string;
  version: number;
  lot: LotLine;
  plan: { code: string; name: Words; version: number | string };
  sample_size: number;
  items: InspectionItem[];
  answered: number;
  total: number;
  next: string | null;
}

export interface Recorded {
  reading: Reading;
  sheet: InspectionSheet;
  ncr: NcrLine | null;
  lot: LotLine;
}

export interface FollowUp {
  id: string;
  what: string;
  owner: { id: string; name: string };
  due_on: string;
  done_at: string | null;
  outcome: string | null;
}

export interface Ncr extends NcrLine {
  containment: string | null;
  disposition: string | null;
  justification: string | null;
  reading: Reading | null;
  limits: { lower: string | null; upper: string | null; unit: string | null } | null;
  follow_ups: FollowUp[];
  people: { id: string; name: string }[];
  timeline: Happening[];
}

export interface ResultSummary {
  characteristic: string;
  name: Words;
  unit: string | null;
  limits: { lower: string | null; upper: string | null };
  n: number;
  accept: number;
  readings: string[];
  nonconforming: number;
  verdict: Verdict;
  by: string[];
}

export type Meaning = "release" | "reject";

export interface ReleaseSheet {
  receipt_id: string;
  version: number;
  lot: LotLine;
  quantity: string;
  unit: string;
  received_by: string;
  inspection: {
    id?: string;
    number: string;
    plan: string;
    plan_version: number | string;
    sample_size: number;
    verdict: string | null;
    results: ResultSummary[];
  } | null;
  changed_since_first_entry: boolean;
  corrections: number;
  blockers: Reason[];
  decided: { decision: string; by: string; at: string; release_id?: string } | null;
  meanings: Meaning[];
  consumed: { number: string; item_name: Words | string; quantity: string; status: LotStatus }[];
}

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export interface SigningRequest {
  nonce: string;
  record: { [key: string]: Json };
  text: string;
  password_needed: boolean;
  accountability: { needed: boolean; statement: string };
  passkey: { rp_id: string; credential_ids: string[]; timeout: number } | null;
  totp: boolean;
  expires_at: string;
}

export interface Assertion {
  id: string;
  rawId: string;
  type: string;
  response: { authenticatorData: string; clientDataJSON: string; signature: string; userHandle: string | null };
}

export interface SignedCommand {
  receipt_id: string;
  version: number;
  meaning: Meaning;
  nonce: string;
  digest: string;
  password?: string;
  totp?: string;
  accountability_accepted?: boolean;
  assertion?: Assertion;
}

export interface Released {
  release_id: string;
  decision: string;
  signed_at: string;
  printed_name: string;
  lot: LotLine;
}

export interface Keys {
  passkeys: { id: string; name: string; added_at: string; revoked_at: string | null }[];
  totp: boolean;
}

export interface Notice {
  id: string;
  code: string;
  subject_kind: string;
  subject_id: string;
  facts: Facts;
  created_at: string;
  seen_at: string | null;
}

export interface CheckpointAnswer {
  checkpoint: string;
  size: number;
  root: string;
  vkey: string;
  consistency: string[] | null;
}

export interface LogLine {
  seq: number;
  at: string;
  person: string | null;
  type: string;
  subject_kind: string;
  subject: string;
  reason: string | null;
  facts: Facts;
}

export interface Rights {
  actions: string[];
  roles: string[];
  rights: { action: string; role: string; allowed: boolean; signature: boolean; second_person: boolean }[];
}

export interface PersonLine {
  id: string;
  login: string;
  printed_name: string;
  roles: string[];
  active: boolean;
}
