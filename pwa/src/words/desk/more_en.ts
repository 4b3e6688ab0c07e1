import { moreLogEn } from "./more_log_en.ts";
import { moreSaidEn } from "./more_said_en.ts";
import { reportsEn } from "./reports_en.ts";

/** English words of rarer codes, those of quality and administration: fetched with the first of them that is shown. */
export const moreEn = {
  ...moreSaidEn,
  ...moreLogEn,
  ...reportsEn,
  "epcis.title": "Events of partners",
  "epcis.link": "Events of partners (EPCIS)",
  "epcis.file": "Choose an EPCIS 2.0 document (JSON)",
  "epcis.hint": "It is checked as a whole: with one fault in it, nothing is kept. The same event again changes nothing.",
  "epcis.refused": "Nothing was kept",
  "epcis.done": "{new} new, {known} here already",
  "epcis.none": "No partner has sent an event yet.",
  "epcis.error": "Its sender declares this event wrong.",
  "epcis.object": "About",
  "epcis.input": "Went in",
  "epcis.output": "Came out",
  "epcis.child": "Packed in",
  "epcis.parent": "Packed into",
  "epcis.captured": "Kept {at} by {by}",
  "epcis.original": "original",
  "epcis.more": "Show older ones",
  "search.title": "Found by number",
  "search.none": "No number has this in it.",
  "search.more": "More fit than are shown. Type more of the number.",
  "search.lot": "Lot",
  "search.item": "Item",
  "search.inspection": "Inspection",
  "search.ncr": "Nonconformity",
  "search.recall": "Recall",
  "search.mock_recall": "Mock recall",
  "search.gauge": "Gauge",
  "search.supplier": "Supplier",
  "search.consignee": "Consignee",
  "search.capa": "CAPA",
  "search.change_request": "Change request",
  "search.complaint": "Complaint",
  "search.shipment": "Shipment",
} as const;

export type More = Record<keyof typeof moreEn, string>;
