/**
 * What travels between page and server, under the names that the screens use. The shapes come from the server's own
 * description (schema.d.ts is generated). Decimals are text, days are `2026-11-30`, times are UTC ISO.
 */
import type { components } from "./schema.d.ts";

type S = components["schemas"];

export type Language = "en" | "zh";
export type Facts = Record<string, unknown>;
export type Words = S["Words"];

export type Reason = S["Reason"];
export type Problem = Omit<S["Problem"], "reasons" | "type" | "instance"> & { reasons: Reason[] };

export type Session = Omit<S["SessionView"], "person"> & {
  person: Omit<S["PersonView"], "language"> & { language: Language };
};

export type ItemName = S["ItemRef"];
export type ListedItem = S["ListedItem"];
export type LocationName = S["LocationView"];
export type LotLine = S["LotLine"];
export type LotCard = S["LotCard"];
export type Keeping = S["Keeping"];
export type CaptureDone = S["CaptureDone"];
export type EpcisPage = S["EpcisPage"];
export type Findings = S["Findings"];
export type LotPage = S["LotPage"];
export type OrderLine = S["OrderLineView"];
export type Happening = S["Moment"];
export type Code = S["ScannedCode"];
export type Scan = S["Scan"];
export type ScanKind = Scan["kind"];
export type LabelReading = Omit<S["scans_ReadingView"], "scheme"> & { scheme: string | null };
export type PictureScan = S["Picture"];
export type Received = S["ReceivedView"];

export type Trace = S["Trace"];
export type TraceNode = S["TraceNode"];
export type ProductionRun = S["ProductionLot"];

export type Worklist = S["Worklist"];
export type Verdict = "conforming" | "nonconforming" | "undecidable";
export type Characteristic = S["CharacteristicView"];
export type Reading = S["inspections_ReadingView"];
export type InspectionItem = S["ItemView"];
export type InspectionSheet = S["InspectionSheet"];
export type Recorded = S["RecordedView"];

export type NcrLine = S["NcrLine"];
export type Ncr = S["NcrReport"];

export type EquipmentLine = S["EquipmentLine"];
export type EquipmentCard = S["EquipmentCard"];
export type GaugeLine = S["GaugeLine"];
export type GaugeCard = S["GaugeCard"];
export type GaugeChoice = S["GaugeChoice"];
export type AssessmentLine = S["AssessmentLine"];
export type Assessment = S["AssessmentReport"];

export type ReleaseSheet = S["ReleaseSheet"];
export type TakenOverLine = S["TakenOverLine"];
export type OpeningStock = S["OpeningStock"];
export type TakenOverList = S["TakenOverList"];
/** A list to sign, and the records that it is made of. */
export interface ListRequest {
  request: SigningRequest;
  records: { [key: string]: Json }[];
}
export type InspectionSummary = S["Inspection"];
export type ResultSummary = S["Result"];
export type Meaning = "release" | "conditional" | "concession" | "reject" | "production" | "take_over";
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type SigningRequest = Omit<S["SigningRequestView"], "record"> & { record: { [key: string]: Json } };
export type Released = S["ReleasedView"];

export interface Assertion {
  id: string;
  rawId: string;
  type: string;
  response: { authenticatorData: string; clientDataJSON: string; signature: string; userHandle: string | null };
}
/** What one signature brings along, by the way of signing. */
export interface Secrets {
  password?: string;
  totp?: string;
  assertion?: Assertion;
}

export type Consignee = S["Consignee"];
export type Shipment = S["ShipmentView"];
export type ShipmentRow = S["ShipmentRow"];
export type Basis = S["recalls_Basis"];
export type BasisKind = Basis["kind"];
export type RecallPreview = S["RecallPreview"];
export type Recall = S["RecallView"];
export type RecallRow = S["RecallRow"];
export type RecallParty = S["RecallParty"];
export type MockRecall = S["MockView"];
export type CommonCauses = S["CommonCauses"];
export type ProcessFact = S["ProcessFactLine"];
export type ReleaseStanding = S["ReleaseStanding"];
export type DelegationLine = S["DelegationLine"];
export type SecondLook = S["SecondLook"];
export type ItemRulesPage = S["ItemRulesPage"];
export type SheetTrial = S["SheetTrial"];
export type Imported = S["Imported"];
export type ImportKind = SheetTrial["kind"];
export type ItemUnits = S["ItemUnits"];

export type Keys = S["Keys"];
export type TotpSetUp = S["TotpSetUp"];
export type Notice = S["NoticeLine"];
export type CheckpointAnswer = S["Head"];
export type LogLine = S["EventLine"];
export type Rights = S["RightsTable"];
export type RightLine = S["RightLine"];
export type PersonLine = S["PersonLine"];
