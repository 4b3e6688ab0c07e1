/**
 * Which screen an address shows. Each is fetched when it is first opened; the table itself comes once the first screen
 * stands, or with the first address that is not home.
 */
import type { Component } from "svelte";

export interface Shown {
  screen: Component<Record<string, string>>;
  params: Record<string, string>;
}
type Loaded = { default: Shown["screen"] };

// A screen's props are the names in its pattern; all of them are text.
const load = (screen: () => Promise<unknown>) => screen as () => Promise<Loaded>;

const ROUTES: [pattern: string, screen: () => Promise<Loaded>][] = [
  ["/scan", load(() => import("./screens/Scan.svelte"))],
  ["/scanner", load(() => import("./screens/Scanner.svelte"))],
  ["/waiting", load(() => import("./screens/Waiting.svelte"))],
  ["/lots", load(() => import("./screens/Lots.svelte"))],
  ["/lots/:number", load(() => import("./screens/Lot.svelte"))],
  ["/lots/:number/trace", load(() => import("./desk/Trace.svelte"))],
  ["/lots/:number/labels", load(() => import("./screens/LotLabels.svelte"))],
  ["/lots/:number/stock", load(() => import("./desk/Stock.svelte"))],
  ["/lots/:number/certificates", load(() => import("./screens/Certificates.svelte"))],
  ["/inspections/:id", load(() => import("./screens/Inspection.svelte"))],
  ["/inspections/:id/second-look", load(() => import("./desk/SecondLook.svelte"))],
  ["/inspections/:id/move", load(() => import("./desk/InspectionMove.svelte"))],
  ["/plans", load(() => import("./desk/Plans.svelte"))],
  ["/plans/:id", load(() => import("./desk/Plan.svelte"))],
  ["/plan-versions/:id", load(() => import("./desk/PlanVersion.svelte"))],
  ["/ncrs", load(() => import("./screens/Ncrs.svelte"))],
  ["/ncrs/:id", load(() => import("./screens/Ncr.svelte"))],
  ["/receipts/:id", load(() => import("./screens/Release.svelte"))],
  ["/receipts/:id/release", load(() => import("./screens/Release.svelte"))],
  ["/production", load(() => import("./screens/Production.svelte"))],
  ["/production/:number", load(() => import("./screens/ProductionRun.svelte"))],
  ["/deliveries", load(() => import("./screens/Deliveries.svelte"))],
  ["/notices", load(() => import("./screens/Notices.svelte"))],
  ["/chat", load(() => import("./screens/Chat.svelte"))],
  ["/log", load(() => import("./screens/Log.svelte"))],
  ["/rights", load(() => import("./desk/Rights.svelte"))],
  ["/rights/:id", load(() => import("./desk/RightChange.svelte"))],
  ["/releases/:id", load(() => import("./desk/Revocation.svelte"))],
  ["/delegations", load(() => import("./desk/Delegations.svelte"))],
  ["/partners", load(() => import("./desk/Partners.svelte"))],
  ["/epcis", load(() => import("./desk/Epcis.svelte"))],
  ["/doubles", load(() => import("./desk/Doubles.svelte"))],
  ["/imports", load(() => import("./desk/Imports.svelte"))],
  ["/opening", load(() => import("./desk/Opening.svelte"))],
  ["/people", load(() => import("./screens/People.svelte"))],
  ["/keys", load(() => import("./screens/Keys.svelte"))],
  ["/settings", load(() => import("./screens/Settings.svelte"))],
  ["/telling", load(() => import("./desk/Telling.svelte"))],
  ["/webhooks", load(() => import("./desk/Webhooks.svelte"))],
  ["/messages", load(() => import("./desk/Messages.svelte"))],
  ["/gauges", load(() => import("./desk/Gauges.svelte"))],
  ["/gauges/:id", load(() => import("./desk/Gauge.svelte"))],
  ["/equipment", load(() => import("./desk/EquipmentList.svelte"))],
  ["/equipment/:id", load(() => import("./desk/EquipmentCard.svelte"))],
  ["/assessments/:id", load(() => import("./desk/Assessment.svelte"))],
  ["/charts", load(() => import("./desk/Charts.svelte"))],
  ["/charts/:item", load(() => import("./desk/MaterialCharts.svelte"))],
  ["/charts/:item/:stage/:characteristic/factors", load(() => import("./desk/Factors.svelte"))],
  ["/charts/:item/:stage/:characteristic", load(() => import("./desk/Chart.svelte"))],
  ["/signals/:id", load(() => import("./desk/Signal.svelte"))],
  ["/tour", load(() => import("./screens/Tour.svelte"))],
  ["/trace", load(() => import("./desk/TraceFrom.svelte"))],
  ["/consignees", load(() => import("./desk/Consignees.svelte"))],
  ["/shipments", load(() => import("./desk/Shipments.svelte"))],
  ["/shipments/:id", load(() => import("./desk/Shipment.svelte"))],
  ["/suppliers", load(() => import("./desk/Suppliers.svelte"))],
  ["/suppliers/:id", load(() => import("./desk/Supplier.svelte"))],
  ["/recalls", load(() => import("./desk/Recalls.svelte"))],
  ["/recalls/:id", load(() => import("./desk/Recall.svelte"))],
  ["/reports", load(() => import("./desk/Reports.svelte"))],
  ["/reports/:id", load(() => import("./desk/Reports.svelte"))],
  ["/numbers", load(() => import("./desk/Dashboard.svelte"))],
  ["/numbers/:page", load(() => import("./desk/Dashboard.svelte"))],
  ["/capas", load(() => import("./desk/Capas.svelte"))],
  ["/capas/:id", load(() => import("./desk/Capa.svelte"))],
  ["/changes", load(() => import("./desk/Changes.svelte"))],
  ["/changes/:id", load(() => import("./desk/ChangeRequest.svelte"))],
  ["/complaints", load(() => import("./desk/Complaints.svelte"))],
  ["/complaints/:id", load(() => import("./desk/Complaint.svelte"))],
  ["/lots/:number/report", load(() => import("./desk/Report.svelte"))],
  ["/mock-recalls/:id", load(() => import("./desk/MockRecall.svelte"))],
  ["/documents", load(() => import("./desk/Documents.svelte"))],
  ["/documents/:id", load(() => import("./desk/Document.svelte"))],
  ["/document-versions/:id", load(() => import("./desk/DocumentVersion.svelte"))],
  ["/training", load(() => import("./desk/Training.svelte"))],
  ["/training-matrix", load(() => import("./desk/TrainingMatrix.svelte"))],
  ["/training/:id", load(() => import("./desk/Lesson.svelte"))],
  ["/more", load(() => import("./screens/More.svelte"))],
];

/** Null where there is no such screen; fails where it cannot be fetched. */
export async function find(path: string): Promise<Shown | null> {
  for (const [pattern, screen] of ROUTES) {
    const params = fit(pattern, path);
    if (params !== null) return { screen: (await screen()).default, params };
  }
  return null;
}

function fit(pattern: string, path: string): Record<string, string> | null {
  const [wanted, given] = [pattern.split("/"), path.replace(/(.)\/$/, "$1").split("/")];
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [place, part] of wanted.entries()) {
    const value = decodeURIComponent(given[place] ?? "");
    if (part.startsWith(":")) params[part.slice(1)] = value;
    else if (part !== value) return null;
  }
  return params;
}
